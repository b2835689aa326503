"""The advisor's board of the day is live, and a car is found and added by keyboard."""

from datetime import timedelta

from playwright.sync_api import expect

from tests.browser.desk import Seat, page_stands, part
from tests.browser.showroom import Showroom
from tests.browser.workshop import book_visit, open_workshop
from webapp.aftersales.models import ServiceVisit, VisitStatus


def test_a_visit_moves_over_the_open_board_and_a_car_is_found_by_its_plate(showroom: Showroom, seat: Seat) -> None:
    monday = showroom.next_monday()
    open_workshop(showroom)
    visit_id = book_visit(showroom, "Белов Антон", monday.replace(hour=11), plate="В552МК20")
    showroom.clock.set(monday + timedelta(minutes=30))
    page = seat("advisor")
    page.goto("/")
    expect(page).to_have_url("/service/board")
    page_stands(page)
    expect(part(page, "column-expected")).to_contain_text("В 552 МК 20")
    expect(page.locator("body[data-live-state=open]")).to_be_attached()
    page.evaluate("document.body.dataset.same = 'page'")

    with showroom.write() as session:  # a colleague receives the car
        visit = session.get_one(ServiceVisit, visit_id)
        visit.status, visit.arrived_at = VisitStatus.ARRIVED, showroom.clock.now()

    expect(part(page, "column-arrived")).to_contain_text("Антон Белов", timeout=15_000)
    expect(part(page, "column-expected")).to_contain_text("Никого")
    expect(page.locator("body[data-same=page]")).to_be_attached()  # it was not loaded anew

    page.keyboard.press("Control+k")
    page.keyboard.type("b552mk")
    expect(part(page, "hit").first).to_contain_text("В 552 МК 20")
    page.keyboard.press("Enter")
    expect(page.locator("h1:visible")).to_contain_text("Nordis Terra")
    page.locator("[data-test=owners] a").click()
    part(page, "add-car").click()
    page.keyboard.type("м914ер20")
    page.keyboard.press("Tab")
    page.keyboard.type("хта00000000000701")
    page.locator("#f-description").fill("ВАЗ 2107")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#messages")).to_contain_text("Автомобиль добавлен.")
    expect(part(page, "cars")).to_contain_text("М 914 ЕР 20, VIN …000701")
