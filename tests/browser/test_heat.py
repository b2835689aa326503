"""A process owner looks at a drawing by its figures, follows one to its cases and puts another person beside it."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.desk import Seat, part
from tests.browser.showroom import Showroom
from tests.browser.studio import OWNER, element
from webapp.funnel.step_cli import follow_log


@pytest.fixture(autouse=True, scope="module")
def owner_is_hired(showroom: Showroom) -> None:
    showroom.hire(OWNER)


def test_a_drawing_is_coloured_by_what_is_chosen(showroom: Showroom, seat: Seat) -> None:
    visit = showroom.next_monday() + timedelta(days=1, hours=5)
    first = showroom.open_case(name="Юлия Громова", visit_at=visit)
    showroom.open_case(visit_at=visit + timedelta(hours=2))
    step = showroom.task_of(first).element
    showroom.complete_in(first, outcome="confirmed")
    further = showroom.task_of(first).element
    with showroom.app.app_context():
        follow_log()
        follow_log()
    page = seat("owner", language="en")

    page.goto("/processes?show=sales_worksheet")
    part(page, "heat-sales_worksheet").click()
    for id_ in (step, further):
        expect(page.locator(f".d-heat-5[data-element-id='{id_}']")).to_be_attached()
        expect(part(page, f"badge-{id_}")).to_have_text("1")

    part(page, "by-entered").click()
    expect(part(page, f"badge-{step}")).to_have_text("2")
    expect(page.locator(f".d-heat-5[data-element-id='{step}']")).to_be_attached()
    expect(page.locator(f".d-heat-4[data-element-id='{further}']")).to_be_attached()
    expect(page.locator(".bjs-powered-by")).to_be_visible()
    element(page, further).click(force=True)
    expect(page.get_by_text("Юлия Громова").first).to_be_visible()
    expect(page.locator("[data-row]")).to_have_count(1)

    page.go_back()
    part(page, "chip-beside").click()
    page.get_by_role("link", name="Алина Лебедева").click()
    for number in (1, 2):
        expect(part(page, f"drawing-{number}").locator(".djs-container")).to_be_visible()
    expect(part(page, "drawing-2").locator(f".d-heat-5[data-element-id='{step}']")).to_be_attached()
    expect(page.locator("[data-test=pair] thead")).to_contain_text("Алина Лебедева")
