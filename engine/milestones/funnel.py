"""The funnel of a process: what its episodes reached, counted by the definitions below.

An episode's rank is that of the highest mandatory milestone it entered, 0 if none. For the
mandatory milestone of rank i:

* touched: episodes that entered it; optional milestones have this figure, current and rework only
* reached: episodes of rank i or higher; never grows with i
* skipped: reached but not touched
* conversion: reached at rank i + 1 divided by reached at i; None when nothing reached it
* open, lost, won here: episodes of rank i by their state; together reached(i) - reached(i + 1)
* current: open episodes that entered it last, looking at all milestones
* rework: entries beyond the first, summed over the episodes

By event date only touched exists: each bar counts other cases, so nothing leads from one to the next.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeVar

from sqlalchemy import Integer, and_, case, cast, func, literal_column, select
from sqlalchemy.orm import Session, aliased

from engine.milestones.filters import Counting, FunnelFilter, State, state_of
from engine.milestones.fold import OUTCOME_REASON
from engine.milestones.models import Episode, EpisodeDimension, EpisodeMilestone
from engine.milestones.plan import MilestonePlan

Key = TypeVar("Key", bound=Hashable)
Standing = TypeVar("Standing", "Tally", "DimensionTally")


@dataclass(frozen=True)
class Tally:
    """How many episodes of the cohort stand alike."""

    scope_id: int | None
    owner_id: int | None
    rank: int
    last_milestone: str | None
    outcome: str | None
    episodes: int

    @property
    def state(self) -> State:
        return state_of(self.outcome)


@dataclass(frozen=True)
class DimensionTally:
    """How many episodes of the cohort have this value of this dimension and stand alike."""

    name: str
    value: str
    rank: int
    outcome: str | None
    matches: bool  # the filter's restrictions on dimensions let them through
    episodes: int


@dataclass(frozen=True)
class EntryTally:
    """By event date: how many episodes entered the milestone in the period, by place at that moment."""

    milestone: str
    scope_id: int | None
    owner_id: int | None
    episodes: int


@dataclass(frozen=True)
class Places:
    """Scopes and owners that could be chosen: those of all episodes, but for the choice of scopes and owners."""

    scopes: frozenset[int | None]
    owners: frozenset[int | None]

    @classmethod
    def of(cls, tallies: Iterable[Tally | EntryTally]) -> "Places":
        found = {(tally.scope_id, tally.owner_id) for tally in tallies}
        return cls(frozenset(scope for scope, _ in found), frozenset(owner for _, owner in found))


@dataclass(frozen=True)
class MilestoneFigures:
    """One bar. What does not exist for an optional milestone, or by event date, is None."""

    milestone: str
    rank: int  # 0: optional
    touched: int
    reached: int | None = None
    skipped: int | None = None
    conversion: float | None = None
    current: int | None = None
    open_here: int | None = None
    lost_here: int | None = None
    won_here: int | None = None
    rework: int | None = None

    @property
    def stopped(self) -> int | None:
        """Those that reached it and not the next one, in whatever state."""
        if self.open_here is None or self.lost_here is None or self.won_here is None:
            return None
        return self.open_here + self.lost_here + self.won_here


@dataclass(frozen=True)
class Funnel:
    """The cohort: `opened` episodes, `before` those of rank 0 by state, and a bar for each milestone."""

    plan: MilestonePlan
    tallies: tuple[Tally, ...]
    places: Places
    entries: dict[str, tuple[int, int]]  # milestone: episodes that entered it, entries in all

    @cached_property
    def opened(self) -> int:
        return sum(tally.episodes for tally in self.tallies)

    @cached_property
    def by_state(self) -> dict[tuple[int, State], int]:
        """Episodes by rank and state; the ranks from 0 to the highest are all there."""
        counted = {(rank, state): 0 for rank in range(len(self.plan.mandatory) + 1) for state in State}
        for tally in self.tallies:
            counted[tally.rank, tally.state] += tally.episodes
        return counted

    @cached_property
    def reached(self) -> tuple[int, ...]:
        """Reached by rank; at 0 all that were opened."""
        return reached_by_rank(((tally.rank, tally.episodes) for tally in self.tallies), self.plan)

    @cached_property
    def rows(self) -> tuple[MilestoneFigures, ...]:
        """The bars in the order of the plan."""
        current: Counter[str | None] = Counter()
        for tally in self.tallies:
            if tally.state is State.OPEN:
                current[tally.last_milestone] += tally.episodes
        return tuple(self._row(milestone, current[milestone]) for milestone in self.plan.milestones)

    def row(self, milestone: str) -> MilestoneFigures:
        return self.rows[self.plan.milestones.index(milestone)]

    def grouped(self, key: Callable[[Tally], Key]) -> dict[Key, tuple[int, ...]]:
        """Reached by rank for each group, such as `lambda tally: tally.owner_id`."""
        return _grouped(self.tallies, key, self.plan)

    def lost_outcomes(self, milestone: str) -> Counter[str]:
        """The outcomes of the episodes that were lost here."""
        rank = self.plan.ranks[milestone]
        outcomes: Counter[str] = Counter()
        for tally in self.tallies:
            if tally.rank == rank and tally.state is State.LOST and tally.outcome:
                outcomes[tally.outcome] += tally.episodes
        return outcomes

    def _row(self, milestone: str, current: int) -> MilestoneFigures:
        rank = self.plan.rank(milestone)
        touched, entered = self.entries.get(milestone, (0, 0))
        if not rank:
            return MilestoneFigures(milestone, rank, touched, current=current, rework=entered - touched)
        return MilestoneFigures(
            milestone,
            rank,
            touched,
            self.reached[rank],
            self.reached[rank] - touched,
            conversion(self.reached, rank),
            current,
            self.by_state[rank, State.OPEN],
            self.by_state[rank, State.LOST],
            self.by_state[rank, State.WON],
            entered - touched,
        )


@dataclass(frozen=True)
class DatedFunnel:
    """Entries by their own dates; `rows` have `touched` only."""

    plan: MilestonePlan
    tallies: tuple[EntryTally, ...]
    places: Places

    @cached_property
    def rows(self) -> tuple[MilestoneFigures, ...]:
        touched: Counter[str] = Counter()
        for tally in self.tallies:
            touched[tally.milestone] += tally.episodes
        return tuple(MilestoneFigures(name, self.plan.rank(name), touched[name]) for name in self.plan.milestones)

    def grouped(self, milestone: str, key: Callable[[EntryTally], Key]) -> Counter[Key]:
        """Who entered this milestone, by group."""
        groups: Counter[Key] = Counter()
        for tally in self.tallies:
            if tally.milestone == milestone:
                groups[key(tally)] += tally.episodes
        return groups


def count_cohort(session: Session, plan: MilestonePlan, filters: FunnelFilter) -> Funnel:
    """The funnel of the episodes that were opened in the period, as they stand now. Two statements."""
    filters = replace(filters, counting=Counting.COHORT)
    alike = (Episode.scope_id, Episode.owner_id, Episode.highest_rank, Episode.last_milestone, Episode.outcome)
    standing = _everywhere(filters).limit(select(*alike, func.count()).group_by(*alike), plan.process_key)
    entering = filters.limit(
        select(EpisodeMilestone.milestone, func.count(), cast(func.sum(EpisodeMilestone.count), Integer))
        .join(Episode, Episode.id == EpisodeMilestone.episode_id)
        .group_by(EpisodeMilestone.milestone),
        plan.process_key,
    )
    everywhere = [Tally(*row) for row in session.execute(standing)]
    tallies = tuple(tally for tally in everywhere if filters.places(tally.scope_id, tally.owner_id))
    entries = {milestone: (episodes, entered) for milestone, episodes, entered in session.execute(entering)}
    return Funnel(plan, tallies, Places.of(everywhere), entries)


def count_by_event_date(session: Session, plan: MilestonePlan, filters: FunnelFilter) -> DatedFunnel:
    """Each milestone by the date of its own first entry. One statement."""
    filters = replace(filters, counting=Counting.EVENT_DATE)
    alike = (EpisodeMilestone.milestone, EpisodeMilestone.scope_id, EpisodeMilestone.owner_id)
    statement = _everywhere(filters).limit(
        select(*alike, func.count())
        .join(Episode, Episode.id == EpisodeMilestone.episode_id)
        .where(EpisodeMilestone.milestone.in_(plan.milestones))
        .group_by(*alike),
        plan.process_key,
    )
    everywhere = [EntryTally(*row) for row in session.execute(statement)]
    tallies = tuple(tally for tally in everywhere if filters.places(tally.scope_id, tally.owner_id))
    return DatedFunnel(plan, tallies, Places.of(everywhere))


def count_dimensions(session: Session, plan: MilestonePlan, filters: FunnelFilter) -> tuple[DimensionTally, ...]:
    """The cohort by the values of its dimensions. One statement for all dimensions.

    Episodes that the restrictions on dimensions hold back are counted too, apart from the others:
    so a page knows which values could be chosen instead.
    """
    every_value = replace(filters, counting=Counting.COHORT, dimensions={})
    conditions = filters.dimension_conditions()
    matches = case((and_(*conditions), 1), else_=0) if conditions else literal_column("1", Integer)
    columns = (
        EpisodeDimension.name,
        EpisodeDimension.value,
        Episode.highest_rank,
        Episode.outcome,
        matches.label("matches"),
    )
    counted = every_value.limit(
        select(*columns).join(Episode, Episode.id == EpisodeDimension.episode_id), plan.process_key
    ).subquery()
    statement = select(counted, func.count()).group_by(*counted.c)
    return tuple(
        DimensionTally(name, value, rank, outcome, bool(matches), episodes)
        for name, value, rank, outcome, matches, episodes in session.execute(statement)
    )


def count_touched_by_value(
    session: Session, plan: MilestonePlan, filters: FunnelFilter, name: str, *, beside: Iterable[str] = ()
) -> dict[str, dict[str | None, Counter[str]]]:
    """Touched by milestone for each value of one dimension, None for those without a value. One statement.

    By the key of the process: its own, and those `beside` it that have the same milestones. In a cohort of its
    episodes, by event date of the entries in the period.
    """
    stated = aliased(EpisodeDimension)
    apart = (Episode.process_key, stated.value, EpisodeMilestone.milestone)
    statement = (
        select(*apart, func.count())
        .select_from(Episode)
        .join(EpisodeMilestone, EpisodeMilestone.episode_id == Episode.id)
        .outerjoin(stated, and_(stated.episode_id == Episode.id, stated.name == name))
        .where(EpisodeMilestone.milestone.in_(plan.milestones))
        .group_by(*apart)
    )
    touched: defaultdict[str, defaultdict[str | None, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for process, value, milestone, episodes in session.execute(filters.limit(statement, plan.process_key, *beside)):
        touched[process][value][milestone] = episodes
    return {process: dict(by_value) for process, by_value in touched.items()}


def dimension_values(tallies: Iterable[DimensionTally]) -> dict[str, list[str]]:
    """The values of each dimension, the most frequent first."""
    counted: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for tally in tallies:
        counted[tally.name][tally.value] += tally.episodes
    return {name: [value for value, _ in values.most_common()] for name, values in counted.items()}


def group_by_value(tallies: Iterable[DimensionTally], name: str, plan: MilestonePlan) -> dict[str, tuple[int, ...]]:
    """Reached by rank for each value of one dimension; episodes without a value are in none."""
    return _grouped(
        [tally for tally in tallies if tally.matches and tally.name == name], lambda tally: tally.value, plan
    )


def lost_reasons(tallies: Iterable[DimensionTally], rank: int) -> Counter[str]:
    """Why episodes of this rank were lost, as far as a reason was given."""
    reasons: Counter[str] = Counter()
    for tally in tallies:
        is_lost_here = tally.rank == rank and state_of(tally.outcome) is State.LOST
        if tally.matches and tally.name == OUTCOME_REASON and is_lost_here:
            reasons[tally.value] += tally.episodes
    return reasons


def reached_by_rank(counted: Iterable[tuple[int, int]], plan: MilestonePlan) -> tuple[int, ...]:
    """From (rank, episodes) to how many reached each rank, from rank 0 on."""
    highest = len(plan.mandatory)
    at = [0] * (highest + 1)
    for rank, episodes in counted:
        at[rank] += episodes
    for rank in range(highest, 0, -1):
        at[rank - 1] += at[rank]
    return tuple(at)


def conversion(reached: tuple[int, ...], rank: int) -> float | None:
    """The share of those who reached a rank that reached the next; None at the last, or of nobody."""
    if rank + 1 >= len(reached) or not reached[rank]:
        return None
    return reached[rank + 1] / reached[rank]


def _everywhere(filters: FunnelFilter) -> FunnelFilter:
    """The filter without its choice of scopes and owners: that one is made from the rows."""
    return replace(filters, scopes=None, owners=None)


def _grouped(
    tallies: Iterable[Standing], key: Callable[[Standing], Key], plan: MilestonePlan
) -> dict[Key, tuple[int, ...]]:
    groups: defaultdict[Key, list[tuple[int, int]]] = defaultdict(list)
    for tally in tallies:
        groups[key(tally)].append((tally.rank, tally.episodes))
    return {value: reached_by_rank(counted, plan) for value, counted in groups.items()}
