"""What a page of the funnel shows: a fixed number of statements for the figures, a few more for names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from engine.definitions.store import Definition
from engine.milestones.comparison import WeakLink, find_weak_link, previous_shares
from engine.milestones.drilldown import CaseBehind, CasesBehind, Figure, UnknownFigure, cases_behind
from engine.milestones.filters import Counting, FunnelFilter, State
from engine.milestones.fold import OUTCOME_REASON
from engine.milestones.funnel import (
    DatedFunnel,
    DimensionTally,
    Funnel,
    MilestoneFigures,
    count_by_event_date,
    count_cohort,
    count_dimensions,
)
from engine.milestones.models import Episode
from engine.milestones.plan import MilestonePlan
from engine.milestones.times import Step, StepTime, measure_times, steps_of
from webapp.cases.repairs_told import latest_repairs
from webapp.core.clock import now
from webapp.core.errors import NotFound
from webapp.core.feature import CaseLabel
from webapp.core.i18n import current_zone
from webapp.core.permissions import RowScope, scope_if_any
from webapp.core.workflow import describe_cases
from webapp.funnel.address import Asked, read_address
from webapp.funnel.costs import Costs, find_costs, in_the_way, spend_dimension
from webapp.funnel.labels import Labels, dimensions_of, find_labels
from webapp.funnel.money import Money, revenue_of, sum_money
from webapp.funnel.ratios import RatioTable, find_ratios
from webapp.inquiries.spent import SpendBy

SEE_MONEY, SEE_SPEND = "funnel.see_money", "inquiries.see_spend"
PREVIEW = 8
PAGE = 50


@dataclass(frozen=True)
class Bar:
    """One line of the table. Widths are in per cent of the longest bar."""

    figures: MilestoneFigures
    label: str
    touched_width: float
    skipped_width: float
    time: StepTime | None

    @property
    def optional(self) -> bool:
        return not self.figures.rank


@dataclass(frozen=True)
class CaseLine:
    """One case of a list behind a figure."""

    case: CaseBehind
    label: CaseLabel
    owner: str
    values: Mapping[str, str]
    standing: str  # where it is, or how and why it ended
    tone: str
    days: int
    revenue: Decimal | None = None
    repaired: str = ""  # how it was last moved by hand, and why


@dataclass(frozen=True)
class CaseLines:
    """One page of the cases behind a figure. `shows_money`: the reader may know what cases brought."""

    lines: tuple[CaseLine, ...]
    behind: CasesBehind
    page: int
    shows_money: bool = False

    @property
    def pages(self) -> int:
        return max(1, -(-self.behind.total // PAGE))


@dataclass(frozen=True)
class FunnelPage:
    """The whole page. `cohort` or `dated` is there, as the cases are counted."""

    asked: Asked
    processes: Mapping[str, str]
    labels: Labels
    plan: MilestonePlan
    bars: tuple[Bar, ...]
    cohort: Funnel | None
    dated: DatedFunnel | None
    dimensions: tuple[DimensionTally, ...]
    weak: WeakLink | None
    focus: Bar | None
    cases: CaseLines | None
    ratios: RatioTable | None
    money: Money | None  # None: the reader may not know
    costs: Costs | None  # None: the reader may not know, or the filter has none
    costs_hidden_by: list[str]  # filters, in words

    @property
    def is_cohort(self) -> bool:
        return self.cohort is not None

    @property
    def following(self) -> str | None:
        """The mandatory milestone after the one in focus."""
        rank = self.focus.figures.rank if self.focus and self.is_cohort else 0
        return self.plan.mandatory[rank] if 0 < rank < len(self.plan.mandatory) else None


def read_asked(query: MultiDict[str, str], definition: Definition) -> Asked:
    return read_address(query, process=definition.key, today=now().astimezone(current_zone()).date())


def filters_of(asked: Asked, reach: RowScope) -> FunnelFilter:
    """The filter of the address within what the reader may see: whose case it is now."""
    return asked.filters(
        current_zone(), lambda statement: reach.limit(statement, owner=Episode.owner_id, scope=Episode.scope_id)
    )


def load_page(
    session: Session, asked: Asked, definition: Definition, measured: Mapping[str, Definition], reach: RowScope
) -> FunnelPage:
    """All that the page of one process shows."""
    plan, filters = definition.plan, filters_of(asked, reach)
    cohort, dated, times, weak = None, None, {}, None
    if asked.counting is Counting.COHORT:
        cohort = count_cohort(session, plan, filters)
        times = measure_times(session, plan, filters, steps_of(plan))
        references = previous_shares(session, plan, filters, now=now())
        weak = find_weak_link(plan, cohort.reached, references) if references else None
        rows, owners = cohort.rows, cohort.places.owners
    else:
        dated = count_by_event_date(session, plan, filters)
        rows, owners = dated.rows, dated.places.owners
    dimensions = count_dimensions(session, plan, filters)
    focus = _milestone_in_focus(asked, rows, weak)
    behind = None
    if focus and any(row.touched for row in rows):
        behind = cases_behind(
            session,
            plan,
            filters,
            _figure_in_focus(focus),
            focus.milestone,
            dimensions=dimensions_of(definition),
            limit=PREVIEW,
        )
    labels = find_labels(session, definition, {*owners, *asked.owners, *_owners(behind)})
    bars = _bars(rows, labels, times)
    may_know = scope_if_any(SEE_MONEY)
    by = spend_dimension(asked, definition)
    money, parts = (
        sum_money(session, plan.process_key, filters, may_know, by=by or SpendBy.SOURCE) if may_know else (None, None)
    )
    may_spend = scope_if_any(SEE_SPEND)
    hidden_by = in_the_way(asked, by, labels) if by and may_spend else []
    costs = None
    if by and may_spend and not hidden_by:
        costs = find_costs(session, definition, measured, filters, asked, labels, rows, parts, by=by, reach=may_spend)
    return FunnelPage(
        asked=asked,
        processes={key: Labels(each).process for key, each in measured.items()},
        labels=labels,
        plan=plan,
        bars=bars,
        cohort=cohort,
        dated=dated,
        dimensions=dimensions,
        weak=weak,
        focus=next((bar for bar in bars if focus and bar.figures.milestone == focus.milestone), None),
        cases=_case_lines(session, behind, labels, 1) if behind else None,
        ratios=find_ratios(session, plan, filters, asked, labels),
        money=money,
        costs=costs,
        costs_hidden_by=hidden_by,
    )


def load_cases(session: Session, asked: Asked, definition: Definition, reach: RowScope) -> tuple[Labels, CaseLines]:
    """The cases behind one figure, a page at a time. Raises NotFound for a figure that does not exist."""
    try:
        behind = cases_behind(
            session,
            definition.plan,
            filters_of(asked, reach),
            asked.figure or Figure.OPENED,
            asked.at or None,
            dimensions=dimensions_of(definition),
            offset=(asked.page - 1) * PAGE,
            limit=PAGE,
        )
    except UnknownFigure as error:
        raise NotFound("funnel_figure_unknown") from error
    labels = find_labels(session, definition, _owners(behind))
    return labels, _case_lines(session, behind, labels, asked.page)


def _milestone_in_focus(
    asked: Asked, rows: Sequence[MilestoneFigures], weak: WeakLink | None
) -> MilestoneFigures | None:
    """The one asked for; else the weak link; else where most stop on the way."""
    chosen = [row for row in rows if row.milestone == (asked.at or (weak.milestone if weak else ""))]
    if chosen or not rows:
        return chosen[0] if chosen else None
    on_the_way = [row for row in rows if row.rank][:-1] or list(rows)
    return max(on_the_way, key=lambda row: row.stopped or 0)


def _figure_in_focus(row: MilestoneFigures) -> Figure:
    """The list below the bars: who stopped here; without conversion, who came here."""
    return Figure.TOUCHED if row.reached is None else Figure.STOPPED


def _bars(rows: Sequence[MilestoneFigures], labels: Labels, times: Mapping[Step, StepTime]) -> tuple[Bar, ...]:
    longest = max((max(row.touched, row.reached or 0) for row in rows), default=0) or 1
    into = {target: time for (_, target), time in times.items()}
    return tuple(
        Bar(
            row,
            labels.milestone(row.milestone),
            round(100 * row.touched / longest, 2),
            round(100 * (row.skipped or 0) / longest, 2),
            into.get(row.milestone),
        )
        for row in rows
    )


def _case_lines(session: Session, behind: CasesBehind, labels: Labels, page: int) -> CaseLines:
    called = describe_cases(session, [case.business_key for case in behind.cases])
    may_know = scope_if_any(SEE_MONEY)
    paid = revenue_of(session, [case.business_key for case in behind.cases]) if may_know else {}
    repaired = latest_repairs(session, [case.instance_id for case in behind.cases])
    moment = now()
    lines = tuple(
        CaseLine(
            case,
            called[case.business_key],
            labels.person(case.owner_id),
            {name: labels.value(name, value) if value else "" for name, value in case.dimensions.items()},
            _standing(case, labels),
            {State.OPEN: "warn", State.WON: "ok", State.LOST: "bad"}[case.state],
            max((moment - case.since).days, 0),
            paid.get(case.business_key) if may_know and may_know.covers(case.owner_id, case.scope_id) else None,
            repaired.get(case.instance_id, ""),
        )
        for case in behind.cases
    )
    return CaseLines(lines, behind, page, shows_money=may_know is not None)


def _standing(case: CaseBehind, labels: Labels) -> str:
    if case.outcome is None:
        return labels.milestone(case.last_milestone) or str(_("Still open"))
    reason = case.dimensions.get(OUTCOME_REASON)
    return labels.value(OUTCOME_REASON, reason) if reason else labels.outcome(case.outcome)


def _owners(behind: CasesBehind | None) -> set[int | None]:
    return {case.owner_id for case in behind.cases} if behind else set()
