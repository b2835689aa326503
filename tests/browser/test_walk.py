"""The whole way of an unknown caller through the house, in both languages, on both databases."""

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk import Seat, complete_step, fill_form, moment, open_offer, open_task, part, step_form
from tests.browser.reading import only_russian, reached
from tests.browser.showroom import PASSWORD, PEOPLE, Showroom

MOST_INPUTS = 4
WORDS = {
    "ru": {
        "name": "Марина Белова",
        "prompt": "Подтверждаем встречу",
        "instruction": "Предложите рассрочку",
        "welcome": "Вы у нас впервые",
        "refused": "Отказ",
        "reason": "Клиент знает, что хочет",
        "offer": "Коммерческое предложение",
        "car": "Седан, белый",
        "closed": "закрыт",
        "chronicle": ("Подтверждение визита", "Встреча в салоне", "Выявление потребностей", "Повторный контакт"),
    },
    "en": {
        "name": "Ольга Панина",
        "prompt": "We confirm the meeting",
        "instruction": "Offer instalments",
        "welcome": "Is it your first visit",
        "refused": "Refused",
        "reason": "He knows what he wants",
        "offer": "Make the offer",
        "car": "Saloon, white",
        "closed": "closed",
        "chronicle": (
            "Invite and confirm the visit",
            "Welcome at the showroom",
            "Analyse the needs",
            "Make the follow-up",
        ),
    },
}


@pytest.fixture(scope="module")
def house(request: pytest.FixtureRequest) -> Any:
    return request.getfixturevalue("showroom" if request.param == "sqlite" else "postgresql_showroom")


@pytest.mark.parametrize(
    ("house", "language"),
    [
        ("sqlite", "ru"),
        pytest.param("postgresql", "en", marks=pytest.mark.postgresql),
        pytest.param("sqlite", "en", marks=pytest.mark.long),
        pytest.param("postgresql", "ru", marks=[pytest.mark.postgresql, pytest.mark.long]),
    ],
    indirect=["house"],
)
def test_an_unknown_caller_is_led_from_the_call_to_a_confirmed_refusal(
    house: Showroom, seat: Seat, language: str
) -> None:
    words = WORDS[language]
    name = words["name"]
    visit = house.next_monday() + timedelta(days=1, hours=5)

    def sit(person: str) -> Page:
        page = seat(at=house, language=language)
        sign_in(page, person)
        return page

    def read(page: Page) -> Page:
        if language == "ru":
            only_russian(house, page)
        return page

    head = sit("head")
    before = reached(head)

    operator = sit("operator")
    seller_key = register(house, operator, name, house.new_phone(), moment(visit))
    read(operator)

    seller = sit(seller_key)
    seller.goto("/diary/")
    expect(part(seller, "next")).to_contain_text(name)
    read(seller)
    part(seller, "open-next").click()
    expect(part(seller, "prompt")).to_contain_text(words["prompt"])
    expect(part(seller, "prompt")).to_contain_text("15:00")
    read(seller)
    complete_step(seller, outcome="confirmed", who_comes=["family"])
    case = int(seller.url.split("/cases/")[1].split("?")[0])

    house.wait_until(visit - timedelta(minutes=10))
    reception = sit("reception")
    open_task(reception, name)
    expect(part(reception, "prompt")).to_contain_text(words["welcome"])
    read(reception)
    complete_step(
        reception,
        outcome="continue",
        first_visit="yes",
        purpose="new_car",
        companions="1",
        source="radio",
        handed_to=house.people[seller_key],
    )

    open_task(seller, name)
    read(seller)
    complete_step(
        seller,
        outcome="next",
        customer_kind="person",
        replace_or_add="first",
        usage=["city"],
        priorities=["safety", "comfort"],
        interest_model="aurelia_s4",
        budget_to="2 500 000",
        pay_method="cash",
        horizon="7d",
        told=["phone", "offer", "credit"],
    )

    # after his own step the next one of the case stands there at once
    expect(step_form(seller)).to_be_visible()
    read(seller)
    shortcut = open_offer(seller, "straight_to_offer")
    fill_form(shortcut, reason=words["reason"])
    part(seller, "offer-straight_to_offer-submit").click()
    expect(part(seller, "step-name")).to_contain_text(words["offer"])
    read(seller)
    fill_form(
        step_form(seller),
        outcome="thinking",
        **{"lines.0.title": words["car"], "lines.0.price": "2 400 000"},
        **{"variants.0.price": "2 400 000", "variants.1.price": "2 400 000", "variants.1.annual_rate": "18"},
        sent_by=["print"],
    )
    complete_step(seller)
    read(seller)
    refuse(seller)

    open_task(head, name)
    read(head)
    again = visit + timedelta(days=2)
    complete_step(head, decision="return", next_contact_at=moment(again), instruction=words["instruction"])

    house.wait_until(again.replace(hour=10))
    open_task(seller, name)
    expect(seller.locator("body")).to_contain_text(words["instruction"])
    read(seller)
    complete_step(
        seller,
        outcome="next_contact",
        next_contact_at=moment(again + timedelta(days=3)),
        reason_used="answer",
        objection="price",
    )
    seller.goto(f"/cases/{case}")
    refuse(seller)

    open_task(head, name)
    complete_step(head, decision="confirm")
    head.goto(f"/cases/{case}")
    expect(part(head, "no-task")).to_contain_text(words["closed"])
    read(head)

    head.goto(f"/cases/{case}?view=chronicle")
    chronicle = part(head, "chronicle").first
    for sentence in (*words["chronicle"], words["refused"], PEOPLE[seller_key][0], PEOPLE["reception"][0]):
        expect(chronicle).to_contain_text(sentence)
    read(head)

    after = reached(head)
    assert {stage: after[stage] - before.get(stage, 0) for stage in after} == {
        "contact": 1,
        "visit": 1,
        "worksheet": 1,
        "presentation": 1,
        "test_drive": 0,
        "trade_in": 0,
        "offer": 1,
        "reservation": 0,
        "contract": 0,
        "paid": 0,
        "delivered": 0,
    }
    read(head)


