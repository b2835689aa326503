"""How the pages of the funnel find their rows: by indexes, and the money of few cases without going through all."""

from decimal import Decimal

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.plans import Reading, asked_questions, plan_of, whole_readings
from tests.webapp.conftest import LogIn
from tests.webapp.funnel.conftest import Pipeline
from tests.webapp.funnel.test_money import Dealer
from tests.webapp.inquiries.test_spending import make_spend

GROWING = (
    "episode",
    "episode_milestone",
    "episode_dimension",
    "process_instance",
    "history_event",
    "human_task",
    "inquiry",
)
PAGES = (
    "/funnel?process=sale",
    "/funnel?process=sale&by=source",
    "/funnel?process=sale&by=campaign",
    "/funnel?process=sale&d.campaign=SNOW26",
    "/funnel?process=sale&counting=event_date",
    "/funnel/trend?process=sale&what=ratio.visit_rate",
    "/funnel/trend?process=sale&what=count.visit&counting=event_date",
    "/funnel/cases?process=sale&figure=ratio_part&at=visit_rate",
    "/funnel/compare?f=process%3Dsale&f=process%3Dsale%26period%3Dall",
)


def plans_of(app: Flask, client: FlaskClient, address: str, word: str = "") -> list[list[Reading]]:
    client.get(address)
    engine = app.extensions["database"].engine
    with asked_questions(engine) as questions:
        assert client.get(address).status_code == 200, address
    with engine.connect() as connection:
        return [plan_of(connection, each) for each in questions if word in each.statement]


def test_no_page_goes_through_all_that_ever_was(
    app: Flask, client: FlaskClient, session: Session, pipeline: Pipeline, log_in: LogIn
) -> None:
    pipeline.publish("sale", "contact, visit?, worksheet, delivered", "visit_rate: visit of contact")
    dealer = Dealer(app, session, pipeline)
    dealer.sell("100")
    make_spend(session, amount=Decimal(5))
    log_in("funnel.see", "funnel.see_money", "inquiries.see_spend")

    whole = {page: whole_readings(plans_of(app, client, page), GROWING) for page in PAGES}

    assert {page: found for page, found in whole.items() if found} == {}


def test_money_leads_to_its_cases_by_their_keys(
    app: Flask, client: FlaskClient, session: Session, pipeline: Pipeline, log_in: LogIn
) -> None:
    Dealer(app, session, pipeline).sell("100")
    log_in("funnel.see", "funnel.see_money")

    (plan,) = plans_of(app, client, "/funnel", "paid AS")

    assert Reading("process_instance", "ix_process_instance_business_key", entered=True) in plan
    assert all(reading.entered for reading in plan if reading.table in GROWING)
