"""The panel beside the drawing: what is typed is never lost, and conditions are built of answers."""

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from tests.browser.desk import Seat, part
from tests.browser.showroom import Showroom
from tests.browser.studio import OWNER, choose, element, find, open_editor, saved
from webapp.studio.models import Draft


@pytest.fixture(autouse=True, scope="module")
def owner_is_hired(showroom: Showroom) -> None:
    showroom.hire(OWNER)


def test_what_is_typed_is_written_before_something_new_is_put_down(showroom: Showroom, seat: Seat) -> None:
    page = seat("owner", language="ru")
    open_editor(page, "errand")
    choose(page, "do_task")
    part(page, "field-name-ru").fill("Сделать сразу")
    steps = page.locator("g.djs-element.djs-shape").count()
    box = page.locator(".djs-palette [data-action='create.step']").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 10, box["y"] + 10)
    page.mouse.move(700, 600)
    page.mouse.click(720, 640)
    page.keyboard.type("Проверить")
    page.keyboard.press("Enter")
    expect(page.locator("g.djs-element.djs-shape")).to_have_count(steps + 1)
    expect(part(page, "element-id")).to_have_text("proverit")
    expect(element(page, "do_task")).to_contain_text("Сделать")


def test_a_condition_is_found_by_words_among_the_answers_that_come_before(showroom: Showroom, seat: Seat) -> None:
    page = seat("owner", language="ru")
    open_editor(page)
    find(page, "Такого шага нет")
    assert part(page, "find").evaluate("input => input.validationMessage") == "Шага с таким названием нет."
    find(page, "Подбираем автомобиль сейчас?")
    way(page, "remote_customer")
    part(page, "add-condition").click()
    nearest = part(page, "field-condition").locator("select").nth(1).locator("optgroup").first
    expect(nearest).to_have_attribute("label", "Выявление потребностей")
    part(page, "find-condition").last.fill("бюджет")
    answers = part(page, "field-condition").locator("select[size]")
    expect(answers.locator("option")).to_have_text(["Бюджет от", "Бюджет до"])
    answers.select_option(label="Бюджет до")
    row = part(page, "field-condition").locator(".part").last
    row.locator("select").nth(1).select_option(">")
    row.locator("input[type=number]").fill("2000000")
    saved(page)
    with showroom.read() as session:
        body = session.scalars(select(Draft.body).where(Draft.key == "sales_worksheet")).one()
    assert "needs_analysis.budget_to &gt; 2000000" in body


def way(page: Page, flow: str) -> None:
    """Choose a way by a click where it begins."""
    line = page.locator(f"g.djs-connection[data-element-id='{flow}'] .djs-visual > path").first
    x, y = line.evaluate(
        "path => { const at = path.getPointAtLength(60).matrixTransform(path.getScreenCTM()); return [at.x, at.y]; }"
    )
    page.mouse.click(x, y)
    expect(part(page, "element-id")).to_have_text(flow)
