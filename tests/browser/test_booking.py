"""A visit is booked on the phone by keyboard alone, seen by others, and moved by keyboard and by mouse."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from tests.browser.desk import Seat, box_of, held_back, page_stands, part
from tests.browser.showroom import Showroom
from tests.browser.workshop import book_visit, open_workshop
from webapp.aftersales.models import ServiceVisit, VisitStatus
from webapp.inquiries.models import Inquiry, InquiryChannel

MOST_INPUTS = 8
FITS = "each => each.getBoundingClientRect().width <= each.parentElement.getBoundingClientRect().width"


@pytest.fixture(scope="module")
def monday(showroom: Showroom) -> Iterator[datetime]:
    """Ten o'clock on a Monday, the workshop being open."""
    moment = showroom.next_monday()
    open_workshop(showroom)
    return moment


def open_booking(page: Page, address: str = "") -> None:
    page.goto(f"/service/booking{address}")
    page_stands(page)
    expect(page.locator("[data-island=bays][data-ready]")).to_be_attached()


def the_visit(showroom: Showroom, name: str) -> ServiceVisit:
    with showroom.read() as session:
        found = [visit for visit in session.scalars(select(ServiceVisit)) if visit.customer.last_name == name]
    assert len(found) == 1
    return found[0]


@dataclass(frozen=True)
class Words:
    """What the dispatcher types and reads."""

    language: str
    phone: str
    name: str
    surname: str
    plate: str
    complaint: str
    held: str
    booked: str
    kept: str
    moved: str


RUSSIAN = Words(
    "ru",
    "8 900 000-77-11",
    "Белов Антон",
    "Белов",
    "в552мк20",
    "По утрам скрипит при трогании.",
    "Время держит Оксана Пирогова",
    "Записано: пн, 9 мар. 10:",
    "держим для вас",
    "Перенесено: пн, 9 мар.",
)
ENGLISH = Words(
    "en",
    "8 900 000-77-13",
    "Anton Sample",
    "Sample",
    "в553мк20",
    "Squeaks in the morning.",
    "Оксана Пирогова keeps this time",
    "Booked: Mon 9 Mar 1",
    "held for you",
    "Moved: Mon 9 Mar",
)


@pytest.mark.parametrize("words", [RUSSIAN, ENGLISH], ids=lambda words: words.language)
def test_a_call_is_booked_by_keyboard_within_eight_inputs_and_moved_by_its_process(
    showroom: Showroom, monday: datetime, seat: Seat, words: Words
) -> None:
    page, other = seat("dispatcher", language=words.language), seat("advisor", language=words.language)
    open_booking(other)
    open_booking(page)
    expect(part(page, "q")).to_be_focused()
    inputs = 0

    def write(text: str) -> None:
        nonlocal inputs
        inputs += 1
        page.keyboard.type(text)

    write(words.phone)
    expect(part(page, "name")).to_be_visible()
    page.keyboard.press("Tab")
    write(words.name)
    page.keyboard.press("Tab")
    write(words.plate)
    page.keyboard.press("Tab")
    write("Nordis Terra")
    page.keyboard.press("Tab")
    write("29400")
    page.keyboard.press("Tab")  # he leaves the car, as proposed
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    inputs += 1
    expect(part(page, "job-0")).to_have_value("maintenance_30")
    expect(part(page, "slot")).to_have_count(3)
    expect(part(page, "countdown")).to_contain_text(re.compile(r"4:\d\d"))
    expect(part(other, "held-bar").first).to_have_attribute("title", words.held)
    for _ in range(3):  # over "more work" and "repeat repair"
        page.keyboard.press("Tab")
    expect(part(page, "words")).to_be_focused()
    write(words.complaint)
    page.keyboard.press("Control+Enter")

    expect(page.locator("#messages")).to_contain_text(words.booked)
    assert inputs <= MOST_INPUTS
    visit = the_visit(showroom, words.surname)
    assert (visit.status, visit.km, visit.jobs) == (VisitStatus.BOOKED, 29_400, ["maintenance_30"])
    assert (visit.customer_words, visit.reasons) == (words.complaint, ["maintenance"])
    with showroom.read() as session:
        inquiry = session.get_one(Inquiry, visit.inquiry_id)
        assert (inquiry.channel, inquiry.case_key) == (InquiryChannel.CALL, visit.business_key)
    expect(page.locator(f"[data-test=bar][data-visit='{visit.id}']").first).to_be_visible()
    expect(part(other, "held-bar")).to_have_count(0)

    # by keyboard: from the bar to its form, another of the proposed times, confirmed
    page.locator(f"[data-test=bar][data-visit='{visit.id}']").first.press("Enter")
    expect(part(page, "move-form")).to_be_visible()
    page_stands(page)
    part(page, "propose").press("Enter")
    expect(part(page, "slot")).to_have_count(3)
    page.locator("#booking-times input[type=radio]:checked").press("ArrowDown")
    expect(part(page, "slot").nth(1)).to_contain_text(words.kept)
    page.keyboard.press("Control+Enter")
    expect(page.locator("#messages")).to_contain_text(words.moved)
    moved = the_visit(showroom, words.surname)
    assert moved.moved_count == 1
    assert moved.starts_at is not None
    assert visit.starts_at is not None
    assert moved.starts_at > visit.starts_at


