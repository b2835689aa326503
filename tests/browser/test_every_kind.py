"""Every kind of field, filled in, left, found again, sent, read and corrected: at a desk and on a tablet."""

import re
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from engine import case_data
from engine.instances.models import CaseData
from tests.browser.desk import Seat, part, sign, step_form
from tests.browser.every_kind import CONTENTS, PDF, picture
from tests.browser.showroom import Showroom
from tests.webapp.sales.credit_reference import Credit, affordable_principal

WIDE, TABLET, PHONE = {"width": 1440, "height": 900}, {"width": 820, "height": 1180}, {"width": 390, "height": 844}
NUMBERS = count(1)
NBSP = "\u00a0"


def open_inspection(showroom: Showroom) -> int:
    with showroom.write() as session:
        showroom.engine.deploy(session, CONTENTS, actor_id=None, now=showroom.clock.now())
        begun = showroom.engine.correlate_message(
            session,
            "inspection.asked",
            f"inspection:{next(NUMBERS)}",
            {},
            actor_id=None,
            now=showroom.clock.now(),
            scope_id=showroom.centres["North"],
            owner_id=showroom.people["seller"],
        )
    assert begun is not None
    return begun.instance_id


def document_of(showroom: Showroom, case: int) -> dict[str, Any]:
    with showroom.read() as session:
        return case_data.load(session.get_one(CaseData, case).document)


def row(form: Locator, number: int, key: str = "works") -> Locator:
    return form.locator(f'[data-list="{key}"] [data-row]').nth(number)


def cell(form: Locator, name: str) -> Locator:
    return form.locator(f'[name="{name}"]')


def kept(page: Page) -> None:
    """Wait until what was typed has reached the server."""
    expect(step_form(page)).to_have_attribute("data-draft-kept", "")
    for _ in range(50):
        if not page.evaluate("Object.keys(localStorage).some((name) => name.startsWith('draft:'))"):
            return
        page.wait_for_timeout(100)
    raise AssertionError("the draft did not reach the server")


