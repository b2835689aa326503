"""What the browser does around a form: a lost connection, and «Back»."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.desk import Seat, fill_form, part, step_form
from tests.browser.showroom import Showroom
from tests.browser.test_acts import open_case


@pytest.fixture
def case(showroom: Showroom) -> int:
    """A call that agreed on a visit: the seller is to confirm it."""
    return showroom.open_case(visit_at=showroom.next_monday() + timedelta(days=1, hours=5))


def test_a_form_that_is_sent_without_a_connection_stays_and_loses_nothing(
    seat: Seat, case: int, problems: list[str]
) -> None:
    page = open_case(seat("seller"), case)
    expect(page.locator("#step-form[data-ready]")).to_be_visible()
    page.context.set_offline(True)
    page.locator("#step-form [name=comment]").fill("набрано в подвале")

    part(page, "complete").click()

    expect(page.locator("#messages")).to_contain_text("Нет связи")
    expect(page.locator("#step-form [name=comment]")).to_have_value("набрано в подвале")
    page.context.set_offline(False)
    expect(page.locator("#messages")).not_to_contain_text("Нет связи")
    problems.clear()  # the browser says in the console that the connection was lost


def test_what_was_sent_into_the_void_is_there_when_the_case_is_opened_again(
    seat: Seat, case: int, problems: list[str]
) -> None:
    page = open_case(seat("seller"), case)
    expect(page.locator("#step-form[data-ready]")).to_be_visible()
    page.route("**/tasks/**", lambda route: route.abort())
    page.locator("#step-form [name=comment]").fill("связь пропала в дороге")

    part(page, "complete").click()
    expect(page.locator("#step-form")).to_have_count(0)
    page.unroute("**/tasks/**")
    open_case(page, case)

    expect(page.locator("#step-form [name=comment]")).to_have_value("связь пропала в дороге")
    problems.clear()  # the browser says in the console that the connection was lost


def test_back_from_the_page_after_a_refused_form_leads_to_the_case(seat: Seat, case: int) -> None:
    page = open_case(seat("seller"), case)
    fill_form(step_form(page), outcome="moved")
    part(page, "complete").click()
    expect(part(page, "form-errors")).to_be_visible()
    fill_form(step_form(page), outcome="confirmed")
    part(page, "complete").click()
    expect(part(page, "message").first).to_be_visible()

    page.go_back()

    expect(page.locator("h1")).to_contain_text("Марина Белова")
