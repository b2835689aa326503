"""Tables to take away: CSV as spreadsheets open it by a double click, and workbooks with typed cells."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from io import BytesIO, StringIO
from typing import Any

import xlsxwriter

from webapp.core.formats import format_number
from webapp.core.i18n import current_language

BYTE_ORDER_MARK = "\ufeff"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # as spreadsheets read
DAY_FORMATS = {"ru": "dd.mm.yyyy", "en": "d mmm yyyy"}
FIRST_WIDTH, WIDTH = 34, 16
SHEET_NAME = 31  # characters that Excel allows

Value = str | int | float | Decimal | date | None


class Kind(StrEnum):
    """How the values of a column are written. A share is a fraction of 1; None is an empty cell everywhere."""

    TEXT = "text"
    COUNT = "count"
    SHARE = "share"  # in CSV as per cent
    NUMBER = "number"  # two decimals
    MONEY = "money"
    DAY = "day"


NUMBER_FORMATS = {Kind.COUNT: "#,##0", Kind.SHARE: "0.0%", Kind.NUMBER: "0.00", Kind.MONEY: "#,##0.00"}


@dataclass(frozen=True)
class Column:
    """One column: its title and what stands in it."""

    title: str
    kind: Kind = Kind.COUNT


@dataclass(frozen=True)
class Table:
    """A sheet of a workbook, or a whole CSV file; each row has a value for every column."""

    name: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Value]]


def write_csv(table: Table) -> str:
    """UTF-8 with a byte order mark, separated by semicolons, numbers as the reader writes them."""
    text = StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([_safe(column.title) for column in table.columns])
    for row in table.rows:
        writer.writerow([_as_text(value, column.kind) for column, value in zip(table.columns, row, strict=True)])
    return BYTE_ORDER_MARK + text.getvalue()


def write_workbook(tables: Sequence[Table]) -> bytes:
    """An XLSX file with a sheet for each table. What looks like a formula or a link stays a text."""
    target = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(target, options) as book:
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        formats = {kind: book.add_format({"num_format": form}) for kind, form in NUMBER_FORMATS.items()}
        formats[Kind.DAY] = book.add_format({"num_format": DAY_FORMATS[current_language()]})
        for table in tables:
            sheet = book.add_worksheet(_sheet_name(table.name))
            sheet.freeze_panes(1, 1)
            sheet.set_column(0, 0, FIRST_WIDTH)
            sheet.set_column(1, max(len(table.columns) - 1, 1), WIDTH)
            for place, column in enumerate(table.columns):
                sheet.write_string(0, place, column.title, bold)
            for line, row in enumerate(table.rows, 1):
                for place, (column, value) in enumerate(zip(table.columns, row, strict=True)):
                    _write(sheet, (line, place), value, formats.get(column.kind))
    return target.getvalue()


def _write(sheet: Any, place: tuple[int, int], value: Value, form: object) -> None:
    if value is None:
        return
    if isinstance(value, date):
        sheet.write_datetime(*place, value, form)
    elif isinstance(value, str):
        sheet.write_string(*place, value)
    else:
        sheet.write_number(*place, value, form)


def _as_text(value: Value, kind: Kind) -> str:
    language = current_language()
    if value is None:
        return ""
    if isinstance(value, date):
        return value.strftime("%d.%m.%Y" if language == "ru" else "%Y-%m-%d")
    if isinstance(value, str):
        return _safe(value)
    if kind is Kind.SHARE:
        return format_number(100 * value, language, 1)
    return str(value) if kind is Kind.COUNT else format_number(value, language, 2)


def _safe(text: str) -> str:
    """A name must not become a formula of the spreadsheet."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def _sheet_name(name: str) -> str:
    """Without the signs that Excel refuses there."""
    return "".join(" " if sign in "[]:*?/\\'" else sign for sign in name)[:SHEET_NAME].strip() or "1"
