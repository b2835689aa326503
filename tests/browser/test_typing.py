"""What is typed on an open case survives a reload, a lost session, and a colleague who was faster."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from engine import case_data
from engine.history.models import HistoryEvent
from engine.history.recording import EventKind
from tests.browser.desk import Seat, fill_form, open_offer, part, step_form
from tests.browser.showroom import Showroom


@pytest.fixture
def case(showroom: Showroom) -> int:
    """A call that agreed on a visit: the seller is to confirm it."""
    return showroom.open_case(visit_at=showroom.next_monday() + timedelta(days=1, hours=5))


def open_case(page: Page, case: int) -> Page:
    page.goto(f"/cases/{case}")
    expect(page.locator("#step-form[data-ready]")).to_be_visible()
    return page


def test_a_contact_and_a_comment_survive_a_reload_and_are_gone_once_noted(seat: Seat, case: int) -> None:
    page = open_case(seat("seller"), case)
    part(page, "note-contact").first.click()
    page.locator("#contact-result").fill("Просил перезвонить после шести")
    page.locator("#comment-text").fill("Едет издалека")

    page.reload()
    expect(page.locator("#contact-dialog form[data-ready]")).to_have_count(2)
    part(page, "note-contact").first.click()
    expect(page.locator("#contact-result")).to_have_value("Просил перезвонить после шести")
    expect(page.locator("#comment-text")).to_have_value("Едет издалека")
    page.locator("#contact-dialog form .btn-primary").click()
    expect(part(page, "message").first).to_be_visible()

    open_case(page, case)
    expect(page.locator("#contact-dialog form[data-ready]")).to_have_count(2)
    expect(page.locator("#contact-result")).to_have_value("")
    expect(page.locator("#comment-text")).to_have_value("Едет издалека")


def test_a_refusal_that_is_half_filled_survives_a_reload(seat: Seat, case: int) -> None:
    page = open_case(seat("seller"), case)
    fill_form(open_offer(page, "refused"), comment="Думает о другой марке")

    page.reload()

    expect(open_offer(page, "refused").locator("[name=comment]")).to_have_value("Думает о другой марке")


def test_a_correction_survives_a_reload(showroom: Showroom, seat: Seat, case: int) -> None:
    showroom.complete_in(case, outcome="confirmed", comment="В три")
    page = seat("seller")
    page.goto(f"/cases/{case}/correct/confirm_visit")
    expect(page.locator("form[data-main][data-ready]")).to_be_visible()
    page.locator("[name=comment]").fill("В четыре")

    page.reload()

    expect(page.locator("[name=comment]")).to_have_value("В четыре")


def test_a_lost_session_keeps_the_step_and_sends_it_after_signing_in(
    showroom: Showroom, seat: Seat, case: int, problems: list[str]
) -> None:
    page = open_case(seat("seller"), case)
    fill_form(step_form(page), outcome="confirmed", comment="набрано до выхода")
    page.context.clear_cookies()
    page.evaluate("() => { const now = Date.now; Date.now = () => now() + 120000; }")  # not asked within a minute

    part(page, "complete").click()
    expect(page.locator("#session-lost")).to_be_visible()
    page.context.add_cookies([showroom.cookie("seller")])
    page.locator("#session-retry").click()

    expect(part(page, "message").first).to_be_visible()
    assert showroom.task_of(case).element == "welcome"
    problems.clear()  # the browser tells of drafts that could not be kept meanwhile


def test_what_a_colleague_was_faster_with_is_given_back_and_kept_as_a_comment(
    showroom: Showroom, seat: Seat, case: int
) -> None:
    page = open_case(seat("seller"), case)
    fill_form(step_form(page), outcome="confirmed", comment="Придёт с женой и сыном")
    showroom.complete_in(case, outcome="confirmed", comment="Подтвердил сам")

    part(page, "complete").click()

    given_back = part(page, "too-late")
    expect(given_back.locator("dl")).to_contain_text("Придёт с женой и сыном")
    part(page, "keep-typed").click()
    expect(page.locator("h1").filter(visible=True)).to_contain_text("Марина Белова")
    with showroom.read() as session:
        statement = select(HistoryEvent.payload).where(
            HistoryEvent.instance_id == case, HistoryEvent.kind == EventKind.COMMENTED.value
        )
        assert "Придёт с женой и сыном" in case_data.load(session.scalars(statement).one())["text"]


def test_a_step_that_was_handed_over_meanwhile_gives_back_what_was_typed(
    showroom: Showroom, seat: Seat, case: int, problems: list[str]
) -> None:
    page = open_case(seat("seller"), case)
    fill_form(step_form(page), outcome="confirmed", comment="Успел договориться")
    showroom.delegate_in(case, "colleague")

    part(page, "complete").click()

    expect(part(page, "too-late").locator("dl")).to_contain_text("Успел договориться")
    problems.clear()  # the browser tells of the refusal, and of the draft that was not taken
