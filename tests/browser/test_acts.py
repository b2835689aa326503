"""What a salesperson does on a case besides going on: nobody is locked in, and nothing typed is lost."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from engine.history.models import HistoryEvent
from engine.history.recording import EventKind
from tests.browser.desk import (
    Seat,
    complete_step,
    fill_form,
    moment,
    open_offer,
    open_task,
    page_stands,
    part,
    step_form,
)
from tests.browser.showroom import PEOPLE, Showroom


@pytest.fixture
def case(showroom: Showroom) -> int:
    """A call that agreed on a visit: the seller is to confirm it."""
    return showroom.open_case(visit_at=showroom.next_monday() + timedelta(days=1, hours=5))


def open_case(page: Page, case: int) -> Page:
    page.goto(f"/cases/{case}")
    return page


def count_events(showroom: Showroom, case: int, kind: EventKind) -> int:
    with showroom.read() as session:
        statement = select(func.count()).where(HistoryEvent.instance_id == case, HistoryEvent.kind == kind.value)
        return session.scalar(statement) or 0


def test_a_postponed_task_leaves_the_day_and_wakes_on_time(showroom: Showroom, seat: Seat) -> None:
    name = "Тамара Лосева"
    case = showroom.open_case(name=name, visit_at=showroom.next_monday() + timedelta(days=3, hours=5))
    page = open_case(seat("seller"), case)
    until = showroom.local_now() + timedelta(days=1)

    part(page, "postpone").first.click()
    dialog = page.locator("#postpone-dialog form")
    fill_form(dialog, reason="travel", until=until.strftime("%Y-%m-%d"), at="12:00", comment="до вторника в отъезде")
    part(page, "postpone-submit").click()

    expect(part(page, "message")).to_be_visible()
    page.goto("/diary/")
    expect(page.locator("#day")).not_to_contain_text(name)
    page.goto(f"/cases/{case}?view=chronicle")
    expect(part(page, "chronicle").first).to_contain_text("до вторника в отъезде")

    showroom.wait_until(until.replace(hour=12, minute=1))
    page.goto("/diary/")
    expect(page.locator("#day")).to_contain_text(name)
    part(page, "bell").first.locator("summary").click()
    expect(page.locator('[data-kind="woken"]').first).to_contain_text(name)


def test_a_step_of_the_diagram_tells_what_was_answered_there(showroom: Showroom, seat: Seat) -> None:
    case = showroom.open_case("Эмма Ларина", visit_at=showroom.next_monday() + timedelta(days=3, hours=5))
    page = open_case(seat("seller"), case)
    complete_step(page, outcome="confirmed", who_comes=["family"], comment="Приедут в три")
    page.goto(f"/cases/{case}?view=diagram")

    page.locator('.d-answered[data-element-id="confirm_visit"]').click()

    expect(page.locator("dialog[open] .facts")).to_contain_text("Приедут в три")


def test_a_postponing_is_taken_back_with_a_key(showroom: Showroom, seat: Seat) -> None:
    case = showroom.open_case("Ульяна Верес", visit_at=showroom.next_monday() + timedelta(days=3, hours=5))
    due = showroom.task_of(case).due_at
    page = open_case(seat("seller"), case)

    part(page, "postpone").first.click()
    page.locator("#postpone-dialog [data-preset]").last.click()
    part(page, "postpone-submit").click()
    expect(part(page, "undo")).to_be_visible()
    asleep = showroom.task_of(case).sleeps_until
    page_stands(page)
    page.keyboard.press("z")
    expect(part(page, "message")).to_contain_text("Отменено")

    back = showroom.task_of(case)
    assert asleep is not None
    assert asleep.astimezone().date() == (showroom.local_now() + timedelta(days=7)).date()
    assert (back.sleeps_until, back.due_at) == (None, due)


def test_a_task_is_handed_over_with_its_case(showroom: Showroom, seat: Seat, case: int) -> None:
    page = open_case(seat("seller"), case)

    part(page, "delegate").first.click()
    dialog = page.locator("#delegate-dialog form")
    fill_form(dialog, to=showroom.people["colleague"], with_case="true", comment="Знает клиента")
    part(page, "delegate-submit").click()
    expect(part(page, "message")).to_contain_text(PEOPLE["colleague"][0])

    colleague = seat("colleague")
    open_task(colleague, "Марина Белова")
    expect(step_form(colleague)).to_be_visible()
    assert showroom.task_of(case).assignee_id == showroom.people["colleague"]
    page.goto("/diary/")
    expect(page.locator("#day")).not_to_contain_text("Марина Белова")


def test_a_free_task_is_taken_by_one_of_its_role(showroom: Showroom, seat: Seat) -> None:
    case = showroom.open_lead(name="Фёдор Ким")
    operator = seat("operator")
    operator.goto("/diary/")

    part(operator, "lead").filter(has_text="Фёдор Ким").filter(visible=True).locator("button").click()

    expect(step_form(operator)).to_be_visible()
    expect(part(operator, "prompt")).to_contain_text(PEOPLE["operator"][0])
    assert showroom.task_of(case).assignee_id == showroom.people["operator"]


def test_a_contact_that_happened_and_a_comment_are_noted(seat: Seat, case: int) -> None:
    page = open_case(seat("seller"), case)

    part(page, "note-contact").first.click()
    page.locator("#contact-result").fill("Перезвонил сам, спросил о цвете")
    page.locator("#contact-dialog form").first.locator("button.btn-primary").click()
    expect(part(page, "message")).to_be_visible()
    expect(page.locator("#step-form[data-ready]")).to_be_visible()
    part(page, "note-contact").first.click()
    page.locator("#comment-text").fill("Жена решает")
    page.locator("#contact-dialog form").nth(1).locator(".form-acts button").click()

    page.goto(f"/cases/{case}?view=chronicle")
    chronicle = part(page, "chronicle").first
    expect(chronicle).to_contain_text("Перезвонил сам, спросил о цвете")
    expect(chronicle).to_contain_text("Жена решает")
    expect(step_form(open_case(page, case))).to_be_visible()


def test_an_earlier_answer_is_corrected_and_the_old_one_stays(showroom: Showroom, seat: Seat, case: int) -> None:
    page = open_case(seat("seller"), case)
    complete_step(page, outcome="confirmed", who_comes=["family"], comment="Приедут в три")

    open_case(page, case)
    part(page, "correct-confirm_visit").first.click()
    form = page.locator("form[data-main]")
    expect(form.locator("[name=comment]")).to_have_value("Приедут в три")
    fill_form(form, who_comes="colleague", comment="Приедут в четыре", correction_reason="Ослышался")
    part(page, "correct-submit").click()

    expect(part(page, "message")).to_be_visible()
    expect(part(page, "known").filter(visible=True).first).to_contain_text("Приедут в четыре")
    expect(part(page, "known").filter(visible=True).first).to_contain_text("С семьёй, С коллегой")
    page.goto(f"/cases/{case}?view=chronicle")
    chronicle = part(page, "chronicle").first
    expect(chronicle).to_contain_text("Ослышался")
    chronicle.locator("summary").last.click()
    expect(chronicle).to_contain_text("Приедут в три")


def test_what_is_typed_survives_a_reload_at_once_and_another_computer(seat: Seat, case: int) -> None:
    page = open_case(seat("seller"), case)
    fill_form(step_form(page), outcome="confirmed", comment="набрано, но не отправлено")
    page.reload()
    expect(page.locator("#step-form [name=comment]")).to_have_value("набрано, но не отправлено")
    expect(page.locator("#step-form [name=outcome][value=confirmed]")).to_be_checked()

    with page.expect_response(lambda answer: answer.url.endswith("/draft") and answer.status == 204):
        page.locator("#step-form [name=comment]").fill("дописано")
    elsewhere = open_case(seat("seller"), case)
    expect(elsewhere.locator("#step-form [name=comment]")).to_have_value("дописано")


def test_what_is_typed_in_the_dialog_of_a_refusal_stands_there_on_another_computer(seat: Seat, case: int) -> None:
    page = open_case(seat("seller"), case)
    form = open_offer(page, "refused")

    with page.expect_response(lambda answer: "/draft?boundary=refused" in answer.url and answer.status == 204):
        form.locator("[name=comment]").fill("Дорого для него")

    elsewhere = open_offer(open_case(seat("seller"), case), "refused")
    expect(elsewhere.locator("[name=comment]")).to_have_value("Дорого для него")


def test_a_refused_form_keeps_what_was_typed_and_shows_the_first_mistake(seat: Seat, case: int) -> None:
    page = open_case(seat("seller"), case)
    fill_form(step_form(page), outcome="moved", comment="позже скажет")

    part(page, "complete").click()

    expect(part(page, "form-errors")).to_be_visible()
    expect(part(page, "error-new_visit_at")).to_be_visible()
    expect(page.locator("#step-form [name=outcome][value=moved]")).to_be_checked()
    expect(page.locator("#step-form [name=comment]")).to_have_value("позже скажет")
    expect(page.locator("#step-form [name=new_visit_at]")).to_be_focused()


def test_two_tabs_complete_a_step_once(showroom: Showroom, seat: Seat, case: int) -> None:
    first = open_case(seat("seller"), case)
    second = first.context.new_page()
    open_case(second, case)
    for page in (first, second):
        fill_form(step_form(page), outcome="confirmed")

    part(first, "complete").click()
    expect(part(first, "message")).to_be_visible()
    part(second, "complete").click()
    expect(second.locator("body")).to_contain_text("Эту задачу уже выполнили")

    assert count_events(showroom, case, EventKind.TASK_COMPLETED) == 1
    assert showroom.task_of(case).element == "welcome"


def test_a_double_click_completes_a_step_once(showroom: Showroom, seat: Seat, case: int) -> None:
    page = open_case(seat("seller"), case)
    fill_form(step_form(page), outcome="moved", new_visit_at=moment(showroom.local_now() + timedelta(days=2)))

    part(page, "complete").dblclick()
    expect(part(page, "message").first).to_be_visible()

    assert count_events(showroom, case, EventKind.TASK_COMPLETED) == 1
    assert showroom.task_of(case).element == "confirm_visit"
