"""The list taken away as a table: the same cases, columns and words as on the page, however many there are."""

import csv
import html
import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from io import BytesIO, StringIO
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.statements import counted_statements
from tests.webapp.cases.deals import Deals
from tests.webapp.conftest import LogIn, on_both_databases
from tests.webapp.staff.factories import NOW, make_centre
from webapp.cases import exporting, listing
from webapp.core.formats import format_day, format_moment, format_when
from webapp.staff.models import Centre, User

pytestmark = on_both_databases

MOSCOW = ZoneInfo("Europe/Moscow")
ALL_COLUMNS = ("process", "step", "milestone", "centre", "person", "contact", "due", "opened", "d.source")
QUERY = "process=deal&state=all&" + "&".join(f"columns={name}" for name in ALL_COLUMNS)
LANGUAGES = pytest.mark.parametrize("language", ["en", "ru"])


@pytest.fixture
def sixty(client: FlaskClient, session: Session, log_in: LogIn, deals: Deals, seller: User, centre: Centre) -> None:
    """Deals of every kind, more than a page of them: spoken to, presented, won, refused, late, of two centres."""
    south = make_centre(session, name="South; “the other”")
    session.commit()
    cases = [
        deals.open(
            seller,
            centre=(None, centre, south)[number % 3],
            source=("site", "call", "Billboard")[number % 3],
            now=NOW - timedelta(hours=number),
        )
        for number in range(60)
    ]
    for case in cases[::5]:
        deals.complete(case, outcome="came")
    for case in cases[::10]:
        for _ in range(2):
            deals.complete(case, name="x")
    log_in("cases.see", "cases.change", "cases.export")
    client.post(f"/cases/{cases[3]}/contacts", data={"channel": "call", "direction": "in", "result": "Agreed."})


def on_the_page(client: FlaskClient, language: str, pages: int) -> tuple[list[str], list[list[str]]]:
    """Titles of the columns and the cells of the list, all pages; a dash is an empty cell."""
    heading: list[str] = []
    found = []
    for number in range(1, pages + 1):
        page = client.get(f"/cases?{QUERY}&page={number}", headers={"Accept-Language": language}).text
        heading = [text for each in re.findall(r"<th[^>]*>(.*?)</th>", page, re.S) if (text := words(each))]
        for case, row in re.findall(r'<tr data-row[^>]*id="case-(\d+)".*?>(.*?)</tr>', page, re.S):
            customer = re.search(r'<td class="c-main"><a[^>]*>(.*?)</a>', row, re.S)
            assert customer
            cells = re.findall(r'<td class="c-(?!pick|main)[^>]*>(.*?)</td>', row, re.S)
            found.append([case, words(customer[1]), *("" if words(each) == "–" else words(each) for each in cells)])
    return heading, found


