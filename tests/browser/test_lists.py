"""Lists and the board under the hand: filters, saved views, next and previous, many at once, cards that are dropped."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.desk import Seat, complete_step, fill_form, page_stands, part, step_form
from tests.browser.showroom import Showroom

BOTH = pytest.mark.parametrize("language", ["ru", "en"])
PHONE = {"width": 390, "height": 844}
BOARD = "/cases/board?process=sales_worksheet"


def row(page: Page, case: int) -> Locator:
    return page.locator(f"#case-{case}")


def column(page: Page, name: str) -> Locator:
    return page.locator(f'[data-column="{name}"]')


def waiting_for_visit(showroom: Showroom, name: str) -> int:
    """A guest who waits in the showroom: the welcome of the reception is open."""
    return showroom.open_case(name, visit_at=showroom.next_monday() + timedelta(days=2))


@BOTH
def test_a_filter_becomes_a_view_that_a_link_opens(showroom: Showroom, seat: Seat, language: str) -> None:
    case = waiting_for_visit(showroom, "Тимур Вагин")
    other = waiting_for_visit(showroom, "Кирилл Соснин")
    page = seat("head", language=language)
    page.goto("/cases?state=open&process=sales_worksheet")

    part(page, "find").fill("Вагин")
    part(page, "find").press("Enter")
    expect(row(page, case)).to_be_visible()
    expect(row(page, other)).to_have_count(0)
    part(page, "chip-milestone").click()
    page.locator(".menu[open] .menu-item", has_text=re.compile(r"^\s*(Обращение|Contact)\s*$")).click()
    expect(page).to_have_url(re.compile("milestone=contact"))
    part(page, "view-menu").click()
    page.locator("#view-name").fill(f"Вагин {language}")
    part(page, "view-save").click()
    expect(part(page, "message").first).to_contain_text(f"Вагин {language}")
    part(page, "view-menu").click()
    link = part(page, "view-link").input_value()

    colleague = seat("seller", language=language)
    colleague.goto(link)

    expect(row(colleague, case)).to_be_visible()
    expect(row(colleague, other)).to_have_count(0)
    expect(part(colleague, "find")).to_have_value("Вагин")


def test_next_and_previous_keep_the_filter_and_the_row_is_marked(showroom: Showroom, seat: Seat) -> None:
    cases = [waiting_for_visit(showroom, f"Лада Рябова {number}") for number in ("А", "Б", "В")]
    page = seat("head", language="en")
    page.goto("/cases?state=open&sort=oldest&q=Рябова")

    row(page, cases[0]).locator("a").first.click()
    expect(part(page, "position")).to_have_text("1 of 3")
    page_stands(page)
    page.keyboard.press("j")
    expect(page).to_have_url(re.compile(rf"/cases/{cases[1]}\?"))
    part(page, "next-case").click()
    expect(part(page, "position")).to_have_text("3 of 3")
    page_stands(page)
    page.keyboard.press("k")
    expect(page).to_have_url(re.compile(rf"/cases/{cases[1]}\?"))
    expect(page.locator("[data-island=seen][data-ready]")).to_be_visible()
    part(page, "to-list").click()

    expect(part(page, "find")).to_have_value("Рябова")
    expect(row(page, cases[1])).to_have_class(re.compile("is-seen"))


@BOTH
def test_many_cases_are_handed_over_and_taken_back(showroom: Showroom, seat: Seat, language: str) -> None:
    cases = [waiting_for_visit(showroom, f"Пётр Зимин {language} {number}") for number in (1, 2)]
    page = seat("head", language=language)
    page.goto(f"/cases?state=open&q=Зимин {language}")

    for case in cases:
        row(page, case).locator("input[name=case]").check()
    expect(page.locator("[data-chosen]")).to_contain_text("2")
    part(page, "hand-over").click()
    expect(part(page, "preview")).to_contain_text("Алина Лебедева")
    page.locator("[name=to]").select_option(label="Роман Титов")
    page.locator("[name=comment]").fill("Алина на обучении")
    page.locator("main form .btn-primary").click()
    expect(part(page, "message").first).to_contain_text("Роман Титов")
    expect(row(page, cases[0])).to_contain_text("Роман Титов")
    page.locator("[data-undo]").click()

    expect(row(page, cases[0])).to_contain_text("Алина Лебедева")
    expect(row(page, cases[1])).to_contain_text("Алина Лебедева")


@BOTH
def test_a_dropped_card_opens_the_step_and_moves_when_it_is_done(showroom: Showroom, seat: Seat, language: str) -> None:
    case = waiting_for_visit(showroom, f"Егор Быков {language}")
    page = seat("seller", language=language)
    page.goto(f"{BOARD}&q=Быков {language}")
    expect(page.locator("[data-island=board][data-ready]")).to_be_visible()
    expect(column(page, "contact").locator(f"#case-{case}")).to_be_visible()

    row(page, case).drag_to(column(page, "presentation"))
    expect(part(page, "refusal")).to_contain_text(
        re.compile("ещё шаги: Подтверждение визита|stand: Invite and confirm")
    )
    page.keyboard.press("Escape")
    expect(part(page, "refusal")).to_be_hidden()

    page.goto(f"/cases/{case}")
    complete_step(page, outcome="confirmed")
    reception = seat("reception", language=language)
    reception.goto(f"{BOARD}&q=Быков {language}")
    expect(reception.locator("[data-island=board][data-ready]")).to_be_visible()
    row(reception, case).drag_to(column(reception, "visit"))
    expect(reception).to_have_url(re.compile(rf"/cases/{case}\?.*task="))
    expect(reception.locator("#step-form input[name=outcome]:checked")).to_have_value("continue")
    expect(reception.locator("#step-form[data-ready]")).to_be_visible()
    seller = str(showroom.people["seller"])
    fill_form(step_form(reception), first_visit="no", purpose="new_car", handed_to=seller)
    part(reception, "complete").click()

    expect(reception).to_have_url(re.compile("/cases/board"))
    expect(column(reception, "visit").locator(f"#case-{case}")).to_be_visible()


def test_the_board_is_worked_with_keys_alone(showroom: Showroom, seat: Seat) -> None:
    case = waiting_for_visit(showroom, "Злата Орешкина")
    page = seat("seller", language="en")
    page.goto(f"{BOARD}&q=Орешкина")
    expect(page.locator("[data-island=board][data-ready]")).to_be_visible()

    page.keyboard.press("j")
    page.keyboard.press("m")
    item = row(page, case).locator('[data-move="outcome:refused"]')
    expect(item).to_be_visible()
    item.focus()
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile(r"offer=refused"))
    expect(page.locator("#offer-refused")).to_be_visible()


def test_on_the_phone_a_card_is_moved_by_its_menu(showroom: Showroom, seat: Seat) -> None:
    case = waiting_for_visit(showroom, "Яна Ключева")
    page = seat("seller", size=PHONE, has_touch=True, is_mobile=True)
    page.goto(f"{BOARD}&q=Ключева")
    expect(page.locator("[data-island=board][data-ready]")).to_be_visible()

    part(row(page, case), "move").tap()
    row(page, case).locator('[data-move="worksheet"]').tap()

    expect(part(page, "refusal")).to_contain_text("До «Рабочий лист» ещё шаги")
    part(page, "open-step").tap()
    expect(part(page, "step-name")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