def drag(page: Page, bar: Locator, dx: float, dy: float) -> None:
    box = box_of(bar)
    x, y = box["x"] + 20, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + dx / 2, y + dy / 2, steps=4)
    page.mouse.move(x + dx, y + dy, steps=4)
    page.mouse.up()


def test_a_bar_is_dragged_and_goes_back_with_the_reason_when_the_place_is_taken(
    showroom: Showroom, monday: datetime, seat: Seat
) -> None:
    wednesday = monday + timedelta(days=2)
    mine = book_visit(showroom, "Фадин Олег", wednesday.replace(hour=9), plate="А207ВС20")
    taken = book_visit(showroom, "Ларин Пётр", wednesday.replace(hour=11), bay="Lift 2", advisor="advisor2")
    page = seat("dispatcher")
    open_booking(page, f"?day={wednesday.date()}")
    bar = page.locator(f"[data-test=bar][data-visit='{mine}']").filter(has_text="Фадин")
    rival = page.locator(f"[data-test=bar][data-visit='{taken}']").filter(has_text="Ларин")
    expect(bar).to_be_visible()
    hour = box_of(bar)["width"] / 2  # the work takes two hours

    drag(page, bar, 4 * hour, 0)
    expect(page.locator("#messages")).to_contain_text("Перенесено: ср, 11 мар. 13:00, Подъёмник 1")
    assert the_visit(showroom, "Фадин").starts_at == wednesday.replace(hour=13)

    page.locator("#messages [data-dismiss]").first.click()
    before, wanted = box_of(bar), box_of(rival)
    drag(page, bar, wanted["x"] - before["x"], wanted["y"] - before["y"])
    expect(page.locator("#messages")).to_contain_text("Пост в это время занят. Ближайшее свободное время: 11.03.2026")
    expect(bar).to_be_visible()
    after = box_of(bar)
    assert (round(after["x"]), round(after["y"])) == (round(before["x"]), round(before["y"]))
    assert the_visit(showroom, "Фадин").starts_at == wednesday.replace(hour=13)


def test_what_is_missing_is_said_and_nothing_typed_is_lost_and_a_call_may_end_without_booking(
    showroom: Showroom, monday: datetime, seat: Seat
) -> None:
    page = seat("dispatcher", language="en")
    open_booking(page)
    page.keyboard.type("8 900 000-77-12")
    part(page, "name").fill("Sobol Irina")
    part(page, "words").fill("Only asks for the price")
    page.keyboard.press("Control+Enter")
    for name in ("car_plate", "km", "jobs"):
        expect(part(page, f"error-{name}")).to_be_visible()
    expect(part(page, "q")).to_have_value("8 900 000-77-12")
    expect(part(page, "name")).to_have_value("Sobol Irina")
    expect(part(page, "words")).to_have_value("Only asks for the price")

    page_stands(page)
    page.locator("[data-test=not-booked]:visible").click()
    page.locator("#not-booked label", has_text="Price").click()
    part(page, "save-not-booked").click()
    expect(page.locator("#messages")).to_contain_text("Saved.")
    with showroom.read() as session:
        ended = session.scalars(select(ServiceVisit).where(ServiceVisit.status == VisitStatus.NOT_BOOKED)).one()
        assert ended.not_booked_reason == "price"


def begin_call(page: Page, surname: str) -> None:
    """A call is half written down: who, what he says, the work; a time is held."""
    page.keyboard.type("8 900 000-77-15")
    part(page, "name").fill(f"{surname} Ольга")
    part(page, "plate").fill("в555мк20")
    part(page, "car").fill("Nordis Terra")
    part(page, "km").fill("29 400")
    part(page, "job-0").select_option("maintenance_30")
    part(page, "words").fill("Стучит справа")
    expect(part(page, "slot")).to_have_count(3)


def test_what_was_typed_survives_another_day_and_reload_and_is_gone_when_the_visit_is_booked(
    showroom: Showroom, monday: datetime, seat: Seat
) -> None:
    page = seat("dispatcher")
    open_booking(page)
    begin_call(page, "Драгунова")
    for leave in (lambda: page.locator("[rel=next]").click(), page.reload):
        leave()
        page_stands(page)
        expect(part(page, "name")).to_have_value("Драгунова Ольга")
        expect(part(page, "plate")).to_have_value("в555мк20")
        expect(part(page, "words")).to_have_value("Стучит справа")
        expect(part(page, "job-0")).to_have_value("maintenance_30")
        expect(part(page, "slot").first).to_contain_text("вт, 10 мар.")  # of the day that is shown

    part(page, "words").press("Control+Enter")
    expect(page.locator("#messages")).to_contain_text("Записано: вт, 10 мар.")
    for leave in (page.go_back, page.reload):
        leave()
        page_stands(page)
        expect(part(page, "q")).to_have_value("")
        expect(part(page, "words")).to_have_value("")
        expect(part(page, "job-0")).to_have_value("")
        expect(part(page, "countdown")).to_be_hidden()