@pytest.mark.parametrize(
    "path",
    [
        "/register",
        "/customers",
        "/cases",
        "/diary/calendar",
        "/diary/notifications",
        "/diary/settings",
        "/control/",
        "/funnel",
        "/staff",
        "/staff/new",
        "/staff/centres",
        "/customers/new",
        "/profile",
    ],
)
def test_a_russian_page_has_no_english_word(showroom: Showroom, seat: Seat, path: str) -> None:
    if not showroom.cases():
        showroom.open_case()
    page = seat("admin")
    page.goto(path)
    only_russian(showroom, page)


def sign_in(page: Page, person: str) -> None:
    page.goto("/sign-in")
    page.locator("[name=email]").fill(f"{person}@example.com")
    page.locator("[name=password]").fill(PASSWORD)
    part(page, "sign-in").click()
    expect(part(page, "user-menu")).to_contain_text(PEOPLE[person][0])


def register(house: Showroom, page: Page, name: str, phone: str, visit: str) -> str:
    """A call of somebody unknown who agrees on a visit; answers who got him. Counts what is typed."""
    page.goto("/register")
    part(page, "register").click()
    inputs = 0

    def type_in(selector: str, text: str) -> None:
        nonlocal inputs
        page.locator(selector).fill(text)
        inputs += 1

    expect(page.locator("#register-q")).to_be_focused()
    type_in("#register-q", phone)
    expect(page.locator("[name=phone]")).to_have_value(phone)
    type_in("#register-card [name=name]", name)
    type_in("[name=visit_at]", visit)
    page.locator("[name=source_code]").select_option("radio")
    inputs += 1
    receiver = int(page.locator("[name=handed_to]").input_value())
    page.keyboard.press("Control+Enter")
    expect(part(page, "saved")).to_contain_text(name)
    expect(part(page, "worksheet")).to_be_visible()
    assert inputs <= MOST_INPUTS
    (person,) = [key for key, user_id in house.people.items() if user_id == receiver]
    return person


def refuse(page: Page) -> None:
    form = open_offer(page, "refused")
    fill_form(form, refusal_reason="price_high", allow_future_contact="yes")
    with page.expect_navigation():  # the message about it may have left before a busy machine looks
        part(page, "offer-refused-submit").click()
    expect(form).to_be_hidden()
