"""The curve's page: points that open their cases, and the same in CSV and XLSX."""

import json
import re
from datetime import date, timedelta
from html import unescape
from io import BytesIO

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from tests.statements import counted_statements
from tests.webapp.conftest import LogIn
from tests.webapp.funnel.conftest import Pipeline
from tests.webapp.funnel.test_page import text_of
from tests.webapp.staff.factories import NOW, make_user
from webapp.funnel.trend import Step, cut

POINT = re.compile(r'href="(/funnel/cases\?[^"]*)"[^>]*>(\d+)</a>')
THREE_WEEKS = "period=own&from=2026-02-16&to=2026-03-02"


@pytest.fixture
def weeks(pipeline: Pipeline, session: Session) -> None:
    """Monday 16 February: 4 contacts, 1 worksheet; the next week 2 and 2; the week of NOW one contact."""
    pipeline.publish("desk", "booked, kept?, done", "kept_rate: kept of booked")
    seller = make_user(session, name="Anna Orlova")
    for days, cases, done in ((14, 4, 1), (7, 2, 2), (0, 1, 0)):
        for number in range(cases):
            way = ["booked", "kept", "done"] if number < done else ["booked"]
            pipeline.open(seller, *way, key="desk", at=NOW - timedelta(days=days, hours=3))


def points_of(page: str) -> list[str]:
    table = re.search(r'data-test="points".*?</table>', page, re.S)
    assert table
    rows = re.findall(r"<tr data-row>(.*?)</tr>", table.group(), re.S)
    return [" ".join(unescape(re.sub(r"<[^>]+>", " ", row)).split()) for row in rows]


def picture_of(page: str) -> dict[str, object]:
    found = re.search(r'data-picture="([^"]*)"', page)
    assert found
    picture: dict[str, object] = json.loads(unescape(found.group(1)))
    return picture


def test_a_conversion_goes_by_week_with_its_band(client: FlaskClient, weeks: None, log_in: LogIn) -> None:
    log_in("funnel.see")

    page = client.get(f"/funnel/trend?process=desk&what=conversion.booked&{THREE_WEEKS}").text

    assert points_of(page) == [
        "2 Mar 2026 – 2 Mar 2026 0.0 % 0 / 1 0–79",
        "23 Feb 2026 – 1 Mar 2026 100.0 % 2 / 2 34–100",
        "16 Feb 2026 – 22 Feb 2026 25.0 % 1 / 4 5–70",
    ]
    picture = picture_of(page)
    assert (picture["values"], picture["names"]) == ([25.0, 100.0, 0.0], ["16 Feb", "23 Feb", "2 Mar"])
    assert picture["low"] == [4.56, 34.24, 0.0]


@pytest.mark.parametrize("what", ["count.booked", "count.kept", "conversion.booked", "ratio.kept_rate"])
@pytest.mark.parametrize("counting", ["cohort", "event_date"])
def test_every_point_opens_its_cases(client: FlaskClient, weeks: None, log_in: LogIn, what: str, counting: str) -> None:
    log_in("funnel.see")

    page = client.get(f"/funnel/trend?process=desk&what={what}&counting={counting}&{THREE_WEEKS}").text

    found = [(unescape(link), int(number)) for link, number in POINT.findall(page)]
    assert found
    for link, number in found:
        if number:
            assert f"{number} case" in client.get(link).text, link
        else:
            assert "No case fits these filters" in client.get(link).text


def test_months_and_all_time_begin_with_the_first_case(
    client: FlaskClient, pipeline: Pipeline, session: Session, log_in: LogIn
) -> None:
    seller = log_in("funnel.see")
    pipeline.open(seller, "contact", at=NOW - timedelta(days=330))

    page = client.get("/funnel/trend?what=count.contact&period=all").text

    assert len(points_of(page)) == 12
    assert points_of(page)[-1] == "6 Apr 2025 – 30 Apr 2025 1"


def test_nonsense_in_the_address_is_not_said(client: FlaskClient, weeks: None, log_in: LogIn) -> None:
    log_in("funnel.see")

    page = client.get("/funnel/trend?process=desk&what=love.booked&step=eon&period=own&from=1900-01-01").text

    assert text_of(page, "chip-what") == "Curve booked"
    assert client.get("/funnel/trend?process=unheard").status_code == 404


def test_a_period_ahead_says_so(client: FlaskClient, weeks: None, log_in: LogIn) -> None:
    log_in("funnel.see")

    page = client.get("/funnel/trend?process=desk&period=own&from=2027-01-01&to=2027-02-01").text

    assert "Nothing to draw" in page


def test_without_any_process_there_is_nothing_to_draw(client: FlaskClient, log_in: LogIn) -> None:
    log_in("funnel.see")

    assert "No funnel yet" in client.get("/funnel/trend").text
    assert client.get("/funnel/trend/export").status_code == 404


def test_the_workbook_says_what_the_page_says(client: FlaskClient, weeks: None, log_in: LogIn) -> None:
    log_in("funnel.see")
    address = f"/funnel/trend/export?process=desk&what=ratio.kept_rate&{THREE_WEEKS}"

    book = openpyxl.load_workbook(BytesIO(client.get(address + "&format=xlsx").data))
    text = client.get(address).get_data(as_text=True)

    rows = [[cell.value for cell in row] for row in book["Trend"].iter_rows()]
    assert rows[0] == ["From", "Up to and with", "Rate kept_rate", "Part", "Of", "95 % from", "95 % to"]
    assert [rows[1][0].date(), rows[1][1].date(), *rows[1][2:5]] == [date(2026, 2, 16), date(2026, 2, 22), 0.25, 1, 4]
    assert book["Trend"]["C2"].number_format == "0.0%"
    assert text.split("\r\n")[1] == "2026-02-16;2026-02-22;25.0;1;4;4.6;69.9"


def test_the_page_takes_as_many_statements_for_a_year_as_for_a_week(
    app: Flask, client: FlaskClient, weeks: None, log_in: LogIn
) -> None:
    log_in("funnel.see")
    counts = []
    for period in ("last_30_days", "this_year"):
        address = f"/funnel/trend?process=desk&period={period}"
        client.get(address)
        with counted_statements(app.extensions["database"].engine) as statements:
            client.get(address)
        counts.append((len(statements), len([each for each in statements if "episode" in each])))

    assert counts[0] == counts[1]
    assert counts[0][1] == 2


def test_it_speaks_russian(client: FlaskClient, weeks: None, log_in: LogIn) -> None:
    log_in("funnel.see")
    client.set_cookie("language", "ru")

    page = client.get(f"/funnel/trend?process=desk&what=ratio.kept_rate&{THREE_WEEKS}").text

    assert "Динамика: Доля kept_rate" in page
    assert "По неделям" in page


@given(st.dates(date(2020, 1, 1), date(2030, 12, 31)), st.integers(0, 900), st.sampled_from(Step))
def test_stretches_cover_the_period_without_gap_or_overlap(first: date, length: int, step: Step) -> None:
    last = first + timedelta(days=length)

    stretches = list(cut(first, last, step))

    days = [begin + timedelta(days=day) for begin, end in stretches for day in range((end - begin).days + 1)]
    assert days == [first + timedelta(days=day) for day in range(length + 1)]
    begins = [begin for begin, _ in stretches[1:]]
    assert all(begin.weekday() == 0 if step is Step.WEEK else begin.day == 1 for begin in begins)
