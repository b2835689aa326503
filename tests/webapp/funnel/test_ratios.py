"""Ratios on the page: the same as counted from the exported log, with the lists behind them."""

import csv
import json
import re
from collections import defaultdict
from datetime import datetime, timedelta
from html import unescape
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.webapp.conftest import LogIn
from tests.webapp.funnel.conftest import Pipeline
from tests.webapp.funnel.test_page import text_of
from tests.webapp.staff.factories import NOW, make_user
from webapp.funnel.log import write_log

RATIOS = "kept_rate: kept of booked; return_rate: back of kept"
FIGURE = re.compile(r'href="(/funnel/cases\?[^"]*ratio_[^"]*)"[^>]*>\s*([^<]*?)\s*</a>')


@pytest.fixture
def desk(pipeline: Pipeline, session: Session) -> None:
    """Two people with forty bookings: Anna keeps most, Boris few; a month before three of four were kept."""
    pipeline.publish("desk", "booked, kept?, back?", RATIOS)
    for name, kept in (("Anna Orlova", 18), ("Boris Popov", 4)):
        person = make_user(session, name=name)
        for number in range(20):
            way = ["booked", "kept"] if number < kept else ["booked"]
            pipeline.open(person, *way, key="desk", source="web" if number % 2 else "radio")
    for number in range(4):
        pipeline.open(person, *["booked", "kept"][: 1 + (number < 3)], key="desk", at=NOW - timedelta(days=40))


def counted_from_log(session: Session, part: str, base: str) -> tuple[int, int]:
    """Of the cases opened in the last 30 days; read from the export alone."""
    text = StringIO()
    write_log(session, text, "desk")
    touched, recent = defaultdict(set), set()
    for line in csv.DictReader(StringIO(text.getvalue())):
        json.loads(line["payload"])
        touched[line["case"]].add(line["milestone"])
        if line["kind"] == "case_opened" and line["at"] > (NOW - timedelta(days=30)).isoformat():
            recent.add(line["case"])
    with_base = [case for case in recent if base in touched[case]]
    return len([case for case in with_base if part in touched[case]]), len(with_base)


def test_a_ratio_is_shown_with_band_and_the_period_before(
    client: FlaskClient, desk: None, session: Session, log_in: LogIn
) -> None:
    log_in("funnel.see")

    page = client.get("/funnel?process=desk").text

    assert counted_from_log(session, "kept", "booked") == (22, 40)
    assert text_of(page, "ratio-total") == "All 55.0 % 22 / 40 40–69 0.0 % 0 / 22 0–15"
    assert text_of(page, "ratio-before") == "In the period before 75.0 % 3 / 4 0.0 % 0 / 3"
    table = text_of(page, "ratios")
    assert "Rate kept_rate" in table
    assert "Anna Orlova 90.0 % 18 / 20 70–97" in table
    assert re.search(r'class="bad m"[^>]*>20.0&nbsp;%', page)  # Boris stands out


@pytest.mark.parametrize("query", ["", "&by=source", "&by=centre", "&counting=event_date", "&d.source=web"])
def test_every_ratio_opens_the_cases_it_was_counted_from(
    client: FlaskClient, desk: None, log_in: LogIn, query: str
) -> None:
    log_in("funnel.see")

    found = FIGURE.findall(client.get(f"/funnel?process=desk{query}").text)

    numbers = {(unescape(link), int(text)) for link, text in found if text.isdigit()}
    assert len(numbers) >= 6
    for link, number in numbers:
        answer = client.get(link).text
        assert f"{number} case" in answer, link
        assert "Rate " in answer


def test_by_event_date_the_base_must_be_entered_in_the_period(
    client: FlaskClient, pipeline: Pipeline, session: Session, log_in: LogIn
) -> None:
    seller = log_in("funnel.see")
    pipeline.publish("desk", "booked, kept?, back?", RATIOS)
    first_day = datetime(2026, 2, 1, 0, 30, tzinfo=ZoneInfo("Europe/Moscow"))  # the milestones come an hour apart
    pipeline.open(seller, "booked", "kept", key="desk", at=first_day - timedelta(hours=1))  # opened the day before

    by_date = client.get("/funnel?process=desk&counting=event_date").text
    cohort = client.get("/funnel?process=desk").text

    assert "100.0 % 1 / 1" in text_of(by_date, "ratio-total")
    assert "No cases in this funnel" in cohort


def test_a_ratio_of_nobody_is_a_dash(client: FlaskClient, pipeline: Pipeline, log_in: LogIn) -> None:
    seller = log_in("funnel.see")
    pipeline.publish("desk", "booked, kept?, back?", RATIOS)
    pipeline.open(seller, "booked", key="desk")

    assert text_of(client.get("/funnel?process=desk").text, "ratio-total") == "All 0.0 % 0 / 1 0–79 – 0 / 0"


def test_a_process_without_ratios_shows_none(client: FlaskClient, pipeline: Pipeline, log_in: LogIn) -> None:
    seller = log_in("funnel.see")
    pipeline.open(seller, "contact")

    assert 'data-test="ratios"' not in client.get("/funnel").text
    assert client.get("/funnel/cases?figure=ratio_part&at=contact").status_code == 404


def test_the_page_speaks_russian(client: FlaskClient, desk: None, log_in: LogIn) -> None:
    log_in("funnel.see")
    client.set_cookie("language", "ru")

    table = text_of(client.get("/funnel?process=desk").text, "ratios")

    assert "Доля kept_rate" in table
    assert "Коэффициенты" in table
