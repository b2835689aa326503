"""Work without a mouse."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk import Seat, fill_form, page_stands, part, step_form
from tests.browser.showroom import Showroom

NAMES = ("Аркадий Лис", "Борис Лось", "Вадим Ёж")


@pytest.fixture(scope="module", autouse=True)
def customers(showroom: Showroom) -> dict[str, int]:
    """Three visits to confirm today: the first is the next task, two stand in the list."""
    visit = showroom.next_monday() + timedelta(days=1, hours=1)
    visits = {name: visit + timedelta(hours=number) for number, name in enumerate(NAMES)}
    return {name: showroom.open_case(name=name, visit_at=at) for name, at in visits.items()}


@pytest.fixture
def page(seat: Seat) -> Page:
    page = seat("seller")
    page.goto("/diary/")
    expect(page.locator("#day[data-ready]")).to_be_visible()  # its keys work from now on
    return page


def test_j_and_k_walk_the_list_and_enter_opens_the_row(page: Page, customers: dict[str, int]) -> None:
    rows = part(page, "task")
    expect(rows).to_have_count(2)

    page.keyboard.press("j")
    expect(rows.nth(0)).to_be_focused()
    page.keyboard.press("j")
    expect(rows.nth(1)).to_be_focused()
    page.keyboard.press("k")
    expect(rows.nth(0)).to_be_focused()
    title = rows.nth(0).locator(".task-name").inner_text()
    page.keyboard.press("Enter")

    expect(page.locator("h1").filter(visible=True)).to_have_text(title.split(": ")[1])


def test_enter_opens_the_next_task(page: Page) -> None:
    name = part(page, "next").locator("h2").inner_text().split(": ")[1]

    page.keyboard.press("Enter")

    expect(page.locator("h1").filter(visible=True)).to_have_text(name)


def test_ctrl_enter_submits_a_step_from_within_a_field(
    page: Page, showroom: Showroom, customers: dict[str, int]
) -> None:
    case = customers[NAMES[2]]
    page.goto(f"/cases/{case}")
    fill_form(step_form(page), outcome="confirmed", comment="Ждём")

    page.locator("#step-form [name=comment]").press("Control+Enter")

    expect(part(page, "message")).to_be_visible()
    assert showroom.task_of(case).element == "welcome"


def test_ctrl_k_finds_a_customer_by_the_last_digits_of_his_phone(page: Page, showroom: Showroom) -> None:
    showroom.open_case(name="Глафира Уж", phone="8 900 000-77-61")

    page.keyboard.press("Control+k")
    box = page.locator("#palette input[type=search]")
    expect(box).to_be_focused()
    box.press_sequentially("7761")
    hit = page.locator("#palette").locator('[data-test="hit"]').filter(has_text="Глафира")
    expect(hit.first).to_be_visible()
    page.keyboard.press("Escape")

    expect(page.locator("#palette")).to_be_hidden()


def test_a_question_mark_opens_the_help_in_russian_layout_too(page: Page) -> None:
    page.keyboard.press("Shift+Slash")
    expect(page.locator("#keyboard-help")).to_be_visible()
    expect(page.locator("#keyboard-help")).to_contain_text("Ctrl K")
    page.keyboard.press("Escape")
    expect(page.locator("#keyboard-help")).to_be_hidden()


def test_g_and_a_letter_goes_to_a_page_and_alt_n_registers(page: Page) -> None:
    page.keyboard.press("g")
    page.keyboard.press("c")
    expect(page).to_have_url(re.compile(r"/cases$"))
    page_stands(page)

    page.keyboard.press("Alt+n")
    expect(page.locator("#register-q")).to_be_focused()
