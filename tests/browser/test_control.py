"""The head's five minutes: what stands still and why, what left its path, and a look at every case."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import func, select

from engine.history.models import HistoryEvent
from engine.history.recording import EventKind
from tests.browser.desk import Seat, acts_stand, page_stands, part
from tests.browser.showroom import Showroom

TABLET, PHONE = {"width": 820, "height": 1180}, {"width": 390, "height": 844}
WIDTHS = {1440: {"width": 1440, "height": 900}, 820: TABLET, 390: PHONE}


def visit_tomorrow(showroom: Showroom, name: str) -> int:
    return showroom.open_case(name, visit_at=showroom.next_monday() + timedelta(days=1, hours=5))


def count(showroom: Showroom, case: int, kind: EventKind) -> int:
    with showroom.read() as session:
        statement = select(func.count()).where(HistoryEvent.instance_id == case, HistoryEvent.kind == kind.value)
        return session.scalar(statement) or 0


def row_of(page: Page, case: int) -> Locator:
    return page.locator(f'[data-instance="{case}"]')


@pytest.mark.parametrize(
    ("language", "heading", "cause"),
    [("en", "Control board", "Escalated to"), ("ru", "Доска контроля", "Сообщено руководителю")],
)
def test_the_head_sees_why_a_step_stands_still_reminds_and_answers(
    showroom: Showroom, seat: Seat, language: str, heading: str, cause: str
) -> None:
    case = visit_tomorrow(showroom, f"Лидия Снег {language}")
    showroom.pass_time(timedelta(days=2))
    head = seat("head", language=language)
    head.goto("/control/")
    expect(head.locator("h1").filter(visible=True)).to_have_text(heading)

    part(head, "people").locator(f'[data-person="{showroom.people["seller"]}"]').locator(
        '[data-test="cell-overdue"]'
    ).click()
    row = row_of(head, case).and_(part(head, "row"))
    expect(part(row, "cause")).to_contain_text(cause)
    expect(part(row, "plan")).to_be_visible()
    part(row, "remind").click()
    expect(part(head, "message")).to_be_visible()
    asked = row_of(head, case).and_(part(head, "escalation")).first
    while asked.count():  # a step may have been escalated more than once
        asked.locator("[name=text]").fill("Позвоните сегодня до шести")
        part(asked, "answer").click()
        expect(part(head, "message")).to_be_visible()
        asked = row_of(head, case).and_(part(head, "escalation")).first

    assert count(showroom, case, EventKind.ESCALATION_ANSWERED) >= 1
    seller = seat("seller", language=language)
    seller.goto(f"/cases/{case}")
    expect(part(seller, "instruction")).to_contain_text("Позвоните сегодня до шести")


def test_a_deviation_reaches_the_board_and_is_acknowledged_with_one_click(showroom: Showroom, seat: Seat) -> None:
    case = visit_tomorrow(showroom, "Марк Зимин")
    seller = seat("seller")
    seller.goto(f"/cases/{case}")
    acts_stand(seller)
    part(seller, "skip").first.click()
    seller.locator("#skip-reason").fill("Приедет без звонка")
    seller.locator("#skip-dialog .btn-primary").click()
    expect(part(seller, "message").first).to_be_visible()

    head = seat("head")
    head.goto("/control/?show=deviations")
    row = row_of(head, case)
    expect(part(row, "cause")).to_contain_text("Приедет без звонка")
    part(row, "seen").click()

    expect(part(head, "message")).to_be_visible()
    expect(row_of(head, case)).to_have_count(0)
    assert count(showroom, case, EventKind.DEVIATION_SEEN) == 1


def test_the_daily_check_is_done_with_keys_alone(showroom: Showroom, seat: Seat) -> None:
    first = visit_tomorrow(showroom, "Анна Первая")
    visit_tomorrow(showroom, "Борис Второй")
    head = seat("head")
    head.goto(f"/control/daily?person={showroom.people['seller']}")
    here = head.locator("[data-row].is-here")
    expect(here).to_have_count(1)
    before = part(head, "checked").inner_text()
    checked = str(here.get_attribute("data-instance"))

    head.keyboard.press("e")
    expect(part(head, "message")).to_be_visible()
    expect(part(head, "checked")).not_to_have_text(before)
    expect(row_of(head, int(checked))).to_have_class(re.compile("is-seen"))
    second = str(here.get_attribute("data-instance"))
    assert second != checked
    page_stands(head)
    head.keyboard.press("i")
    head.keyboard.type("Предложите тест-драйв")
    head.keyboard.press("Control+Enter")

    expect(row_of(head, int(second))).to_have_class(re.compile("is-seen"))
    seller = seat("seller", size=TABLET)
    seller.goto(f"/cases/{second}")
    expect(part(seller, "instruction")).to_contain_text("Предложите тест-драйв")
    assert first


@pytest.mark.parametrize("width", sorted(WIDTHS))
class TestThreeClicks:
    """Every act beside the guided way, from the open step: clicks are counted, typing is not."""

    def test_a_contact_is_noted(self, showroom: Showroom, seat: Seat, width: int) -> None:
        case = visit_tomorrow(showroom, f"Контакт {width}")
        page = open_step(seat, case, width)

        clicks = press(page, "note-contact") if width > 390 else press(page, "other-acts") + press(page, "note-contact")
        page.locator("#contact-result").fill("Перезвонил сам")
        clicks += press(page.locator("#contact-dialog"), selector="form .btn-primary")

        expect(part(page, "message").first).to_be_visible()
        assert (clicks <= 3, count(showroom, case, EventKind.CONTACT_NOTED)) == (True, 1)

    def test_a_step_is_marked_as_not_needed(self, showroom: Showroom, seat: Seat, width: int) -> None:
        case = visit_tomorrow(showroom, f"Лишний {width}")
        page = open_step(seat, case, width)

        clicks = 0
        if not part(page, "skip").filter(visible=True).count():
            clicks += press(page, "other-acts" if width == 390 else "more-acts")
        clicks += press(page, "skip")
        page.locator("#skip-reason").fill("Приедет без звонка")
        clicks += press(page.locator("#skip-dialog"), selector=".btn-primary")

        expect(part(page, "message").first).to_be_visible()
        assert (clicks <= 3, count(showroom, case, EventKind.TASK_SKIPPED)) == (True, 1)

    def test_an_earlier_answer_is_corrected(self, showroom: Showroom, seat: Seat, width: int) -> None:
        case = visit_tomorrow(showroom, f"Поправка {width}")
        showroom.complete_in(case, outcome="confirmed", who_comes=["family"], comment="В три")
        page = seat("seller", size=WIDTHS[width])
        page.goto(f"/cases/{case}")

        clicks = press(page, "tab-known") if width < 1200 else 0
        clicks += press(page, "correct-confirm_visit")
        page.locator("form[data-main] [name=comment]").fill("В четыре")
        clicks += press(page, "correct-submit")

        expect(part(page, "message").first).to_be_visible()
        assert (clicks <= 3, count(showroom, case, EventKind.ANSWER_CORRECTED)) == (True, 1)


def test_who_may_not_do_the_step_notes_a_contact_on_a_phone(showroom: Showroom, seat: Seat) -> None:
    case = visit_tomorrow(showroom, "Гостья на телефоне")
    page = seat("seller", size=PHONE)
    page.goto(f"/cases/{case}?view=known")

    press(page, "note-contact")
    page.locator("#contact-result").fill("Зашла сама")
    press(page.locator("#contact-dialog"), selector="form .btn-primary")

    expect(part(page, "message").first).to_be_visible()


def open_step(seat: Seat, case: int, width: int) -> Page:
    page: Page = seat("seller", size=WIDTHS[width])
    page.goto(f"/cases/{case}")
    acts_stand(page)
    return page


def press(place: Page | Locator, name: str = "", *, selector: str = "") -> int:
    """Click the one that is visible; a click."""
    place.locator(selector or f'[data-test="{name}"]').filter(visible=True).first.click()
    return 1
