"""One step of one case: run the engine, see what it now waits for, write everything at once.

The step is the only writer of a case. Within the caller's transaction it
updates state, document, diary, due rows, subscriptions, log, milestones and the
command's answer; the caller commits.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from engine import case_data
from engine.decisions import as_data
from engine.definitions.model import Element
from engine.definitions.parsing import strip_feel
from engine.errors import BusinessError, DatabaseBusy, ElementFailed
from engine.expiries import moment_of
from engine.feel import compile_expression
from engine.history.recording import EventDraft, EventKind
from engine.human_tasks.models import TaskState
from engine.instances.case import Case, milestones_entered
from engine.instances.keeping import keep
from engine.instances.models import InstanceStatus
from engine.instances.passing_over import passed_over
from engine.kernel import Kernel
from engine.operations import Context
from engine.spiff import CaseWorkflow, MessageWait, OpenTask, Passed, TimerWait
from engine.spiff.timers import read_span
from engine.timers.calendars import calendar_for

# nobody at a step can act on these when they come out of an automatic one: the drawing or the data must be mended
UNFIT: Final = frozenset({"operation_argument_unfit", "operation_argument_missing"})
KEPT_FOR: Final = "P1D"  # a message for which nobody waits yet
CLOCK: Final = frozenset({"now", "today"})  # functions of FEEL that ask for the time


@dataclass(frozen=True)
class Waits:
    """Everything that a case waits for, by the engine's own identifiers."""

    tasks: Mapping[str, OpenTask] = field(default_factory=dict)
    timers: Mapping[tuple[str, datetime], TimerWait] = field(default_factory=dict)
    messages: Mapping[str, MessageWait] = field(default_factory=dict)

    @classmethod
    def of(cls, workflow: CaseWorkflow) -> "Waits":
        return cls(
            {task.guid: task for task in workflow.open_tasks()},
            {(timer.guid, timer.due_at): timer for timer in workflow.timer_waits()},
            {message.guid: message for message in workflow.message_waits()},
        )


