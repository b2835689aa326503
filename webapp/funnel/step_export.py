"""The figures of the page of steps as tables: steps, ages, ways, the curve. The numbers are those of the page."""

from flask_babel import gettext as _
from flask_babel import pgettext

from engine.analytics.figures import Clock
from webapp.core.formats import format_moment
from webapp.core.i18n import current_language, current_zone, local_now
from webapp.funnel.step_labels import AGES
from webapp.funnel.step_queries import StepsPage
from webapp.funnel.tables import Column, Kind, Table, Value


def tables_of(page: StepsPage) -> list[Table]:
    """Every table of the page; the first is that of the steps."""
    return [_steps(page), _ages(page), _variants(page), _curve(page), _about(page)]


def _steps(page: StepsPage) -> Table:
    columns = [Column(_("Step"), Kind.TEXT), Column(_("Step id"), Kind.TEXT), Column(_("Entered"))]
    columns += [Column(title) for title in (_("Again"), _("Now"), _("Now overdue"), _("Ended"))]
    for title in (pgettext("steps", "Waiting"), _("Working")):
        columns.append(Column(_("%(time)s: cases", time=title)))
        columns.append(Column(_("%(time)s: median, hours", time=title), Kind.NUMBER))
        columns.append(Column(_("%(time)s: 90 %% within, hours", time=title), Kind.NUMBER))
    columns += [
        Column(pgettext("steps", "Overdue"), Kind.SHARE),
        Column(_("Ended too late")),
        Column(_("Had to end in time")),
    ]
    columns += [
        Column(title)
        for title in (
            pgettext("steps", "Done"),
            _("Skipped"),
            _("Left by a button"),
            _("Withdrawn"),
            _("Moved by hand"),
        )
    ]
    columns += [Column(_("Gone with version")), Column(_("Lost here")), Column(_("Migrated")), Column(_("Deviations"))]
    rows: list[list[Value]] = []
    for line in page.lines:
        each, tally = line.figures, line.figures.tally
        times: list[Value] = []
        for name, of in (("waiting", each.waiting), ("working", each.working)):
            times += [each.timed(name), _hours(of(0.5)), _hours(of(0.9))]
        rows.append(
            [
                *(line.label, line.element, each.entered, each.again, each.now.open, each.now.overdue, each.ended),
                *times,
                *(each.overdue, tally["overdue"], tally["due"], tally["done"], tally["skipped"], tally["offered"]),
                *(tally["cancelled"], tally["moved"], tally["withdrawn"], tally["dropped"], tally["migrated"]),
                tally["deviations"],
            ]
        )
    return Table(_("Steps"), columns, rows)


def _ages(page: StepsPage) -> Table:
    columns = [Column(_("Step"), Kind.TEXT), *(Column(str(age)) for age in AGES)]
    return Table(_("Open steps by age"), columns, [[line.label, *line.figures.now.ages] for line in page.lines])


def _variants(page: StepsPage) -> Table:
    columns = [Column(_("Way"), Kind.TEXT), Column(_("Cases")), Column(_("Share"), Kind.SHARE)]
    columns += [Column(pgettext("funnel", "Won")), Column(_("Median, hours"), Kind.NUMBER)]
    closed = page.variants.closed
    rows: list[list[Value]] = [
        [
            " → ".join(page.names.get(step, step) for step in each.steps),
            each.cases,
            each.cases / closed,
            each.won,
            _hours(each.median),
        ]
        for each in page.variants.first
    ]
    return Table(_("Ways"), columns, rows)


def _curve(page: StepsPage) -> Table:
    columns = [Column(_("Days")), Column(_("At risk")), Column(_("Went on")), Column(_("Still there"), Kind.SHARE)]
    columns += [Column(_("95 % from"), Kind.SHARE), Column(_("95 % to"), Kind.SHARE)]
    rows: list[list[Value]] = [[p.day, p.at_risk, p.ended, p.share, p.low, p.high] for p in page.curve]
    return Table(_("How long cases stay"), columns, rows)


def _about(page: StepsPage) -> Table:
    asked = page.asked
    rows: list[list[Value]] = [
        [_("Process"), page.title],
        [pgettext("steps", "Version"), str(asked.version) if asked.version in page.versions else _("all")],
        [_("From"), asked.period.first],
        [_("Up to and with"), asked.period.last],
        [_("Time"), _("working hours") if asked.clock is Clock.OPEN else _("calendar")],
        [_("Centre"), ", ".join(page.centres.get(each, f"#{each}") for each in asked.scopes) or _("all")],
        [_("Person"), ", ".join(page.people.get(each, f"#{each}") for each in asked.people) or _("all")],
        [_("Counted at"), format_moment(local_now(), current_language(), current_zone())],
    ]
    columns = [Column(pgettext("export", "Filter"), Kind.TEXT), Column(_("Choice"), Kind.DAY)]
    return Table(_("What this is"), columns, rows)


def _hours(seconds: int | None) -> float | None:
    return None if seconds is None else seconds / 3600
