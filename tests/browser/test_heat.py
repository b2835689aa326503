"""A process owner looks at a drawing by its figures, follows one to its cases and puts another person beside it."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.desk import Seat, part
from tests.browser.showroom import Showroom
from tests.browser.studio import OWNER, element
from tests.browser.test_looks import axe_findings
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
    expect(part(page, f"badge-{further}")).to_have_attribute("href", re.compile(f"/funnel/steps/cases.*{further}"))
    element(page, further).dispatch_event("click")  # in a small drawing its badge lies above it
    expect(page.get_by_text("Юлия Громова").first).to_be_visible()
    expect(page.locator("[data-row]")).to_have_count(1)

    page.go_back()
    part(page, "chip-beside").click()
    page.get_by_role("link", name="Алина Лебедева").click()
    for number in (1, 2):
        expect(part(page, f"drawing-{number}").locator(".djs-container")).to_be_visible()
    expect(part(page, "drawing-2").locator(f".d-heat-5[data-element-id='{step}']")).to_be_attached()
    expect(page.locator("[data-test=pair] thead")).to_contain_text("Алина Лебедева")

    # the narrowest last: there one drawing is under the other
    for width, height, theme in ((1440, 900, "dark"), (820, 1180, "light"), (390, 844, "dark")):
        page.emulate_media(color_scheme=theme)
        page.set_viewport_size({"width": width, "height": height})
        page.reload()
        expect(part(page, "drawing-2").locator(".djs-container")).to_be_visible()
        assert axe_findings(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    first_box, second_box = (part(page, f"drawing-{number}").bounding_box() for number in (1, 2))
    assert first_box is not None
    assert second_box is not None
    assert second_box["y"] > first_box["y"]
