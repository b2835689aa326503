"""Events: what starts, waits, throws and ends, and the boundaries of an activity.

The moment of a timer is fixed when its event begins to wait, from the evaluator's `now`, and kept with the task.
The library's definitions serve as the record of what is awaited; firing is ours, because each waiting event is
fired by its own guid and never by broadcasting.
"""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from SpiffWorkflow.bpmn.specs.event_definitions.timer import TimerEventDefinition
from SpiffWorkflow.bpmn.specs.mixins.events.end_event import EndEvent as LibraryEndEvent
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.bpmn.specs.mixins.events.intermediate_event import BoundaryEvent as LibraryBoundaryEvent
from SpiffWorkflow.bpmn.specs.mixins.events.intermediate_event import (
    IntermediateThrowEvent as LibraryThrowEvent,
)
from SpiffWorkflow.bpmn.specs.mixins.events.start_event import StartEvent as LibraryStartEvent
from SpiffWorkflow.util.task import TaskState

from engine.spiff.errors import UncaughtBpmnError, UnreadableTimer
from engine.spiff.specs import FlowElement, throw_error, throw_escalation
from engine.spiff.timers import Repetition, after_firing, read_due, read_repetition
from engine.spiff.tree import CaseTask

DUE, CYCLE, HELD = "due", "cycle", "held"


class TimeDefinition(TimerEventDefinition):
    """A timer as drawn: `literal` is a bare ISO text, otherwise `expression` is FEEL; `cyclic` for timeCycle."""

    def __init__(self, name: str, *, expression: str | None, literal: str | None, cyclic: bool) -> None:
        super().__init__(name, expression)
        self.literal = literal
        self.cyclic = cyclic

    def arm(self, my_task: CaseTask) -> None:
        """Fix when the timer is due."""
        evaluator = my_task.workflow.top_workflow.evaluator
        value: object = self.literal
        if self.expression is not None:
            value = evaluator.evaluate(self.expression, dict(my_task.data), my_task.path)
        try:
            if self.cyclic:
                self._keep(my_task, read_repetition(value, evaluator.now, evaluator.zone), evaluator.zone)
            else:
                my_task.internal_data[DUE] = read_due(value, evaluator.now, evaluator.zone).isoformat()
        except UnreadableTimer as problem:
            raise UnreadableTimer(value, self.name) from problem

    def due_at(self, my_task: CaseTask) -> datetime | None:
        due = my_task.internal_data.get(DUE)
        return datetime.fromisoformat(due) if isinstance(due, str) else None

    def advance(self, my_task: CaseTask) -> bool:
        """Move a cycle past now; False if it has no occurrence left."""
        evaluator = my_task.workflow.top_workflow.evaluator
        kept: Any = my_task.internal_data[CYCLE]
        following = after_firing(Repetition.read(kept), evaluator.now, evaluator.zone)
        if following is None:
            return False
        self._keep(my_task, following, evaluator.zone)
        return True

    def _keep(self, my_task: CaseTask, repetition: Repetition, zone: ZoneInfo) -> None:
        kept = my_task.internal_data
        kept[DUE] = None if repetition.left == 0 else repetition.due(zone).isoformat()
        kept[CYCLE] = repetition.written()


class CatchEvent(FlowElement, CatchingEvent):
    """An intermediate catch event, a receive task, or an event behind an event-based gateway.

    `event_kind` is the tag of the event definition, `event_name` the name of the message or signal, `code` that of
    an error or escalation.
    """

    def __init__(
        self,
        process: Any,
        name: str,
        *,
        event_kind: str,
        event_name: str | None = None,
        code: str | None = None,
        **library: Any,
    ) -> None:
        super().__init__(process, name, **library)
        self.event_kind = event_kind
        self.event_name = event_name
        self.code = code

    @property
    def timer(self) -> TimeDefinition | None:
        return self.event_definition if isinstance(self.event_definition, TimeDefinition) else None

    def _update_hook(self, my_task: CaseTask) -> bool:
        self._inherit(my_task)
        my_task._set_state(TaskState.WAITING)
        if self.timer is not None:
            self.timer.arm(my_task)
        return False

    def catches_code(self, my_task: CaseTask, event_kind: str, code: str | None) -> bool:
        """Whether the task waits for an error or escalation of this code; an event without code catches all."""
        return my_task._state == TaskState.WAITING and self.event_kind == event_kind and self.code in (None, code)

    def catches_signal(self, my_task: CaseTask, name: str | None) -> bool:
        return (
            my_task._state == TaskState.WAITING
            and self.event_kind == "signalEventDefinition"
            and self.event_name == name
        )

    def fire(self, my_task: CaseTask) -> None:
        """The awaited event has happened: what competes with it is withdrawn at once."""
        parent = my_task.parent
        if parent.task_spec.guards:
            parent.task_spec.child_fires(parent, my_task)
        my_task._ready()

    def comes_true(self, my_task: CaseTask) -> bool:
        """A conditional event fires as soon as its condition is true, and not again before it was false."""
        if self.event_kind != "conditionalEventDefinition":
            return False
        held = bool(my_task.internal_data.get(HELD))
        holds = my_task.workflow.script_engine.evaluate(my_task, self.event_definition.expression) is True
        if holds != held:
            my_task.internal_data[HELD] = holds
        if holds and not held:
            self.fire(my_task)
        return holds and not held


