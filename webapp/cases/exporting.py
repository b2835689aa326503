"""A list of cases as CSV that spreadsheets open: UTF-8 with a byte order mark, separated by semicolons."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import replace
from io import StringIO

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from webapp.cases.filtering import CaseFilter
from webapp.cases.labels import outcome_text
from webapp.cases.listing import CaseRow, load_list
from webapp.core.formats import format_day, format_moment
from webapp.core.i18n import current_language, current_zone
from webapp.core.permissions import RowScope

BYTE_ORDER_MARK = "\ufeff"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
PAGES = 100  # five thousand cases: more belong into a report


def write_csv(
    session: Session, asked: CaseFilter, reach: RowScope, titles: Mapping[str, str], *, reader: int
) -> Iterator[str]:
    """A heading and a line for each case, a page of the list at a time."""
    yield BYTE_ORDER_MARK + _line([_("Number"), _("Customer"), *(titles.get(name, name) for name in asked.shown)])
    for page in range(1, PAGES + 1):
        found = load_list(session, replace(asked, page=page), reach, reader=reader)
        for row in found.rows:
            yield _line([str(row.instance_id), row.label.title, *(cell(row, name) for name in asked.shown)])
        if not found.more:
            return


def cell(row: CaseRow, column: str) -> str:
    """The text of one cell, as the reader writes moments."""
    language, zone = current_language(), current_zone()
    texts = {
        "process": row.process,
        "step": row.step or outcome_text(row.outcome),
        "milestone": row.milestone,
        "centre": row.centre,
        "person": row.owner,
    }
    moments = {"contact": row.contact_at, "due": row.due_at}
    if column in texts:
        return texts[column]
    if column == "opened":
        return format_day(row.started_at, language, zone, "date")
    if column in moments:
        moment = moments[column]
        return format_moment(moment, language, zone) if moment else ""
    return row.dimensions.get(column.partition(".")[2], "")


def _line(cells: list[str]) -> str:
    text = StringIO()
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerow([_safe(each) for each in cells])
    return text.getvalue()


def _safe(text: str) -> str:
    """A name must not become a formula of the spreadsheet."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
