"""The elements of a process as the engine carries them out: base, tasks, sub-processes and calls.

What is corrected against SpiffWorkflow 3.2.0, each found by random models against a token oracle:
* nothing is predicted: an element creates what follows when it is left (the library predicts whole branches, six
  three-way blocks in a row take 848 KB, and a multi-instance task in a predicted boundary branch raises);
* instances of loops and boundary events report to their parent task, not through events of the shared spec (which
  are lost in a freshly started process and are not safe between threads);
* a scope is complete when it has no token left, also behind a depth of 1000.
"""

from typing import Any

from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.bpmn_task_spec import BpmnTaskSpec
from SpiffWorkflow.bpmn.specs.mixins.manual_task import ManualTask as LibraryManualTask
from SpiffWorkflow.bpmn.specs.mixins.service_task import ServiceTask as LibraryServiceTask
from SpiffWorkflow.bpmn.specs.mixins.subworkflow_task import SubWorkflowTask as LibrarySubProcess
from SpiffWorkflow.bpmn.specs.mixins.user_task import UserTask as LibraryUserTask
from SpiffWorkflow.util.task import TaskState

from engine.errors import BusinessError
from engine.spiff.tree import CaseTask, Scope


class FlowElement(BpmnTaskSpec):
    """Base of all elements. Names with brackets are ours and can not collide with an XML id.

    `element` is the BPMN id (None for our own inner nodes), `kind` the BPMN tag.
    """

    repeats = False  # the element is a container of instances of itself
    is_instance = False  # the element is one instance inside such a container
    guards = False  # the task stays in the tree for as long as one of its children waits

    def __init__(self, process: Any, name: str, *, element: str | None = None, kind: str = "", **library: Any) -> None:
        super().__init__(process, name, **library)
        self.element = element
        self.kind = kind
        self.bpmn_id = element

    def _update(self, my_task: CaseTask) -> None:
        if self._update_hook(my_task):
            my_task._ready()

    def _update_hook(self, my_task: CaseTask) -> bool:
        """A token arrives; True if the element can run at once."""
        self._inherit(my_task)
        return True

    def _inherit(self, my_task: CaseTask) -> None:
        """Loop counters and items of the surroundings; a flat copy, and nobody changes what is inside."""
        if my_task.parent.data:
            my_task.data = {**my_task.parent.data, **my_task.data}

    def _run_hook(self, my_task: CaseTask) -> bool:
        return True

    def _next(self, my_task: CaseTask) -> list[Any]:
        """The specs that receive a token when the element is left."""
        return self.outputs  # type: ignore[no-any-return]

    def _on_complete(self, my_task: CaseTask) -> None:
        parent = my_task.parent
        if parent is not None and parent.task_spec.guards:
            parent.task_spec.child_left(parent, my_task)
        if my_task.triggered:
            parent.task_spec.instance_left(parent, my_task)
            return
        for child in [my_task._add_child(spec, TaskState.FUTURE) for spec in self._next(my_task)]:
            child.task_spec._update(child)

    def child_left(self, my_task: CaseTask, child: CaseTask) -> None:
        """A child of a guarding task was left."""

    def catches_code(self, my_task: CaseTask, event_kind: str, code: str | None) -> bool:
        """Whether the task waits for this error or escalation."""
        return False

    def catches_signal(self, my_task: CaseTask, name: str | None) -> bool:
        """Whether the task waits for this signal."""
        return False

    def reconsider(self, my_task: CaseTask) -> None:
        """Called while the task waits, whenever nothing can run by itself: a join may know by now who comes."""

    def comes_true(self, my_task: CaseTask) -> bool:
        """Called while the task waits and nothing else moves: whether its condition made it fire."""
        return False


class ProcessStart(FlowElement):
    """The root of a scope: hands the token to the start event."""

    def _inherit(self, my_task: CaseTask) -> None:
        """A root has its data already."""


class ProcessSpec(BpmnProcessSpec):
    """One level: a process or the inside of an embedded sub-process, without the library's start and end nodes.

    `scopes` maps the ids of its sub-processes and calls to the key of the spec inside them.
    """

    def __init__(self, name: str) -> None:
        super().__init__(name=name)
        self.scopes: dict[str, str] = {}
        self.task_specs.clear()
        self.start = ProcessStart(self, "(start)")
        self.end = None


class UserTask(FlowElement, LibraryUserTask):
    """Waits READY until a person completes it."""


class ManualTask(FlowElement, LibraryManualTask):
    """Waits READY until a person completes it."""


class ServiceTask(FlowElement, LibraryServiceTask):
    """Service, send and business rule tasks: the evaluator carries them out."""

    def _run_hook(self, my_task: CaseTask) -> bool:
        try:
            my_task.workflow.top_workflow.evaluator.call_operation(self.element, dict(my_task.data), my_task.path)
        except BusinessError as refusal:
            if not throw_error(my_task, refusal.code):
                raise
            return False
        return True


class SubProcess(FlowElement, LibrarySubProcess):
    """An embedded sub-process or a call activity: opens a scope and goes on when that has no tokens left."""

    def _update_hook(self, my_task: CaseTask) -> bool:
        self._inherit(my_task)
        tree = my_task.workflow.top_workflow
        my_task._set_state(TaskState.STARTED)
        Scope(tree.subprocess_specs[self.spec], my_task, tree).begin(my_task.data)
        return False


def throw_error(my_task: CaseTask, code: str | None) -> bool:
    """Hand a BPMN error outwards from a task to the nearest boundary that catches its code; False if nobody does."""
    return _throw_outwards(my_task, "errorEventDefinition", code)


def throw_escalation(my_task: CaseTask, code: str | None) -> bool:
    """Hand an escalation outwards from a task; False if nobody catches it."""
    return _throw_outwards(my_task, "escalationEventDefinition", code)


def _throw_outwards(my_task: CaseTask, event_kind: str, code: str | None) -> bool:
    """Boundaries of the host first, then of the enclosing loop, sub-process, call; an exact code before a bare one."""
    current: CaseTask | None = my_task
    while current is not None:
        parent = current.parent
        if parent is not None and parent.task_spec.guards:
            waiting = [child for child in parent.children if child.task_spec.catches_code(child, event_kind, code)]
            waiting.sort(key=lambda child: child.task_spec.code is None)
            if waiting:
                waiting[0].task_spec.fire(waiting[0])
                return True
        current = parent if current.triggered else getattr(current.workflow, "host", None)
    return False
