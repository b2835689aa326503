"""Gateways: choices, and joins that consume exactly one token from each incoming flow.

The joins replace those of SpiffWorkflow 3.2.0, which count the arrivals of earlier rounds again: in a loop with an
AND block, what follows the join became READY after one branch alone. Here each arrival is a waiting task that knows
where it came from, and the arrivals used up by a join no longer wait.
"""

from collections import Counter
from typing import Any

from SpiffWorkflow.bpmn.specs.mixins.events.intermediate_event import EventBasedGateway as LibraryEventGateway
from SpiffWorkflow.bpmn.specs.mixins.exclusive_gateway import ExclusiveGateway as LibraryExclusiveGateway
from SpiffWorkflow.bpmn.specs.mixins.inclusive_gateway import InclusiveGateway as LibraryInclusiveGateway
from SpiffWorkflow.bpmn.specs.mixins.parallel_gateway import ParallelGateway as LibraryParallelGateway
from SpiffWorkflow.util.task import TaskState

from engine.spiff.errors import NoMatchingFlow
from engine.spiff.specs import FlowElement
from engine.spiff.tree import CaseTask

CAME_FROM = "from"


class ExclusiveGateway(FlowElement, LibraryExclusiveGateway):
    """Takes the first flow whose condition is true, else the default flow. Null is not true."""

    def _next(self, my_task: CaseTask) -> list[Any]:
        for condition, name in self.cond_task_specs:
            if condition is not None and condition._matches(my_task) is True:
                return [self._wf_spec.task_specs[name]]
        if self.default_task_spec is None:
            raise NoMatchingFlow(self.element or "")
        return [self._wf_spec.task_specs[self.default_task_spec]]


class _Join(FlowElement):
    """What parallel and inclusive joins share: arrivals wait, each with the name of the element it came from."""

    def _update_hook(self, my_task: CaseTask) -> bool:
        self._inherit(my_task)
        if len(self._inputs) < 2:
            return True
        my_task.internal_data[CAME_FROM] = my_task.parent.task_spec.name
        my_task._set_state(TaskState.WAITING)
        return False

    def arrivals(self, my_task: CaseTask) -> list[CaseTask]:
        """The waiting tokens of this join in the scope of a task, oldest first."""
        return [
            task
            for task in my_task.workflow.tasks.values()
            if task.task_spec is self and task._state == TaskState.WAITING
        ]

    def _consume(self, arrivals: list[CaseTask], wanted: Counter[object]) -> None:
        """Merge up to the wanted number of arrivals of each source into one task, which becomes READY."""
        used = []
        for task in arrivals:
            source = task.internal_data[CAME_FROM]
            if wanted[source] > 0:
                wanted[source] -= 1
                used.append(task)
        *merged, survivor = used
        for task in merged:
            task.cancel()
        del survivor.internal_data[CAME_FROM]
        survivor._ready()


class ParallelGateway(_Join, LibraryParallelGateway):
    """Waits for one token on every incoming flow, then puts one on every outgoing flow."""

    def _update_hook(self, my_task: CaseTask) -> bool:
        if super()._update_hook(my_task):
            return True
        arrivals = self.arrivals(my_task)
        wanted: Counter[object] = Counter(self._inputs)
        if not wanted - Counter(task.internal_data[CAME_FROM] for task in arrivals):
            self._consume(arrivals, Counter(self._inputs))
        return False


class InclusiveGateway(_Join, LibraryInclusiveGateway):
    """Splits to every true condition (else the default); joins what can still arrive (the rule of BPMN 2.0, 13.4.3).

    `reach` is filled by the parser: for every element of the level, from which inputs of this join a token there can
    still arrive without passing the join itself.
    """

    reach: dict[str, frozenset[str]]

    def _next(self, my_task: CaseTask) -> list[Any]:
        defaults = [name for condition, name in self.cond_task_specs if condition is None]
        matches = [
            name
            for condition, name in self.cond_task_specs
            if condition is not None and condition._matches(my_task) is True
        ]
        if not matches and not defaults:
            raise NoMatchingFlow(self.element or "")
        return [self._wf_spec.task_specs[name] for name in matches or defaults]

    def reconsider(self, my_task: CaseTask) -> None:
        """Join when every token elsewhere either can not come here or can come where one already is."""
        arrivals = self.arrivals(my_task)
        arrived = {task.internal_data[CAME_FROM] for task in arrivals}
        for task in my_task.workflow.tasks.values():
            if task.alive and not task.triggered and task.task_spec is not self:
                parent = task.parent
                position = parent.task_spec if parent is not None and parent.task_spec.guards else task.task_spec
                reachable = self.reach[position.name]
                if reachable and not reachable & arrived:
                    return
        self._consume(arrivals, Counter(self._inputs))


class EventGateway(FlowElement, LibraryEventGateway):
    """Puts a waiting token on each event behind it; the first that fires withdraws the others."""

    guards = True

    def __init__(self, process: Any, name: str, **library: Any) -> None:
        super().__init__(process, name, event_definition=None, **library)

    def connect(self, child: Any) -> None:
        """Each event keeps its own definition (the library moves them all to the gateway)."""
        self._outputs.append(child.name)
        child._inputs.append(self.name)

    def child_fires(self, my_task: CaseTask, event: CaseTask) -> None:
        for sibling in my_task.children:
            if sibling is not event:
                sibling.cancel()

    def child_left(self, my_task: CaseTask, child: CaseTask) -> None:
        """The siblings were withdrawn when the event fired."""
