"""The right side of the page: who converts better, why cases were lost, and who the weak link hangs on."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from engine.milestones.comparison import ENOUGH_CASES, Share
from engine.milestones.fold import OUTCOME_REASON
from engine.milestones.funnel import group_by_value, lost_reasons
from webapp.funnel.address import BY_OWNER, BY_SCOPE, DIMENSION, NOBODY
from webapp.funnel.labels import dimensions_of
from webapp.funnel.queries import FunnelPage

NOTEWORTHY = 0.3  # of what is missing: below this no single person is named
GroupKey = int | str | None


@dataclass(frozen=True)
class GroupLine:
    """One group of the comparison. By event date there is no share: `part` of `whole` are then the entries."""

    label: str
    parameter: str  # the filter that narrows the page to this group
    value: int | str
    share: Share
    stands_out: bool  # its whole band lies below the share of all


@dataclass(frozen=True)
class ReasonLine:
    """One reason or outcome of what was lost here; `query` narrows the list of the lost to it."""

    label: str
    cases: int
    query: Mapping[str, list[str]]


@dataclass(frozen=True)
class Culprit:
    """Who of the weak link's missing cases has most."""

    label: str
    missing: float


def groupings(page: FunnelPage) -> dict[str, str]:
    """By what the page can compare: name in the address, and what it is called."""
    names = [BY_OWNER, BY_SCOPE]
    if page.is_cohort:
        names += [name for name in dimensions_of(page.labels.definition) if name != OUTCOME_REASON]
    return {name: page.labels.grouping(name) for name in names}


def grouped_by(page: FunnelPage) -> str:
    """By what it does compare: whose the cases are, where the address asks for what cannot be."""
    return page.asked.by if page.asked.by in groupings(page) else BY_OWNER


def compare(page: FunnelPage) -> list[GroupLine]:
    """The groups of the milestone in focus: those with enough cases by their share, then the others by size."""
    if page.focus is None:
        return []
    milestone, rank = page.focus.figures.milestone, page.focus.figures.rank
    by = grouped_by(page)
    if page.dated:
        entered: Counter[GroupKey] = Counter(
            page.dated.grouped(milestone, lambda tally: tally.owner_id if by == BY_OWNER else tally.scope_id)
        )
        return [_line(page, by, key, Share(count, entered.total()), None) for key, count in entered.most_common()]
    if not page.following:
        return []
    shares = {
        key: Share(reached[rank + 1], reached[rank]) for key, reached in _groups(page, by).items() if reached[rank]
    }
    whole = page.focus.figures.conversion
    lines = [_line(page, by, key, share, whole) for key, share in shares.items()]
    return sorted(lines, key=lambda line: (line.share.whole < ENOUGH_CASES, -_order(line.share), line.label))


def reasons(page: FunnelPage) -> list[ReasonLine]:
    """Why cases were lost here: the reasons that were given; the outcomes where the process gives none."""
    figures = page.focus.figures if page.focus else None
    if page.cohort is None or figures is None or not figures.lost_here:
        return []
    given = lost_reasons(page.dimensions, figures.rank)
    if not given:
        outcomes = page.cohort.lost_outcomes(figures.milestone)
        return [
            ReasonLine(page.labels.outcome(outcome), count, {"outcome": [outcome]})
            for outcome, count in outcomes.most_common()
        ]
    counted = given.most_common()
    if unsaid := figures.lost_here - given.total():
        counted.append(("", unsaid))
    name = f"{DIMENSION}{OUTCOME_REASON}"
    return [ReasonLine(page.labels.value(OUTCOME_REASON, reason), count, {name: [reason]}) for reason, count in counted]


def culprit(page: FunnelPage) -> Culprit | None:
    """Who has a noteworthy part of what is missing at the weak link, if several people share it."""
    if page.cohort is None or page.weak is None:
        return None
    rank = page.plan.ranks[page.weak.milestone]
    reference = page.weak.reference
    groups = {key: reached for key, reached in _groups(page, BY_OWNER).items() if reached[rank]}
    missing = {key: reached[rank] * reference - reached[rank + 1] for key, reached in groups.items()}
    if len(missing) < 2:
        return None
    worst = max(missing, key=lambda key: missing[key])
    most = min(missing[worst], page.weak.missing)
    if worst is None or most < NOTEWORTHY * page.weak.missing:
        return None
    return Culprit(page.labels.group(BY_OWNER, worst), most)


def _groups(page: FunnelPage, by: str) -> dict[GroupKey, tuple[int, ...]]:
    """Reached by rank for each group of the cohort."""
    if page.cohort is None:
        return {}
    if by == BY_OWNER:
        return dict(page.cohort.grouped(lambda tally: tally.owner_id).items())
    if by == BY_SCOPE:
        return dict(page.cohort.grouped(lambda tally: tally.scope_id).items())
    return dict(group_by_value(page.dimensions, by, page.plan).items())


def _line(page: FunnelPage, by: str, key: GroupKey, share: Share, whole: float | None) -> GroupLine:
    parameter = {BY_OWNER: "person", BY_SCOPE: "centre"}.get(by, f"{DIMENSION}{by}")
    stands_out = whole is not None and share.whole >= ENOUGH_CASES and share.high < whole
    return GroupLine(page.labels.group(by, key), parameter, key or NOBODY, share, stands_out)


def _order(share: Share) -> float:
    """Within enough cases the share decides, below only how many there are."""
    return (share.value or 0.0) if share.whole >= ENOUGH_CASES else float(share.whole)
