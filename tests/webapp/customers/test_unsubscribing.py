"""The link under an advertising mail: one question, at once, for whoever holds it; nothing for who guesses."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeSerializer
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.clock import SettableClock
from tests.webapp.conftest import MakeApp
from tests.webapp.customers.factories import agree, make_customer, make_message
from tests.webapp.staff.factories import make_centre
from webapp.customers.models import Consent, ConsentChannel, Customer, CustomerMessage, MessageState, WithdrawalWay
from webapp.customers.unsubscribing import WORKS_FOR, link_of

MAIL = "m.belova@example.com"


@pytest.fixture
def customer(session: Session) -> Customer:
    found = make_customer(session, emails=[MAIL])
    agree(session, found, ConsentChannel.EMAIL, ConsentChannel.SMS)
    session.commit()
    return found


@pytest.fixture
def message(session: Session, customer: Customer) -> CustomerMessage:
    found = make_message(session, customer)
    session.commit()
    return found


@pytest.fixture
def path(app: Flask, message: CustomerMessage) -> str:
    with app.app_context():
        return link_of(message).partition("8000")[2]


def held(session: Session) -> set[str]:
    session.rollback()
    return set(session.scalars(select(Consent.channel).where(Consent.withdrawn_at.is_(None))))


def test_looking_changes_nothing_and_shows_nobody(client: FlaskClient, session: Session, path: str) -> None:
    page = client.get(path).text

    assert "m•••@e•••.com" in page
    assert MAIL not in page
    assert "Belova" not in page
    assert held(session) == {"email", "sms"}


def test_it_is_a_page_of_the_dealer_who_wrote(
    client: FlaskClient, session: Session, path: str, customer: Customer
) -> None:
    make_centre(session, name="Elsewhere")
    customer.centre_id = make_centre(session, name="North", legal_name="Demo-Auto LLC").id
    session.commit()

    page, broken = client.get(path).text, client.get("/unsubscribe/nonsense").text

    assert "Demo-Auto LLC</span>" in page.partition('data-test="dealer"')[2]
    assert "Elsewhere</span>" in broken.partition('data-test="dealer"')[2]
    assert "Marshrut" not in page + broken


def test_it_ends_at_once_for_its_channel(
    client: FlaskClient, session: Session, path: str, message: CustomerMessage
) -> None:
    page = client.post(path, follow_redirects=True).text

    assert 'data-test="done"' in page
    assert held(session) == {"sms"}
    ended = session.scalars(select(Consent).where(Consent.channel == "email")).one()
    assert (ended.withdrawn_way, ended.withdrawn_by) == (WithdrawalWay.WEB, None)
    session.refresh(message)
    assert message.state is MessageState.UNSUBSCRIBED


def test_twice_is_as_good_as_once(client: FlaskClient, session: Session, path: str) -> None:
    client.post(path)
    assert client.post(path, follow_redirects=True).status_code == 200
    assert held(session) == {"sms"}


def test_the_click_of_a_mail_program_needs_no_page(make_app: MakeApp, session: Session, path: str) -> None:
    client = make_app(WTF_CSRF_ENABLED=True).test_client(use_cookies=False)

    answer = client.post(path, data={"List-Unsubscribe": "One-Click"})

    assert answer.status_code == 303
    assert held(session) == {"sms"}


def test_everybody_at_the_address_is_left_alone(client: FlaskClient, session: Session, path: str) -> None:
    agree(session, make_customer(session, emails=[MAIL]))
    agree(session, make_customer(session, emails=["other@example.com"]), ConsentChannel.POST)
    session.commit()

    client.post(path)

    assert held(session) == {"sms", "post"}


@pytest.mark.parametrize("damage", ["cut", "changed", "foreign", "nonsense", "empty number", "list"])
def test_who_guesses_gets_a_friendly_page_and_changes_nothing(
    client: FlaskClient, app: Flask, session: Session, path: str, damage: str
) -> None:
    def signed(value: object, salt: str = "customers.unsubscribe") -> str:
        return "/unsubscribe/" + str(URLSafeSerializer(app.config["SECRET_KEY"], salt=salt).dumps(value))

    wrong = {
        "cut": path[:-3],
        "changed": path[:-1] + ("A" if path[-1] != "A" else "B"),
        "foreign": signed(1, salt="something else"),
        "nonsense": "/unsubscribe/'%22%3Cscript%3E",
        "empty number": signed(999_999),
        "list": signed([1, 2]),
    }[damage]

    for answer in (client.get(wrong), client.post(wrong)):
        assert answer.status_code == 404
        assert 'data-test="problem"' in answer.text
    assert held(session) == {"email", "sms"}


def test_an_old_link_says_so(client: FlaskClient, session: Session, path: str, clock: SettableClock) -> None:
    clock.advance(WORKS_FOR + timedelta(days=1))

    answer = client.post(path)

    assert (answer.status_code, held(session)) == (404, {"email", "sms"})
    assert "too old" in answer.text


def test_it_is_asked_so_often_and_no_more(make_app: MakeApp, path: str) -> None:
    client = make_app(RATELIMIT_ENABLED=True, unsubscribe_limit="3 per minute").test_client()

    assert [client.get(path).status_code for _ in range(4)] == [200, 200, 200, 429]
