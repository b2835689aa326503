"""The table of the page as CSV that spreadsheets open: UTF-8 with a byte order mark, separated by semicolons."""

import csv
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO

from flask_babel import gettext as _

from webapp.core.formats import format_number
from webapp.core.i18n import current_language
from webapp.funnel.queries import Bar, FunnelPage

BYTE_ORDER_MARK = "\ufeff"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def write_csv(page: FunnelPage) -> str:
    """Heading and one line for each milestone, all figures of the counting, numbers as the reader writes them."""
    text = StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(_heading(page))
    writer.writerows(_cells(page, bar) for bar in page.bars)
    return BYTE_ORDER_MARK + text.getvalue()


def _heading(page: FunnelPage) -> list[str]:
    if not page.is_cohort:
        return [_("Milestone"), _("Optional"), _("Touched")]
    return [
        _("Milestone"),
        _("Optional"),
        _("Touched"),
        _("Skipped"),
        _("Reached"),
        _("To next, %"),
        _("Median time, days"),
        _("90 % within, days"),
        _("On the way here"),
        _("Open here"),
        _("Lost here"),
        _("Won here"),
        _("Now at this milestone"),
        _("Entered again"),
    ]


def _cells(page: FunnelPage, bar: Bar) -> Iterator[str]:
    figures, time = bar.figures, bar.time
    yield _safe(bar.label)
    yield _("yes") if bar.optional else ""
    yield str(figures.touched)
    if not page.is_cohort:
        return
    yield _count(figures.skipped)
    yield _count(figures.reached)
    yield "" if figures.conversion is None else format_number(100 * figures.conversion, current_language(), 1)
    yield _days(time.median if time else None)
    yield _days(time.p90 if time else None)
    yield _count(time.censored if time else None)
    yield _count(figures.open_here)
    yield _count(figures.lost_here)
    yield _count(figures.won_here)
    yield _count(figures.current)
    yield _count(figures.rework)


def _count(number: int | None) -> str:
    return "" if number is None else str(number)


def _days(span: timedelta | None) -> str:
    return "" if span is None else format_number(span / timedelta(days=1), current_language(), 2)


def _safe(text: str) -> str:
    """A name must not become a formula of the spreadsheet."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
