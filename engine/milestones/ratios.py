"""Ratios of a process: of the episodes that entered one milestone, the share that entered another too.

In a cohort they are counted over the episodes opened in the period; by event date over those that
entered the base in the period, wherever they were then. The part is looked at until now in both, and
in whatever order the two were entered. Unlike a conversion a ratio looks at what was touched, never
at what was reached, so it may lead over optional milestones.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import String, and_, column, func, select, values
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from engine.milestones.comparison import Share
from engine.milestones.filters import AnySelect, Counting, FunnelFilter
from engine.milestones.models import Episode, EpisodeDimension, EpisodeMilestone
from engine.milestones.plan import MilestonePlan

Key = TypeVar("Key", bound=Hashable)
NOBODY = Share(0, 0)


@dataclass(frozen=True)
class RatioTally:
    """How many episodes of one place entered the base of a ratio, and how many of them its part too."""

    ratio: str
    scope_id: int | None  # of the episode in a cohort, at the entry into the base by event date
    owner_id: int | None
    part: int
    base: int


def count_ratios(session: Session, plan: MilestonePlan, filters: FunnelFilter) -> tuple[RatioTally, ...]:
    """Every ratio of the plan by place. One statement; none when the plan has no ratios."""
    if not plan.ratios:
        return ()
    place = Episode if filters.counting is Counting.COHORT else EpisodeMilestone
    statement = _entered(plan, filters, (place.scope_id, place.owner_id))
    return tuple(
        RatioTally(ratio, scope, owner, part, base) for ratio, base, part, scope, owner in session.execute(statement)
    )


def previous_ratios(session: Session, plan: MilestonePlan, filters: FunnelFilter, *, now: datetime) -> dict[str, Share]:
    """The ratios of the period before, as they stood one period length ago. One statement.

    So both periods are followed for equally long. Empty when the filter's period is not bounded.
    """
    before = filters.previous_period()
    if before is None or filters.since is None or filters.until is None or not plan.ratios:
        return {}
    statement = _entered(plan, before, (), as_of=now - (filters.until - filters.since))
    found = {ratio: Share(part, base) for ratio, base, part in session.execute(statement)}
    return {ratio.name: found.get(ratio.name, NOBODY) for ratio in plan.ratios}


def ratios_by_value(
    session: Session, plan: MilestonePlan, filters: FunnelFilter, dimension: str
) -> dict[str, dict[str, Share]]:
    """Every ratio for each value of one dimension; episodes without a value are in none. One statement."""
    if not plan.ratios:
        return {}
    stated = and_(EpisodeDimension.episode_id == Episode.id, EpisodeDimension.name == dimension)
    statement = _entered(plan, filters, (EpisodeDimension.value,)).join(EpisodeDimension, stated)
    found: defaultdict[str, dict[str, Share]] = defaultdict(lambda: {ratio.name: NOBODY for ratio in plan.ratios})
    for ratio, base, part, value in session.execute(statement):
        found[value][ratio] = Share(part, base)
    return dict(found)


def total_ratios(plan: MilestonePlan, tallies: Iterable[RatioTally]) -> dict[str, Share]:
    """The shares of all places together, in the order of the plan; of nobody where nobody entered the base."""
    groups = group_ratios(plan, tallies, lambda _: None)
    return groups.get(None) or {ratio.name: NOBODY for ratio in plan.ratios}


def group_ratios(
    plan: MilestonePlan, tallies: Iterable[RatioTally], key: Callable[[RatioTally], Key]
) -> dict[Key, dict[str, Share]]:
    """Every ratio for each group, such as `lambda tally: tally.owner_id`."""
    parts: Counter[tuple[Key, str]] = Counter()
    bases: Counter[tuple[Key, str]] = Counter()
    for tally in tallies:
        parts[key(tally), tally.ratio] += tally.part
        bases[key(tally), tally.ratio] += tally.base
    return {
        group: {ratio.name: Share(parts[group, ratio.name], bases[group, ratio.name]) for ratio in plan.ratios}
        for group in dict.fromkeys(group for group, _ in bases)
    }


def _entered(
    plan: MilestonePlan,
    filters: FunnelFilter,
    apart: Sequence[InstrumentedAttribute[Any]],
    *,
    as_of: datetime | None = None,
) -> AnySelect:
    """Ratio, episodes that entered its base, those of them that entered its part, and what they are kept apart by."""
    ratio = (
        values(column("name", String), column("part", String), column("base", String), name="ratio")
        .data([(each.name, each.part, each.base) for each in plan.ratios])
        .cte("ratio")
    )
    part = aliased(EpisodeMilestone)
    came_too = and_(part.episode_id == Episode.id, part.milestone == ratio.c.part)
    statement: AnySelect = select(ratio.c.name, func.count(), func.count(part.milestone), *apart).select_from(Episode)
    if as_of is not None:
        came_too = and_(came_too, part.first_at < as_of)
        statement = statement.where(EpisodeMilestone.first_at < as_of)
    statement = (
        statement.join(EpisodeMilestone, EpisodeMilestone.episode_id == Episode.id)
        .join(ratio, ratio.c.base == EpisodeMilestone.milestone)
        .outerjoin(part, came_too)
        .group_by(ratio.c.name, *apart)
    )
    return filters.limit(statement, plan.process_key)
