"""Due rows that are given up: the incident that says so, and another try when somebody asks for it."""

import logging
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from engine.history.recording import EventDraft, EventKind
from engine.human_tasks import actions
from engine.human_tasks.models import HumanTask
from engine.incidents import Incident, open_incident
from engine.kernel import Kernel
from engine.timers.due_rows import Effect
from engine.timers.models import DueKind, DueRow

logger = logging.getLogger(__name__)


def give_up(session: Session, kernel: Kernel, row: DueRow, error: BaseException, now: datetime) -> None:
    """Open an incident in the case that the row belongs to, and tell the listeners of it."""
    instance_id, element = _place(session, row)
    process_key = kernel.store.get(session, row.ref).key if row.kind is DueKind.START else None
    command = {"due_row": row.id, "kind": row.kind.value, "ref": row.ref}
    incident = open_incident(
        session,
        kind="timer",
        error=error,
        command=command,
        now=now,
        instance_id=instance_id,
        process_key=process_key,
        element=element,
        attempts=row.attempts,
        retry=False,
    )
    event = EventDraft(EventKind.INCIDENT_OPENED, element, payload={"incident": incident.id})
    try:
        with session.begin_nested():
            if instance_id is None:
                kernel.tell_of_incident(session, incident, now)
                return
            actions.note(session, kernel, instance_id, [event], actor_id=None, now=now)
    except Exception:  # what broke the row may break the telling too; the incident itself must stand
        kernel.live_cases.forget(session)
        logger.exception("nobody could be told of incident %s", incident.id)


def repeat(session: Session, effects: Mapping[DueKind, Effect], command: Mapping[str, object], now: datetime) -> None:
    """Carry out a row that was given up, and be done with it. One that has been withdrawn meanwhile asks nothing."""
    row = session.get(DueRow, int(str(command["due_row"])))
    if row is None:
        return
    session.expunge(row)
    session.execute(delete(DueRow).where(DueRow.id == row.id))
    effects[row.kind](session, row, now)


def _place(session: Session, row: DueRow) -> tuple[int | None, str | None]:
    """The case of a row and, where it is about a task, the element."""
    if row.kind is DueKind.BPMN_TIMER:
        return row.ref, None
    if row.kind is DueKind.RETRY:
        failed = session.get(Incident, row.ref)
        return (None, None) if failed is None else (failed.instance_id, failed.element)
    if row.kind in (DueKind.MESSAGE, DueKind.START):
        return None, None
    task = session.get(HumanTask, row.ref)
    return (None, None) if task is None else (task.instance_id, task.element)
