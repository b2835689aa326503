"""The ways that cases took from beginning to end, and how long they take to get on."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Integer, and_, case, cast, func, select
from sqlalchemy.orm import Session, aliased

from engine.analytics.figures import StepFilter
from engine.analytics.rows import PATH
from engine.analytics.survival import Left, estimate
from engine.milestones.fold import WON
from engine.milestones.models import Episode, EpisodeMilestone
from engine.milestones.plan import MilestonePlan
from engine.milestones.times import seconds_between

P = PATH.c
DAY = 86400
MOST_VARIANTS = 10


@dataclass(frozen=True)
class Variant:
    """Closed cases that did the same steps in the same order. `median` in seconds, from opening to closing."""

    id: str
    steps: tuple[str, ...]
    cases: int
    won: int
    median: int


@dataclass(frozen=True)
class Variants:
    """The most frequent ones of `closed` cases, which took `different` ways."""

    closed: int
    different: int
    first: tuple[Variant, ...]


def closed_in(filters: StepFilter) -> ColumnElement[bool]:
    """Cases that were closed in the period. A filter by people is one by who owns the case."""
    return and_(of_paths(filters), filters.during(P.closed_at))


def of_paths(filters: StepFilter) -> ColumnElement[bool]:
    """All but the period."""
    return filters.condition(_Owned())


def find_variants(session: Session, filters: StepFilter, *, limit: int = MOST_VARIANTS) -> Variants:
    """Three statements."""
    connection, closed = session.connection(), closed_in(filters)
    counted = connection.execute(
        select(P.variant, func.count(), _number(P.outcome == WON), func.min(P.instance_id))
        .where(closed)
        .group_by(P.variant)
        .order_by(func.count().desc(), P.variant)
    ).all()
    first = counted[:limit]
    samples = [row[3] for row in first]
    steps = {
        variant: tuple(filter(None, text.split("\n")))
        for variant, text in connection.execute(select(P.variant, P.steps).where(P.instance_id.in_(samples)))
    }
    medians = _medians(session, closed, [row[0] for row in first])
    return Variants(
        sum(row[1] for row in counted),
        len(counted),
        tuple(Variant(name, steps[name], cases, won, medians[name]) for name, cases, won, _ in first),
    )


def time_to_close(session: Session, filters: StepFilter, *, now: datetime) -> list[Left]:
    """From the opening, of the cases opened in the period, until the case is closed. One statement."""
    end = func.coalesce(P.closed_at, now)
    return _curve(session, P.opened_at, end, P.closed_at, and_(of_paths(filters), filters.during(P.opened_at)))


def time_from_milestone(
    session: Session, plan: MilestonePlan, milestone: str, filters: StepFilter, *, now: datetime
) -> list[Left]:
    """From the first entry of a milestone in the period until a later mandatory one, or the close. One statement.

    By episodes; a filter by people is one by who owns the case; episodes name no version.
    """
    filters = replace(filters, definitions=None)
    later = plan.mandatory[plan.mandatory.index(milestone) + 1 :]
    entered, follows = EpisodeMilestone, aliased(EpisodeMilestone)
    following = (
        select(func.min(follows.first_at))
        .where(
            follows.episode_id == entered.episode_id,
            follows.milestone.in_(later),
            follows.first_seq > entered.first_seq,
        )
        .correlate(entered)
        .scalar_subquery()
    )
    moments = (
        select(entered.first_at.label("start"), func.coalesce(following, Episode.closed_at).label("end"))
        .join(Episode, Episode.id == entered.episode_id)
        .where(entered.milestone == milestone, filters.condition(_Episodes()), filters.during(entered.first_at))
        .subquery()
    )
    start, end = moments.c.start, moments.c.end
    return _curve(session, start, func.coalesce(end, now), end, None)


def _curve(session: Session, start: Any, end: Any, known: Any, condition: ColumnElement[bool] | None) -> list[Left]:
    day = cast(func.floor(seconds_between(start, end) / DAY), Integer) if _floors(session) else None
    whole = cast(seconds_between(start, end) / DAY, Integer) if day is None else day
    statement = select(whole.label("day"), _number(known.is_not(None)), _number(known.is_(None)))
    if condition is not None:
        statement = statement.where(condition)
    rows: Sequence[Any] = session.execute(statement.group_by("day")).all()
    return estimate((max(row[0], 0), row[1], row[2]) for row in rows)


def _floors(session: Session) -> bool:
    """A cast rounds on PostgreSQL and cuts off on SQLite, which may not have floor()."""
    return session.get_bind().dialect.name == "postgresql"


def _medians(session: Session, closed: ColumnElement[bool], names: Sequence[str]) -> dict[str, int]:
    numbered = (
        select(
            P.variant,
            P.lasted,
            func.count().over(partition_by=P.variant).label("cases"),
            func.row_number().over(partition_by=P.variant, order_by=P.lasted).label("place"),
        )
        .where(closed, P.variant.in_(names))
        .subquery()
    )
    place, cases = numbered.c.place, numbered.c.cases
    middle = place.in_([(cases + 1) // 2, (cases + 2) // 2])
    statement = select(numbered.c.variant, func.avg(numbered.c.lasted)).where(middle).group_by(numbered.c.variant)
    return {name: int(median) for name, median in session.execute(statement)}


def _number(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return cast(func.sum(case((condition, 1), else_=0)), Integer)


class _Owned:
    """The ways of cases as `StepFilter` asks for columns: a case is its owner's."""

    process_key, definition_id, scope_id = P.process_key, P.definition_id, P.scope_id
    owner_id = person_id = P.owner_id

    def __contains__(self, name: str) -> bool:
        return True


class _Episodes:
    """The same of episodes, which name no version."""

    process_key, scope_id = Episode.process_key, Episode.scope_id
    owner_id = person_id = Episode.owner_id

    def __contains__(self, name: str) -> bool:
        return True