class Step:
    """Evaluates expressions and calls operations for one case, and collects what happened."""

    def __init__(
        self, session: Session, kernel: Kernel, case: Case, *, actor_id: int | None, now: datetime, command_key: str
    ) -> None:
        self.session = session
        self.connection = session.connection()  # asked for once: the session looks it up anew each time
        self.kernel = kernel
        self.case = case
        self.actor_id = actor_id
        self.now = now
        self.command_key = command_key
        self.events: list[EventDraft] = []
        self.passed: list[Passed] = []
        self.finished_tasks: dict[str, TaskState] = {}
        self.outcome: str | None = None
        self.status: InstanceStatus | None = None  # None: as the tokens say
        self._milestones: set[str] | None = None
        self._dimensions = self.dimensions()
        self.workflow = self._restore() if case.state else CaseWorkflow.start(case.definition.compiled, self)
        self.before = Waits.of(self.workflow) if case.state else Waits()

    def _restore(self) -> CaseWorkflow:
        case = self.case
        live = self.kernel.live_cases.take(case.instance_id, case.definition.id, case.rev)
        if live is None:
            return CaseWorkflow.load(case.definition.compiled, case.state, self)
        live.evaluator = self
        return live

    # What SpiffWorkflow asks (engine.spiff.ExpressionEvaluator)

    def evaluate(self, expression: str, local: Mapping[str, object], path: Sequence[str] = ()) -> object:
        """Evaluate FEEL over the case document as seen from an element with this path."""
        return self._value(expression, self.context(local, path))

    def call_operation(self, element_id: str, local: Mapping[str, object], path: Sequence[str] = ()) -> None:
        """Run a service task's operation in a savepoint and keep what it returns in the case document."""
        element = self.case.definition.element(element_id, path)
        instead = passed_over(self.session, self.case.instance_id, element_id, path)
        if instead is not None:
            self.put(self._result_place(element), instead.values, path)
            payload = {"values": dict(instead.values), "reason": instead.reason, "incident": instead.incident_id}
            self.record(EventKind.ELEMENT_PASSED_OVER, element_id, payload)
            return
        try:
            self._carry_out(element, local, path)
        except BusinessError as refusal:
            if refusal.code not in UNFIT:
                raise
            raise ElementFailed(element_id, "/".join(path)) from refusal
        except (DatabaseBusy, DBAPIError):
            raise
        except Exception as error:
            raise ElementFailed(element_id, "/".join(path)) from error

    def _carry_out(self, element: Element, local: Mapping[str, object], path: Sequence[str]) -> None:
        if element.sends:
            self.send_message(element.id, local, path)
        if element.decision:
            self._decide(element, local, path)
        if element.call is None:
            return
        arguments = self._arguments(element.call.inputs, local, path)
        with self.session.begin_nested():  # a refusal that the drawing catches must leave nothing behind
            result = self.run_operation(element.call.operation, element.id, arguments)
        self.put(self._result_place(element), result, path)
        self.record(EventKind.OPERATION_CALLED, element.id, {"operation": element.call.operation})

    @staticmethod
    def _result_place(element: Element) -> str:
        """Where the document keeps what an automatic step returns."""
        named = element.call.result_variable if element.call is not None else element.result_variable
        return named or element.id

    def _decide(self, element: Element, local: Mapping[str, object], path: Sequence[str]) -> None:
        value = self._ask(element.decision or "", self._arguments(element.inputs, local, path), element.id)
        answer = value if isinstance(value, dict) else {"result": value}
        self.put(self._result_place(element), answer, path)

    def _ask(self, decision: str, given: Mapping[str, object], element: str) -> object:
        """Ask the live version of a decision; why the answer is so stands in the log."""
        published = self.kernel.store.decision(self.session, decision)
        told = as_data(published.model.explain(published.id, given, now=self._local_now))
        payload = {"decision": published.id, "file": published.file, "version": published.version, **told}
        if titles := published.model.titles(published.id):
            payload["titles"] = titles
        self.record(EventKind.DECISION_MADE, element, payload)
        return told["value"]

    def send_message(self, element_id: str, local: Mapping[str, object], path: Sequence[str] = ()) -> None:
        """Put the message of an element on its way; it arrives with the next tick, after this step has committed."""
        element = self.case.definition.element(element_id, path)
        name = element.message or ""
        asked = self._arguments({"key": element.properties.get("messageKey", "=case.key")}, local, path)["key"]
        keep(
            self.session,
            name,
            str(asked),
            self._arguments(element.inputs, local, path),
            actor_id=self.actor_id,
            now=self.now,
            until=read_span(element.properties.get("keepFor", KEPT_FOR)).after(self.now, self.zone),
            look_in=timedelta(),
            scope_id=self.case.scope_id,
            owner_id=self.case.owner_id,
        )
        self.record(EventKind.MESSAGE_SENT, element_id, {"message": name, "key": str(asked)})

    def _arguments(
        self, inputs: Mapping[str, str], local: Mapping[str, object], path: Sequence[str]
    ) -> dict[str, object]:
        return {
            name: self.evaluate(strip_feel(source) or "null", local, path) if source.startswith("=") else source
            for name, source in inputs.items()
        }

    def _value(self, text: str, context: Mapping[str, object]) -> object:
        expression = compile_expression(text)
        now = self._local_now if expression.functions & CLOCK else self.now
        return expression.evaluate(context, now=now, functions={"reached": self._reached})

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(calendar_for(self.session, self.case.definition.model.calendar, self.case.scope_id).zone)

    @cached_property
    def _local_now(self) -> datetime:
        """The moment in the zone of the case's centre: there today() is the day that its people live in."""
        return self.now.astimezone(self.zone)

    def context(self, local: Mapping[str, object] | None = None, path: Sequence[str] = ()) -> dict[str, Any]:
        """What an expression sees: the document, the case's own facts, and loop items."""
        _, calls = self.case.definition.place(path)
        return {**self.case.known_in(calls), **(local or {})}

    def _reached(self, milestone: object) -> bool:
        if self._milestones is None:
            self._milestones = set(milestones_entered(self.session, self.case.instance_id))
        reached = set(self._milestones)
        for event in self.events:
            if event.kind is EventKind.MILESTONE_ENTERED:
                reached.add(str(event.milestone))
            elif event.kind is EventKind.MILESTONE_TAKEN_BACK:
                reached.discard(str(event.milestone))
        return str(milestone) in reached

    # What the commands of a case use

    def record(self, kind: EventKind, element: str | None = None, payload: Mapping[str, object] | None = None) -> None:
        self.events.append(EventDraft(kind, element, payload=payload or {}))

    def put(self, element_id: str, values: Mapping[str, object], path: Sequence[str] = ()) -> None:
        """Merge answers of an element into the case document."""
        _, calls = self.case.definition.place(path)
        case_data.put(self.case.document, calls, element_id, values)

    def replace_answers(self, element_id: str, values: Mapping[str, object], path: Sequence[str] = ()) -> None:
        """Set the answers of an element: a loop keeps the last round, the log keeps all."""
        model, calls = self.case.definition.place(path)
        case_data.replace(self.case.document, calls, element_id, values, many=model.elements[element_id].many)

    def finish_task(self, guid: str, how: TaskState) -> None:
        """Tell the engine that a person has done this task, or that it is not needed."""
        self.finished_tasks[guid] = how
        self.workflow.complete(guid)

    def call_on_complete(self, element: Element, values: Mapping[str, object], path: Sequence[str] = ()) -> None:
        """Hand a form's values to the element's operation; what it returns joins the answers."""
        if element.on_complete:
            self.put(element.id, self.run_operation(element.on_complete, element.id, values), path)

    def run_operation(self, name: str, element: str, arguments: Mapping[str, object]) -> Mapping[str, object]:
        operation = self.kernel.operations[name]

        def decide(decision: str, given: Mapping[str, object]) -> object:
            if operation.asks.get(decision) != frozenset(given):
                raise ValueError(f"operation {name} does not declare that it asks {decision} with {sorted(given)}")
            return self._ask(decision, given, element)

        context = Context(self.session, self.case, element, self.actor_id, self.now, decide)
        return operation.run(context, arguments) or {}

    def dimensions(self) -> dict[str, str]:
        """Values of the declared dimensions now; unknown ones are left out."""
        context = self.context()
        found = {name: self._value(text, context) for name, text in self.case.definition.model.dimensions.items()}
        return {name: str(value) for name, value in found.items() if value is not None}

    def expiries(self) -> dict[str, datetime]:
        """What the process says runs out, and when, as things stand now."""
        declared = self.case.definition.model.expires
        if not declared or self.outcome is not None:
            return {}
        context = self.context()
        found = {name: moment_of(self._value(text, context), self.zone) for name, text in declared.items()}
        return {name: at for name, at in found.items() if at is not None}

    def advance(self) -> None:
        """Let the engine run until everything waits, and note what it passed."""
        for passed in self.workflow.run():
            self.passed.append(passed)
            self._note(passed)
        if self.outcome is None and self.workflow.completed():
            self._close("ended")
        self.note_move()

    def note_move(self) -> None:
        """Log owner, scope and dimensions if they differ from what the log says."""
        dimensions = self.dimensions()
        if self.case.moved or dimensions != self._dimensions:
            self.record(EventKind.CASE_MOVED, payload=self.standing())
            self._dimensions, self.case.moved = dimensions, False

    def standing(self) -> dict[str, object]:
        """Owner, scope and dimensions as the log notes them."""
        return {"owner": self.case.owner_id, "scope": self.case.scope_id, "dimensions": self.dimensions()}

    def _note(self, passed: Passed) -> None:
        element = self.case.definition.element(passed.element, passed.path)
        if element.tag == "boundaryEvent" and element.timer is not None:
            self.record(EventKind.TIMER_FIRED, element.id)
        if element.milestone:
            self.events.append(EventDraft(EventKind.MILESTONE_ENTERED, element.id, element.milestone))
        if element.outcome and element.container == self.case.definition.key:
            reason = strip_feel(element.properties.get("reason"))
            self._close(element.outcome, element.id, self.evaluate(reason, {}) if reason else None)

    def cancel(self, outcome: str) -> None:
        """End the case from outside, whatever is open."""
        self.workflow.cancel()
        self.status = InstanceStatus.CANCELLED
        self._close(outcome)

    def _close(self, outcome: str, element: str | None = None, reason: object = None) -> None:
        self.note_move()  # before the close: the funnel does not hear of moves of a closed case
        self.outcome = outcome
        payload = {"outcome": outcome} if reason is None else {"outcome": outcome, "reason": str(reason)}
        self.record(EventKind.CASE_CLOSED, element, payload)
