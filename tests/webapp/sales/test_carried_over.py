"""What an earlier step has settled stands in the form of the next: nobody types it twice, nobody decides blindly."""

import re

import pytest
from flask.testing import FlaskClient

from tests.dealer import Dealer
from tests.webapp.sales.answers import (
    APPRAISED,
    CONTRACT,
    DEPOSIT,
    DISCOUNT,
    NOTHING_NEEDED,
    OFFER,
    PAID,
    RESERVATION,
    VIN,
    choose,
    offer,
    reserve,
)
from tests.webapp.sales.test_first_values import chosen, client, open_step, value

__all__ = ["client"]
TWO_WAYS = [
    {"variant": "A", "pay_method": "cash", "price": "2400000"},
    {"variant": "B", "pay_method": "credit", "price": "2400000", "down_payment": "800000", "term_months": "60",
     "annual_rate": "18"},
]  # fmt: skip


def computed(page: str, key: str) -> str:
    found = re.search(rf'data-test="computed-{key}">([^<]*)<', page)
    assert found is not None
    return found[1].replace("\u00a0", " ")


def test_a_new_version_takes_the_discount_off(client: FlaskClient, dealer: Dealer) -> None:
    offer(dealer, outcome="negotiate", variants=TWO_WAYS)
    dealer.complete("request_discount", **(DISCOUNT | {"requested_discount": "60000"}))
    asked = open_step(client, dealer, "head")
    assert computed(asked, "asked").startswith("60 000")
    assert computed(asked, "share").startswith("2,5")
    dealer.complete("approve_discount", by="head", decision="approve", approved="50000", approval_comment="for today")

    page = open_step(client, dealer, "seller")

    assert (value(page, "lines.0.title"), value(page, "lines.0.price")) == ("Aurelia S4", "2\u00a0400\u00a0000")
    assert (chosen(page, "lines.1.kind"), value(page, "lines.1.price")) == (["discount"], "50\u00a0000")
    assert value(page, "variants.1.price") == "2\u00a0350\u00a0000"
    assert (value(page, "variants.1.term_months"), value(page, "variants.1.annual_rate")) == ("60", "18")
    assert computed(page, "total").startswith("2 350 000")


def test_a_refused_discount_leaves_the_offer(client: FlaskClient, dealer: Dealer) -> None:
    offer(dealer, outcome="negotiate")
    dealer.complete("request_discount", **(DISCOUNT | {"requested_discount": "60000"}))
    dealer.complete("approve_discount", by="head", decision="refuse", approval_comment="no margin")
    dealer.complete("follow_up_call", outcome="ready", reason_used="answer", objection="none")

    page = open_step(client, dealer, "seller")

    assert value(page, "lines.0.price") == "2\u00a0400\u00a0000"
    assert value(page, "lines.1.price") == ""


def test_an_allowed_discount_is_taken_off_once(client: FlaskClient, dealer: Dealer) -> None:
    offer(dealer, outcome="negotiate")
    dealer.complete("request_discount", **DISCOUNT)
    less = {"kind": "discount", "title": "", "qty": "1", "price": "20000"}
    cheaper = {"lines": [*OFFER["lines"], less], "variants": [{**OFFER["variants"][0], "price": "2380000"}]}
    dealer.complete("make_offer", **(OFFER | cheaper | {"outcome": "negotiate"}))
    dealer.complete("request_discount", **DISCOUNT)

    page = open_step(client, dealer, "seller")

    assert (value(page, "lines.1.price"), value(page, "lines.2.price")) == ("20\u00a0000", "")
    assert value(page, "variants.0.price") == "2\u00a0380\u00a0000"


@pytest.mark.parametrize("with_tradein", [False, True])
def test_the_contract_takes_its_terms_from_the_offer(client: FlaskClient, dealer: Dealer, with_tradein: bool) -> None:
    if with_tradein:
        choose(dealer, tradein="yes")
        dealer.complete("accept_appraisal", by="appraiser")
        dealer.complete("tradein_appraisal", **APPRAISED, photos=dealer.photos(6))
        dealer.complete("make_offer", **OFFER)
        dealer.complete("reserve_car", **RESERVATION)
        dealer.complete("take_deposit", by="cashier", **DEPOSIT)
    else:
        reserve(dealer)

    page = open_step(client, dealer, "seller")

    assert value(page, "price") == "2\u00a0400\u00a0000"
    assert value(page, "tradein") == ("800\u00a0000" if with_tradein else "")
    assert chosen(page, "vat_rate") == ["22"]
    assert [value(page, f"payment_schedule.{row}.amount") for row in (0, 1)] == [
        "50\u00a0000",
        "1\u00a0550\u00a0000" if with_tradein else "2\u00a0350\u00a0000",
    ]
    assert value(page, "payment_schedule.1.due") == "2026-03-05"


def test_departments_see_which_car_and_how_much(client: FlaskClient, dealer: Dealer) -> None:
    reserve(dealer)
    dealer.complete("sign_contract", **CONTRACT)
    assert computed(open_step(client, dealer, "accountant"), "balance").startswith("2 350 000")

    dealer.complete("confirm_payment", by="accountant", **PAID)
    dealer.do("accept_delivery", by="delivery")
    dealer.do("prepare_registration", **NOTHING_NEEDED)
    dealer.do("accept_pdi", by="workshop")

    page = open_step(client, dealer, "workshop")
    assert (computed(page, "car"), computed(page, "car_vin")) == ("Aurelia S4, white", VIN)


def test_a_hint_and_how_many_are_asked_for_are_two_sentences(client: FlaskClient, dealer: Dealer) -> None:
    choose(dealer, tradein="yes")
    dealer.complete("accept_appraisal", by="appraiser")

    assert "Четыре угла, салон, одометр. Не меньше 6" in open_step(client, dealer, "appraiser")
