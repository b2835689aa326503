"""A process owner moves running cases to a new version while a salesperson has one of them open, and takes it back."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk import Seat, fill_form, part, step_form
from tests.browser.showroom import Showroom
from tests.dealer import ROOT
from tests.processes.next_worksheet import ADDED, FILE, OLD, RENAMED, next_version
from tests.webapp.sales.answers import ARRIVED, CHOICE, NEEDS, PRESENTED

OWNER = {"owner": ("Майя Седова", "crm_manager", None)}
OTHER = {OLD: (next_version(), RENAMED), RENAMED: ((ROOT / FILE).read_bytes(), OLD)}  # by the step of the live version


def at_the_presentation(showroom: Showroom) -> int:
    """A case whose next step is to show the car, whatever version is live."""
    seller = str(showroom.people["seller"])
    case = showroom.open_case(visit_at=showroom.next_monday() + timedelta(days=1, hours=5))
    showroom.complete_in(case, outcome="confirmed")
    showroom.complete_in(case, **ARRIVED, handed_to=seller)
    if showroom.task_of(case).element == ADDED:
        showroom.complete_in(case, **ARRIVED, handed_to=seller)
    showroom.complete_in(case, **NEEDS)
    showroom.complete_in(case, **CHOICE)
    return case


def plan_of(page: Page) -> None:
    page.goto("/processes?show=errand")  # the version of the test has no picture of its added step
    part(page, "processes").locator("[data-test^=move-sales_worksheet]").first.click()


@pytest.mark.parametrize("language", ["ru", "en"])
def test_what_is_being_typed_survives_the_move_and_the_way_back(showroom: Showroom, seat: Seat, language: str) -> None:
    if "owner" not in showroom.people:
        showroom.hire(OWNER)
    case = at_the_presentation(showroom)
    old = showroom.task_of(case).element
    text, new = OTHER[old]
    with showroom.write() as session:
        showroom.engine.deploy(session, {FILE: text}, actor_id=None, now=showroom.clock.now())
    page, owner = seat("seller", language=language), seat("owner", language=language)
    page.goto(f"/cases/{case}")
    expect(page.locator("#step-form[data-ready]")).to_be_visible()
    fill_form(step_form(page), **PRESENTED)

    plan_of(owner)
    expect(part(owner, f"map-{old}")).to_have_value(new)
    part(owner, "check").click()
    expect(part(owner, "stage-safe")).to_be_visible()
    part(owner, "apply").click()
    expect(part(owner, "stage-moved")).to_be_visible()
    assert showroom.task_of(case).element == new

    part(owner, "undo").click()
    assert showroom.task_of(case).element == new
    part(owner, "undo-sure").click()
    expect(part(owner, "stage-undone")).to_be_visible()
    assert showroom.task_of(case).element == old

    plan_of(owner)
    part(owner, "check").click()
    part(owner, "apply").click()
    expect(part(owner, "stage-moved")).to_be_visible()
    part(page, "complete").click()

    expect(part(page, "message").first).to_be_visible()
    assert showroom.task_of(case).element == "make_offer"
    page.goto(f"/cases/{case}")
    said = {"ru": "Процесс изменён", "en": "The process was changed"}[language]
    expect(page.get_by_text(said).first).to_be_attached()
