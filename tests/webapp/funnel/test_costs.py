"""Whose funnel bears what was spent: the department's, the process's and the campaign's own."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.statements import counted_statements
from tests.webapp.campaigns.routes import make_campaign
from tests.webapp.conftest import LogIn, on_both_databases
from tests.webapp.funnel.conftest import Pipeline
from tests.webapp.funnel.test_money import ALL, Dealer
from tests.webapp.funnel.test_page import text_of
from tests.webapp.inquiries.test_spending import make_spend
from tests.webapp.staff.factories import NOW
from webapp.inquiries.models import (
    Inquiry,
    InquiryChannel,
    InquiryResult,
    InterestType,
    Purpose,
    SpendDepartment,
)

pytestmark = on_both_databases
SALES, SERVICE = "sales.worksheet", "aftersales.visit"


@pytest.fixture
def dealer(app: Flask, session: Session, pipeline: Pipeline) -> Dealer:
    """With a funnel of sales and two of the workshop, beside the one that is of no department."""
    pipeline.publish("cars", "contact, visit?, worksheet, delivered", subject=SALES)
    pipeline.publish("steps", "contact, visit?, worksheet, delivered", subject=SERVICE)
    pipeline.publish("other_steps", "contact, visit?, worksheet, delivered", subject=SERVICE)
    return Dealer(app, session, pipeline)


def come(dealer: Dealer, key: str, times: int, *, source: str = "radio", campaign: str | None = None) -> None:
    for _ in range(times):
        dealer.pipeline.open(dealer.seller, "contact", centre=dealer.centre, source=source, campaign=campaign, key=key)


def ask(session: Session, purpose: Purpose, times: int, *, days_ago: int = 5) -> None:
    session.add_all(
        Inquiry(
            at=NOW - timedelta(days=days_ago),
            channel=InquiryChannel.CALL,
            department=purpose.department,
            purpose=purpose,
            source_code="radio",
            interest_type=InterestType.ANY,
            answered=True,
            result=InquiryResult.INFO_GIVEN,
        )
        for _ in range(times)
    )
    session.commit()


def spend_of(client: FlaskClient, query: str) -> str:
    """What the page says was spent: the last amount of the table."""
    return text_of(client.get(f"/funnel?{query}").text.replace("\u00a0", " "), "source-total")


def test_each_department_bears_its_own_and_its_part_of_what_is_for_both(
    client: FlaskClient, dealer: Dealer, session: Session, log_in: LogIn
) -> None:
    log_in(*ALL)
    come(dealer, "sale", 2)
    come(dealer, "cars", 2)
    come(dealer, "steps", 2)
    ask(session, Purpose.NEW_CAR, 2)
    ask(session, Purpose.USED_CAR, 1)
    ask(session, Purpose.SERVICE, 1)
    ask(session, Purpose.PARTS, 9)  # no funnel of these departments is of parts
    ask(session, Purpose.SERVICE, 9, days_ago=60)  # before the period
    make_spend(session, amount=Decimal(28000), department=SpendDepartment.SALES)
    make_spend(session, amount=Decimal(2800), department=SpendDepartment.SERVICE)
    make_spend(session, amount=Decimal(400))

    assert spend_of(client, "process=cars").startswith("Total 2 – – 0.0 % 28,300 ₽ 14,150 ₽")
    assert spend_of(client, "process=steps").startswith("Total 2 – – 0.0 % 2,900 ₽ 1,450 ₽")
    assert spend_of(client, "process=sale").startswith("Total 2 – – 0.0 % 31,200 ₽ 15,600 ₽")
    page = client.get("/funnel?process=steps").text
    assert "100\u00a0₽ of it is the part in what was spent for sales and service together" in page
    assert "Only what is spent for the service counts." in page


def test_what_is_for_both_is_halved_while_nobody_has_asked(
    client: FlaskClient, dealer: Dealer, session: Session, log_in: LogIn
) -> None:
    log_in(*ALL)
    come(dealer, "cars", 1)
    come(dealer, "steps", 1)
    make_spend(session, amount=Decimal("0.03"))

    shares = [client.get(f"/funnel/export?process={key}&format=csv").text for key in ("cars", "steps")]

    assert sorted("0.01" in share for share in shares) == [False, True]
    assert sorted("0.02" in share for share in shares) == [False, True]


def test_processes_of_the_workshop_share_by_their_cases(
    client: FlaskClient, dealer: Dealer, session: Session, log_in: LogIn
) -> None:
    log_in(*ALL)
    come(dealer, "steps", 3)
    come(dealer, "steps", 1, source="tv")
    come(dealer, "other_steps", 1)
    for source, amount in (("radio", 4000), ("press", 500), (None, 50)):
        make_spend(session, source_code=source, amount=Decimal(amount), department=SpendDepartment.SERVICE)

    # radio 3 : 1, the press by all cases 4 : 1, what is for all sources 4 : 1
    assert spend_of(client, "process=steps").startswith("Total 4 – – 0.0 % 3,440 ₽ 860 ₽")
    assert spend_of(client, "process=other_steps").startswith("Total 1 – – 0.0 % 1,110 ₽ 1,110 ₽")
    assert "share it by their cases" in client.get("/funnel?process=steps").text
    assert "share it by their cases" not in client.get("/funnel?process=cars").text


def test_a_campaign_is_filtered_compared_and_paid_for_apart(
    client: FlaskClient, dealer: Dealer, session: Session, log_in: LogIn
) -> None:
    log_in(*ALL)
    campaign = make_campaign(session, dealer.seller, dealer.centre, code="SNOW26", name="First snow")
    dealer.sell("1000000")
    come(dealer, "sale", 3, source="tv", campaign=campaign.code)
    come(dealer, "sale", 1, campaign="Board")
    make_spend(session, amount=Decimal(28000), campaign=campaign.code, source_code="mailing")
    make_spend(session, amount=Decimal(500), campaign="Board", from_day=date(2026, 2, 28), to_day=date(2026, 3, 4))
    make_spend(session, source_code=None, amount=Decimal(600))

    page = client.get("/funnel?process=sale&by=campaign").text.replace("\u00a0", " ")
    snow = client.get("/funnel?process=sale&d.campaign=SNOW26").text.replace("\u00a0", " ")
    none = client.get("/funnel?process=sale&d.campaign=").text.replace("\u00a0", " ")

    assert text_of(page, "campaign-SNOW26").startswith("First snow 3 – – 0.0 % 28,000 ₽ 9,333 ₽ – –")
    assert text_of(page, "campaign-Board").startswith("Board 1 – – 0.0 % 300 ₽ 300 ₽")
    assert text_of(page, "campaign-none").startswith("No campaign 1 1 1 100.0 % 600 ₽ 600 ₽ 600 ₽ 600 ₽ 1,000,000 ₽")
    assert text_of(page, "campaign-total").startswith("Total 5 1 1 20.0 % 28,900 ₽ 5,780 ₽")
    assert text_of(client.get("/funnel?process=sale").text.replace("\u00a0", " "), "source-total").startswith(
        "Total 5 1 1 20.0 % 28,900 ₽ 5,780 ₽"
    )
    assert text_of(snow, "cost-contact") == "9,333 ₽"
    assert text_of(snow, "cost-visit") == "–"
    assert text_of(snow, "chip-d.campaign") == "Campaign First snow"
    assert text_of(none, "cost-delivered") == "600 ₽"
    assert "First snow" in client.get("/funnel/cases?process=sale&figure=opened&d.campaign=SNOW26").text


def test_a_campaign_takes_one_statement_more_for_its_name(
    app: Flask, client: FlaskClient, dealer: Dealer, session: Session, log_in: LogIn
) -> None:
    log_in(*ALL)
    counts = []
    for number in range(2):
        campaign = make_campaign(session, dealer.seller, dealer.centre, code=f"SNOW2{number}", name="First snow")
        make_spend(session, campaign=campaign.code)
        make_spend(session, source_code=None)
        come(dealer, "sale", 2, campaign=campaign.code)
        dealer.sell("10")
        for query in ("", "&by=campaign", f"&d.campaign={campaign.code}"):
            client.get(f"/funnel?process=sale{query}")
            with counted_statements(app.extensions["database"].engine) as statements:
                client.get(f"/funnel?process=sale{query}")
            counts.append(len(statements))
            assert sum("FROM campaign" in each for each in statements) == 1

    assert counts[:3] == counts[3:]
    assert max(counts) <= 24  # one asks for the names of campaigns, one for cases that were moved by hand
