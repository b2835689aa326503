"""The figures of the funnel page as tables: the bars, the ratios, the groups, the sources."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from flask_babel import gettext as _
from flask_babel import pgettext

from engine.milestones.filters import Counting
from webapp.core.formats import format_moment
from webapp.core.i18n import current_language, current_zone, local_now
from webapp.funnel.address import Asked
from webapp.funnel.chips import chips
from webapp.funnel.comparing import compare, grouped_by
from webapp.funnel.costs import CostLine, Costs
from webapp.funnel.labels import Labels
from webapp.funnel.queries import Bar, FunnelPage
from webapp.funnel.ratios import RatioTable
from webapp.funnel.tables import Column, Kind, Table, Value
from webapp.inquiries.spent import SpendBy


def tables_of(page: FunnelPage) -> list[Table]:
    """Every table of the page; the first is the one of the bars."""
    found = [bars_table(page)]
    if page.ratios:
        found.append(_ratios_table(page, page.ratios))
    if groups := _groups_table(page):
        found.append(groups)
    if page.costs:
        found.append(_costs_table(page, page.costs))
    chosen = [(chip.title, chip.shown) for chip in chips(page) if chip.clear is not None]
    return [*found, about_table(page.asked, page.labels, chosen)]


def bars_table(page: FunnelPage) -> Table:
    """A line for each milestone, all figures of the counting."""
    columns = [Column(_("Milestone"), Kind.TEXT), Column(_("Optional"), Kind.TEXT), Column(_("Touched"))]
    if page.is_cohort:
        columns += [
            Column(_("Skipped")),
            Column(_("Reached")),
            Column(_("To next, %"), Kind.SHARE),
            Column(_("Median time, days"), Kind.NUMBER),
            Column(_("90 % within, days"), Kind.NUMBER),
            Column(_("On the way here")),
            Column(_("Open here")),
            Column(_("Lost here")),
            Column(_("Won here")),
            Column(_("Now at this milestone")),
            Column(_("Entered again")),
        ]
    if page.costs:
        columns.append(Column(_("Cost of a case"), Kind.MONEY))
    return Table(_("Funnel"), columns, [[*_bar_cells(page, bar)] for bar in page.bars])


def about_table(asked: Asked, labels: Labels, chosen: Sequence[tuple[str, str]]) -> Table:
    """What was counted, and when."""
    counting = _("Cohort") if asked.counting is Counting.COHORT else _("By event date")
    rows: list[list[Value]] = [
        [_("Process"), labels.process],
        [_("Counting"), counting],
        [_("From"), asked.period.first],
        [_("Up to and with"), asked.period.last],
    ]
    rows += [[title, shown] for title, shown in chosen]
    rows.append([_("Counted at"), format_moment(local_now(), current_language(), current_zone())])
    columns = [Column(pgettext("export", "Filter"), Kind.TEXT), Column(_("Choice"), Kind.DAY)]
    return Table(_("What this is"), columns, rows)


def _bar_cells(page: FunnelPage, bar: Bar) -> Iterator[Value]:
    figures, time = bar.figures, bar.time
    yield bar.label
    yield _("yes") if bar.optional else ""
    yield figures.touched
    if page.is_cohort:
        yield figures.skipped
        yield figures.reached
        yield figures.conversion
        yield _days(time.median if time else None)
        yield _days(time.p90 if time else None)
        yield time.censored if time else None
        yield figures.open_here
        yield figures.lost_here
        yield figures.won_here
        yield figures.current
        yield figures.rework
    if page.costs:
        yield page.costs.per_milestone[figures.milestone]


def _ratios_table(page: FunnelPage, table: RatioTable) -> Table:
    columns = [Column(page.labels.grouping(grouped_by(page)), Kind.TEXT)]
    for head in table.heads:
        columns += [
            Column(head.label, Kind.SHARE),
            Column(f"{head.label}: {head.part}"),
            Column(f"{head.label}: {head.base}"),
            Column(_("%(name)s: 95 %% from", name=head.label), Kind.SHARE),
            Column(_("%(name)s: 95 %% to", name=head.label), Kind.SHARE),
        ]
    shares = [(_("All"), [head.share for head in table.heads])]
    if table.heads[0].before is not None:
        shares.append((_("In the period before"), [head.before for head in table.heads if head.before is not None]))
    shares += [(line.label, [cell.share for cell in line.cells]) for line in table.lines]
    rows: list[list[Value]] = []
    for label, each in shares:
        row: list[Value] = [label]
        for share in each:
            band = (share.low, share.high) if share.whole else (None, None)
            row += [share.value, share.part, share.whole, *band]
        rows.append(row)
    return Table(_("Ratios"), columns, rows)


def _groups_table(page: FunnelPage) -> Table | None:
    groups = compare(page)
    if not groups or page.focus is None:
        return None
    by = Column(page.labels.grouping(grouped_by(page)), Kind.TEXT)
    if page.following is None:
        return Table(page.focus.label, [by, Column(_("Touched"))], [[each.label, each.share.part] for each in groups])
    following = page.labels.milestone(page.following)
    columns = [
        by,
        Column(page.focus.label),
        Column(following),
        Column(_("Share"), Kind.SHARE),
        Column(_("95 % from"), Kind.SHARE),
        Column(_("95 % to"), Kind.SHARE),
    ]
    rows: list[list[Value]] = [
        [each.label, each.share.whole, each.share.part, each.share.value, each.share.low, each.share.high]
        for each in groups
    ]
    return Table(f"{page.focus.label} → {following}", columns, rows)


def _costs_table(page: FunnelPage, costs: Costs) -> Table:
    names = [page.labels.milestone(name) for name in costs.milestones]
    columns = [
        Column(page.labels.dimension(costs.by), Kind.TEXT),
        *(Column(name) for name in names),
        Column(_("Conversion"), Kind.SHARE),
        Column(pgettext("money", "Spend"), Kind.MONEY),
        *(Column(_("1 × %(milestone)s", milestone=name.lower()), Kind.MONEY) for name in names),
    ]
    if page.money is not None:
        columns += [
            Column(_("Revenue"), Kind.MONEY),
            Column(_("Gross profit"), Kind.MONEY),
            Column(_("ROI"), Kind.SHARE),
        ]
    for_all = _("All paid sources")
    rows = [_cost_cells(line, for_all if line.value is None else line.label) for line in costs.lines]
    return Table(
        _("Campaigns") if costs.by is SpendBy.CAMPAIGN else _("Sources"),
        columns,
        [*rows, _cost_cells(costs.total, _("Total"))],
    )


def _cost_cells(line: CostLine, label: str) -> list[Value]:
    cells: list[Value] = [label, *line.touched, line.conversion, line.spend, *line.costs]
    if line.money is not None:
        cells += [line.money.revenue, line.margin, line.roi]
    return cells


def _days(span: timedelta | None) -> float | None:
    return None if span is None else span / timedelta(days=1)
