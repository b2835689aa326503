"""Writing a step: the difference between what the case waited for before and now, in few statements."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import orjson
from sqlalchemy.orm import Session

from engine import case_data, expiries
from engine.definitions.model import Element
from engine.definitions.parsing import strip_feel
from engine.errors import BusinessError, ElementFailed, StaleState
from engine.history.recording import EventDraft, EventKind, write_events
from engine.human_tasks.models import TaskState, stored_path
from engine.instances.case import Case
from engine.instances.models import InstanceStatus
from engine.instances.report import OpenedTask, StepReport
from engine.instances.statements import (
    ADD_COMMAND,
    ADD_SUBSCRIPTIONS,
    ADD_TASKS,
    CANCEL_TASKS,
    DROP_DRAFTS,
    DROP_DRAFTS_OF_TASKS,
    DROP_ROWS_OF_TASKS,
    DROP_SUBSCRIPTIONS,
    DROP_TASK_ROWS,
    DROP_TIMERS,
    FINISH_TASK,
    PULL_KEPT_MESSAGES,
    SAVE_DOCUMENT,
    SAVE_INSTANCE,
    SAVE_STATE,
)
from engine.instances.step import Step, Waits
from engine.kernel import Kernel
from engine.milestones import episodes
from engine.milestones.fold import LoggedEvent
from engine.spiff.tree import Passed
from engine.spiff.workflow import OpenTask
from engine.timers.calendars import WorkingCalendar, calendar_for
from engine.timers.due_rows import PlannedRow, add_rows
from engine.timers.models import DueKind
from engine.timers.reminders import plan_due, plan_escalations, plan_reminders


def save(step: Step, *, task_id: int | None = None, outcome: str | None = None, had_draft: bool = False) -> StepReport:
    """Write everything the step did. `task_id`: the human task that it completed, with its chosen outcome."""
    session, case = step.session, step.case
    after = Waits.of(step.workflow)
    _close_tasks(step, after, task_id, outcome)
    if had_draft:
        step.connection.execute(DROP_DRAFTS, {"task_id": task_id})
    opened = _open_tasks(step, [task for guid, task in after.tasks.items() if guid not in step.before.tasks])
    _write_timers(step, after)
    _write_subscriptions(step, after)
    _write_instance(step)
    return announce(
        session,
        step.kernel,
        case,
        step.events,
        actor_id=step.actor_id,
        now=step.now,
        command_key=step.command_key,
        opened=opened,
        outcome=step.outcome,
        passed=step.passed,
    )


def announce(
    session: Session,
    kernel: Kernel,
    case: Case,
    drafts: Sequence[EventDraft],
    *,
    actor_id: int | None,
    now: datetime,
    command_key: str,
    opened: Sequence[OpenedTask] = (),
    outcome: str | None = None,
    passed: Sequence[Passed] = (),
) -> StepReport:
    """Append events to the log, fold them into the milestones, and tell the listeners."""
    numbers = write_events(
        session,
        drafts,
        instance_id=case.instance_id,
        definition_id=case.definition.id,
        actor_id=actor_id,
        at=now,
        command_key=command_key,
    )
    logged = [
        LoggedEvent(seq, case.instance_id, draft.kind, now, draft.milestone, draft.payload)
        for seq, draft in zip(numbers, drafts, strict=True)
    ]
    episodes.apply(session, case, logged, kernel.store.current_plan(case.definition))
    report = StepReport(
        instance_id=case.instance_id,
        definition_id=case.definition.id,
        process_key=case.process_key,
        business_key=case.business_key,
        scope_id=case.scope_id,
        owner_id=case.owner_id,
        events=tuple(drafts),
        numbers=tuple(numbers),
        opened=tuple(opened),
        outcome=outcome,
        actor_id=actor_id,
        passed=passed,
    )
    for listener in kernel.listeners:
        listener(session, report, now)
    return report


def remember_command(session: Session, key: str, actor_id: int | None, now: datetime, result: dict[str, Any]) -> None:
    """Store the answer to a command, so that a repetition gets the same one."""
    row = {"key": key, "actor_id": actor_id, "at": now, "result": orjson.dumps(result).decode()}
    session.connection().execute(ADD_COMMAND, row)


def new_command_key() -> str:
    """A key for a step that nobody asked for by hand."""
    return uuid.uuid4().hex


def _write_instance(step: Step) -> None:
    connection, case, workflow = step.connection, step.case, step.workflow
    ended = workflow.completed()
    status = step.status or (InstanceStatus.COMPLETED if ended else InstanceStatus.ACTIVE)
    values = {
        "instance_id": case.instance_id,
        "known_rev": case.rev,
        "new_rev": case.rev + 1,
        "new_state": workflow.dump(),
    }
    statement = SAVE_STATE
    if case.place(status) != case.stored or status is not InstanceStatus.ACTIVE:
        statement = SAVE_INSTANCE
        values |= {
            "new_owner_id": case.owner_id,
            "new_scope_id": case.scope_id,
            "new_business_key": case.business_key,
            "new_status": status,
            "new_ended_at": step.now if ended else None,
        }
    changed = connection.execute(statement, values)
    if changed.rowcount != 1:
        raise StaleState("case_changed", f"Case {case.instance_id} was changed meanwhile.")
    case.stored = case.place(status)
    connection.execute(SAVE_DOCUMENT, {"of_instance": case.instance_id, "text": case_data.dump(case.document)})
    if case.definition.model.expires:
        expiries.write(connection, case.instance_id, step.expiries())
    if not ended:
        step.kernel.live_cases.keep_after_commit(
            step.session, case.instance_id, case.definition.id, case.rev + 1, workflow
        )


def _close_tasks(step: Step, after: Waits, task_id: int | None, outcome: str | None) -> None:
    connection, case = step.connection, step.case
    gone = [task for guid, task in step.before.tasks.items() if guid not in after.tasks]
    cancelled = [task for task in gone if task.guid not in step.finished_tasks]
    if task_id is not None:
        finished = next(iter(step.finished_tasks.values()))
        values = {"task_id": task_id, "how": finished, "at": step.now, "by": step.actor_id, "chosen": outcome}
        connection.execute(FINISH_TASK, values)
        connection.execute(DROP_TASK_ROWS, {"task_id": task_id})
    if cancelled:
        guids = [task.guid for task in cancelled]
        values = {"of_instance": case.instance_id, "guids": guids, "at": step.now}
        ids = {guid: id_ for guid, id_ in connection.execute(CANCEL_TASKS, values)}  # noqa: C416  # rows, for mypy
        connection.execute(DROP_ROWS_OF_TASKS, {"of_instance": case.instance_id, "guids": guids})
        connection.execute(DROP_DRAFTS_OF_TASKS, {"of_instance": case.instance_id, "guids": guids})
        step.events += [
            EventDraft(EventKind.TASK_CANCELLED, task.element, payload={"task": ids[task.guid]}) for task in cancelled
        ]


# who has just typed the moment can type another; of any other due time the drawing or the data must be mended
TYPED: Final = frozenset({"due_too_far"})


def _open_tasks(step: Step, tasks: Sequence[OpenTask]) -> list[OpenedTask]:
    if not tasks:
        return []
    case, plans = step.case, []
    for task in tasks:
        element = case.definition.element(task.element, task.path)
        calendar = calendar_of(step.session, case, element)
        try:
            due = plan_due(
                element.properties.get("due"),
                created=step.now,
                calendar=calendar,
                evaluate=lambda text, task=task: step.evaluate(text, task.local, task.path),  # type: ignore[misc]
            )
        except BusinessError as refusal:
            if refusal.code in TYPED:
                raise
            raise ElementFailed(task.element, "/".join(task.path)) from refusal
        plans.append((task, element, calendar, due))
    rows = [_task_row(step, task, element, due) for task, element, _, due in plans]
    ids = step.connection.scalars(ADD_TASKS, rows).all()
    due_rows: list[PlannedRow] = []
    opened: list[OpenedTask] = []
    for (_, element, calendar, due), row, task_id in zip(plans, rows, ids, strict=True):
        due_rows += plan_task_rows(element, task_id, step.now, due, calendar)
        opened.append(OpenedTask(task_id, element.id, row["assignee_id"], row["candidate_role"], due))
        payload = {"task": task_id, "assignee": row["assignee_id"], "due": due}
        step.record(EventKind.TASK_CREATED, element.id, payload)
    add_rows(step.session, due_rows)
    return opened


def _task_row(step: Step, task: OpenTask, element: Element, due: datetime | None) -> dict[str, Any]:
    assignee: object = None
    if element.assignee:
        assignee = step.evaluate(strip_feel(element.assignee) or "null", task.local, task.path)
    return {
        "instance_id": step.case.instance_id,
        "task_guid": task.guid,
        "element": task.element,
        "path": stored_path(task.path),
        "form": element.form or "",
        "candidate_role": element.role or "",
        "assignee_id": None if assignee is None else int(str(assignee)),
        "scope_id": step.case.scope_id,
        "priority": int(element.properties.get("priority", 50)),
        "state": TaskState.OPEN,
        "created_at": step.now,
        "due_at": due,
    }


def calendar_of(session: Session, case: Case, element: Element) -> WorkingCalendar:
    """The working calendar of an element: its own, else the process's, in the scope of the case."""
    return calendar_for(session, element.properties.get("calendar") or case.definition.model.calendar, case.scope_id)