class BoundaryEvent(CatchEvent, LibraryBoundaryEvent):
    """An event on an activity.

    One that interrupts fires once. One that does not fires as often as it happens while the activity is active: a
    cycle until it is used up, a condition each time it becomes true, a single moment once (BPMN 2.0.2, 13.5.3).
    """

    def fire(self, my_task: CaseTask) -> None:
        if self.cancel_activity or not self._happens_again(my_task):
            super().fire(my_task)
            return
        my_task.note_passed()
        for child in [my_task._add_child(spec, TaskState.FUTURE) for spec in self.outputs]:
            child.task_spec._update(child)

    def _happens_again(self, my_task: CaseTask) -> bool:
        if self.timer is None:
            return True
        return self.timer.cyclic and self.timer.advance(my_task)


class BoundarySplit(FlowElement):
    """Stands before an activity with boundary events: its children are the activity and the waiting events."""

    guards = True

    def child_fires(self, my_task: CaseTask, event: CaseTask) -> None:
        if event.task_spec.cancel_activity:
            for sibling in my_task.children:
                if sibling is not event and not self._fired(sibling):
                    sibling.cancel()

    def child_left(self, my_task: CaseTask, child: CaseTask) -> None:
        """When the activity is done nothing on its boundary waits any longer."""
        if not isinstance(child.task_spec, BoundaryEvent):
            for sibling in my_task.children:
                if sibling._state == TaskState.WAITING:
                    sibling.cancel()

    @staticmethod
    def _fired(sibling: CaseTask) -> bool:
        """A non-interrupting event that has fired goes its own way."""
        return isinstance(sibling.task_spec, BoundaryEvent) and sibling._state != TaskState.WAITING


class StartEvent(FlowElement, LibraryStartEvent):
    """Passed at once, whatever its kind: the caller starts a case because the event has happened."""

    def __init__(self, process: Any, name: str, **library: Any) -> None:
        super().__init__(process, name, event_definition=None, **library)


class ThrowEvent(FlowElement, LibraryThrowEvent):
    """A none throw event (a milestone), one that sends a message, or throws an escalation or a signal inside the case.

    `event_kind` is the tag of the event definition (None: nothing is thrown), `event_name` the signal's name.
    """

    def __init__(
        self,
        process: Any,
        name: str,
        *,
        event_kind: str | None = None,
        event_name: str | None = None,
        code: str | None = None,
        **library: Any,
    ) -> None:
        super().__init__(process, name, event_definition=None, **library)
        self.event_kind = event_kind
        self.event_name = event_name
        self.code = code

    def _on_complete(self, my_task: CaseTask) -> None:
        self.throw(my_task)
        if not my_task.workflow.withdrawn:
            super()._on_complete(my_task)

    def throw(self, my_task: CaseTask) -> None:
        """Throw the event; an interrupting catcher may withdraw the level in which it is thrown."""
        if self.event_kind == "errorEventDefinition":
            if not throw_error(my_task, self.code):
                raise UncaughtBpmnError(self.element or "", self.code)
        elif self.event_kind == "escalationEventDefinition":
            throw_escalation(my_task, self.code)
        elif self.event_kind == "messageEventDefinition":
            evaluator = my_task.workflow.top_workflow.evaluator
            evaluator.send_message(self.element or "", dict(my_task.data), my_task.path)
        elif self.event_kind == "signalEventDefinition":
            for task in list(my_task.workflow.top_workflow.all_tasks()):
                if task.task_spec.catches_signal(task, self.event_name):
                    task.task_spec.fire(task)


class EndEvent(ThrowEvent, LibraryEndEvent):
    """Uses up its token; a terminate event withdraws all others of its level."""

    def throw(self, my_task: CaseTask) -> None:
        if self.event_kind == "terminateEventDefinition":
            my_task.workflow.cancel()
        else:
            super().throw(my_task)
