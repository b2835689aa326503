"""Reading the log: events of cases, of kinds, by somebody, at an element, in a span of time; whole or in pages."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from engine.history.models import HistoryEvent
from engine.history.recording import EventKind

PAGE = 100


@dataclass(frozen=True)
class Wanted:
    """Which events. None: whatever it is. `since` is included, `until` is not. `such`: a condition besides."""

    cases: Collection[int] | None = None
    kinds: Collection[EventKind] | None = None
    actor_id: int | None = None
    element: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    such: ColumnElement[bool] | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        log, found = HistoryEvent, list[ColumnElement[bool]]()
        if self.cases is not None:
            one = next(iter(self.cases)) if len(self.cases) == 1 else None
            found.append(log.instance_id == one if one is not None else log.instance_id.in_(sorted(self.cases)))
        if self.kinds is not None:
            found.append(log.kind.in_(sorted(kind.value for kind in self.kinds)))
        if self.actor_id is not None:
            found.append(log.actor_id == self.actor_id)
        if self.element is not None:
            found.append(log.element == self.element)
        if self.since is not None:
            found.append(log.at >= self.since)
        if self.until is not None:
            found.append(log.at < self.until)
        if self.such is not None:
            found.append(self.such)
        return found


@dataclass(frozen=True)
class Page:
    """Some events in the order that was asked for. `next`: give it as `after` for the page behind; None: no more."""

    events: Sequence[HistoryEvent]
    next: int | None


def find_events(session: Session, wanted: Wanted) -> Sequence[HistoryEvent]:
    """All of them in their order; one statement, none when no case can be meant."""
    if wanted.cases is not None and not wanted.cases:
        return []
    return session.scalars(_chosen(wanted).order_by(HistoryEvent.seq)).all()


def find_page(
    session: Session, wanted: Wanted, *, after: int | None = None, size: int = PAGE, newest_first: bool = False
) -> Page:
    """A page of them, one statement whatever the page: it begins behind a number and never counts or skips rows."""
    seq = HistoryEvent.seq
    statement = _chosen(wanted).order_by(seq.desc() if newest_first else seq)
    if after is not None:
        statement = statement.where(seq < after if newest_first else seq > after)
    found = session.scalars(statement.limit(size + 1)).all()
    return Page(found[:size], found[size - 1].seq if len(found) > size else None)


def _chosen(wanted: Wanted) -> Select[HistoryEvent]:
    return select(HistoryEvent).where(*wanted.conditions())
