"""The pages of cases around the worksheet: steps of called processes by name, and the care after the handover."""

import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest

from engine.timers.calendars import calendar_for
from tests.dealer import START, Dealer, client_of
from tests.webapp.sales.answers import ARRIVED, CONTRACT, reserve
from tests.webapp.sales.test_supply_walk import CONFIRMED
from tests.webapp.sales.walking import VIN, call, open_worksheet
from webapp.customers.services import get_customer
from webapp.inquiries.models import InquiryChannel
from webapp.sales import aftercare, queries, services
from webapp.sales.services import DeliveredCar

Page = Callable[[str], str]


@pytest.fixture
def read_page(dealer: Dealer) -> Page:
    """A page in Russian, as the seller sees it."""
    client = client_of(dealer, "seller")

    def get(path: str) -> str:
        answer = client.get(path, headers={"Accept-Language": "ru"})
        assert answer.status_code == 200
        return answer.text

    return get


def test_steps_of_a_called_process_have_their_names_and_answers(dealer: Dealer, read_page: Page) -> None:
    walk = call(dealer, "supply_delivery", as_="supply")
    walk.complete("accept_supply", comment="Звоню импортёру")
    walk.complete("confirm_availability", **CONFIRMED)
    (case,) = dealer.cases()

    shown = read_page(f"/cases/{case.id}")

    assert "Принять поставку в работу" in shown
    assert "Звоню импортёру" in shown  # what is known, and the chronicle
    assert "Склад импортёра" in shown
    assert "accept_supply" not in re.sub(r"<[^>]*>", " ", shown)


def test_a_rule_that_refuses_a_step_is_told_on_its_page_and_nothing_typed_is_lost(dealer: Dealer) -> None:
    reserve(dealer)
    client = client_of(dealer, "seller")
    short = [{"due": "2026-03-05", "amount": "2300000", "kind": "main"}]
    rows = {f"payment_schedule.0.{name}": value for name, value in short[0].items()}
    typed = {name: value for name, value in CONTRACT.items() if name != "payment_schedule"} | rows

    refused = client.post(f"/tasks/{dealer.task().id}/complete", data=typed, headers={"Accept-Language": "ru"})

    told = re.search(r'data-test="form-errors".*?</div></div>', refused.text, re.S)
    assert refused.status_code == 422
    assert told is not None
    assert "2\u00a0300\u00a0000" in told[0]
    assert "Ничего из введённого не потеряно." in told[0]
    assert 'value="District office 1"' in refused.text  # no draft keeps a passport
    assert dealer.task().element == "sign_contract"


def test_the_care_is_named_by_customer_number_car_and_plate(dealer: Dealer, read_page: Page) -> None:
    worksheet_id = open_worksheet(dealer)
    with dealer.write() as session:
        worksheet = queries.get_worksheet(session, worksheet_id)
        services.record_sale(
            session,
            worksheet,
            model_code="aurelia_city",
            price=Decimal(2400000),
            contract_number="N-7",
            delivered_on=START.date(),
            actor_id=None,
            today=START.date(),
            now=START,
            car=DeliveredCar(vin=VIN, plate="А123ВС178", odometer=15),
        )
        assert get_customer(session, worksheet.customer_id).name == "Marina Belova"
        hours = calendar_for(session, "sales", worksheet.centre_id)
        aftercare.begin(session, worksheet, hours=hours, actor_id=None, now=START)
    dealer.wait_until(START + timedelta(hours=2))
    (case,) = dealer.cases()

    shown = read_page(f"/cases/{case.id}")

    for text in ("Marina Belova", "РЛ-000001", "Aurelia City", "А123ВС178", VIN, "N-7", "Поблагодарить по телефону"):
        assert text in shown, text
    assert "РЛ-000001, Aurelia City, А123ВС178" in read_page("/cases")


@pytest.mark.parametrize("nobody", ["²", "03", "٣"])
def test_a_seller_is_named_as_the_list_names_him(dealer: Dealer, nobody: str) -> None:
    dealer.register(channel=InquiryChannel.WALK_IN)

    answer = client_of(dealer, "head").post(f"/tasks/{dealer.task().id}/complete", data=ARRIVED | {"handed_to": nobody})

    assert (answer.status_code, "error-handed_to" in answer.text) == (422, True)
