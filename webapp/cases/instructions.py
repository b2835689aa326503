"""What somebody above has told to do in a case: it stands on the step, and in the diary, until a step is done."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased

from engine import case_data
from engine.history.models import HistoryEvent
from engine.history.recording import EventKind

TOLD = frozenset({EventKind.INSTRUCTED, EventKind.ESCALATION_ANSWERED})
DONE = frozenset({EventKind.TASK_COMPLETED, EventKind.TASK_SKIPPED, EventKind.OFFER_TAKEN})


@dataclass(frozen=True)
class Instruction:
    """The words, whose they are, and since when."""

    text: str
    by: int | None
    at: datetime


def instruction_in(events: Sequence[HistoryEvent]) -> Instruction | None:
    """The newest one of a case's log that no step has followed; the events in their order."""
    for event in reversed(events):
        if event.kind in DONE:
            return None
        if event.kind in TOLD:
            return _read(event)
    return None


def find_instructions(session: Session, instance_ids: Iterable[int]) -> dict[int, Instruction]:
    """The same for many cases; one statement."""
    wanted = sorted(set(instance_ids))
    if not wanted:
        return {}
    later = aliased(HistoryEvent)
    followed = exists().where(
        later.instance_id == HistoryEvent.instance_id, later.seq > HistoryEvent.seq, later.kind.in_(_values(DONE))
    )
    events = session.scalars(
        select(HistoryEvent)
        .where(HistoryEvent.instance_id.in_(wanted), HistoryEvent.kind.in_(_values(TOLD)), ~followed)
        .order_by(HistoryEvent.seq)
    )
    return {event.instance_id: _read(event) for event in events}


def _read(event: HistoryEvent) -> Instruction:
    return Instruction(str(case_data.load(event.payload).get("text", "")), event.actor_id, event.at)


def _values(kinds: Collection[EventKind]) -> list[str]:
    return sorted(kind.value for kind in kinds)