def test_what_is_typed_while_the_caller_is_looked_for_stays(monday: datetime, seat: Seat) -> None:
    page = seat("dispatcher")
    open_booking(page)
    page.keyboard.type("8 900 000-77-1")
    expect(part(page, "name")).to_be_visible()
    with held_back(page, "**/service/booking/callers*") as asked:
        page.keyboard.type("8")
        asked()
        part(page, "plate").fill("в777ку20")
        part(page, "name").press_sequentially("Зимин Ян")

    expect(part(page, "name")).to_have_value("Зимин Ян")
    expect(part(page, "plate")).to_have_value("в777ку20")
    page.reload()
    page_stands(page)
    expect(part(page, "name")).to_have_value("Зимин Ян")


def test_what_is_wrong_in_a_dialog_is_seen_there(showroom: Showroom, monday: datetime, seat: Seat) -> None:
    page = seat("dispatcher", language="en")
    open_booking(page)
    page.keyboard.type("8 900 000-77-16")
    part(page, "name").fill("Orlova Inga")
    page.locator("[data-test=not-booked]:visible").click()
    part(page, "save-callback").click()
    page_stands(page)

    expect(page.locator("#not-booked [data-test=error-callback_at]")).to_be_visible()
    expect(page.locator("#b-back")).to_be_focused()
    part(page, "save-not-booked").click()
    page_stands(page)
    expect(page.locator("#not-booked")).to_be_visible()
    expect(page.locator("#not-booked [name=not_booked_reason]").first).to_be_focused()


def test_a_hit_leads_on_to_the_mileage_and_a_free_place_is_held_for_the_work(
    showroom: Showroom, monday: datetime, seat: Seat
) -> None:
    thursday = monday + timedelta(days=3)
    book_visit(showroom, "Фокин Пётр", thursday.replace(hour=9), bay="Lift 2", advisor="advisor2", plate="А312ВС20")
    late = book_visit(showroom, "Фокин Пётр", thursday.replace(hour=15), plate="А311ВС20")
    page = seat("dispatcher")
    open_booking(page, f"?day={thursday.date()}")
    page.keyboard.type("Фокин")
    expect(part(page, "hit")).to_have_count(2)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(part(page, "chosen")).to_be_visible()
    expect(part(page, "km")).to_be_focused()

    part(page, "job-0").select_option("maintenance_30")
    expect(part(page, "slot")).to_have_count(3)
    bar = page.locator(f"[data-test=bar][data-visit='{late}']").filter(has_text="Фокин")
    box = box_of(bar)  # two hours of work
    page.mouse.click(box["x"] - box["width"] / 2, box["y"] + box["height"] / 2)  # the work would run into the visit
    expect(part(page, "refused")).to_be_visible()
    box = box_of(bar)
    page.mouse.click(box["x"] - box["width"] + 2, box["y"] + box["height"] / 2)
    expect(page.locator("#booking-times .is-on")).to_contain_text("13:00")


def test_both_buttons_stand_inside_the_form_once_a_time_is_chosen(
    showroom: Showroom, monday: datetime, seat: Seat
) -> None:
    page = seat("dispatcher")
    page.set_viewport_size({"width": 1440, "height": 900})
    open_booking(page)
    part(page, "job-0").select_option("maintenance_30")
    expect(part(page, "slot")).to_have_count(3)
    book, other = (box_of(part(page, name).filter(visible=True)) for name in ("book", "not-booked"))

    assert abs(book["y"] + book["height"] / 2 - other["y"] - other["height"] / 2) < 2  # in one line
    assert book["x"] + book["width"] <= other["x"]
    assert other["x"] + other["width"] <= 1440


def test_the_hours_of_a_week_stand_apart_and_its_bars_tell_when_pointed_at(
    showroom: Showroom, monday: datetime, seat: Seat
) -> None:
    book_visit(showroom, "Чижова Анна", (monday + timedelta(days=4)).replace(hour=12), bay="Lift 3", plate="А399ВС20")
    page = seat("dispatcher")
    page.set_viewport_size({"width": 1440, "height": 900})
    open_booking(page, "?view=week")
    bar = page.locator("[data-test=bar][title^='Чижова']").first
    expect(bar).to_be_visible()
    assert bar.inner_text().strip() == ""
    expect(part(page, "load-day")).to_contain_text("понедельник, 9 марта")
    labels = page.locator("[data-test=bays] .ec-slot time, [data-test=bays] .ec-time").filter(visible=True)
    assert labels.count() >= 21
    texts = [labels.nth(at) for at in range(labels.count())]
    assert all(each.evaluate(FITS) for each in texts)
