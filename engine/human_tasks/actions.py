"""What people do with a task besides completing it: claim, release, delegate, postpone, and what time does to it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, insert, select, update
from sqlalchemy.orm import Session

from engine import case_data
from engine.definitions.model import Element
from engine.errors import BusinessError, NotAllowed, TaskClosed
from engine.history.recording import DEVIATION, POSTPONED_TOO_OFTEN, Deviation, EventDraft, EventKind
from engine.history.timeline import Wanted, find_events
from engine.human_tasks.assignment import Actor, require_service
from engine.human_tasks.models import HumanTask, TaskDraft, TaskState, path_of
from engine.instances.case import Case, load_by_id, load_by_task
from engine.instances.models import InstanceStatus
from engine.instances.saving import announce, calendar_of, new_command_key, plan_task_rows
from engine.instances.statements import CHANGE_OWNER, FOLLOW_DUE, TASK_KINDS
from engine.kernel import Kernel
from engine.timers.due_rows import PlannedRow, add_rows, cancel_rows
from engine.timers.models import DueKind
from engine.timers.reminders import HEAD, OWNER, plan_due


def claim(session: Session, kernel: Kernel, task_id: int, *, actor: Actor, now: datetime) -> None:
    """Take a task that nobody has; claiming one's own again changes nothing."""
    case, row = _open(session, kernel, task_id)
    if row.assignee_id == actor.user_id:
        return
    if row.assignee_id is not None and not actor.supervises_scope(row.scope_id):
        raise NotAllowed("task_claimed", f"Task {task_id} is taken.", task_id=task_id, by=row.assignee_id)
    require_service(actor, row)
    _update(session, task_id, assignee_id=actor.user_id, claimed_at=now)
    _log(session, kernel, case, row, EventKind.TASK_CLAIMED, {}, actor, now)


def release(session: Session, kernel: Kernel, task_id: int, *, actor: Actor, now: datetime) -> None:
    """Give a claimed task back to everybody of its role."""
    case, row = _open(session, kernel, task_id)
    require_service(actor, row)
    if row.assignee_id is None:
        return
    _update(session, task_id, assignee_id=None, claimed_at=None)
    _log(session, kernel, case, row, EventKind.TASK_RELEASED, {"from": row.assignee_id}, actor, now)


def delegate(
    session: Session,
    kernel: Kernel,
    task_id: int,
    *,
    to: int,
    comment: str,
    actor: Actor,
    now: datetime,
    with_case: bool = False,
) -> None:
    """Hand a task to a colleague; its due time is counted anew. `with_case`: he becomes the owner of the case too."""
    case, row = _open(session, kernel, task_id)
    require_service(actor, row)
    events = [_reassign(session, case, row, to=to, comment=comment, now=now)]
    if with_case and case.owner_id != to:
        events.append(_change_owner(session, case, to))
    _write(session, kernel, case, events, actor.user_id, now)


def _reassign(session: Session, case: Case, row: Any, *, to: int, comment: str, now: datetime) -> EventDraft:
    """The task is the colleague's; its due time is counted anew where the drawing states it as a duration."""
    element = case.definition.element(row.element, path_of(row.path))
    calendar = calendar_of(session, case, element)
    text = element.properties.get("due")
    due = row.due_at
    if text and not text.startswith("="):
        due = plan_due(text, created=now, calendar=calendar, evaluate=lambda _: None)
    before = row.assignee_id
    _update(session, row.id, assignee_id=to, claimed_at=None, due_at=due, sleeps_until=None)
    cancel_rows(session, [row.id], TASK_KINDS)
    add_rows(session, plan_task_rows(element, row.id, now, due, calendar))
    return _draft(row, EventKind.TASK_DELEGATED, {"from": before, "to": to, "comment": comment, "due": due})


def _change_owner(session: Session, case: Case, to: int | None, **more: object) -> EventDraft:
    case.set_owner(to)
    session.connection().execute(CHANGE_OWNER, {"of_instance": case.instance_id, "owner": to})
    return EventDraft(EventKind.CASE_MOVED, payload={"owner": to, **more})


