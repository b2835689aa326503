"""What stands in the forms of the worksheet before anybody has typed: what the card and the inquiry know."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.dealer import Dealer
from webapp.customers.models import Customer
from webapp.inquiries.models import InquiryChannel


@pytest.fixture
def client(dealer: Dealer) -> FlaskClient:
    dealer.app.config["WTF_CSRF_ENABLED"] = False
    return dealer.app.test_client()


def open_step(client: FlaskClient, dealer: Dealer, person: str) -> str:
    """The page of the open step as this person sees it."""
    with client.session_transaction() as cookie:
        cookie.update({"_user_id": person, "_fresh": True})
    return client.get(f"/cases/{dealer.task().instance_id}").text


def value(page: str, name: str) -> str:
    found = re.search(rf'<input[^>]*name="{name}"[^>]*value="([^"]*)"', page)
    return found[1] if found else ""


def chosen(page: str, name: str) -> list[str]:
    options = re.search(rf'<select[^>]*name="{name}".*?</select>', page, re.S)
    picked = re.findall(r'<option value="([^"]*)" selected', options[0]) if options else []
    searched = re.findall(rf'<input type="hidden" name="{name}" value="([^"]+)"', page)
    radios = re.findall(rf'<input type="radio" name="{name}" value="([^"]*)"[^>]* checked', page)
    return list(dict.fromkeys(picked + searched + radios))  # a searched choice is a list as well, without scripts


class TestTheFirstAnswer:
    def test_knows_the_person_and_his_wish(self, client: FlaskClient, dealer: Dealer) -> None:
        dealer.register(channel=InquiryChannel.WEB_FORM, handed_to=None, campaign="First snow", model_code="aurelia_s4")

        page = open_step(client, dealer, "operator")

        assert (value(page, "first_name"), value(page, "last_name")) == ("Marina", "Belova")
        assert value(page, "campaign") == "First snow"
        assert (chosen(page, "source"), chosen(page, "purpose")) == (["radio"], ["new_car"])
        assert (chosen(page, "interest_model"), chosen(page, "sex")) == (["aurelia_s4"], ["f"])

    def test_asks_for_the_name_of_whom_only_his_number_names(self, client: FlaskClient, dealer: Dealer) -> None:
        dealer.register(name="", missed=True, handed_to=None)

        assert value(open_step(client, dealer, "operator"), "first_name") == ""

    def test_what_was_typed_stands_before_what_is_known(self, client: FlaskClient, dealer: Dealer) -> None:
        dealer.register(channel=InquiryChannel.WEB_FORM, handed_to=None)
        open_step(client, dealer, "operator")
        client.post(f"/tasks/{dealer.task().id}/draft", data={"first_name": "", "last_name": "Orlova"})

        page = open_step(client, dealer, "operator")

        assert (value(page, "first_name"), value(page, "last_name")) == ("", "Orlova")

    def test_a_name_that_was_not_asked_for_again_stays(self, dealer: Dealer, client: FlaskClient) -> None:
        dealer.register(channel=InquiryChannel.WEB_FORM, handed_to=None)
        page = open_step(client, dealer, "operator")
        typed = {
            "outcome": "info_only",
            "first_name": value(page, "first_name"),
            "last_name": "",
            "sex": "f",
            "source": "radio",
            "purpose": "new_car",
            "interest_type": "new",
            "pd_basis": "request_of_subject",
            "consent_marketing": "no",
        }

        client.post(f"/tasks/{dealer.task().id}/complete", data=typed)

        with dealer.read() as session:
            assert session.scalars(select(Customer)).one().full_name == "Belova Marina"


def test_the_reception_is_offered_the_manager_of_the_guest(client: FlaskClient, dealer: Dealer) -> None:
    dealer.register(channel=InquiryChannel.WALK_IN)

    assert chosen(open_step(client, dealer, "reception"), "handed_to") == [str(dealer.people["seller"])]
