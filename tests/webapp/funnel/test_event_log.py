"""The event log as a page: who may take it, of which cases, and that it tells of nobody."""

import json
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.engine.history.schemas import check_ocel, check_xes
from tests.statements import counted_statements
from tests.webapp.conftest import LogIn
from tests.webapp.funnel.conftest import Pipeline
from tests.webapp.sales.factories import make_worksheet
from tests.webapp.staff.factories import NOW, make_centre, make_user
from webapp.core.models import AuditEntry
from webapp.core.reference import ship_all


@pytest.fixture
def cases(app: Flask, pipeline: Pipeline, session: Session) -> dict[str, object]:
    """Two cases of one centre, one of another; the first is of a customer's worksheet."""
    with app.app_context():
        ship_all(session)
    north, south = make_centre(session), make_centre(session)
    seller = make_user(session, "sales_manager", centre=north, name="Roman Sellers")
    worksheet = make_worksheet(session, seller, north)
    key = f"sales.worksheet:{worksheet.id}"
    pipeline.open(seller, "contact", centre=north, source="site", outcome="won", business_key=key)
    pipeline.open(seller, "contact", "visit", centre=north, at=NOW - timedelta(days=50))
    pipeline.open(None, "contact", centre=south)
    return {"north": north, "seller": seller, "key": key, "customer": worksheet.customer.name}


def take(client: FlaskClient, **fields: str) -> bytes:
    answer = client.post("/funnel/log", data={"format": "xes", **fields})
    assert answer.status_code == 200, answer.text
    return answer.data


def test_a_head_takes_the_cases_of_his_centre(client: FlaskClient, log_in: LogIn, cases: dict[str, object]) -> None:
    log_in("sales_head", centre=cases["north"])  # type: ignore[arg-type]

    log = check_xes(take(client))
    objects = check_ocel(take(client, format="ocel"))["objects"]

    assert len(log.findall("trace")) == 2
    assert {each["type"] for each in objects} == {"case", "centre", "sales.worksheet", "customer", "test"}


def test_no_name_stands_in_it(client: FlaskClient, log_in: LogIn, cases: dict[str, object]) -> None:
    log_in("group_director")

    for content in (take(client), take(client, format="ocel")):
        assert str(cases["key"]).encode() not in content
        assert str(cases["customer"]).encode() not in content
        assert b"Roman Sellers" not in content


def test_names_need_a_right_of_their_own(
    client: FlaskClient, log_in: LogIn, cases: dict[str, object], session: Session
) -> None:
    log_in("sales_head", centre=cases["north"])  # type: ignore[arg-type]
    assert 'name="named"' not in client.get("/funnel/log").text
    assert client.post("/funnel/log", data={"format": "xes", "named": "true"}).status_code == 403

    log_in("group_director")
    assert 'name="named"' in client.get("/funnel/log").text
    content = take(client, named="true")

    assert str(cases["key"]).encode() in content
    assert str(cases["customer"]).encode() not in content
    check_ocel(take(client, format="ocel", named="true"))


def test_process_and_days(client: FlaskClient, log_in: LogIn, cases: dict[str, object]) -> None:
    log_in("group_director")
    begun = (NOW - timedelta(days=50)).date().isoformat()

    assert len(check_xes(take(client, process="sale")).findall("trace")) == 3
    assert len(check_xes(take(client, first=begun, last=begun)).findall("trace")) == 1
    assert client.post("/funnel/log", data={"format": "xes", "process": "nothing"}).status_code == 422
    assert client.post("/funnel/log", data={"format": "pdf"}).status_code == 422


def test_days_the_wrong_way_round_are_refused(client: FlaskClient, log_in: LogIn, cases: dict[str, object]) -> None:
    log_in("group_director")
    days = {"format": "xes", "first": "2026-03-02", "last": "2026-03-01"}

    answer = client.post("/funnel/log", data=days, headers={"Accept-Language": "en"})

    assert (answer.status_code, "The last day is before the first" in answer.text) == (422, True)
    assert client.post("/funnel/log", data={**days, "last": "2026-03-02"}).status_code == 200


def test_that_it_was_taken_is_noted(
    client: FlaskClient, log_in: LogIn, cases: dict[str, object], session: Session
) -> None:
    reader = log_in("group_director")
    take(client, format="ocel", process="sale")
    session.rollback()

    noted = session.scalars(select(AuditEntry).where(AuditEntry.action == "funnel.log.exported")).one()
    facts = json.loads(noted.details)
    assert (noted.actor_id, noted.subject) == (reader.id, "funnel.log:sale")
    assert (facts["format"], facts["named"], facts["cases"]) == ("ocel", False, 3)


def test_it_asks_the_same_however_many_cases(
    app: Flask, client: FlaskClient, log_in: LogIn, cases: dict[str, object], pipeline: Pipeline
) -> None:
    log_in("group_director")
    take(client, format="ocel")
    counts = []
    for _ in range(2):
        with counted_statements(app.extensions["database"].engine) as counted:
            take(client, format="ocel")
        counts.append(len(counted))
        for _ in range(4):
            pipeline.open(None, "contact")

    assert counts[0] == counts[1]
