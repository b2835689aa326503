"""The register opens no card out of reach, takes no record that is not there, and says when its lists are empty."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.webapp.conftest import LogIn
from tests.webapp.customers.factories import make_customer
from tests.webapp.inquiries.test_pages import NEW
from tests.webapp.staff.factories import make_centre
from webapp.core.reference import ship_all
from webapp.customers.models import Customer
from webapp.inquiries.models import Inquiry
from webapp.staff.models import Centre

PHONE = "89000004117"
RIGHTS = ("inquiries.see", "inquiries.add", "customers.see")


@pytest.fixture
def north(session: Session) -> Centre:
    return make_centre(session, name="North")


@pytest.fixture
def stranger(app: Flask, session: Session) -> Customer:
    """A customer of another centre."""
    south = make_centre(session, name="South")
    with app.app_context():
        ship_all(session)
    return make_customer(session, last_name="Yuzhin", phones=[PHONE], centre_id=south.id)


def inquiries(session: Session) -> list[Inquiry]:
    session.rollback()
    return list(session.scalars(select(Inquiry)))


class TestACustomerOfAnotherCentre:
    def test_is_not_shown_for_his_number_in_the_address(
        self, client: FlaskClient, log_in: LogIn, north: Centre, stranger: Customer
    ) -> None:
        log_in(*RIGHTS, scope="centre", centre=north)

        for address in (f"/register/card?choose={stranger.id}", f"/register/call?customer={stranger.id}"):
            answer = client.get(address)
            assert (answer.status_code, "Yuzhin" in answer.text) == (404, False)

    def test_is_not_written_to(
        self, client: FlaskClient, session: Session, log_in: LogIn, north: Centre, stranger: Customer
    ) -> None:
        log_in(*RIGHTS, scope="centre", centre=north)

        answer = client.post("/register/call", data=NEW | {"customer_id": stranger.id, "phone": "8 900 000-55-61"})

        assert (answer.status_code, inquiries(session)) == (404, [])

    def test_is_found_by_his_very_phone(
        self, client: FlaskClient, session: Session, log_in: LogIn, north: Centre, stranger: Customer
    ) -> None:
        log_in(*RIGHTS, scope="centre", centre=north)

        card = client.get("/register/card", query_string={"choose": stranger.id, "q": "8 900 000-41-17"})
        client.post("/register/call", data=NEW | {"customer_id": stranger.id, "q": PHONE, "phone": "", "name": ""})

        assert "Yuzhin" in card.text
        assert [inquiry.customer_id for inquiry in inquiries(session)] == [stranger.id]


@pytest.mark.parametrize(
    ("typed", "field"),
    [({"model_code": "x"}, "model_code"), ({"handed_to": "4711"}, "handed_to"), ({"source_code": "x"}, "source_code")],
)
@pytest.mark.usefixtures("stranger")
def test_what_is_not_on_the_lists_is_told_at_its_field(
    client: FlaskClient, session: Session, log_in: LogIn, typed: dict[str, str], field: str
) -> None:
    log_in(*RIGHTS)

    answer = client.post("/register/call", data=NEW | {"phone": "8 900 000-55-61"} | typed)

    assert (answer.status_code, f"error-{field}" in answer.text) == (422, True)
    assert inquiries(session) == []


class TestEmptyLists:
    def test_the_page_says_who_fills_them(self, client: FlaskClient, log_in: LogIn) -> None:
        log_in(*RIGHTS)

        for answer in (client.get("/register/call"), client.post("/register/call", data=NEW | {"source_code": ""})):
            assert 'data-test="lists-missing"' in answer.text
            assert "marshrut migrate" in answer.text

    def test_not_even_a_nameless_one_can_be_counted_and_the_reason_is_told(
        self, client: FlaskClient, session: Session, log_in: LogIn
    ) -> None:
        log_in(*RIGHTS)

        answer = client.post("/register/call", data={"act": "nameless", "channel": "call", "purpose": "other"})

        assert (answer.status_code, "marshrut migrate" in answer.text) == (422, True)
        assert inquiries(session) == []
