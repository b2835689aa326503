"""Deviations and escalations, folded from the log: in the transaction of each step, or all anew."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, or_, select, text, update
from sqlalchemy.orm import Session

from engine import case_data
from engine.history.models import HistoryEvent
from engine.history.recording import DEVIATION, EventKind, deviation_in
from engine.history.timeline import Wanted, find_page
from engine.instances.report import StepReport
from webapp.control.models import LoggedDeviation, LoggedEscalation

SEEN, ESCALATION = "deviations", "escalation"  # in the payloads of what a head does
EVENTS_AT_A_TIME = 5000
TOLD = (
    EventKind.TASK_SKIPPED,
    EventKind.ANSWER_CORRECTED,
    EventKind.CONTACT_NOTED,
    EventKind.LINES_LEFT_OUT,
    EventKind.STEP_MOVED,
    EventKind.ELEMENT_PASSED_OVER,
    EventKind.DATA_EDITED,
    EventKind.CASE_CANCELLED,
    EventKind.CASE_RESTARTED,
    EventKind.CASE_REOPENED,
    EventKind.TASK_RECALLED,
    EventKind.DEVIATION_SEEN,
    EventKind.ESCALATED,
    EventKind.ESCALATION_ANSWERED,
)
MARKED = (EventKind.TASK_COMPLETED, EventKind.OFFER_TAKEN, EventKind.TASK_POSTPONED)  # only where the payload says so


@dataclass(frozen=True)
class Told:
    """An event as the fold needs it."""

    seq: int
    instance_id: int
    kind: EventKind
    actor_id: int | None
    at: datetime
    payload: Mapping[str, object]


def follow(session: Session, report: StepReport, now: datetime) -> None:
    """The step listener: no statement unless the step says something that a head should see."""
    for seq, event in zip(report.numbers, report.events, strict=True):
        if event.kind in TOLD or event.kind in MARKED:
            fold(session, Told(seq, report.instance_id, event.kind, report.actor_id, now, event.payload))


def fold(session: Session, event: Told) -> None:
    """Continue the tables with one event; the events of a case must come in their order."""
    kind = deviation_in(event.kind, event.payload)
    if kind is not None:
        row = {"seq": event.seq, "instance_id": event.instance_id, "kind": kind, "at": event.at}
        session.execute(insert(LoggedDeviation), [{**row, "person_id": event.actor_id}])
    elif event.kind is EventKind.TASK_RECALLED and "undoes" in event.payload:
        session.execute(delete(LoggedDeviation).where(LoggedDeviation.seq == event.payload["undoes"]))
    elif event.kind is EventKind.DEVIATION_SEEN:
        session.execute(
            update(LoggedDeviation)
            .where(LoggedDeviation.seq.in_(_numbers(event.payload.get(SEEN))), LoggedDeviation.seen_at.is_(None))
            .values(seen_by=event.actor_id, seen_at=event.at)
        )
    elif event.kind is EventKind.ESCALATED and "task" in event.payload:
        rows = [
            {
                "seq": event.seq,
                "recipient_id": recipient,
                "instance_id": event.instance_id,
                "task_id": event.payload["task"],
                "at": event.at,
            }
            for recipient in sorted(set(_numbers(event.payload.get("recipients"))))
        ]
        if rows:
            session.execute(insert(LoggedEscalation), rows)
    elif event.kind is EventKind.ESCALATION_ANSWERED:
        session.execute(
            update(LoggedEscalation)
            .where(LoggedEscalation.seq == event.payload.get(ESCALATION), LoggedEscalation.answered_at.is_(None))
            .values(answered_by=event.actor_id, answered_at=event.at)
        )


def rebuild(session: Session) -> tuple[int, int]:
    """Replace both tables by the fold of the whole log: numbers of deviations and of escalations. No commit."""
    if session.get_bind().dialect.name == "postgresql":  # keeps steps out; on SQLite the transaction already does
        session.execute(text("LOCK TABLE control_deviation, control_escalation IN SHARE ROW EXCLUSIVE MODE"))
    session.execute(delete(LoggedDeviation))
    session.execute(delete(LoggedEscalation))
    for event in _log(session):
        fold(session, event)
    deviations = session.scalars(select(LoggedDeviation.seq)).all()
    return len(deviations), len(session.scalars(select(LoggedEscalation.seq).distinct()).all())


def _log(session: Session) -> Iterator[Told]:
    marked = HistoryEvent.kind.in_([kind.value for kind in MARKED])
    wanted = or_(
        HistoryEvent.kind.in_([kind.value for kind in TOLD]),
        marked & HistoryEvent.payload.contains(f'"{DEVIATION}"', autoescape=True),
    )
    after: int | None = 0
    while after is not None:
        page = find_page(session, Wanted(such=wanted), after=after, size=EVENTS_AT_A_TIME)
        for event in page.events:
            payload = case_data.load(event.payload) if event.payload else {}
            yield Told(event.seq, event.instance_id, EventKind(event.kind), event.actor_id, event.at, payload)
        after = page.next


def _numbers(value: object) -> Sequence[int]:
    return [int(each) for each in value] if isinstance(value, list | tuple) else []
