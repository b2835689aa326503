"""Processes that begin by the clock: one due row per published drawing whose start event has a timer.

A repeating start is planned anew in the transaction that carries it out; what was missed while nothing ran counts as
one. A publication that leaves the timer as it was leaves the row as it was, so that publishing does not move it.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import orjson
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from engine.definitions.parsing import strip_feel
from engine.definitions.store import Definition
from engine.feel import compile_expression
from engine.instances.commands import StepResult, start
from engine.kernel import Kernel
from engine.spiff.timers import Repetition, Span, after_firing, is_iso, read_due, read_repetition
from engine.timers.calendars import calendar_for
from engine.timers.due_rows import PlannedRow, add_rows, cancel_rows
from engine.timers.models import DueKind, DueRow


def plan_start(session: Session, kernel: Kernel, old_id: int | None, new_id: int, now: datetime) -> None:
    """After a publication: the newest version begins by the clock if its drawing says so, older ones no more."""
    definition = kernel.store.get(session, new_id)
    timer = definition.model.start_timer
    if old_id is not None:
        if timer is not None and kernel.store.get(session, old_id).model.start_timer == timer:
            rows = update(DueRow).where(DueRow.kind == DueKind.START, DueRow.ref == old_id)
            session.execute(rows.values(ref=new_id), execution_options={"synchronize_session": False})
            return
        cancel_rows(session, [old_id], [DueKind.START])
    if timer is not None:
        zone = _zone_of(session, definition)
        first = _first(timer, now, zone)
        if first is not None:
            _plan(session, definition, first, zone)


def begin(session: Session, kernel: Kernel, definition_id: int, detail: str, now: datetime) -> StepResult:
    """Open the case whose moment has come, keyed by process and moment, and plan the next one."""
    definition = kernel.store.get(session, definition_id)
    planned = Repetition.read(orjson.loads(detail))
    zone = _zone_of(session, definition)
    due = planned.due(zone)
    following = after_firing(planned, now, zone)
    if following is not None:
        _plan(session, definition, following, zone)
    return start(
        session,
        kernel,
        definition,
        business_key=f"{definition.key}:{due:%Y-%m-%dT%H:%M}",
        payload={"due": due},
        actor_id=None,
        scope_id=None,
        owner_id=None,
        now=now,
    )


def next_start(session: Session, definition_id: int) -> datetime | None:
    """When this version begins by itself next; None: never."""
    return session.scalar(select(DueRow.due_at).where(DueRow.kind == DueKind.START, DueRow.ref == definition_id))


def _zone_of(session: Session, definition: Definition) -> ZoneInfo:
    """Such a case belongs to no centre: the clocks are those of the process's own calendar."""
    return ZoneInfo(calendar_for(session, definition.model.calendar, None).zone)


def _first(timer: tuple[str, str], now: datetime, zone: ZoneInfo) -> Repetition | None:
    """The first moment that is not past; a single moment is a repetition of one."""
    kind, text = timer
    value: object = (
        text if is_iso(text) else compile_expression(strip_feel(text) or "null").evaluate({}, now=now.astimezone(zone))
    )
    if kind == "timeCycle":
        planned = read_repetition(value, now, zone)
        if planned.left == 0:
            return None
        return planned if planned.due(zone) >= now else after_firing(planned, now, zone)
    due = read_due(value, now, zone)
    return Repetition(due, Span(0, 1, timedelta()), 1) if due >= now else None


def _plan(session: Session, definition: Definition, planned: Repetition, zone: ZoneInfo) -> None:
    detail = orjson.dumps(planned.written()).decode()
    row = PlannedRow(DueKind.START, definition.id, planned.due(zone), detail, f"start:{definition.key}")
    add_rows(session, [row])
