"""One deal is one case for all departments: who works in it, and what each receives with the work handed over."""

import re

import pytest
from sqlalchemy import select

from engine.human_tasks.models import HumanTask, TaskState
from tests.dealer import Dealer, moscow
from tests.webapp.sales.answers import CONTRACT, HANDED_OVER, PAID, bring, pay, prepare, reserve

WORKERS = ("seller", "logistics", "workshop", "accountant", "cashier", "delivery")


def page_of(dealer: Dealer, who: str, *, language: str = "ru") -> str:
    """The words of the case page as this person reads it."""
    client = dealer.app.test_client()
    with client.session_transaction() as cookie:
        cookie.update({"_user_id": who, "_fresh": True})
    client.set_cookie("language", language)
    answer = client.get(f"/cases/{dealer.cases()[0].id}")
    assert answer.status_code == 200, who
    text = re.sub(r"<(script|style|template)[^>]*>.*?</\1>|<[^>]+>", " ", answer.text, flags=re.DOTALL)
    return " ".join(text.replace("\u00a0", " ").split())


def test_sales_supply_service_and_accounting_work_in_one_case(dealer: Dealer) -> None:
    reserve(dealer, place="importer_warehouse", eta_days="14")
    dealer.do("sign_contract", **CONTRACT)
    dealer.do("confirm_payment", by="accountant", **PAID)
    bring(dealer)
    prepare(dealer)
    dealer.complete("arrange_handover", outcome="agreed", handover_at="2026-03-06T12:00")
    dealer.wait_until(moscow(6, 12))
    dealer.do("remind_of_handover", outcome="not_reached")
    dealer.complete("hand_over_car", **HANDED_OVER, delivered_on="2026-03-06")

    with dealer.read() as session:
        done = session.execute(
            select(HumanTask.candidate_role, HumanTask.assignee_id, HumanTask.completed_by)
            .where(HumanTask.instance_id == dealer.cases()[0].id, HumanTask.state == TaskState.COMPLETED)
            .distinct()
        ).all()

    assert dealer.outcome() == "won"
    assert {role for role, _, _ in done} >= {
        *("sales_manager", "logistics", "pdi_master", "accountant", "cashier", "delivery_specialist"),
    }
    assert {person for _, *people in done for person in people} >= {dealer.people[each] for each in WORKERS}


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ru", ("Принять поставку в работу", "Где находится? Склад импортёра", "Передать автомобиль до 20.03.2026")),
        ("en", ("Accept the supply", "Where is it? Importer", "Hand over by 20 Mar 2026")),
    ],
)
def test_supply_receives_the_car_the_place_and_the_term_with_the_work(
    dealer: Dealer, language: str, words: tuple[str, ...]
) -> None:
    reserve(dealer, place="importer_warehouse", eta_days="14")
    dealer.do("sign_contract", **CONTRACT)

    page = page_of(dealer, "logistics", language=language)

    for each in (*words, "Marina Belova", "+7 900 000-41-17", CONTRACT["vin"], "Aurelia S4, white"):
        assert each in page, each


def test_service_and_handover_receive_what_sales_and_accounting_have_written(dealer: Dealer) -> None:
    pay(dealer)

    for person in ("workshop", "delivery"):
        page = page_of(dealer, person)
        for each in ("Marina Belova", CONTRACT["vin"], "Номер договора N-17", "Подтверждение оплаты"):
            assert each in page, (person, each)


def test_the_sender_reads_who_has_accepted_the_work_and_what_was_said(dealer: Dealer) -> None:
    reserve(dealer, place="importer_warehouse", eta_days="14")
    dealer.do("accept_supply", by="logistics", comment="I call the importer today")

    page = page_of(dealer, "seller")

    assert "Artem Sizov" in page
    assert "I call the importer today" in page
