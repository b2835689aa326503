"""The cases behind a figure: every number of the funnel opens the list it was counted from."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, ScalarSelect, and_, exists, func, literal, select, true
from sqlalchemy.orm import Session, aliased

from engine.errors import BusinessError
from engine.instances.models import ProcessInstance
from engine.milestones.filters import AnySelect, Counting, FunnelFilter, State, in_state, state_of
from engine.milestones.models import Episode, EpisodeDimension, EpisodeMilestone
from engine.milestones.plan import MilestonePlan


class Figure(StrEnum):
    """The figures of `engine.milestones.funnel`, `times`, `comparison` and `ratios` that are counted from cases."""

    OPENED = "opened"  # the whole cohort; no milestone
    BEFORE = "before"  # rank 0: no mandatory milestone yet; no milestone
    TOUCHED = "touched"
    REACHED = "reached"
    SKIPPED = "skipped"
    CONVERTED = "converted"  # reached the next mandatory milestone: the part of a conversion
    STOPPED = "stopped"  # reached this one and not the next, in whatever state
    OPEN_HERE = "open_here"
    LOST_HERE = "lost_here"
    WON_HERE = "won_here"
    CURRENT = "current"
    REWORK = "rework"
    TIMED = "timed"  # the step into this milestone from the mandatory one before has a known time
    CENSORED = "censored"  # on the way on that step
    RATIO_BASE = "ratio_base"  # entered the base of a ratio; its name stands in the milestone's place
    RATIO_PART = "ratio_part"  # and the part too


WITHOUT_MILESTONE = frozenset({Figure.OPENED, Figure.BEFORE})
FOR_OPTIONAL_TOO = frozenset({Figure.TOUCHED, Figure.CURRENT, Figure.REWORK, Figure.TIMED, Figure.CENSORED})
OF_RATIO = frozenset({Figure.RATIO_BASE, Figure.RATIO_PART})
BY_EVENT_DATE = OF_RATIO | {Figure.TOUCHED}


class UnknownFigure(BusinessError):
    """There is no such figure of this milestone in this counting, so there are no cases behind it."""


@dataclass(frozen=True)
class CaseBehind:
    """One episode in the list. A case that was reopened may stand there twice, and counts twice."""

    instance_id: int
    business_key: str
    episode_id: int
    number: int
    opened_at: datetime
    closed_at: datetime | None
    outcome: str | None
    last_milestone: str | None
    owner_id: int | None
    scope_id: int | None
    since: datetime  # closing, else first entry into its last milestone, else opening
    counted: int  # how much of the figure it is: 1, or its repeated entries for rework
    dimensions: Mapping[str, str | None]  # those that were asked for

    @property
    def state(self) -> State:
        return state_of(self.outcome)


@dataclass(frozen=True)
class CasesBehind:
    """One page of the list. `total` cases make up the figure `counted`; they differ for rework only."""

    cases: tuple[CaseBehind, ...]
    total: int
    counted: int


def cases_behind(
    session: Session,
    plan: MilestonePlan,
    filters: FunnelFilter,
    figure: Figure,
    milestone: str | None = None,
    *,
    dimensions: Sequence[str] = (),
    offset: int = 0,
    limit: int = 50,
) -> CasesBehind:
    """The episodes that a figure counts, latest change first. One statement; a second beyond the last page.

    `dimensions` names those whose values come along. For the figures of a ratio `milestone` is the ratio's name.
    Raises UnknownFigure when the plan or the counting knows no such figure of the milestone.
    """
    statement, counted = _chosen(plan, filters, figure, milestone)
    chosen = statement.add_columns(counted.label("counted")).subquery()
    sums = (func.count().over().label("total"), func.sum(chosen.c.counted).over().label("sum"))
    stated = [_value_of(chosen.c.episode_id, name).label(f"value_{place}") for place, name in enumerate(dimensions)]
    rows = session.execute(
        select(chosen, *sums, *stated)
        .order_by(chosen.c.since.desc(), chosen.c.episode_id.desc())
        .offset(offset)
        .limit(limit)
    ).all()
    if not rows and offset:
        total, summed = session.execute(select(func.count(), func.sum(chosen.c.counted)).select_from(chosen)).one()
        return CasesBehind((), total, int(summed or 0))
    total, summed = (rows[0].total, int(rows[0].sum)) if rows else (0, 0)
    first = len(chosen.c) + len(sums)
    cases = tuple(
        CaseBehind(*row[: len(chosen.c)], dict(zip(dimensions, row[first:], strict=True)))  # type: ignore[call-arg]
        for row in rows
    )
    return CasesBehind(cases, total, summed)


def _value_of(episode_id: ColumnElement[int], name: str) -> ScalarSelect[str]:
    value = select(EpisodeDimension.value).where(EpisodeDimension.name == name)
    return value.where(EpisodeDimension.episode_id == episode_id).scalar_subquery()


def _chosen(
    plan: MilestonePlan, filters: FunnelFilter, figure: Figure, milestone: str | None
) -> tuple[AnySelect, ColumnElement[int]]:
    if not _is_figure(plan, filters.counting, figure, milestone):
        raise UnknownFigure("funnel_figure_unknown", figure=figure, milestone=milestone)
    last = aliased(EpisodeMilestone)
    statement: AnySelect = (
        select(
            Episode.instance_id,
            ProcessInstance.business_key,
            Episode.id.label("episode_id"),
            Episode.number,
            Episode.opened_at,
            Episode.closed_at,
            Episode.outcome,
            Episode.last_milestone,
            Episode.owner_id,
            Episode.scope_id,
            func.coalesce(Episode.closed_at, last.first_at, Episode.opened_at).label("since"),
        )
        .join(ProcessInstance, ProcessInstance.id == Episode.instance_id)
        .outerjoin(last, and_(last.episode_id == Episode.id, last.milestone == Episode.last_milestone))
    )
    counted: ColumnElement[int] = literal(1)
    if milestone is None:
        statement = statement.where(true() if figure is Figure.OPENED else Episode.highest_rank == 0)
    elif ratio := plan.ratio(milestone) if figure in OF_RATIO else None:
        entered = and_(EpisodeMilestone.episode_id == Episode.id, EpisodeMilestone.milestone == ratio.base)
        statement = statement.join(EpisodeMilestone, entered)
        if figure is Figure.RATIO_PART:
            statement = statement.where(_touched(ratio.part))
    elif figure in (Figure.TOUCHED, Figure.REWORK):
        entered = and_(EpisodeMilestone.episode_id == Episode.id, EpisodeMilestone.milestone == milestone)
        statement = statement.join(EpisodeMilestone, entered)
        if figure is Figure.REWORK:
            counted = EpisodeMilestone.count - 1
            statement = statement.where(EpisodeMilestone.count > 1)
    elif figure in (Figure.TIMED, Figure.CENSORED):
        statement = statement.where(_on_step(plan, figure, milestone))
    else:
        statement = statement.where(CONDITIONS[figure](plan.rank(milestone), milestone))
    return filters.limit(statement, plan.process_key), counted


def _is_figure(plan: MilestonePlan, counting: Counting, figure: Figure, milestone: str | None) -> bool:
    if counting is Counting.EVENT_DATE and figure not in BY_EVENT_DATE:
        return False
    if milestone is None or figure in WITHOUT_MILESTONE:
        return milestone is None and figure in WITHOUT_MILESTONE
    if figure in OF_RATIO:
        return plan.ratio(milestone) is not None
    if milestone not in plan.milestones:
        return False
    if figure in (Figure.TIMED, Figure.CENSORED):
        return plan.before(milestone) is not None
    return milestone in plan.ranks or figure in FOR_OPTIONAL_TOO


def _touched(milestone: str) -> ColumnElement[bool]:
    row = aliased(EpisodeMilestone)
    return exists().where(row.episode_id == Episode.id, row.milestone == milestone)


def _at_rank(state: State) -> Callable[[int, str], ColumnElement[bool]]:
    return lambda rank, _: and_(Episode.highest_rank == rank, in_state(state))


CONDITIONS: dict[Figure, Callable[[int, str], ColumnElement[bool]]] = {
    Figure.REACHED: lambda rank, _: Episode.highest_rank >= rank,
    Figure.SKIPPED: lambda rank, milestone: and_(Episode.highest_rank > rank, ~_touched(milestone)),
    Figure.CONVERTED: lambda rank, _: Episode.highest_rank > rank,
    Figure.STOPPED: lambda rank, _: Episode.highest_rank == rank,
    Figure.OPEN_HERE: _at_rank(State.OPEN),
    Figure.LOST_HERE: _at_rank(State.LOST),
    Figure.WON_HERE: _at_rank(State.WON),
    Figure.CURRENT: lambda _, milestone: and_(in_state(State.OPEN), Episode.last_milestone == milestone),
}


def _on_step(plan: MilestonePlan, figure: Figure, milestone: str) -> ColumnElement[bool]:
    source = plan.before(milestone)
    first, second = aliased(EpisodeMilestone), aliased(EpisodeMilestone)
    started = and_(first.episode_id == Episode.id, first.milestone == source)
    if figure is Figure.CENSORED:
        return and_(in_state(State.OPEN), exists().where(started), ~_touched(milestone))
    arrived = and_(second.episode_id == Episode.id, second.milestone == milestone)
    return exists().where(started, arrived, second.first_seq > first.first_seq)