@pytest.mark.parametrize(("language", "size"), [("ru", WIDE), ("en", TABLET)], ids=["ru at a desk", "en on a tablet"])
def test_a_form_with_everything_is_filled_left_found_again_sent_and_corrected(
    showroom: Showroom, seat: Seat, language: str, size: dict[str, int]
) -> None:
    case = open_inspection(showroom)
    page = seat("seller", language=language, size=size, has_touch=size is TABLET)
    page.goto(f"/cases/{case}")
    form = step_form(page)
    expect(form).to_have_attribute("data-ready", "")

    form.locator('label:has([name="outcome"][value="fit"])').click()
    cell(form, "works.0.title").fill("Диагностика")
    cell(form, "works.0.hours").fill("1,5")
    cell(form, "works.0.price").fill("2 500")
    part(form, "add-works").focus()
    page.keyboard.press("Enter")
    expect(cell(form, "works.1.title")).to_be_focused()
    page.keyboard.type("Тормоза")
    cell(form, "works.1.hours").fill("4")
    expect(cell(form, "approval")).to_be_hidden()
    cell(form, "works.1.price").fill("3100.50")
    money = "16 152 ₽" if language == "ru" else "16,152 ₽"
    expect(part(form, "computed-total")).to_have_text(money.replace(" ", NBSP))
    cell(form, "approval").fill("Анна")
    part(form, "add-works").click()
    cell(form, "works.2.title").fill("лишняя")
    row(form, 2).locator('[data-test="drop-row"]').click()

    chips = form.locator("[data-ranked]")
    chips.locator('label:has([value="space"])').click()
    chips.locator('[value="safety"]').focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowLeft")
    expect(chips.locator(".rank").nth(0)).to_have_text("1")
    expect(chips.locator("input").nth(0)).to_have_value("safety")

    cell(form, "until").fill("2026-12-24")
    heard = form.locator('[data-search$="inquiries.sources"]')
    radio = "Радио" if language == "ru" else "Radio"
    heard.locator("[data-typed]").press_sequentially(radio[:3].lower())
    expect(heard.locator("[role=option]").first).to_have_text(re.compile(radio))
    page.keyboard.press("Enter")
    expect(cell(form, "heard").first).to_have_value("radio")
    with page.expect_response(lambda answer: "/files" in answer.url and answer.status == 201):
        part(form, "pick-photos").set_input_files(
            {"name": '"><script>alert(1)</script>.jpg', "mimeType": "image/jpeg", "buffer": picture()}
        )
    part(form, "pick-papers").set_input_files({"name": "ПТС.pdf", "mimeType": "application/pdf", "buffer": PDF})
    expect(form.locator('[data-files="papers"] [data-test="file"]')).to_have_count(1)
    sign(form, "signature")
    kept(page)

    page.reload()
    form = step_form(page)
    expect(form).to_have_attribute("data-ready", "")
    expect(cell(form, "works.1.title")).to_have_value("Тормоза")
    expect(form.locator('[data-list="works"] [data-row]')).to_have_count(2)
    expect(part(form, "computed-total")).to_have_text(money.replace(" ", NBSP))
    expect(form.locator("[data-ranked] input:checked")).to_have_count(2)
    expect(form.locator('[data-search$="inquiries.sources"] [data-typed]')).to_have_value(radio)
    expect(form.locator("[data-ranked] input").nth(0)).to_have_value("safety")
    for name in ("photos", "papers", "signature"):
        expect(form.locator(f'[data-files="{name}"] [data-test="file"]')).to_have_count(1)
    part(page, "complete").filter(visible=True).first.click()

    expect(part(page, "step-name")).to_have_text("Рассказать клиенту" if language == "ru" else "report")
    answers = document_of(showroom, case)["inspect"]
    assert answers["works"] == [
        {"title": "Диагностика", "hours": Decimal("1.5"), "price": Decimal(2500), "cost": Decimal(3750)},
        {"title": "Тормоза", "hours": Decimal(4), "price": Decimal("3100.50"), "cost": Decimal(12402)},
    ]
    assert answers["total"] == Decimal(16152)
    assert answers["heard"] == "radio"
    assert answers["priorities"] == ["safety", "space"]
    assert answers["signature"][0]["type"] == "image/png"
    assert "<" not in answers["photos"][0]["name"]

    page.goto(f"/cases/{case}?view=known")
    known = part(page, "known").filter(visible=True).first
    expect(part(known, "known-works")).to_contain_text("Тормоза")
    expect(part(known, "known-works")).to_contain_text(re.compile("12.402"))
    expect(part(known, "known-total")).to_have_text(money.replace(" ", NBSP))
    expect(part(known, "known-priorities").locator("li").first).to_have_text(
        "Безопасность" if language == "ru" else "Safety"
    )
    thumb = part(known, "known-photos").locator("img")
    expect(thumb).to_be_visible()
    thumb.scroll_into_view_if_needed()
    expect(thumb).to_have_js_property("naturalWidth", 64)
    expect(part(known, "known-papers").locator("a")).to_have_text("ПТС.pdf")

    page.goto(f"/cases/{case}/correct/inspect")
    form = page.locator("form.case-form")
    expect(form).to_have_attribute("data-ready", "")
    cell(form, "works.1.hours").fill("2")
    expect(form.locator('[data-files="photos"] [data-test="file"]')).to_have_count(1)
    part(form, "clear-signature").click()
    form.locator("[data-paper]").check()
    part(form, "correct-submit").click()
    answers = document_of(showroom, case)["inspect"]
    assert answers["total"] == Decimal(9951)
    assert answers["approval"] is None
    assert answers["signature"] == [{"paper": True}]
    page.goto(f"/cases/{case}?view=chronicle")
    chronicle = part(page, "chronicle").filter(visible=True).first
    expect(chronicle).to_contain_text("Всего, ранее" if language == "ru" else "Total, before")


def test_a_group_comes_and_goes_with_its_fields(showroom: Showroom, seat: Seat) -> None:
    case = open_inspection(showroom)
    page = seat("seller")
    page.goto(f"/cases/{case}")
    form = step_form(page)
    expect(form).to_have_attribute("data-ready", "")
    expect(form.get_by_role("heading", name="Гарантия")).to_be_hidden()
    expect(cell(form, "warranty_by")).to_be_disabled()

    form.locator('label:has([name="outcome"][value="fit"])').click()

    expect(form.get_by_role("heading", name="Гарантия")).to_be_visible()
    expect(cell(form, "warranty_no")).to_be_hidden()
    expect(cell(form, "warranty_no")).to_be_disabled()
    cell(form, "warranty_by").fill("Завод")
    cell(form, "warranty_no").fill("17")
    part(page, "complete").first.click()
    expect(part(page, "step-name")).to_have_text("Рассказать клиенту")
    answers = document_of(showroom, case)["inspect"]
    assert (answers["warranty_by"], answers["warranty_no"]) == ("Завод", "17")


