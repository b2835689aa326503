"""Who converts better, how sure that is, and which link of the funnel loses most."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from math import sqrt

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import Session

from engine.milestones.filters import Counting, FunnelFilter
from engine.milestones.funnel import conversion, reached_by_rank
from engine.milestones.models import Episode, EpisodeMilestone
from engine.milestones.plan import MilestonePlan

NORMAL_QUANTILE = 1.959963984540054  # two-sided 95 %
ENOUGH_CASES = 20  # below this a share is not judged (specification 6.10, 6.11)


@dataclass(frozen=True)
class Share:
    """`part` of `whole` and the Wilson 95 % band of the share behind it."""

    part: int
    whole: int

    @property
    def value(self) -> float | None:
        return self.part / self.whole if self.whole else None

    @property
    def low(self) -> float:
        return max(0.0, self._centre() - self._reach())

    @property
    def high(self) -> float:
        return min(1.0, self._centre() + self._reach())

    def _centre(self) -> float:
        if not self.whole:
            return 0.5
        square = NORMAL_QUANTILE**2
        return (self.part + square / 2) / (self.whole + square)

    def _reach(self) -> float:
        if not self.whole:
            return 0.5
        square = NORMAL_QUANTILE**2
        spread = self.part * (self.whole - self.part) / self.whole + square / 4
        return NORMAL_QUANTILE / (self.whole + square) * sqrt(spread)


@dataclass(frozen=True)
class WeakLink:
    """The step that loses most: `missing` did not take it who should have, worth `lost` at the end."""

    milestone: str
    following: str
    share: Share
    reference: float
    missing: float
    lost: float


def find_weak_link(plan: MilestonePlan, reached: Sequence[int], references: Sequence[float | None]) -> WeakLink | None:
    """The mandatory conversion whose shortfall costs most at the last milestone; None if nothing falls short.

    `reached` and `references` are by rank, from 0 on; a reference is a norm or the same group's own
    share in its previous period, None where there is none. Source: specification 6.11. For the step
    from rank s, with T reached, C converted and r the reference,

        missing(s) = T(s) * max(0, r(s) - C(s))
        lost(s)    = missing(s) * C(s+1) * C(s+2) * … of the steps after it

    and the weak link is the s with the greatest loss among those with T(s) >= 20. A later step that
    nobody has come to yet counts with its reference, or does not count where it has none: a young
    cohort has not lost what it had no time to do. Equal losses are decided by the missing ones, then
    by the earlier step.
    """
    shares = [conversion(tuple(reached), rank) for rank in range(len(reached))]
    found: WeakLink | None = None
    for rank in range(1, len(plan.mandatory)):
        share, reference = shares[rank], references[rank]
        if share is None or reference is None or reached[rank] < ENOUGH_CASES or share >= reference:
            continue
        missing = reached[rank] * (reference - share)
        lost = missing
        for later in range(rank + 1, len(plan.mandatory)):
            factor = shares[later] if shares[later] is not None else references[later]
            lost *= 1.0 if factor is None else factor
        if found is None or (lost, missing) > (found.lost, found.missing):
            step = Share(reached[rank + 1], reached[rank])
            found = WeakLink(plan.mandatory[rank - 1], plan.mandatory[rank], step, reference, missing, lost)
    return found


def previous_shares(
    session: Session, plan: MilestonePlan, filters: FunnelFilter, *, now: datetime
) -> list[float | None] | None:
    """Conversions by rank of the period before, followed for as long as this one has been. One statement.

    The earlier cohort is counted as it stood one period length ago: a month that is ten days old is
    compared with the first ten days of the month before. Only shares of at least 20 episodes are
    given. None when the filter's period is not bounded.
    """
    before = filters.previous_period()
    if before is None or filters.since is None or filters.until is None:
        return None
    as_of = now - (filters.until - filters.since)
    rank = func.coalesce(func.max(case(plan.ranks, value=EpisodeMilestone.milestone, else_=0)), 0)
    ranked = (
        replace(before, counting=Counting.COHORT)
        .limit(
            select(rank.label("rank"))
            .select_from(Episode)
            .outerjoin(
                EpisodeMilestone,
                and_(EpisodeMilestone.episode_id == Episode.id, EpisodeMilestone.first_at < as_of),
            )
            .where(Episode.opened_at < as_of)
            .group_by(Episode.id),
            plan.process_key,
        )
        .subquery()
    )
    counted = session.execute(select(ranked.c.rank, func.count()).group_by(ranked.c.rank))
    reached = reached_by_rank(((row.rank, row[1]) for row in counted), plan)
    return [conversion(reached, rank) if of >= ENOUGH_CASES else None for rank, of in enumerate(reached)]
