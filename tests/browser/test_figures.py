"""The marketer's way: enter spend, see what a case costs, follow a curve, take it away as workbook and picture."""

from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from lxml import etree
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.desk import Seat, page_stands, part
from tests.browser.reading import only_russian
from tests.browser.showroom import Showroom

LEADS = 3


@pytest.fixture(scope="module", autouse=True)
def leads(showroom: Showroom) -> None:
    for number in range(LEADS):
        showroom.open_lead(name=f"Илья Порт {'абв'[number]}")


def download(page: Page, kind: str) -> Path:
    part(page, "export").click()
    with page.expect_download() as waiting:
        part(page, f"export-{kind}").click()
    return Path(waiting.value.path())


def texts_of(picture: Path) -> list[str]:
    root = etree.fromstring(picture.read_bytes())
    return ["".join(each.itertext()) for each in root.iter("{http://www.w3.org/2000/svg}text")]


def is_painted(picture: Path) -> bool:
    colours = Image.open(BytesIO(picture.read_bytes())).convert("RGB").getcolors(maxcolors=1 << 20)
    return colours is not None and any(blue > red + 60 for _, (red, _green, blue) in colours)  # type: ignore[misc]


def test_from_spend_to_a_picture_of_the_curve(showroom: Showroom, seat: Seat) -> None:
    page = seat("admin")
    day = f"{showroom.local_now():%Y-%m-%d}"

    page.goto("/spend")
    part(page, "add-spend").click()
    page.locator("[name=from_day]").fill(day)
    page.locator("[name=to_day]").fill(day)
    page.locator("[name=amount]").fill("ничего")
    page.locator("[name=note]").fill("щит у кольцевой")
    page.get_by_role("button", name="Сохранить").click()
    expect(part(page, "error-amount")).to_have_text("Введите сумму, например 12 500,50.")
    expect(page.locator("[name=note]")).to_have_value("щит у кольцевой")
    page.locator("[name=amount]").fill("12 000")
    page.get_by_role("button", name="Сохранить").click()
    expect(part(page, "spending")).to_contain_text("12 000 ₽")
    only_russian(showroom, page)

    page.goto("/funnel?at=contact")
    page_stands(page)
    expect(part(page, "cost-contact")).to_have_text("4 000 ₽")
    only_russian(showroom, page)
    part(page, "costs-by-campaign").click()
    expect(part(page, "campaign-none")).to_contain_text("Без кампании")
    expect(part(page, "campaign-total")).to_contain_text("4 000 ₽")
    only_russian(showroom, page)
    part(page, "costs-by-source").click()
    expect(part(page, "source-total")).to_contain_text("4 000 ₽")
    bars = texts_of(download(page, "svg"))
    assert bars[0] == "Воронка: Рабочий лист"
    assert {"Обращение", "Выдан", str(LEADS)} <= set(bars)
    assert is_painted(download(page, "png"))
    book = openpyxl.load_workbook(BytesIO(download(page, "xlsx").read_bytes()))
    assert [cell.value for cell in book["Воронка"][2]][2:5] == [LEADS, 0, LEADS]

    part(page, "trend").click()
    part(page, "chip-what").click()
    page.get_by_role("link", name="Обращение", exact=True).click()
    page_stands(page)
    expect(page.locator('[data-test="curve"] svg path').first).to_be_attached()
    expect(part(page, "points")).to_contain_text(str(LEADS))
    only_russian(showroom, page)
    curve = texts_of(download(page, "svg"))
    assert curve[0] == "Динамика: Обращение"
    assert is_painted(download(page, "png"))

    part(page, "back").click()
    part(page, "side-by-side").click()
    page.locator("[name=period]").select_option("this_year")
    page.locator('[data-test="add-side"] button').click()
    expect(part(page, "side")).to_have_count(2)
    only_russian(showroom, page)