@pytest.mark.parametrize(
    ("price", "months", "rate", "residual"),
    [
        ("1500500", "60", "14.9", ""),
        ("2000500", "36", "16.9", "800000"),
        ("1000500", "7", "0", ""),
        ("600500", "1", "18", ""),
    ],
)
def test_the_browser_computes_a_credit_to_the_rouble_as_the_server_does(
    showroom: Showroom, seat: Seat, price: str, months: str, rate: str, residual: str
) -> None:
    case = open_inspection(showroom)
    page = seat("seller", language="en")
    page.goto(f"/cases/{case}")
    form = step_form(page)
    expect(form).to_have_attribute("data-ready", "")
    for name, value in {"price": price, "down": "500", "months": months, "rate": rate, "residual": residual}.items():
        cell(form, f"variants.0.{name}").fill(value)
    for name, value in {"wished": "30000", "wished_months": months, "wished_rate": rate}.items():
        cell(form, name).fill(value)

    credit = Credit(Decimal(price) - 500, int(months), Decimal(rate), Decimal(residual or 0))
    carried = affordable_principal(Decimal(30000), months=int(months), annual_rate=Decimal(rate))
    expect(part(form, "computed-variants.0.monthly")).to_have_text(f"{credit.payment:,}{NBSP}₽")
    expect(part(form, "computed-variants.0.overpayment")).to_have_text(f"{credit.overpayment:,}{NBSP}₽")
    expect(part(form, "computed-affordable")).to_have_text(f"{carried:,}{NBSP}₽")


def test_a_row_with_a_fault_says_so_at_its_field_and_nothing_is_lost(showroom: Showroom, seat: Seat) -> None:
    case = open_inspection(showroom)
    page = seat("seller", size=PHONE)
    page.goto(f"/cases/{case}")
    form = step_form(page)
    expect(form).to_have_attribute("data-ready", "")
    cell(form, "works.0.hours").fill("много")
    part(form, "add-works").click()
    cell(form, "works.1.title").fill("Тормоза")
    form.locator("[data-paper]").check()
    form.evaluate("form => form.requestSubmit()")

    form = step_form(page)
    expect(part(form, "error-works.0.hours")).to_be_visible()
    expect(part(form, "error-works.0.title")).to_be_visible()
    expect(part(form, "error-outcome")).to_be_visible()
    expect(cell(form, "works.0.hours")).to_have_value("много")
    expect(cell(form, "works.1.title")).to_have_value("Тормоза")
    expect(form.locator("[data-paper]")).to_be_checked()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_rows_are_filled_without_scripts(showroom: Showroom, seat: Seat) -> None:
    case = open_inspection(showroom)
    page = seat("seller", java_script_enabled=False)
    page.goto(f"/cases/{case}")
    form = step_form(page)
    form.locator('label:has([name="outcome"][value="fit"])').click()
    for number, title in enumerate(("Первая", "Вторая", "Третья")):
        cell(form, f"works.{number}.title").fill(title)
    form.locator("[data-paper]").check()
    part(page, "complete").first.click()

    assert [each["title"] for each in document_of(showroom, case)["inspect"]["works"]] == ["Первая", "Вторая", "Третья"]


def test_a_file_that_is_refused_says_why(showroom: Showroom, seat: Seat) -> None:
    case = open_inspection(showroom)
    page = seat("seller")
    page.goto(f"/cases/{case}")
    form = step_form(page)
    expect(form).to_have_attribute("data-ready", "")
    part(form, "pick-photos").set_input_files(
        {"name": "car.jpg", "mimeType": "image/jpeg", "buffer": b"<html><script>alert(1)</script></html>"}
    )

    expect(form.locator('[data-files="photos"] [data-status]')).to_contain_text("car.jpg: ")
    expect(form.locator('[data-files="photos"] [data-test="file"]')).to_have_count(0)


@pytest.mark.parametrize("size", [WIDE, TABLET, PHONE], ids=["desk", "tablet", "phone"])
def test_a_unit_stands_beside_its_number_and_a_row_on_the_phone_fills_its_card(
    showroom: Showroom, seat: Seat, size: dict[str, int]
) -> None:
    page = seat("seller", language="en", size=size, has_touch=size is not WIDE)
    page.goto(f"/cases/{open_inspection(showroom)}")
    form = step_form(page)

    def box(found: Locator) -> dict[str, float]:
        measured = found.bounding_box()
        assert measured is not None
        return dict(measured)

    unit = form.locator(".unit:visible").first
    number, sign_box = box(unit.locator("input")), box(unit.locator("span"))
    assert abs((number["y"] + number["height"] / 2) - (sign_box["y"] + sign_box["height"] / 2)) < 2
    if size is PHONE:
        first = row(form, 0)
        card, field = box(first), box(first.locator("input:visible, select:visible").first)
        assert card["x"] + card["width"] - (field["x"] + field["width"]) < 20
        last, drop = box(first.locator(".field:visible").last), box(part(first, "drop-row"))
        assert drop["y"] >= last["y"] + last["height"]
