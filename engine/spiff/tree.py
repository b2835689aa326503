"""The live task tree of a case: tasks without clock and log, scopes, and the queue of what can run by itself.

Replaces these parts of SpiffWorkflow 3.2: searching the tree after each completion (a queue and flat scans instead),
the depth limit of 1000 of its iterators, its end join, and the cancelling of branches. Pin the library's version:
`CaseTask` is built without the constructor of the library.
"""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.spiff.script_engine import ExpressionEvaluator, FeelScriptEngine

LIVE = TaskState.NOT_FINISHED_MASK


@dataclass(frozen=True)
class Passed:
    """An element that was passed. `kind` is its BPMN tag, `path` the ids of the enclosing sub-processes and calls."""

    element: str
    guid: str
    kind: str
    path: tuple[str, ...]


class CaseTask(Task):
    """A task whose id is 32 hex digits and whose changes of state cost nothing."""

    def __init__(
        self,
        workflow: Any,
        task_spec: Any,
        parent: Any = None,
        state: int = TaskState.FUTURE,
        guid: str | None = None,
    ) -> None:
        self.id = guid or uuid4().hex
        self.workflow = workflow
        self.task_spec = task_spec
        self.data: dict[str, object] = {}
        self.internal_data: dict[str, object] = {}
        self._state = state
        self._parent = None
        self._children: list[str] = []
        self.triggered = False
        self.thread_id = 0
        self.last_state_change = 0.0
        workflow.tasks[self.id] = self
        if parent is not None:
            self._parent = parent.id
            parent._children.append(self.id)

    @property
    def alive(self) -> bool:
        return bool(self._state & LIVE)

    @property
    def path(self) -> tuple[str, ...]:
        """The ids of the enclosing sub-processes and call activities, outermost first."""
        return self.workflow.path  # type: ignore[no-any-return]

    def _set_state(self, value: int) -> None:
        if value != self._state:
            self._state = value
            if value == TaskState.READY and not self.task_spec.manual:
                self.workflow.top_workflow.queue.append(self)

    def _add_child(self, task_spec: Any, state: int = TaskState.FUTURE) -> "CaseTask":
        return CaseTask(self.workflow, task_spec, self, state)

    def _ready(self) -> None:
        if self._state & LIVE:
            self._set_state(TaskState.READY)

    def run(self) -> None:
        """Do what the element does and move on; an element that hands the token elsewhere does not complete."""
        if self.task_spec._run_hook(self) and self._state & LIVE:
            self.complete()

    def complete(self) -> None:
        self._set_state(TaskState.COMPLETED)
        spec = self.task_spec
        if spec.element is not None and not spec.repeats:
            self.note_passed()
        spec._on_complete(self)

    def note_passed(self) -> None:
        spec = self.task_spec
        self.workflow.top_workflow.passed.append(Passed(spec.element, self.id, spec.kind, self.path))

    def cancel(self) -> None:
        """Withdraw the token from here: with everything inside a sub-process and all instances of a loop."""
        if not self._state & LIVE:
            return
        self._set_state(TaskState.CANCELLED)
        inside = self.workflow.top_workflow.subprocesses.pop(self.id, None)
        if inside is not None:
            inside.cancel()
        if self.task_spec.repeats:
            for instance in self.children:
                instance.cancel()


class _ScopeMixin:
    """What the inside of a process, a sub-process and a called process have in common."""

    spec: Any
    tasks: dict[str, CaseTask]
    task_tree: CaseTask
    completed: bool
    withdrawn = False

    def begin(self, data: Mapping[str, object]) -> None:
        """Put a token on the start; `data` are the loop counters and items around."""
        self.task_tree = CaseTask(self, self.spec.start)
        self.task_tree.data = dict(data)
        self.task_tree._ready()

    def cancel(self, success: bool = False) -> None:
        """Withdraw every token of this scope and of those inside it."""
        self.withdrawn = True
        for task in list(self.tasks.values()):
            task.cancel()

    def has_tokens(self) -> bool:
        return any(task._state & LIVE for task in self.tasks.values())


class Scope(_ScopeMixin, BpmnSubWorkflow):
    """The inside of one embedded sub-process or one called process."""

    def __init__(self, spec: Any, host: CaseTask, tree: "CaseTree") -> None:
        self.host = host
        self.path = (*host.path, host.task_spec.element)
        super().__init__(spec, host.id, tree, deserializing=True)
        tree.subprocesses[host.id] = self

    @property
    def parent_workflow(self) -> Any:
        return self.host.workflow

    def _calculate_depth(self) -> int:
        return len(self.path)


class CaseTree(_ScopeMixin, BpmnWorkflow):
    """The task tree of one case with all its scopes."""

    path: tuple[str, ...] = ()

    def __init__(self, spec: Any, subprocess_specs: Mapping[str, Any], evaluator: ExpressionEvaluator) -> None:
        self.queue: deque[CaseTask] = deque()
        self.passed: list[Passed] = []
        self.evaluator = evaluator
        super().__init__(spec, subprocess_specs, FeelScriptEngine(evaluator), deserializing=True)

    def use(self, evaluator: ExpressionEvaluator) -> None:
        """Evaluate with this evaluator from now on."""
        self.evaluator = evaluator
        self.script_engine = FeelScriptEngine(evaluator)

    def scopes(self) -> Iterator[Any]:
        """This process and everything open inside it, outer before inner."""
        yield self
        yield from self.subprocesses.values()

    def all_tasks(self) -> Iterator[CaseTask]:
        for scope in self.scopes():
            yield from scope.tasks.values()

    def find(self, guid: str) -> CaseTask | None:
        return next((scope.tasks[guid] for scope in self.scopes() if guid in scope.tasks), None)

    def settle(self) -> bool:
        """With an empty queue: let joins that wait for others and scopes without tokens go on. True if any did.

        Only when nothing else moves do conditional events look at the data, and one of them happens at a time: an
        activity that is done is not interrupted any more.
        """
        waiting = [task for task in self.all_tasks() if task._state == TaskState.WAITING]
        for task in waiting:
            if task._state == TaskState.WAITING:
                task.task_spec.reconsider(task)
        if not self.queue:
            for scope in reversed(list(self.subprocesses.values())):
                if not scope.has_tokens():
                    del self.subprocesses[scope.host.id]
                    scope.host._ready()
        if not self.queue and any(task.task_spec.comes_true(task) for task in waiting):
            return True
        if not self.queue and not self.completed and not self.has_tokens():
            self.completed = True
        return bool(self.queue)
