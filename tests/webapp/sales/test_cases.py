"""How a worksheet is called on the pages of its case, and the words it lends to prompts."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from tests.dealer import Dealer, moscow
from tests.statements import counted_statements
from tests.webapp.sales.answers import REFUSED, know_needs
from webapp.core.workflow import case_facts, describe_cases
from webapp.inquiries.models import InquiryChannel
from webapp.kit.prompts import fill_prompt
from webapp.sales.models import Sale

KEY = "sales.worksheet:1"


@pytest.mark.parametrize(
    ("language", "detail", "day"),
    [("en", "RL-000001, Aurelia S4", "4 Mar"), ("ru", "РЛ-000001, Aurelia S4", "4 мар.")],
)
def test_the_label_names_customer_number_and_car(dealer: Dealer, language: str, detail: str, day: str) -> None:
    dealer.register(model_code="aurelia_s4", visit_at=moscow(4, 15))

    with dealer.read() as session, dealer.app.test_request_context(headers={"Accept-Language": language}):
        label = describe_cases(session, [KEY])[KEY]

    assert (label.title, label.detail, label.url) == ("Marina Belova", detail, "/customers/1")
    assert fill_prompt("{customer}, {centre}: {date} {time}, {model}", label.words) == (
        f"Marina Belova, North: {day} 15:00, Aurelia S4"
    )


@pytest.mark.parametrize(
    ("language", "said"), [("en", "The car will be ready"), ("ru", "Автомобиль для вас будет готов")]
)
def test_a_prompt_without_a_model_can_be_said_aloud(dealer: Dealer, language: str, said: str) -> None:
    dealer.register(visit_at=moscow(4, 15))
    prompt = {"en": "The {model} will be ready", "ru": "Автомобиль {model} будет готов"}[language]

    with dealer.read() as session, dealer.app.test_request_context(headers={"Accept-Language": language}):
        assert fill_prompt(prompt, describe_cases(session, [KEY])[KEY].words) == said


def test_many_labels_cost_one_statement(dealer: Dealer) -> None:
    for number in range(5):
        dealer.register(phone=f"8900000410{number}", name=f"Name {number}", visit_at=moscow(5, 10 + number))

    keys = [f"sales.worksheet:{number}" for number in range(1, 6)]
    with (
        dealer.read() as session,
        dealer.app.test_request_context(),
        counted_statements(dealer.database.engine) as statements,
    ):
        assert len(describe_cases(session, keys)) == 5

    assert len(statements) == 1


def test_the_facts_put_what_presses_beside_the_name(dealer: Dealer) -> None:
    dealer.register(channel=InquiryChannel.WALK_IN)
    dealer.complete(
        "welcome",
        outcome="continue",
        first_visit="yes",
        purpose="new_car",
        source="radio",
        handed_to=str(dealer.people["seller"]),
    )
    dealer.complete(
        "needs_analysis",
        outcome="next",
        customer_kind="person",
        replace_or_add="first",
        usage=["city"],
        priorities=["safety"],
        budget_from="2000000",
        budget_to="2500000",
        pay_method="cash",
        horizon="7d",
        told=["phone", "offer", "credit"],
    )
    dealer.clock.advance(timedelta(minutes=1))

    with dealer.read() as session, dealer.app.test_request_context(headers={"Accept-Language": "en"}):
        facts = {fact.label: fact for fact in case_facts(session, KEY)}

    assert (facts["Temperature"].value, facts["Temperature"].tone, facts["Temperature"].headline) == (
        "Hot",
        "warn",
        True,
    )
    assert facts["Phone"].url == "tel:+79000004117"
    assert facts["Budget"].value == "2,000,000 – 2,500,000\u00a0₽"


@pytest.mark.parametrize("end", ["refused", "sold"])
def test_nobody_is_hot_who_has_bought_or_refused(dealer: Dealer, end: str) -> None:
    know_needs(dealer)
    assert temperature(dealer) == ["Hot", "Hot"]

    if end == "refused":
        dealer.take("refused", **REFUSED)
    else:
        with dealer.database.write() as session:
            session.add(
                Sale(
                    worksheet_id=1,
                    model_code="aurelia_s4",
                    price=Decimal(2400000),
                    contract_number="N-7",
                    delivered_on=date(2026, 3, 2),
                    recorded_at=dealer.clock.now(),
                )
            )

    assert temperature(dealer) == []


def temperature(dealer: Dealer) -> list[str]:
    """As lists and the page of the case show it."""
    with dealer.read() as session, dealer.app.test_request_context(headers={"Accept-Language": "en"}):
        found = [*describe_cases(session, [KEY])[KEY].facts, *case_facts(session, KEY)]
    return [fact.value for fact in found if fact.label == "Temperature"]
