"""The visits behind a figure of a step, and the cases behind a way: every number opens what it was counted from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select, true
from sqlalchemy.orm import Session

from engine.analytics.figures import StepFilter
from engine.analytics.fold import End
from engine.analytics.rows import INSTANCE, PATH, VISIT
from engine.analytics.ways import closed_in

V, P = VISIT.c, PATH.c


class Figure(StrEnum):
    """The figures that are counted from visits, and (the last) from cases."""

    ENTERED = "entered"
    AGAIN = "again"
    NOW = "now"
    LATE_NOW = "late_now"
    ENDED = "ended"
    OVERDUE = "overdue"
    DROPPED = "dropped"
    SKIPPED = "skipped"
    BY_HAND = "by_hand"
    MIGRATED = "migrated"
    DEVIATIONS = "deviations"
    VARIANT = "variant"


BEGAN = frozenset({Figure.ENTERED, Figure.AGAIN})
STANDS = frozenset({Figure.NOW, Figure.LATE_NOW})


@dataclass(frozen=True)
class VisitBehind:
    """One visit, or one whole case of a way."""

    instance_id: int
    business_key: str
    person_id: int | None
    scope_id: int | None
    began_at: datetime
    ended_at: datetime | None
    ended: End | str | None
    waiting: int | None
    working: int | None
    due_at: datetime | None = None


@dataclass(frozen=True)
class Behind:
    """A page of them: who stands at a step the oldest first, all else the newest."""

    visits: tuple[VisitBehind, ...]
    total: int


def visits_behind(
    session: Session, filters: StepFilter, figure: Figure, at: str, *, now: datetime, offset: int = 0, limit: int = 50
) -> Behind:
    """`at`: the step, or the id of the way. Two statements."""
    if figure is Figure.VARIANT:
        columns: Sequence[Any] = (P.owner_id, P.scope_id, P.opened_at, P.closed_at, P.outcome, P.lasted, P.lasted)
        return _page(session, PATH, columns, and_(closed_in(filters), P.variant == at), P.closed_at, offset, limit)
    columns = (V.person_id, V.scope_id, V.entered_at, V.ended_at, V.ended, V.waiting, V.working, V.due_at)
    condition = and_(filters.condition(V), V.element == at, _condition(filters, figure, now))
    moment = V.entered_at if figure in BEGAN | STANDS else V.ended_at
    return _page(session, VISIT, columns, condition, moment, offset, limit, oldest=figure in STANDS)


def _condition(filters: StepFilter, figure: Figure, now: datetime) -> ColumnElement[bool]:
    if figure in STANDS:
        late = V.due_at < now if figure is Figure.LATE_NOW else true()
        return and_(V.ended_at.is_(None), late)
    if figure in BEGAN:
        return and_(filters.during(V.entered_at), V.round > 1 if figure is Figure.AGAIN else true())
    chosen: dict[Figure, ColumnElement[bool]] = {
        Figure.OVERDUE: V.overdue.is_(true()),
        Figure.DROPPED: V.dropped.is_(true()),
        Figure.SKIPPED: V.ended == End.SKIPPED,
        Figure.BY_HAND: V.ended.in_([End.MOVED, End.MIGRATED]),
        Figure.MIGRATED: V.migrated.is_(true()),
        Figure.DEVIATIONS: V.deviations > 0,
    }
    return and_(filters.during(V.ended_at), chosen.get(figure, true()))


def _page(
    session: Session,
    table: Any,
    columns: Sequence[Any],
    condition: Any,
    moment: Any,
    offset: int,
    limit: int,
    *,
    oldest: bool = False,
) -> Behind:
    by_age = (moment, table.c.instance_id)
    total = session.scalar(select(func.count()).select_from(table).where(condition)) or 0
    rows = session.connection().execute(
        select(table.c.instance_id, INSTANCE.c.business_key, *columns)
        .join(INSTANCE, INSTANCE.c.id == table.c.instance_id)
        .where(condition)
        .order_by(*(by_age if oldest else (each.desc() for each in by_age)))
        .offset(offset)
        .limit(limit)
    )
    return Behind(tuple(VisitBehind(*row) for row in rows), total)
