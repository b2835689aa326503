"""Folded cases as rows, and the rows as they are stored."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import blake2b
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import case_data
from engine.analytics.fold import NO_PAYLOAD, RELEVANT, CaseFold, Mode, StepEvent, Visit, fold_case
from engine.analytics.histogram import bin_of
from engine.analytics.models import CasePath, ElementVisit
from engine.definitions.store import DefinitionStore
from engine.history.models import HistoryEvent
from engine.history.recording import EventKind
from engine.instances.models import ProcessInstance
from engine.persistence import table_of
from engine.timers.calendars import WorkingCalendar, calendar_for

EVENT = table_of(HistoryEvent)
INSTANCE = table_of(ProcessInstance)
VISIT = table_of(ElementVisit)
PATH = table_of(CasePath)

DIGESTED = EventKind.CASE_DIGESTED  # its details were summed up: the log does not tell its steps any more
HOURS = frozenset({"waiting_open", "working_open", "waiting_open_bin", "working_open_bin"})

Values = dict[str, Any]
Hours = Callable[[Visit], WorkingCalendar]


def fold_cases(session: Session, ids: Sequence[int]) -> Iterator[tuple[int, str, CaseFold | None]]:
    """These cases with their process, by the log; None: the log does not tell their steps any more."""
    log = EVENT.c
    statement = (
        select(
            log.instance_id,
            INSTANCE.c.process_key,
            log.seq,
            log.definition_id,
            log.kind,
            log.element,
            log.actor_id,
            log.at,
            log.command_key,
            log.payload,
        )
        .join(INSTANCE, INSTANCE.c.id == log.instance_id)
        .where(log.instance_id.in_(ids), log.kind.in_(sorted({*RELEVANT, DIGESTED})))
        .order_by(log.instance_id, log.seq)
    )
    for (instance_id, key), rows in groupby(session.execute(statement), key=itemgetter(0, 1)):
        events = [_event(row) for row in rows]
        if any(event.kind == DIGESTED for event in events):
            yield instance_id, key, None
        else:
            yield instance_id, key, fold_case(events)


def visit_values(visit: Visit, instance_id: int, process_key: str, hours: Hours) -> Values:
    """A visit as columns. Its working hours are counted once it has ended."""
    ended = visit.ended_at is not None
    spans: dict[Mode, list[tuple[datetime, datetime]]] = defaultdict(list)
    for mode, start, end in visit.spans:
        spans[mode].append((start, end))
    times: dict[str, int | None] = dict.fromkeys(("waiting", "working", "asleep", "waiting_open", "working_open"), None)
    if ended:
        times["asleep"] = _seconds(end - start for start, end in spans[Mode.ASLEEP])
        calendar = hours(visit)
        for mode in (Mode.WAITING, Mode.WORKING):
            if spans[mode] or (mode is visit.mode and not any(spans.values())):
                times[mode.value] = _seconds(end - start for start, end in spans[mode])
                times[f"{mode}_open"] = _seconds(calendar.working_time(*span) for span in spans[mode])
    bins = {f"{name}_bin": None if times[name] is None else bin_of(times[name] or 0) for name in times}
    del bins["asleep_bin"]
    return {
        "task_id": visit.task_id,
        "instance_id": instance_id,
        "process_key": process_key,
        "definition_id": visit.definition_id,
        "element": visit.element,
        "round": visit.round,
        "scope_id": visit.scope_id,
        "owner_id": visit.owner_id,
        "person_id": visit.person_id,
        "entered_at": visit.entered_at,
        "due_at": visit.due_at,
        "ended_at": visit.ended_at,
        "ended": visit.ended,
        **times,
        **bins,
        "overdue": visit.overdue,
        "dropped": visit.dropped,
        "migrated": visit.migrated,
        "deviations": visit.deviations,
    }


def path_values(fold: CaseFold, instance_id: int, process_key: str) -> Values | None:
    """The way of a case as columns; None when the log does not tell its beginning."""
    if fold.opened_at is None:
        return None
    closed = fold.closed_at is not None
    steps = "\n".join(fold.way()) if closed else ""
    lasted = _seconds([fold.closed_at - fold.opened_at]) if fold.closed_at is not None else None
    return {
        "instance_id": instance_id,
        "process_key": process_key,
        "definition_id": fold.definition_id,
        "scope_id": fold.scope_id,
        "owner_id": fold.owner_id,
        "opened_at": fold.opened_at,
        "closed_at": fold.closed_at,
        "outcome": fold.outcome,
        "lasted": lasted,
        "variant": blake2b(steps.encode(), digest_size=8).hexdigest() if closed else None,
        "steps": steps,
    }


def stored_visits(session: Session, ids: Sequence[int]) -> dict[int, Values]:
    """By task."""
    found = session.connection().execute(select(VISIT).where(VISIT.c.instance_id.in_(ids))).mappings()
    return {row["task_id"]: dict(row) for row in found}


def stored_paths(session: Session, ids: Sequence[int]) -> dict[int, Values]:
    """By case."""
    found = session.connection().execute(select(PATH).where(PATH.c.instance_id.in_(ids))).mappings()
    return {row["instance_id"]: dict(row) for row in found}


def differing(stored: Mapping[str, Any], folded: Mapping[str, Any]) -> list[str]:
    """Columns that are not what the log says. Working hours are not looked at: calendars change, the past does not."""
    return [name for name in folded if name not in HOURS and stored[name] != folded[name]]


def working_hours(session: Session, store: DefinitionStore) -> Hours:
    """The calendar of a visit: that of its step, else of the process, in the centre of the case."""
    names: dict[tuple[int, str], str] = {}

    def find(visit: Visit) -> WorkingCalendar:
        place = (visit.definition_id, visit.element)
        if place not in names:
            definition = store.get(session, visit.definition_id)
            element = definition.find(visit.element)
            own = element.properties.get("calendar") if element is not None else None
            names[place] = own or definition.model.calendar
        return calendar_for(session, names[place], visit.scope_id)

    return find


def _event(row: Any) -> StepEvent:
    seq, definition_id, kind, element, actor_id, at, command_key, payload = row[2:]
    return StepEvent(seq, definition_id, kind, element, actor_id, at, command_key, _payload(payload))


def _payload(stored: str) -> Mapping[str, object]:
    return case_data.load(stored) if stored else NO_PAYLOAD


def _seconds(spans: Iterable[timedelta]) -> int:
    return max(0, int(sum(spans, timedelta()).total_seconds()))
