"""Funnels side by side: centres, people, sources, periods, and processes that have nothing in common."""

import re
from datetime import timedelta
from html import unescape
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.statements import counted_statements
from tests.webapp.conftest import LogIn
from tests.webapp.funnel.conftest import Pipeline
from tests.webapp.funnel.test_page import text_of
from tests.webapp.staff.factories import NOW, make_centre, make_user


def address(*parts: str) -> str:
    return "/funnel/compare?" + urlencode([("f", part) for part in parts])


def sides_of(page: str) -> list[str]:
    sections = re.findall(r'<section data-test="side".*?</section>', page, re.S)
    return [" ".join(unescape(re.sub(r"<[^>]+>", " ", section)).split()) for section in sections]


@pytest.fixture
def two_people(pipeline: Pipeline, session: Session) -> tuple[int, int]:
    """Anna brings two of three to the worksheet, Boris none of two; one case of Anna is older."""
    anna, boris = make_user(session, name="Anna Orlova"), make_user(session, name="Boris Popov")
    for way in (["contact", "worksheet"], ["contact", "worksheet"], ["contact"]):
        pipeline.open(anna, *way, source="web")
    for _ in range(2):
        pipeline.open(boris, "contact", source="radio")
    pipeline.open(anna, "contact", at=NOW - timedelta(days=60))
    return anna.id, boris.id


def test_people_stand_side_by_side_as_on_their_own_pages(
    client: FlaskClient, two_people: tuple[int, int], log_in: LogIn
) -> None:
    log_in("funnel.see")
    anna, boris = two_people

    page = client.get(address(f"process=sale&person={anna}", f"process=sale&person={boris}")).text

    first, second = sides_of(page)
    assert first.startswith("sale Anna Orlova · Last 30 days")
    assert "contact 3 66.7 % visit 0 – worksheet 2 0.0 % delivered 0" in first
    assert "contact 2 0.0 % visit 0 – worksheet 0 delivered 0" in second
    own = client.get(f"/funnel?process=sale&person={anna}").text
    assert (text_of(own, "reached-contact"), text_of(own, "conversion-contact")) == ("3", "66.7 %")


def test_periods_sources_and_other_processes_too(
    client: FlaskClient, pipeline: Pipeline, session: Session, two_people: tuple[int, int], log_in: LogIn
) -> None:
    seller = log_in("funnel.see")
    pipeline.publish("desk", "booked, kept?, done", "kept_rate: kept of booked")
    pipeline.open(seller, "booked", "kept", key="desk", centre=make_centre(session, name="North"))

    page = client.get(
        address(
            "process=sale&period=all",
            "process=sale&d.source=radio&counting=event_date",
            "process=desk",
            "process=sale&period=own&from=2025-12-01&to=2026-01-15",
        )
    ).text

    whole, radio, desk, winter = sides_of(page)
    assert "contact 6" in whole
    assert "radio · Last 30 days · By event date" in radio
    assert "To next" not in radio
    assert "booked 1" in desk
    assert "Rate kept_rate 100.0 %" in desk
    assert "1 Dec 2025 – 15 Jan 2026" in winter
    assert "contact 1" in winter
    assert 'data-test="add-side"' not in page  # four are the most


def test_the_form_adds_one_and_the_cross_takes_one_away(
    client: FlaskClient, two_people: tuple[int, int], log_in: LogIn
) -> None:
    log_in("funnel.see")
    anna, boris = two_people
    start = client.get(f"/funnel?person={anna}").text
    link = re.search(r'href="([^"]*)" data-test="side-by-side"', start)
    assert link
    page = client.get(unescape(link.group(1))).text
    kept = re.findall(r'name="f" value="([^"]*)"', page)

    fields = [("f", unescape(part)) for part in kept]
    fields += [("process", "sale"), ("period", "last_30_days"), ("centre", ""), ("person", str(boris)), ("add", "1")]
    added = client.get("/funnel/compare?" + urlencode(fields), follow_redirects=True).text

    assert [side.split(" · ")[0] for side in sides_of(added)] == ["sale Anna Orlova", "sale Boris Popov"]
    away = re.search(r'href="([^"]*)" aria-label="Take this funnel away"', added)
    assert away
    assert sides_of(client.get(unescape(away.group(1))).text)[0].startswith("sale Boris Popov")


def test_the_first_of_a_comparison_are_set_side_by_side(
    client: FlaskClient, two_people: tuple[int, int], log_in: LogIn
) -> None:
    log_in("funnel.see")

    page = client.get("/funnel?at=contact&by=source").text
    link = re.search(r'href="([^"]*)" data-test="first-side-by-side"', page)
    assert link

    assert [side.split(" · ")[0] for side in sides_of(client.get(unescape(link.group(1))).text)] == [
        "sale web",
        "sale radio",
    ]


@pytest.mark.parametrize("parts", [[], ["process=unheard"], ["x" * 3000], ["person=1"]])
def test_an_address_that_names_none_leads_to_the_funnel(
    client: FlaskClient, pipeline: Pipeline, log_in: LogIn, parts: list[str]
) -> None:
    log_in("funnel.see")

    answer = client.get(address(*parts))

    assert (answer.status_code, answer.headers.get("Location")) == (302, "/funnel")


def test_own_scope_sees_own_cases_only(client: FlaskClient, two_people: tuple[int, int], log_in: LogIn) -> None:
    log_in("funnel.see", scope="own")

    assert "contact 0" in sides_of(client.get(address("process=sale&period=all")).text)[0]


def test_statements_grow_with_funnels_not_with_cases(
    app: Flask, client: FlaskClient, pipeline: Pipeline, session: Session, two_people: tuple[int, int], log_in: LogIn
) -> None:
    log_in("funnel.see")
    counts = []
    for _ in range(2):
        client.get(address("process=sale", "process=sale&period=all"))
        with counted_statements(app.extensions["database"].engine) as statements:
            client.get(address("process=sale", "process=sale&period=all"))
        counts.append(len(statements))
        for _ in range(5):
            pipeline.open(make_user(session), "contact")

    assert counts[0] == counts[1] <= 24