def hand_over(
    session: Session, kernel: Kernel, instance_id: int, *, to: int, comment: str, actor: Actor, now: datetime
) -> dict[str, Any]:
    """Make a colleague the owner of a case; the open steps of its owner go with it, those of others stay.

    Returns what it was before, as `take_back` wants it. NotAllowed: case_closed, already_with, task_not_yours.
    """
    case, _ = load_by_id(session, kernel, instance_id)
    if case.status is not InstanceStatus.ACTIVE:
        raise NotAllowed("case_closed", f"Case {instance_id} has ended.", instance_id=instance_id)
    if case.owner_id == to:
        raise NotAllowed("already_with", f"Case {instance_id} is with {to}.", instance_id=instance_id)
    owned = case.owner_id is not None
    tasks = [task for task in _open_tasks(session, instance_id) if owned and task.assignee_id == case.owner_id]
    for task in tasks:
        require_service(actor, task)
    before = {
        "owner": case.owner_id,
        "tasks": [
            {"id": task.id, "assignee": task.assignee_id, "due": task.due_at, "sleeps_until": task.sleeps_until}
            for task in tasks
        ],
    }
    events = [_reassign(session, case, task, to=to, comment=comment, now=now) for task in tasks]
    events.append(_change_owner(session, case, to, **{"from": case.owner_id, "comment": comment}))
    _write(session, kernel, case, events, actor.user_id, now)
    return before


def take_back(
    session: Session,
    kernel: Kernel,
    instance_id: int,
    before: Mapping[str, Any],
    *,
    to: int,
    actor: Actor,
    now: datetime,
) -> bool:
    """Undo a handing over to `to`. False, and nothing is changed, when the case has gone on to somebody else or ended.

    Steps that were done or passed on meanwhile stay as they are.
    """
    case, _ = load_by_id(session, kernel, instance_id)
    if case.status is not InstanceStatus.ACTIVE or case.owner_id != to:
        return False
    events: list[EventDraft] = []
    known = {each["id"]: each for each in before["tasks"]}
    for task in _open_tasks(session, instance_id):
        if task.id not in known or task.assignee_id != to:
            continue
        was = known[task.id]
        element = case.definition.element(task.element, path_of(task.path))
        payload = {"from": to, "to": was["assignee"], "comment": ""}
        events.append(_draft(task, EventKind.TASK_DELEGATED, payload))
        _update(session, task.id, assignee_id=was["assignee"], due_at=was["due"], sleeps_until=was["sleeps_until"])
        _plan_as_before(session, case, element, task, due=was["due"], asleep=was["sleeps_until"], now=now)
    events.append(_change_owner(session, case, before["owner"], **{"from": to, "undone": True}))
    _write(session, kernel, case, events, actor.user_id, now)
    return True


def _open_tasks(session: Session, instance_id: int) -> list[HumanTask]:
    statement = select(HumanTask).where(HumanTask.instance_id == instance_id, HumanTask.state == TaskState.OPEN)
    return list(session.scalars(statement.order_by(HumanTask.id).execution_options(populate_existing=True)))


def postpone(
    session: Session,
    kernel: Kernel,
    task_id: int,
    *,
    until: datetime,
    reason: str,
    comment: str = "",
    actor: Actor,
    now: datetime,
) -> None:
    """Put a task to sleep; it wakes and is due at `until`, and nobody is reminded before."""
    case, row = _open(session, kernel, task_id)
    require_service(actor, row)
    if until <= now:
        raise BusinessError("postponed_into_past", "Choose a time in the future.", until=until)
    element = case.definition.element(row.element, path_of(row.path))
    _update(session, task_id, sleeps_until=until, due_at=until)
    cancel_rows(session, [task_id], TASK_KINDS)
    stamp = int(now.timestamp() * 1000)
    wake = PlannedRow(DueKind.WAKE, task_id, until, "", f"wake:{task_id}:{stamp}")
    later = plan_task_rows(element, task_id, until, until, calendar_of(session, case, element))
    add_rows(session, [wake, *(planned for planned in later if planned.kind is DueKind.ESCALATION)])
    before = {"due": row.due_at, "sleeps_until": row.sleeps_until}
    payload: dict[str, object] = {"until": until, "reason": reason, "comment": comment, "before": before}
    times = len(_postponings(session, case.instance_id, task_id)) + 1
    if times >= POSTPONED_TOO_OFTEN:
        payload |= {DEVIATION: Deviation.POSTPONED.value, "times": times}
    _log(session, kernel, case, row, EventKind.TASK_POSTPONED, payload, actor, now)


