"""The register in the browser: from anywhere by keyboard, matches while typing, nothing typed is ever lost."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import desk
from tests.browser.desk import Seat
from tests.browser.showroom import Showroom

PHONE = {"width": 390, "height": 844}


@pytest.fixture
def page(seat: Seat) -> Page:
    """The operator on a page that has nothing to do with it, reading English."""
    opened = seat("operator", language="en")
    opened.goto("/customers")
    expect(opened.locator("html[lang=en], html[lang=ru]")).to_have_count(1)
    return opened


def open_register(page: Page) -> None:
    page.keyboard.press("Alt+n")
    expect(page.locator("[data-island=register][data-ready]")).to_be_visible()
    expect(page.locator("#register-q")).to_be_focused()


def test_an_unknown_caller_is_registered_without_touching_the_mouse(showroom: Showroom, page: Page) -> None:
    number = showroom.new_phone()
    open_register(page)

    page.keyboard.type(number)
    expect(page.locator("[name=phone]")).to_have_value(number)
    page.keyboard.press("Enter")
    expect(page.locator("[name=name]")).to_be_focused()
    page.keyboard.type("Зоя Ким")
    for _ in range(8):  # over the chips to the source
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "source_code":
            break
    page.keyboard.type("Radio")
    expect(page.locator("[name=source_code]")).to_have_value("radio")
    page.keyboard.press("Control+Enter")

    expect(desk.part(page, "saved")).to_contain_text("Зоя Ким")


def test_enter_in_a_field_registers_the_person_and_never_counts_him_nameless(showroom: Showroom, page: Page) -> None:
    open_register(page)
    page.locator("#register-q").fill(showroom.new_phone())
    name = page.locator("[name=name]")
    name.fill("Ольга Ким")

    name.press("Enter")  # the source is still missing
    expect(page.locator("[name=source_code][aria-invalid=true]")).to_be_visible()
    expect(name).to_have_value("Ольга Ким")
    page.locator("[name=source_code]").select_option("radio")
    name.press("Enter")

    expect(desk.part(page, "saved")).to_contain_text("Ольга Ким")


def test_the_very_phone_opens_the_card_and_keeps_what_was_typed(showroom: Showroom, page: Page) -> None:
    number = showroom.new_phone()
    showroom.open_case("Роза Ильина", phone=number)
    open_register(page)
    page.locator("[name=comment]").fill("Asked for the white one")

    page.locator("#register-q").fill(number)

    expect(desk.part(page, "caller")).to_have_text("Роза Ильина")
    expect(page.locator("[name=comment]")).to_have_value("Asked for the white one")
    expect(desk.part(page, "known")).to_contain_text("RL-")


def test_what_is_typed_while_he_is_looked_for_stays(showroom: Showroom, page: Page) -> None:
    number = showroom.new_phone()
    showroom.open_case("Майя Сотник", phone=number)
    open_register(page)
    with desk.held_back(page, "**/register/matches*") as asked:
        page.locator("#register-q").fill(number)
        asked()
        page.locator("[name=comment]").fill("Is on the way")

    expect(desk.part(page, "caller")).to_have_text("Майя Сотник")
    expect(page.locator("[name=comment]")).to_have_value("Is on the way")


def test_arrows_choose_among_similar_names(showroom: Showroom, page: Page) -> None:
    for first in ("Вера", "Инга"):
        showroom.open_case(f"{first} Снегина", phone=showroom.new_phone())
    open_register(page)

    page.keyboard.type("snegina")
    expect(desk.part(page, "hit")).to_have_count(2)
    expect(page.locator("#register-hits .is-on")).to_have_text(re.compile("Вера Снегина"))
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    expect(desk.part(page, "caller")).to_have_text("Инга Снегина")


def test_what_is_wrong_is_told_and_what_was_typed_stays(page: Page) -> None:
    open_register(page)
    page.locator("[name=phone]").fill("12345")
    page.locator("[name=comment]").fill("Will call back")
    page.keyboard.press("Control+Enter")

    expect(desk.part(page, "error-phone")).to_be_visible()
    expect(desk.part(page, "error-name")).to_be_visible()
    expect(page.locator("[name=phone]")).to_be_focused()
    expect(page.locator("[name=phone]")).to_have_value("12345")
    expect(page.locator("[name=comment]")).to_have_value("Will call back")


def test_esc_leaves_it(page: Page) -> None:
    open_register(page)
    page.keyboard.press("Escape")

    expect(desk.part(page, "inquiries").or_(desk.part(page, "empty"))).to_be_visible()


def test_on_the_phone_the_card_comes_first_and_the_act_sticks(showroom: Showroom, seat: Seat) -> None:
    page = seat("operator", language="en", size=PHONE)
    page.goto("/register/call")

    save = page.locator(".phone-act [name=act]").filter(visible=True)
    expect(save).to_be_in_viewport()
    card, hits = page.locator("#register-card").bounding_box(), page.locator(".hits-do").bounding_box()
    assert card is not None
    assert hits is not None
    expect(page.locator(".hits-found")).to_be_hidden()
    assert card["y"] < hits["y"]
    page.locator("#register-q").fill("8 900 000-99-98")
    expect(desk.part(page, "new-person")).to_contain_text("8 900 000-99-98")
    expect(page.locator(".hit.is-on")).to_have_count(1)
    expect(page.locator("#register-card [name=phone]")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_the_same_phone_is_caught_while_a_card_is_written(showroom: Showroom, page: Page) -> None:
    number = showroom.new_phone()
    showroom.open_case("Надежда Львова", phone=number)
    page.goto("/customers/new")
    expect(page.locator("[data-island=lines][data-ready]").first).to_be_attached()

    page.locator("[name=phones]").first.fill(number)

    expect(desk.part(page, "same-phone")).to_contain_text("Надежда Львова")
    page.locator("[name=phones]").last.fill("8 900 000-00-01")
    expect(page.locator("[name=phones]")).to_have_count(3)


def test_another_purpose_changes_who_takes_over_and_what_is_said_and_nothing_that_was_typed(page: Page) -> None:
    open_register(page)
    page.locator("[name=name]").fill("Ольга Ким")
    expect(page.locator("#register-prompt")).to_contain_text("Which car")
    before = page.locator("#f-handed_to option").all_inner_texts()

    page.locator("[name=purpose][value=service]").check()

    expect(page.locator("#register-prompt")).not_to_contain_text("Which car")
    expect(page.locator("#register-prompt")).to_contain_text("What worries you about the car")
    expect(page.locator("[name=purpose][value=service]")).to_be_focused()
    expect(page.locator("[name=name]")).to_have_value("Ольга Ким")
    assert not set(before[1:]) & set(page.locator("#f-handed_to option").all_inner_texts())
