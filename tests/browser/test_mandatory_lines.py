"""Why a mandatory line is left out is asked when the step is saved, and no more once every line is ticked."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.desk import Seat, fill_form, part, step_form
from tests.browser.showroom import Showroom
from tests.webapp.sales.answers import ARRIVED, NEEDS


@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_reason_comes_with_the_refusal_and_goes_with_the_last_tick(
    showroom: Showroom, seat: Seat, language: str
) -> None:
    case = showroom.open_case(visit_at=showroom.next_monday() + timedelta(days=1, hours=5))
    showroom.complete_in(case, outcome="confirmed")
    showroom.complete_in(case, **ARRIVED, handed_to=str(showroom.people["seller"]))
    page = seat("seller", language=language)
    page.goto(f"/cases/{case}")
    expect(page.locator("#step-form[data-ready]")).to_be_visible()
    reason = step_form(page).locator("[name=told_left_out]")
    expect(reason).to_have_count(0)
    fill_form(step_form(page), **NEEDS | {"told": ["phone"]}, comment="Красный")

    part(page, "complete").click()

    missing = {"ru": "О спецпредложении рассказано", "en": "Special offer told"}[language]
    expect(part(page, "error-told")).to_contain_text(missing)
    expect(reason).to_be_visible()
    expect(step_form(page).locator("[name=comment]")).to_have_value("Красный")
    fill_form(step_form(page), told=["offer", "credit"])
    expect(reason).to_be_hidden()
    fill_form(step_form(page), told=["credit"])  # taken back
    reason.fill("Платит сразу")
    part(page, "complete").click()

    expect(part(page, "message").first).to_be_visible()
    assert showroom.task_of(case).element == "choose_car"