def recall(session: Session, kernel: Kernel, task_id: int, *, actor: Actor, now: datetime) -> None:
    """Undo the last postponing of a task that still sleeps: it is due as before. One that is awake stays as it is."""
    case, row = _open(session, kernel, task_id)
    require_service(actor, row)
    if row.sleeps_until is None or row.sleeps_until <= now:
        return
    stands = _postponings(session, case.instance_id, task_id)
    if not stands or "before" not in stands[-1][1]:
        raise NotAllowed("not_recallable", f"What task {task_id} was before is not known.", task_id=task_id)
    undone, payload = stands[-1]
    due, asleep = payload["before"]["due"], payload["before"]["sleeps_until"]
    element = case.definition.element(row.element, path_of(row.path))
    _update(session, task_id, sleeps_until=asleep, due_at=due)
    _plan_as_before(session, case, element, row, due=due, asleep=asleep, now=now)
    _log(session, kernel, case, row, EventKind.TASK_RECALLED, {"undoes": undone}, actor, now)


def _plan_as_before(
    session: Session,
    case: Case,
    element: Element,
    row: Any,
    *,
    due: datetime | None,
    asleep: datetime | None,
    now: datetime,
) -> None:
    """Reminders of a task that is due, or sleeps, as it did once; what is past was told before."""
    cancel_rows(session, [row.id], TASK_KINDS)
    planned = plan_task_rows(element, row.id, row.created_at, due, calendar_of(session, case, element))
    if asleep is not None:
        stamp = int(now.timestamp() * 1000)
        planned = [each for each in planned if each.kind is DueKind.ESCALATION]
        planned.append(PlannedRow(DueKind.WAKE, row.id, asleep, "", f"wake:{row.id}:{stamp}"))
    add_rows(session, [each for each in planned if each.due_at > now])


def wake(session: Session, kernel: Kernel, task_id: int, now: datetime) -> None:
    """The time of a postponed task has come."""
    case, row = load_by_task(session, kernel, task_id)
    if row.state is TaskState.OPEN and row.sleeps_until is not None:
        _update(session, task_id, sleeps_until=None)
        _log(session, kernel, case, row, EventKind.TASK_WOKEN, {}, None, now)


def remind(session: Session, kernel: Kernel, task_id: int, now: datetime) -> None:
    """A reminder of an open task is due: recorded, and heard by the listeners."""
    case, row = load_by_task(session, kernel, task_id)
    if row.state is TaskState.OPEN and row.sleeps_until is None:
        payload = {"due": row.due_at, "recipients": _holders(session, kernel, row)}
        _log(session, kernel, case, row, EventKind.REMINDED, payload, None, now)


def remind_now(session: Session, kernel: Kernel, task_id: int, *, actor: Actor, now: datetime) -> None:
    """Somebody above reminds of an open task by hand, also of one that sleeps."""
    case, row = _open(session, kernel, task_id)
    if not actor.supervises_scope(row.scope_id):
        raise NotAllowed("task_not_yours", f"Task {task_id} is not under supervision.", task_id=task_id)
    payload = {"due": row.due_at, "recipients": _holders(session, kernel, row)}
    _log(session, kernel, case, row, EventKind.REMINDED, payload, actor, now)