def words(markup: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", markup)).strip()


def workbook(client: FlaskClient, query: str, language: str = "en") -> list[list[list[Any]]]:
    """Rows of each sheet as a spreadsheet reads them."""
    book = opened(client.get(f"/cases/export.xlsx?{query}", headers={"Accept-Language": language}))
    return [[[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in book.worksheets]


def opened(answer: TestResponse) -> openpyxl.Workbook:
    assert answer.status_code == 200, answer.text
    with answer:
        return openpyxl.load_workbook(BytesIO(answer.data))


def plain(client: FlaskClient, query: str, language: str = "en") -> list[list[str]]:
    answer = client.get(f"/cases/export.csv?{query}", headers={"Accept-Language": language})
    assert answer.status_code == 200, answer.text
    assert answer.text.startswith("\ufeff")
    return list(csv.reader(StringIO(answer.text.removeprefix("\ufeff")), delimiter=";"))


def as_in_the_list(values: Sequence[Any], language: str) -> list[str]:
    """A row of the workbook as the page writes it."""

    def text(value: Any, column: str) -> str:
        if not isinstance(value, datetime):
            return "" if value is None else str(value)
        moment = value.replace(tzinfo=MOSCOW)
        if column == "opened":
            return format_day(moment, language, MOSCOW)
        return format_when(moment, NOW, language, MOSCOW)

    return [text(value, column) for value, column in zip(values, ("", "", *ALL_COLUMNS), strict=True)]


@LANGUAGES
@pytest.mark.usefixtures("sixty")
def test_the_workbook_holds_what_the_list_shows(client: FlaskClient, language: str) -> None:
    heading, rows = on_the_page(client, language, pages=2)

    (sheet,) = workbook(client, QUERY, language)

    assert len(rows) == 60
    assert sheet[0][1:] == heading
    assert sheet[0][0] == {"en": "Number", "ru": "Номер"}[language]
    assert [as_in_the_list(values, language) for values in sheet[1:]] == rows


@LANGUAGES
@pytest.mark.usefixtures("sixty")
def test_the_plain_table_holds_the_same_as_the_workbook(client: FlaskClient, language: str) -> None:
    (sheet,) = workbook(client, QUERY, language)

    def text(value: Any) -> str:
        if isinstance(value, datetime) and (value.hour, value.minute) == (0, 0):
            return format_day(value.date(), language, MOSCOW)
        if isinstance(value, datetime):
            return format_moment(value.replace(tzinfo=MOSCOW), language, MOSCOW)
        return "" if value is None else str(value)

    assert plain(client, QUERY, language) == [[text(value) for value in values] for values in sheet]


def test_a_name_never_becomes_a_formula(client: FlaskClient, log_in: LogIn, deals: Deals, seller: User) -> None:
    names = ["=cmd:1", "+1:2", "-2+3:1", "@sum:1", "\tx:1", "＝1:1", "http://example.com:1"]
    for name in names:
        deals.open(seller, key=name)
    log_in("cases.see", "cases.export")

    book = opened(client.get("/cases/export.xlsx?sort=oldest"))
    cells = [row[1] for row in book.worksheets[0].iter_rows(min_row=2)]
    written = [row[1] for row in plain(client, "sort=oldest")[1:]]

    assert [(cell.value, cell.data_type, cell.hyperlink) for cell in cells] == [(name, "s", None) for name in names]
    assert written == [f"'{name}" for name in names[:-1]] + names[-1:]


def test_it_reaches_no_further_than_the_persons_rights(
    client: FlaskClient, log_in: LogIn, deals: Deals, colleague: User
) -> None:
    log_in("cases.see")
    refused = [client.get(f"/cases/export.{kind}").status_code for kind in ("csv", "xlsx")]
    person = log_in("cases.see", "cases.export", scope="own")
    hers, his = deals.open(person), deals.open(colleague)

    (sheet,) = workbook(client, f"person={person.id}&person={colleague.id}")

    assert refused == [403, 403]
    assert [row[0] for row in sheet[1:]] == [hers] != [his]
    assert [row[0] for row in plain(client, "process=deal")[1:]] == [str(hers)]


def test_nothing_found_is_a_heading(client: FlaskClient, log_in: LogIn, deals: Deals) -> None:
    log_in("cases.see", "cases.export")

    heading = ["Number", "Customer", "Where it stands", "Responsible", "Due", "Opened"]

    assert workbook(client, "process=deal") == [[heading]]
    assert plain(client, "process=deal") == [heading]


@pytest.mark.usefixtures("sixty")
def test_lines_leave_while_the_rest_is_still_unread(
    client: FlaskClient, deals: Deals, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "PORTION", 10)
    whole = plain(client, QUERY)

    with counted_statements(deals.database.engine) as statements:
        answer = client.get(f"/cases/export.csv?{QUERY}")
        lines = answer.iter_encoded()
        begun = [next(lines) for _ in range(4)]
        asked = sum("FROM human_task" in each and "ORDER BY human_task.id" in each for each in statements)
        rest = list(lines)
    answer.close()

    assert asked == 1  # portion
    assert sum("FROM human_task" in each and "ORDER BY human_task.id" in each for each in statements) == 6
    assert len(begun) + len(rest) == len(whole) == 61


@pytest.mark.usefixtures("sixty")
def test_a_list_longer_than_a_sheet_goes_on_on_the_next(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "SHEET_ROWS", 25)

    sheets = workbook(client, QUERY)

    assert [len(sheet) - 1 for sheet in sheets] == [25, 25, 10]
    assert sheets[0][0] == sheets[2][0]
    assert len({row[0] for sheet in sheets for row in sheet[1:]}) == 60


@pytest.mark.usefixtures("sixty")
def test_the_page_offers_both(client: FlaskClient) -> None:
    page = client.get("/cases?process=deal").text

    for kind in ("xlsx", "csv"):
        address = re.search(rf'href="([^"]+)" data-test="export-{kind}"', page)
        assert address
        with client.get(html.unescape(address[1])) as answer:
            assert answer.status_code == 200
