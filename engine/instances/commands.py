"""What can be asked of a case: start, complete, skip, take an offer, let a timer fire. Messages: `messaging`."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Row
from sqlalchemy.orm import Session

from engine import case_data
from engine.definitions.model import Element
from engine.definitions.store import Definition
from engine.errors import NotAllowed, TaskClosed
from engine.history.recording import DEVIATION, Deviation, EventKind
from engine.human_tasks.assignment import Actor, may_take, require_service
from engine.human_tasks.form_values import Reading, read_values
from engine.human_tasks.forms import Form
from engine.human_tasks.models import TaskState, path_of
from engine.instances.case import Case, load_by_id, load_by_task
from engine.instances.models import InstanceStatus
from engine.instances.report import StepReport
from engine.instances.saving import new_command_key, remember_command, save
from engine.instances.statements import ADD_DOCUMENT, ADD_INSTANCE, DROP_DRAFT
from engine.instances.step import Step
from engine.kernel import Kernel
from engine.spiff.workflow import MessageWait


@dataclass(frozen=True)
class StepResult:
    """The answer to a command: what to do next in this case, and how it ended if it did.

    `incident_id`: the step failed for a technical reason, was undone, and will be retried.
    """

    instance_id: int
    next_tasks: Sequence[int] = ()
    outcome: str | None = None
    incident_id: int | None = None
    repeated: bool = field(default=False)

    @classmethod
    def of(cls, report: StepReport) -> "StepResult":
        return cls(report.instance_id, tuple(task.id for task in report.opened), report.outcome)

    def remembered(self) -> dict[str, Any]:
        return {key: value for key, value in asdict(self).items() if key != "repeated"}


def start(
    session: Session,
    kernel: Kernel,
    definition: Definition,
    *,
    business_key: str,
    payload: Mapping[str, object],
    actor_id: int | None,
    scope_id: int | None,
    owner_id: int | None,
    now: datetime,
    command_key: str | None = None,
) -> StepResult:
    """Open a case; the payload stands in its document under the start event's id."""
    beginning = next(definition.model.starts())
    document: dict[str, Any] = {}
    case_data.put(document, (), beginning.id, payload)
    connection = session.connection()
    row = {
        "definition_id": definition.id,
        "process_key": definition.key,
        "business_key": business_key,
        "scope_id": scope_id,
        "owner_id": owner_id,
        "status": InstanceStatus.ACTIVE,
        "rev": 0,
        "state": b"",
        "started_at": now,
    }
    instance_id = connection.scalars(ADD_INSTANCE, row).one()
    connection.execute(ADD_DOCUMENT, {"instance_id": instance_id, "document": "{}"})
    case = Case(instance_id, definition, business_key, scope_id, owner_id, InstanceStatus.ACTIVE, 0, b"", now, document)
    step = Step(session, kernel, case, actor_id=actor_id, now=now, command_key=command_key or new_command_key())
    step.record(EventKind.CASE_OPENED, beginning.id, step.standing())
    step.advance()
    return StepResult.of(save(step))


def complete(
    session: Session,
    kernel: Kernel,
    task_id: int,
    raw: Mapping[str, object],
    *,
    actor: Actor,
    reading: Reading,
    command_key: str,
) -> StepResult:
    """Complete a human task with its form's values. The same command key again returns the first answer."""
    case, row = load_by_task(session, kernel, task_id, command_key)
    if row.command_result is not None:
        return repeated(row)
    _require_open(row)
    require_service(actor, row)
    path = path_of(row.path)
    element = case.definition.element(row.element, path)
    form = kernel.store.form(session, element.form or "")
    _, calls = case.definition.place(path)
    with_files = kernel.reading_for(session, case.instance_id, reading)
    values = read_values(form.form, raw, case.known_in(calls), with_files)

    step = Step(session, kernel, case, actor_id=actor.user_id, now=reading.now, command_key=command_key)
    kept = form.form.without_personal(values)
    payload = {"task": task_id, "form": form.form.key, "form_version": form.version, "values": kept}
    if row.due_at is not None and reading.now > row.due_at:
        payload["late_by"] = reading.now - row.due_at
    if _is_strangers(row, actor):
        payload |= {DEVIATION: Deviation.STRANGER.value, "assignee": row.assignee_id}
    step.record(EventKind.TASK_COMPLETED, element.id, payload)
    _record_left_out(step, element, form.form, kept, task_id)
    for text in form.form.instructions_in(kept):
        step.record(EventKind.INSTRUCTED, element.id, {"text": text})
    step.replace_answers(element.id, kept, path)
    step.call_on_complete(element, values, path)
    step.finish_task(row.task_guid, TaskState.COMPLETED)
    step.advance()
    chosen = values.get("outcome")
    outcome = None if chosen is None else str(chosen)
    report = save(step, task_id=task_id, outcome=outcome, had_draft=row.has_draft)
    return _answer(session, report, actor, reading.now, command_key)


