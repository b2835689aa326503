"""A process owner changes the worksheet in the browser; the salesperson keeps what he types and sees the step next."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from engine.instances.models import ProcessInstance
from tests.browser.desk import Seat, fill_form, part, step_form
from tests.browser.showroom import Showroom
from tests.browser.studio import OWNER, add_step, choose, drawn, element, find, open_editor, saved
from tests.webapp.sales.answers import ARRIVED, NEEDS

NAMES = {"ru": "Показать запись с камеры", "en": "Show the recording"}
IDS = {"ru": "pokazat_zapis_s_kamery", "en": "show_recording"}
TABLES = {"ru": "Кто показывает", "en": "Who shows it"}
WORDS = {"ru": ("Хочет посмотреть?", "продавец", "старший мастер"), "en": ("Wants to see it?", "salesperson", "head")}


@pytest.fixture(autouse=True, scope="module")
def owner_is_hired(showroom: Showroom) -> None:
    showroom.hire(OWNER)


def at_the_needs(showroom: Showroom) -> int:
    """A case whose customer is in the showroom."""
    seller = str(showroom.people["seller"])
    case = showroom.open_case(visit_at=showroom.next_monday() + timedelta(days=1, hours=5))
    showroom.complete_in(case, outcome="confirmed")
    showroom.complete_in(case, **ARRIVED, handed_to=seller)
    return case


@pytest.mark.parametrize("language", ["ru", "en"])
def test_a_step_with_form_and_table_is_drawn_published_and_taken_back_while_somebody_types(
    showroom: Showroom, seat: Seat, language: str
) -> None:
    """No expression and no XML is typed: buttons, lists and plain words."""
    case, other = at_the_needs(showroom), at_the_needs(showroom)
    before = versions(showroom, case, other)
    page, owner = seat("seller", language=language), seat("owner", language=language)
    page.goto(f"/cases/{case}")
    expect(page.locator("#step-form[data-ready]")).to_be_visible()
    fill_form(step_form(page), **NEEDS)

    open_editor(owner)
    find(owner, {"ru": "Выявление потребностей", "en": "Analyse the needs"}[language])
    made = add_step(owner, "needs_analysis", NAMES[language])
    assert made == IDS[language]
    part(owner, "field-prompt-ru").fill("Покажите запись, если клиент просит.")
    part(owner, "field-prompt").fill("Show the recording if the customer asks.")
    part(owner, "field-name-ru").fill(NAMES["ru"])
    part(owner, "field-name").fill(NAMES["en"])
    part(owner, "field-role").select_option("sales_manager")
    part(owner, "new-form").click()
    ask_yes_or_no(owner, WORDS[language][0])
    part(owner, "back-to-drawing").click()
    drawn(owner)
    expect(part(owner, "element-id")).to_have_text(made)
    table = add_step(owner, made, TABLES[language], "decision")
    part(owner, "new-table").click()
    part(owner, "find-answer").fill(WORDS[language][0])
    part(owner, "table-answers").locator("label:visible input").check()
    part(owner, "make-table").click()
    decide(owner, *WORDS[language][1:])
    part(owner, "back-to-drawing").click()
    drawn(owner)
    expect(part(owner, "element-id")).to_have_text(table)
    expect(part(owner, f"mark-{made}")).to_have_count(0)
    expect(part(owner, f"mark-{table}")).to_have_count(0)

    part(owner, "test-run").click()
    part(owner, "begin").click()
    expect(owner.locator(".d-here")).not_to_have_count(0)
    owner.go_back()
    owner.go_back()
    drawn(owner)
    part(owner, "to-publish").click()
    expect(part(owner, f"change-{made}")).to_be_visible()
    expect(owner.locator(f".d-add[data-element-id='{made}']")).to_be_attached()
    part(owner, "note").fill("Asked for at the meeting")
    part(owner, "publish").click()
    expect(part(owner, "stage-moved")).to_be_visible()
    assert showroom.task_of(case).element == "needs_analysis"
    assert next_step(seat("seller", language=language), other, "needs_analysis") == f"step-{made}"

    part(page, "complete").click()
    expect(part(page, "message").first).to_be_visible()
    assert showroom.task_of(case).element == made
    assert showroom.task_of(case).assignee_id == showroom.people["seller"]  # as the step that it was put behind
    page.goto(f"/cases/{case}")
    expect(page.get_by_text(NAMES[language]).first).to_be_visible()
    step_form(page).get_by_text("No", exact=True).click()
    part(page, "complete").click()
    expect(part(page, "message").first).to_be_visible()
    assert showroom.task_of(case).element not in {made, "needs_analysis"}
    assert showroom.data_of(case)[table] == {"result": WORDS[language][2]}

    part(owner, "undo").click()
    part(owner, "undo-sure").click()
    expect(part(owner, "stage-undone")).to_be_visible()
    assert showroom.task_of(other).element == "needs_analysis"
    assert versions(showroom, case, other) == before
    owner.goto("/processes/sales_worksheet/versions")
    part(owner, "again-1").click()
    part(owner, "again-1-sure").click()
    expect(part(owner, "message").first).to_be_visible()


def versions(showroom: Showroom, *cases: int) -> set[int]:
    """Of the drawing on which these cases run."""
    with showroom.read() as session:
        return set(session.scalars(select(ProcessInstance.definition_id).where(ProcessInstance.id.in_(cases))))


def next_step(page: Page, case: int, element: str) -> str | None:
    """What the list of steps shows behind this one."""
    page.goto(f"/cases/{case}")
    return part(page, f"step-{element}").first.locator("+ li").get_attribute("data-test", timeout=5000)


def ask_yes_or_no(page: Page, label: str) -> None:
    """The new form asks one thing, to be chosen."""
    expect(page.locator("[data-island=designer][data-ready]")).to_be_attached()
    part(page, "add-radio").click()
    part(page, "prop-label").fill(label)
    part(page, "prop-label.ru").fill(label)
    for at, value in enumerate(("Yes", "No")):
        part(page, f"choice-{at}-label").fill(value)
        expect(part(page, f"choice-{at}-value")).to_have_value(value.lower())
    page.locator(".ed-form [data-id='field_answer']").click()
    page.locator(".ed-form .fjs-context-pad button").click()
    expect(page.locator(".ed-form [data-id='field_answer']")).to_have_count(0)
    expect(page.locator('[data-test="phase"][data-phase="saved"]')).to_be_visible()


def decide(page: Page, yes: str, no: str) -> None:
    """Two rules: the words are written as one says them."""
    expect(page.locator("[data-island=decision][data-ready]")).to_be_attached()
    for at, said in enumerate((yes, no)):
        page.locator(".add-rule-add").first.click()
        page.locator("td.input-cell").nth(at).click()
        page.locator(".simple-mode-button").click()
        page.locator(".simple-string-edit input[type=checkbox], .dms-list-component input[type=checkbox]").nth(
            at
        ).check()
        page.keyboard.press("Escape")
        page.locator("td.output-cell").nth(at).click()
        page.keyboard.type(said)


def test_what_stands_in_the_way_is_told_at_the_element(showroom: Showroom, seat: Seat) -> None:
    page = seat("owner", language="ru")
    open_editor(page, "errand")
    choose(page, "do_task")
    made = add_step(page, "do_task", "Пустой шаг")
    saved(page)
    expect(part(page, f"mark-{made}")).to_be_visible()
    expect(part(page, "problem-prompt_missing")).to_be_visible()
    expect(part(page, "problem-user_task_without_form")).to_be_visible()
    part(page, "problems").click()
    page.locator("[data-problem-list] button").first.click()
    part(page, "to-publish").click()
    expect(part(page, "errors")).to_be_visible()
    expect(part(page, "publish")).to_be_disabled()


def test_what_is_drawn_survives_a_reload(showroom: Showroom, seat: Seat) -> None:
    page = seat("owner", language="en")
    open_editor(page, "campaign")
    steps = page.locator("g.djs-element.djs-shape").count()
    step = first_step(page)
    choose(page, step)
    part(page, "field-name").fill("Listen to the customer")
    page.reload()  # at once: nothing has been sent yet
    drawn(page)
    expect(element(page, step)).to_contain_text("Listen")
    assert page.locator("g.djs-element.djs-shape").count() == steps


def first_step(page: Page) -> str:
    first = page.locator("g.djs-element.djs-shape:has(> g.djs-visual > rect)").first
    return first.get_attribute("data-element-id") or ""


def test_two_people_at_one_draft_are_told(showroom: Showroom, seat: Seat) -> None:
    showroom.hire({"second": ("Олег Яшин", "crm_manager", None)})
    first, second = seat("owner", language="en"), seat("second", language="en")
    open_editor(first, "errand")
    open_editor_held(second)
    expect(part(second, "held")).to_contain_text("Майя Седова is drawing here.")
    expect(element(second, "do_task")).to_be_attached()
    part(second, "held").locator("button").click()
    expect(part(second, "held")).to_be_hidden()  # only on the page that comes now
    drawn(second)
    choose(second, "do_task")
    part(second, "field-name").fill("Do what was asked")
    saved(second)
    choose(first, "do_task")
    part(first, "field-name").fill("Something else")
    expect(part(first, "held")).to_contain_text("Олег Яшин has taken over.")


def open_editor_held(page: Page) -> None:
    page.goto("/processes")
    part(page, "draw-errand").click()
    expect(page.locator("[data-island=editor][data-ready]")).to_be_attached()
