"""A process owner plays the sales worksheet: fills steps in, moves the clock, keeps the run and sees it hold."""

import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from engine.instances.models import ProcessInstance
from tests.browser.desk import Seat, page_stands, part
from tests.browser.showroom import Showroom
from tests.browser.test_looks import axe_findings

OWNER = {"player": ("Майя Седова", "crm_manager", None)}
WORDS = {
    "ru": {"held": "как ожидалось"},
    "en": {"held": "as expected"},
}


def do_step(page: Page) -> None:
    """The open step with made-up answers."""
    part(page, "fill").click()
    page_stands(page)
    part(page, "complete").click()
    page_stands(page)


@pytest.mark.parametrize("language", ["ru", "en"])
def test_a_run_is_played_kept_and_replayed(showroom: Showroom, seat: Seat, language: str) -> None:
    if "player" not in showroom.people:
        showroom.hire(OWNER)
    words = WORDS[language]
    page = seat("player", language=language)
    page.goto("/processes?show=sales_worksheet")
    part(page, "play-sales_worksheet").click()
    if part(page, "anew").count():
        part(page, "anew").click()
    expect(page.locator(".djs-container")).to_be_visible()
    page.locator("#s-walk_in").fill("true")
    part(page, "begin").click()
    expect(part(page, "clock")).to_contain_text("10:00")
    expect(page.locator(".d-here")).not_to_have_count(0)

    do_step(page)
    expect(page.locator(".d-gone")).not_to_have_count(0)
    part(page, "complete").click()  # nothing was filled in
    expect(part(page, "refusal")).to_be_visible()
    expect(page.locator("#step-form [aria-invalid]").first).to_be_visible()
    do_step(page)
    part(page, "hour").click()
    expect(part(page, "clock")).to_contain_text("11:00")
    page.reload()
    expect(part(page, "clock")).to_contain_text("11:00")  # it survives
    part(page, "back").click()
    expect(part(page, "clock")).to_contain_text("10:00")

    part(page, "keep").click()
    page.locator("#case-name").fill(f"To the needs, {language}")
    part(page, "keep-submit").click()
    page.wait_for_url("**#cases")
    assert page.evaluate("document.documentElement.scrollTop") == 0  # the list is brought up, not the whole page
    part(page, "replay").click()
    expect(page.locator("[data-test^=result-]").first).to_contain_text(words["held"])
    part(page, "coverage").click()
    expect(page.locator(".d-missing")).not_to_have_count(0)
    expect(part(page, "share")).to_have_text(re.compile(r"^\d+ .+ \d+"))
    with showroom.read() as session:
        assert session.scalar(select(func.count()).select_from(ProcessInstance)) == 0


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_is_serious_for_axe(showroom: Showroom, seat: Seat, theme: str) -> None:
    if "player" not in showroom.people:
        showroom.hire(OWNER)
    page = seat("player", color_scheme=theme)
    for address in ("", "?coverage=1&replay=1", "?fill=1"):
        page.goto(f"/studio/processes/errand/test{address}")
        if part(page, "begin").count():
            assert axe_findings(page) == []
            part(page, "begin").click()
        expect(page.locator(".djs-container")).to_be_visible()
        assert axe_findings(page) == []


@pytest.mark.parametrize("width", [1440, 820, 390])
def test_it_fits_the_screen(showroom: Showroom, seat: Seat, width: int) -> None:
    if "player" not in showroom.people:
        showroom.hire(OWNER)
    page = seat("player", size={"width": width, "height": 900})
    page.goto("/studio/processes/sales_worksheet/test")
    if part(page, "begin").count():
        part(page, "begin").click()
    expect(part(page, "step")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
