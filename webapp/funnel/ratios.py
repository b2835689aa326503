"""The ratios that a process declares, as the page shows them: of all, of the period before, and of each group."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from engine.milestones.comparison import ENOUGH_CASES, Share
from engine.milestones.filters import Counting, FunnelFilter
from engine.milestones.plan import MilestonePlan, Ratio
from engine.milestones.ratios import count_ratios, group_ratios, previous_ratios, ratios_by_value, total_ratios
from webapp.core.clock import now
from webapp.funnel.address import BY_OWNER, BY_SCOPE, DIMENSION, NOBODY, Asked
from webapp.funnel.labels import Labels, dimensions_of


@dataclass(frozen=True)
class RatioHead:
    """One ratio: what it is called, of which two milestones, in all and in the period before, if there is one."""

    name: str
    label: str
    part: str
    base: str
    share: Share
    before: Share | None


@dataclass(frozen=True)
class RatioCell:
    """One ratio of one group. `stands_out`: its whole band lies below the share of all."""

    name: str
    share: Share
    stands_out: bool


@dataclass(frozen=True)
class RatioLine:
    """One group; `narrowed` is the filter that the list behind its figures is narrowed by."""

    label: str
    narrowed: Mapping[str, list[int | str]]
    cells: tuple[RatioCell, ...]


@dataclass(frozen=True)
class RatioTable:
    """All ratios of a process by the groups that the page compares."""

    heads: tuple[RatioHead, ...]
    lines: tuple[RatioLine, ...]


def find_ratios(
    session: Session, plan: MilestonePlan, filters: FunnelFilter, asked: Asked, labels: Labels
) -> RatioTable | None:
    """Two statements, three when groups are values of a dimension; None when the process declares no ratio."""
    if not plan.ratios:
        return None
    tallies = count_ratios(session, plan, filters)
    before = previous_ratios(session, plan, filters, now=now())
    totals = total_ratios(plan, tallies)
    heads = tuple(_head(ratio, labels, totals[ratio.name], before.get(ratio.name)) for ratio in plan.ratios)
    by = _grouping(asked, labels)
    groups: dict[int | str | None, dict[str, Share]]
    if by == BY_OWNER:
        groups = dict(group_ratios(plan, tallies, lambda tally: tally.owner_id).items())
    elif by == BY_SCOPE:
        groups = dict(group_ratios(plan, tallies, lambda tally: tally.scope_id).items())
    else:
        groups = dict(ratios_by_value(session, plan, filters, by).items())
    lines = [_line(labels, by, key, shares, totals) for key, shares in groups.items()]
    return RatioTable(heads, tuple(sorted(lines, key=_order)))


def _head(ratio: Ratio, labels: Labels, share: Share, before: Share | None) -> RatioHead:
    part, base = labels.milestone(ratio.part), labels.milestone(ratio.base)
    return RatioHead(ratio.name, labels.ratio(ratio.name), part, base, share, before)


def _grouping(asked: Asked, labels: Labels) -> str:
    """By event date a case has no group but whose it was then, and where."""
    known = {BY_OWNER, BY_SCOPE}
    if asked.counting is Counting.COHORT:
        known |= set(dimensions_of(labels.definition))
    return asked.by if asked.by in known else BY_OWNER


def _line(
    labels: Labels, by: str, key: int | str | None, shares: Mapping[str, Share], totals: Mapping[str, Share]
) -> RatioLine:
    parameter = {BY_OWNER: "person", BY_SCOPE: "centre"}.get(by, f"{DIMENSION}{by}")
    cells = tuple(RatioCell(name, share, _stands_out(share, totals[name])) for name, share in shares.items())
    return RatioLine(labels.group(by, key), {parameter: [key or NOBODY]}, cells)


def _stands_out(share: Share, whole: Share) -> bool:
    return whole.value is not None and share.whole >= ENOUGH_CASES and share.high < whole.value


def _order(line: RatioLine) -> tuple[int, str]:
    return -line.cells[0].share.whole, line.label