def skip(
    session: Session, kernel: Kernel, task_id: int, *, reason: str, actor: Actor, now: datetime, command_key: str
) -> StepResult:
    """Mark a step as not needed, where the drawing allows it; recorded as a deviation."""
    case, row = load_by_task(session, kernel, task_id, command_key)
    if row.command_result is not None:
        return repeated(row)
    _require_open(row)
    require_service(actor, row)
    element = case.definition.element(row.element, path_of(row.path))
    if not element.may_be_skipped:
        raise NotAllowed("skip_not_allowed", f"Step {element.id} cannot be skipped.", element=element.id)
    step = Step(session, kernel, case, actor_id=actor.user_id, now=now, command_key=command_key)
    step.record(EventKind.TASK_SKIPPED, element.id, {"task": task_id, "reason": reason})
    step.replace_answers(element.id, {"skipped": True}, path_of(row.path))
    step.finish_task(row.task_guid, TaskState.SKIPPED)
    step.advance()
    report = save(step, task_id=task_id, had_draft=row.has_draft)
    return _answer(session, report, actor, now, command_key)


def take_offer(
    session: Session,
    kernel: Kernel,
    task_id: int,
    boundary_id: str,
    raw: Mapping[str, object],
    *,
    actor: Actor,
    reading: Reading,
    command_key: str,
) -> StepResult:
    """Fire a message boundary that the drawing offers as a button on this task, with the values of its form."""
    case, row = load_by_task(session, kernel, task_id, command_key)
    if row.command_result is not None:
        return repeated(row)
    _require_open(row)
    path = path_of(row.path)
    _, calls = case.definition.place(path)
    offers = {offer.id: offer for offer in case.definition.offers_at(row.element, path)}
    if boundary_id not in offers:
        raise NotAllowed("offer_unknown", f"{boundary_id} is not offered on {row.element}.", element=boundary_id)
    element = offers[boundary_id]
    if not may_take(actor, row, element.offered_to, owner_id=case.owner_id):
        raise NotAllowed("offer_not_yours", f"{boundary_id} is offered to others.", element=boundary_id)
    form = kernel.store.form(session, element.form or "")
    with_files = kernel.reading_for(session, case.instance_id, reading)
    values = read_values(form.form, raw, case.known_in(calls), with_files)
    step = Step(session, kernel, case, actor_id=actor.user_id, now=reading.now, command_key=command_key)
    wait = _offered_wait(step, element, row.element, path)
    kept = form.form.without_personal(values)
    payload: dict[str, object] = {"task": task_id, "from": row.element, "values": kept}
    if element.is_deviation:
        payload[DEVIATION] = Deviation.OFFER.value
    step.record(EventKind.OFFER_TAKEN, element.id, payload)
    _record_left_out(step, element, form.form, kept, task_id)
    step.replace_answers(element.id, kept, wait.path)
    step.call_on_complete(element, values, wait.path)
    if row.has_draft:
        step.connection.execute(DROP_DRAFT, {"task_id": task_id, "of_form": element.id})
    step.workflow.fire_message(wait.guid)
    step.advance()
    return _answer(session, save(step), actor, reading.now, command_key)


def _record_left_out(step: Step, element: Element, form: Form, kept: Mapping[str, object], task_id: int) -> None:
    """Note mandatory lines that were not ticked, in the words that the form had then."""
    for missing in form.left_out_in(kept):
        lines = [
            {"value": each.value, "label": each.label.base, "others": dict(each.label.others)} for each in missing.lines
        ]
        payload = {"task": task_id, "field": missing.key, "lines": lines, "reason": missing.reason}
        step.record(EventKind.LINES_LEFT_OUT, element.id, payload)


def _offered_wait(step: Step, boundary: Element, task_element: str, path: Sequence[str]) -> MessageWait:
    """The waiting boundary event around this very task: its host is on the task's path, or the task itself."""
    around = (*path, task_element)
    for wait in step.before.messages.values():
        depth = len(wait.path)
        if wait.element == boundary.id and around[:depth] == tuple(wait.path) and around[depth] == boundary.attached_to:
            return wait
    raise NotAllowed("offer_unknown", f"{boundary.id} does not wait around {task_element}.", element=boundary.id)


def fire_timers(session: Session, kernel: Kernel, instance_id: int, now: datetime) -> StepReport | None:
    """Let a case notice the time; None when it has ended meanwhile."""
    case, _ = load_by_id(session, kernel, instance_id)
    if case.status is not InstanceStatus.ACTIVE:
        return None
    step = Step(session, kernel, case, actor_id=None, now=now, command_key=new_command_key())
    step.advance()
    return save(step)


def _answer(session: Session, report: StepReport, actor: Actor, now: datetime, command_key: str) -> StepResult:
    result = StepResult.of(report)
    remember_command(session, command_key, actor.user_id, now, result.remembered())
    return result


def repeated(row: Row[Any]) -> StepResult:
    stored = orjson.loads(row.command_result)
    return StepResult(**{**stored, "next_tasks": tuple(stored["next_tasks"])}, repeated=True)


def _is_strangers(row: Row[Any], actor: Actor) -> bool:
    """Assigned to somebody else, for whom the actor does not stand in either."""
    if row.assignee_id is None or actor.user_id is None:
        return False
    return row.assignee_id != actor.user_id and row.assignee_id not in actor.represents


def _require_open(row: Row[Any]) -> None:
    if row.state is not TaskState.OPEN:
        raise TaskClosed("task_closed", f"Task {row.id} is {row.state}.", task_id=row.id, by=row.completed_by)