def escalate(session: Session, kernel: Kernel, task_id: int, target: str, now: datetime) -> None:
    """An open task is late enough for others to hear: the assignee's head, the owner of the case, or all of a role."""
    case, row = load_by_task(session, kernel, task_id)
    if row.state is not TaskState.OPEN or (row.sleeps_until is not None and row.sleeps_until > now):
        return
    if target == HEAD:
        heads = {kernel.directory(session).head_of(holder, row.scope_id) for holder in _holders(session, kernel, row)}
        recipients = sorted(head for head in heads if head is not None)
    elif target == OWNER:
        recipients = [] if case.owner_id is None else [case.owner_id]
    else:
        recipients = list(kernel.directory(session).members(target, row.scope_id))
    payload = {"due": row.due_at, "to": target, "recipients": recipients, "assignee": row.assignee_id}
    _log(session, kernel, case, row, EventKind.ESCALATED, payload, None, now)


def save_draft(
    session: Session, task_id: int, *, actor_id: int, form: str, values: Mapping[str, object], now: datetime
) -> None:
    """Keep what a person has typed so far; replaces his earlier draft of this form."""
    session.execute(
        delete(TaskDraft).where(TaskDraft.task_id == task_id, TaskDraft.actor_id == actor_id, TaskDraft.form == form)
    )
    row = {"task_id": task_id, "actor_id": actor_id, "form": form, "values": case_data.dump(values), "saved_at": now}
    session.execute(insert(TaskDraft), [row])


def _open(session: Session, kernel: Kernel, task_id: int) -> tuple[Case, Row[Any]]:
    case, row = load_by_task(session, kernel, task_id)
    if row.state is not TaskState.OPEN:
        raise TaskClosed("task_closed", f"Task {task_id} is {row.state}.", task_id=task_id, by=row.completed_by)
    return case, row


def _postponings(session: Session, instance_id: int, task_id: int) -> list[tuple[int, Mapping[str, Any]]]:
    """The times that the task was postponed and not recalled, in their order: number in the log, and payload."""
    events = find_events(
        session, Wanted(cases=[instance_id], kinds=[EventKind.TASK_POSTPONED, EventKind.TASK_RECALLED])
    )
    stands: list[tuple[int, Mapping[str, Any]]] = []
    for event in events:
        payload = case_data.load(event.payload)
        if payload.get("task") != task_id:
            continue
        if event.kind == EventKind.TASK_POSTPONED.value:
            stands.append((event.seq, payload))
        elif stands:
            stands.pop()
    return stands


def _holders(session: Session, kernel: Kernel, row: Row[Any]) -> list[int]:
    """Who has the task now: the assignee, or everybody who could claim it."""
    if row.assignee_id is not None:
        return [row.assignee_id]
    return list(kernel.directory(session).members(row.candidate_role, row.scope_id))


def _update(session: Session, task_id: int, **values: object) -> None:
    session.execute(
        update(HumanTask).where(HumanTask.id == task_id).values(values).execution_options(synchronize_session=False)
    )
    if "due_at" in values:
        session.connection().execute(FOLLOW_DUE, {"task_id": task_id})


def _draft(row: Any, kind: EventKind, payload: Mapping[str, object]) -> EventDraft:
    return EventDraft(kind, row.element, payload={"task": row.id, **payload})


def _log(
    session: Session,
    kernel: Kernel,
    case: Case,
    row: Row[Any],
    kind: EventKind,
    payload: Mapping[str, object],
    actor: Actor | None,
    now: datetime,
) -> None:
    _write(session, kernel, case, [_draft(row, kind, payload)], None if actor is None else actor.user_id, now)


def note(
    session: Session, kernel: Kernel, instance_id: int, events: list[EventDraft], *, actor_id: int | None, now: datetime
) -> None:
    """Record something about a case that moves no token: a contact, a comment."""
    case, _ = load_by_id(session, kernel, instance_id)
    _write(session, kernel, case, events, actor_id, now)


def _write(
    session: Session, kernel: Kernel, case: Case, events: list[EventDraft], actor_id: int | None, now: datetime
) -> None:
    announce(session, kernel, case, events, actor_id=actor_id, now=now, command_key=new_command_key())