def plan_task_rows(
    element: Element, task_id: int, created: datetime, due: datetime | None, calendar: WorkingCalendar
) -> list[PlannedRow]:
    """Due rows of a task: its reminders and escalations."""
    if due is None:
        return []
    rows = []
    for number, moment in enumerate(
        plan_reminders(element.properties.get("reminders", ""), created=created, due=due, calendar=calendar)
    ):
        rows.append(_row(DueKind.REMINDER, task_id, moment, "", number, created))
    for number, planned in enumerate(
        plan_escalations(element.properties.get("escalate", ""), created=created, due=due, calendar=calendar)
    ):
        rows.append(_row(DueKind.ESCALATION, task_id, planned.at, planned.target, number, created))
    return rows


def _row(kind: DueKind, ref: int, at: datetime, detail: str, number: int, planned: datetime) -> PlannedRow:
    stamp = int(planned.timestamp() * 1000)
    return PlannedRow(kind=kind, ref=ref, due_at=at, detail=detail, dedupe=f"{kind}:{ref}:{stamp}:{number}")


def _write_timers(step: Step, after: Waits) -> None:
    case = step.case
    gone = step.before.timers.keys() - after.timers.keys()
    new = after.timers.keys() - step.before.timers.keys()
    if gone:
        guids = sorted({guid for guid, _ in gone})
        step.connection.execute(DROP_TIMERS, {"of_instance": case.instance_id, "guids": guids})
    add_rows(
        step.session,
        [
            PlannedRow(
                kind=DueKind.BPMN_TIMER,
                ref=case.instance_id,
                due_at=due,
                detail=guid,
                dedupe=f"timer:{case.instance_id}:{guid}:{due.isoformat()}",
            )
            for guid, due in sorted(new)
        ],
    )


def _write_subscriptions(step: Step, after: Waits) -> None:
    case = step.case
    gone = step.before.messages.keys() - after.messages.keys()
    if gone:
        values = {"of_instance": case.instance_id, "guids": sorted(gone)}
        step.connection.execute(DROP_SUBSCRIPTIONS, values)
    rows = []
    for guid, wait in after.messages.items():
        element = case.definition.element(wait.element, wait.path)
        if guid in step.before.messages or element.is_offer:
            continue  # an offer is a button on the task, not something the world outside can send
        key = step.evaluate(element.correlation, {}, wait.path) if element.correlation else case.business_key
        rows.append(
            {
                "instance_id": case.instance_id,
                "task_guid": guid,
                "element": wait.element,
                "message": wait.message,
                "correlation_key": str(key),
            }
        )
    if rows:
        step.connection.execute(ADD_SUBSCRIPTIONS, rows)
        routes = sorted({(row["message"], row["correlation_key"]) for row in rows})
        step.connection.execute(PULL_KEPT_MESSAGES, {"routes": routes, "at": step.now})
