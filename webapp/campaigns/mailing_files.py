"""Files made of a list: label sheets and letters as PDF, numbers as an Excel workbook."""

from collections.abc import Sequence
from io import BytesIO
from itertools import islice
from typing import IO

import xlsxwriter
from flask import render_template
from flask_babel import gettext as _

from webapp.campaigns.mailing import Addressee, letter_for
from webapp.kit.pdf import render_pdf
from webapp.staff.models import Centre

COLUMNS, ROWS = 3, 8  # labels of 70 × 37 mm on a sheet of A4


def label_sheets(lines: Sequence[Addressee]) -> bytes:
    """Sheets of 24 labels, filled row by row."""
    remaining = iter(lines)
    rows = list(iter(lambda: list(islice(remaining, COLUMNS)), []))
    sheets = [rows[start : start + ROWS] for start in range(0, len(rows), ROWS)]
    return render_pdf(render_template("campaigns/print/labels.html", sheets=sheets, columns=COLUMNS, rows=ROWS))


def letters(lines: Sequence[Addressee], *, subject: str, text: str, centre: Centre | None, day: str) -> bytes:
    """A page for each reader, with the address where a window envelope shows it."""
    pages = [(line, letter_for(line, text)) for line in lines]
    return render_pdf(
        render_template("campaigns/print/letters.html", pages=pages, subject=subject, centre=centre, day=day)
    )


def phone_workbook(lines: Sequence[Addressee]) -> IO[bytes]:
    """Numbers with names, as a sender of short messages reads them."""
    target = BytesIO()
    with xlsxwriter.Workbook(target, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet, bold = book.add_worksheet(), book.add_format({"bold": True})
        sheet.freeze_panes(1, 0)
        titles = (_("Phone"), _("Customer"), _("First name"), _("Manager"), _("Home centre"))
        for column, (title, width) in enumerate(zip(titles, (18, 32, 20, 24, 24), strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, title, bold)
        for place, line in enumerate(lines, 1):
            words = line.words
            values = (line.address, line.name, words["first_name"], words["manager"], words["centre"])
            for column, value in enumerate(values):
                sheet.write_string(place, column, value)
    target.seek(0)
    return target
