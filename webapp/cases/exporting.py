"""A list of cases as a table to take away: CSV or an Excel workbook, written case by case however many there are."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from io import BytesIO, StringIO
from typing import IO

import xlsxwriter
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from webapp.cases.filtering import CaseFilter
from webapp.cases.labels import outcome_text
from webapp.cases.listing import CaseRow, each_row
from webapp.core.feature import Text
from webapp.core.formats import format_day, format_moment
from webapp.core.permissions import RowScope

BYTE_ORDER_MARK = "\ufeff"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # as spreadsheets read
SHEET_ROWS = 1_048_575  # what Excel has room for below the heading
DATE_FORMATS = {"ru": ("dd.mm.yyyy", "dd.mm.yyyy hh:mm"), "en": ("d mmm yyyy", "d mmm yyyy hh:mm")}
WIDTHS = {"number": 9, "customer": 32, "step": 32, "person": 24}
WIDTH = 18

Value = str | int | date | datetime


@dataclass(frozen=True)
class Table:
    """What is taken away: the filter, the rows in reach, the columns' titles, and how the reader writes moments."""

    asked: CaseFilter
    reach: RowScope
    titles: Mapping[str, Text]
    reader: int
    language: str
    zone: tzinfo

    @property
    def columns(self) -> Sequence[str]:
        return ("number", "customer", *self.asked.shown)

    def heading(self) -> list[str]:
        return [_("Number"), _("Customer"), *(str(self.titles.get(name, name)) for name in self.asked.shown)]

    def lines(self, session: Session) -> Iterator[list[Value]]:
        """A line for each case of the filter, in its order."""
        for row in each_row(session, self.asked, self.reach, reader=self.reader):
            yield [self._value(row, name) for name in self.columns]

    def _value(self, row: CaseRow, column: str) -> Value:
        """What stands in a cell of the list, so that it can be counted with; nothing where the list has a dash."""
        values: dict[str, Value | None] = {
            "number": row.instance_id,
            "customer": row.label.title,
            "process": row.process,
            "step": row.step or outcome_text(row.outcome) or _("waits"),
            "milestone": row.milestone,
            "centre": row.centre,
            "person": row.owner,
            "opened": row.started_at.astimezone(self.zone).date(),
            "contact": row.contact_at,
            "due": row.due_at,
        }
        found = values[column] if column in values else row.dimensions.get(column.partition(".")[2])
        return "" if found is None else found


def write_csv(session: Session, table: Table) -> Iterator[str]:
    """UTF-8 with a byte order mark, separated by semicolons: as spreadsheets open it by a double click."""
    yield BYTE_ORDER_MARK + _line(table.heading())
    for values in table.lines(session):
        yield _line([_as_text(value, table) for value in values])


def write_workbook(session: Session, table: Table) -> IO[bytes]:
    """An XLSX file, at its beginning. Of the rows one at a time is held in memory, and the packed file in the end."""
    target = BytesIO()
    # a text that looks like a formula, a link or a number stays a text
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(target, options) as book:
        bold = book.add_format({"bold": True})
        day, moment = (book.add_format({"num_format": each}) for each in DATE_FORMATS[table.language])
        sheet, place = None, 0
        for values in table.lines(session):
            if sheet is None or place == SHEET_ROWS:
                sheet, place = _sheet(book, table, bold), 0
            place += 1
            for column, value in enumerate(values):
                if isinstance(value, datetime):
                    local = value.astimezone(table.zone).replace(tzinfo=None)
                    sheet.write_datetime(place, column, local, moment)
                elif isinstance(value, date):
                    sheet.write_datetime(place, column, value, day)
                elif isinstance(value, int):
                    sheet.write_number(place, column, value)
                else:
                    sheet.write_string(place, column, value)
        if sheet is None:
            _sheet(book, table, bold)
    target.seek(0)
    return target


def _sheet(book: xlsxwriter.Workbook, table: Table, bold: object) -> xlsxwriter.worksheet.Worksheet:
    sheet = book.add_worksheet()
    sheet.freeze_panes(1, 0)
    for number, (name, title) in enumerate(zip(table.columns, table.heading(), strict=True)):
        sheet.set_column(number, number, WIDTHS.get(name, WIDTH))
        sheet.write_string(0, number, title, bold)
    return sheet


def _as_text(value: Value, table: Table) -> str:
    if isinstance(value, datetime):
        return format_moment(value, table.language, table.zone)
    return format_day(value, table.language, table.zone) if isinstance(value, date) else str(value)


def _line(cells: list[str]) -> str:
    text = StringIO()
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerow([_safe(each) for each in cells])
    return text.getvalue()


def _safe(text: str) -> str:
    """A name must not become a formula of the spreadsheet."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
