"""A process owner changes a table and a form by hand; what he opens and does not touch stays as it was."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree
from playwright.sync_api import Page, expect

from tests.browser.desk import Seat, page_stands, part
from tests.browser.showroom import Showroom
from tests.browser.studio import OWNER
from tests.dealer import ROOT
from webapp.studio import drafts
from webapp.studio.models import DraftKind

FORMS = sorted((ROOT / "forms").glob("*/*.form"))
TABLES = sorted((ROOT / "processes").glob("*/*.dmn"))
SAMPLE = [
    "sales/make_offer",  # the same id twice, rows, computed values
    "sales/needs_analysis",  # groups, personal fields, ranking
    "aftersales/agree_order",  # a signature
    "campaigns/plan_work",  # rows that name each other
    "aftersales/control_quality",  # mandatory lines
]
ENGLISH_OF_FORM_JS = ["Drag and drop", "Search components", "Create a ", "Text field", "Repeatable", "Remove "]


@pytest.fixture(autouse=True, scope="module")
def owner_is_hired(showroom: Showroom) -> None:
    showroom.hire(OWNER)


@pytest.fixture
def broken(seat: Seat) -> Iterator[list[str]]:
    """What the policy of the pages refused; none may be left."""
    found: list[str] = []
    yield found
    assert found == []


def draft_of(showroom: Showroom, kind: DraftKind, key: str) -> str:
    """The address of a new draft of what is live."""
    with showroom.write() as session:
        known = drafts.find_draft(session, kind, key)
        if known is not None:
            drafts.remove_draft(session, known)
            session.flush()
        found = drafts.open_draft(session, kind, key, actor_id=None, now=showroom.clock.now())
        return f"/studio/drafts/{found.id}"


def body_of(showroom: Showroom, address: str) -> str:
    with showroom.read() as session:
        return drafts.draft_of(session, int(address.rpartition("/")[2])).body


def sit(page: Page, broken: list[str], address: str) -> None:
    page.add_init_script(
        "document.addEventListener('securitypolicyviolation', e => console.error('policy', e.violatedDirective))"
    )
    page.on("console", lambda message: broken.append(message.text) if message.text.startswith("policy") else None)
    page.goto(address)
    page_stands(page)


def saved(page: Page) -> None:
    expect(page.locator('[data-test="phase"][data-phase="saved"]')).to_be_visible()


@pytest.mark.parametrize("language", ["ru", "en"])
def test_a_table_is_changed_tried_out_tested_and_found_again(
    showroom: Showroom, seat: Seat, broken: list[str], language: str
) -> None:
    address = draft_of(showroom, DraftKind.DECISION, "discount")
    page = seat("owner", language=language)
    sit(page, broken, address)

    part(page, "input-percent").fill("2")
    expect(part(page, "answer-")).to_have_text("head")
    fired = page.locator('td.cell[data-row-id="within_the_heads_limit"]').first
    other = page.locator('td.cell[data-row-id="within_own_limit"]').first
    assert colour(fired) != colour(other)
    part(page, "offer-test").click()
    part(page, "test-name").fill(f"Two per cent {language}")
    part(page, "keep-test").click()
    expect(part(page, "saved-test").first).to_have_attribute("data-passed", "true")

    cell = page.locator('[data-element-id="within_heads_who"] .content-editable')
    cell.click()
    expect(part(page, "rule-ru")).to_have_value("Решает руководитель отдела продаж")
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type('"director"')
    expect(part(page, "answer-")).to_have_text("director")
    expect(part(page, "saved-test").first).to_have_attribute("data-passed", "false")
    expect(part(page, "test-told").first).to_contain_text("head")
    part(page, "rule-ru").fill("Решает директор, всегда")
    part(page, "rule-ru").press("Tab")
    expect(part(page, "fired").first).to_contain_text("Решает директор, всегда" if language == "ru" else "The head")
    saved(page)

    beside = page.locator('[data-element-id="within_own_who"] .content-editable')
    for said, next_to_it in (("mon", part(page, "input-percent")), ("director", beside)):
        cell.click()
        page.keyboard.press("ControlOrMeta+A")
        page.keyboard.type(said)  # a word is a word: no function is offered that Enter would take
        expect(page.locator(".cm-tooltip-autocomplete")).to_have_count(0)
        page.keyboard.press("Enter")
        next_to_it.click()
        expect(page.locator('[data-element-id="within_heads_who"]')).to_have_text(f'"{said}"')
    saved(page)

    page.reload()
    page_stands(page)
    expect(page.locator('[data-element-id="within_heads_who"]')).to_contain_text('"director"')
    part(page, "view-discount").click()  # the graph
    expect(page.locator('.djs-element[data-element-id="discount_limits"]')).to_be_visible()
    expect(page.locator(".bjs-powered-by:visible")).to_have_count(1)
    text = body_of(showroom, address)
    assert "Решает директор, всегда" in text

    part(page, "view-discount_limits").click()
    page.locator('[data-element-id="limits_of_manager"] .content-editable').click()
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type("2,5")
    page.locator('[data-element-id="limits_of_any_price"] .content-editable').click()
    expect(page.locator('[data-element-id="limits_of_manager"]')).to_have_text("2.5")
    assert text.count("zeebe:property ") == 4  # the titles of both decisions are still there
    page.locator('[data-test="saved-test"] [data-test="remove-test"]').first.click()
    expect(part(page, "saved-test")).to_have_count(0)


def spoil(showroom: Showroom, address: str, old: str, new: str) -> str:
    """As another program would have written it; the text that is now in the draft."""
    with showroom.write() as session:
        draft = drafts.draft_of(session, int(address.rpartition("/")[2]))
        assert old in draft.body
        draft.body = draft.body.replace(old, new, 1)
        return draft.body


def only_looked_at(page: Page, showroom: Showroom, address: str, body: str) -> None:
    """No tool, nothing saved, and the file is taken out as it is."""
    expect(page.locator("[data-tool=undo]")).to_be_hidden()
    page.wait_for_timeout(2500)  # a change would be saved by then
    assert body_of(showroom, address) == body
    with page.expect_download() as taken:
        part(page, "unfit").locator("button").click()
    assert Path(taken.value.path()).read_text() == body


@pytest.mark.parametrize("language", ["ru", "en"])
def test_a_table_of_which_something_would_be_lost_is_only_looked_at(
    showroom: Showroom, seat: Seat, broken: list[str], language: str
) -> None:
    address = draft_of(showroom, DraftKind.DECISION, "discount")
    body = spoil(showroom, address, "<inputData", '<alien id="from_elsewhere"/><inputData')
    page = seat("owner", language=language)
    sit(page, broken, address)
    expect(part(page, "unfit")).to_contain_text({"ru": "часть «alien»", "en": "the part “alien”"}[language])
    expect(part(page, "table").locator(".input-variable").first).to_have_text({"ru": "число", "en": "number"}[language])
    cell = part(page, "table").locator("td.output-cell").first
    expect(cell).to_be_visible()
    cell.click()
    page.keyboard.type("99")
    only_looked_at(page, showroom, address, body)


def test_a_form_that_cannot_be_drawn_is_only_looked_at(showroom: Showroom, seat: Seat, broken: list[str]) -> None:
    address = draft_of(showroom, DraftKind.FORM, "sales/needs_analysis")
    body = spoil(showroom, address, '"type": "', '"type": "alien_')
    page = seat("owner", language="ru")
    sit(page, broken, address)
    expect(part(page, "unfit")).to_contain_text("поля вида «alien_")
    expect(part(page, "canvas")).to_be_hidden()
    only_looked_at(page, showroom, address, body)


def test_what_dmn_js_says_by_itself_is_said_in_russian(showroom: Showroom, seat: Seat, broken: list[str]) -> None:
    address = draft_of(showroom, DraftKind.DECISION, "discount")
    page = seat("owner", language="ru")
    sit(page, broken, address)
    table = part(page, "table")
    expect(table.locator(".dmn-icon-drag.horizontal").first).to_have_attribute("title", "Передвинуть вход")
    table.locator("td.rule-index").first.click(button="right")
    menu = page.locator(".context-menu-flex")
    expect(menu).to_have_attribute("aria-label", "Меню таблицы")
    said = page.evaluate(
        "() => [...document.querySelectorAll('[data-canvas] [title], [data-canvas] [aria-label]')]"
        ".flatMap(each => [each.title, each.getAttribute('aria-label')]).filter(each => each)"
    )
    assert len(said) > 5
    own = re.compile("[^:]*: .*|Powered by bpmn.io")  # what a column is called stands behind the word for it
    said += menu.all_inner_texts()
    assert not [text for text in said if re.search("[A-Za-z]{3}", text) and not own.fullmatch(text)]


def test_what_cannot_be_published_is_marked_at_its_cell(showroom: Showroom, seat: Seat, broken: list[str]) -> None:
    address = draft_of(showroom, DraftKind.DECISION, "temperature")
    page = seat("owner", language="en")
    sit(page, broken, address)
    cell = page.locator('td[data-element-id="buys_some_day_then"]')
    before = shadow(cell)
    cell.locator(".content-editable").click()
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type("if then")
    expect(part(page, "problems")).to_contain_text("1 to mend")
    part(page, "problems").click()
    expect(part(page, "problem")).to_contain_text("rule 4, “Temperature”")
    part(page, "problem").locator("button").click()
    assert shadow(cell) != before


@pytest.mark.parametrize("language", ["ru", "en"])
def test_a_form_is_changed_seen_as_it_will_look_and_found_again(
    showroom: Showroom, seat: Seat, broken: list[str], language: str
) -> None:
    address = draft_of(showroom, DraftKind.FORM, "sales/needs_analysis")
    page = seat("owner", language=language)
    sit(page, broken, address)
    look = part(page, "preview")
    expect(look.locator('[data-field="outcome"]')).to_contain_text(
        {"ru": "Что дальше?", "en": "What comes next?"}[language]
    )
    expect(part(page, "uses")).to_contain_text({"ru": "Рабочий лист", "en": "Sales worksheet"}[language])

    part(page, "add-textfield").click()
    part(page, "prop-label").fill("Club card")
    if language == "ru":  # the Russian label was called by its kind
        expect(part(page, "prop-label.ru")).to_have_value("Club card")
    part(page, "prop-label.ru").fill("Клубная карта")
    part(page, "prop-required").check()
    part(page, "prop-personal").check()
    part(page, "prop-kind").select_option("phone")
    expect(look.locator('[data-field="club_card"]')).to_contain_text(
        {"ru": "Клубная карта", "en": "Club card"}[language]
    )
    expect(part(page, "personal-club_card")).to_be_visible()
    part(page, "speech-en" if language == "ru" else "speech-ru").click()
    expect(look.locator('[data-field="club_card"]')).to_contain_text(
        {"en": "Клубная карта", "ru": "Club card"}[language]
    )
    if language == "ru":
        words = page.locator(".designer").inner_text() + page.locator(".designer").evaluate("e => e.outerHTML")
        assert [each for each in ENGLISH_OF_FORM_JS if each in words] == []
    saved(page)

    page.reload()
    page_stands(page)
    field = json.loads(body_of(showroom, address))["components"][-1]
    assert (field["key"], field["label"], field["validate"]["required"]) == ("club_card", "Club card", True)
    assert field["properties"] == {"label.ru": "Клубная карта", "personal": "true", "kind": "phone"}
    look.locator('[data-field="club_card"] input').click()  # what is clicked in the preview is chosen on the canvas
    expect(part(page, "prop-label")).to_have_value("Club card")
    expect(page.locator(".fjs-powered-by:visible")).to_have_count(1)
    page.keyboard.press("Escape")

    part(page, "prop-key").locator("xpath=ancestor::details/summary").click()
    part(page, "prop-key").fill("outcome")
    expect(part(page, "key-field")).to_contain_text({"ru": "другое поле", "en": "Another field"}[language])
    part(page, "prop-minLength").fill("9")
    part(page, "prop-maxLength").fill("3")
    expect(part(page, "problems")).to_contain_text("1")
    expect(part(page, "panel")).to_contain_text({"ru": "наименьшее", "en": "the least"}[language])
    page.locator('.ed-form [data-id="field_outcome"]').click()
    part(page, "problems").click()
    part(page, "problem").locator("button").click()  # leads back to the field
    expect(part(page, "prop-label")).to_have_value("Club card")


def test_choices_conditions_and_undo(showroom: Showroom, seat: Seat, broken: list[str]) -> None:
    address = draft_of(showroom, DraftKind.FORM, "common/do_task")
    page = seat("owner", language="en")
    sit(page, broken, address)
    part(page, "add-radio").click()
    part(page, "prop-label").fill("Is it urgent?")
    part(page, "choice-0-label").fill("Yes")
    part(page, "choice-0-value").fill("yes")
    part(page, "add-choice").click()
    expect(part(page, "choice-2-label")).to_be_visible()
    part(page, "add-textfield").click()
    part(page, "prop-label").fill("Why so urgent?")
    part(page, "prop-hide-mode").select_option("onlyIf")
    part(page, "prop-hide-field").select_option("is_it_urgent")
    expect(part(page, "preview").locator('[data-field="why_so_urgent"]')).to_be_hidden()
    part(page, "preview").locator("label", has_text="Yes").last.click()
    expect(part(page, "preview").locator('[data-field="why_so_urgent"]')).to_be_visible()
    saved(page)
    field = json.loads(body_of(showroom, address))["components"][-1]
    assert field["conditional"] == {"hide": '=is_it_urgent != "yes"'}

    expect(page.locator("[data-tool=undo]")).to_be_enabled()
    page.locator("[data-tool=undo]").click()
    expect(part(page, "prop-hide-mode")).to_have_value("always")


def test_fields_are_placed_and_taken_out_without_a_mouse(showroom: Showroom, seat: Seat, broken: list[str]) -> None:
    address = draft_of(showroom, DraftKind.FORM, "common/do_task")
    page = seat("owner", language="en")
    sit(page, broken, address)

    def drawn() -> list[str]:
        saved(page)
        return [each.get("key", each["type"]) for each in json.loads(body_of(showroom, address))["components"]]

    begun = drawn()
    page.locator(f'.ed-form [data-id="{_first_id(showroom, address)}"]').click()
    part(page, "add-textfield").click()  # behind the chosen one
    part(page, "prop-label").fill("Why so late?")
    assert drawn() == [begun[0], "why_so_late", *begun[1:]]
    part(page, "field-moveUp").press("Enter")
    assert drawn() == ["why_so_late", *begun]
    expect(part(page, "field-moveUp")).to_be_disabled()
    part(page, "field-moveDown").press("Enter")
    part(page, "field-moveDown").press("Enter")
    assert drawn() == [*begun[:2], "why_so_late", *begun[2:]]
    page.locator("[data-tool=undo]").click()
    assert drawn() == [begun[0], "why_so_late", *begun[1:]]

    part(page, "prop-label").press("Home")
    part(page, "prop-label").press("Delete")  # of what is typed, a letter
    page.locator(".ed-form .fjs-element.fjs-editor-selected").press("Delete")
    assert drawn() == begun
    expect(part(page, "prop-label")).not_to_have_value("Why so late?")
    page.locator("[data-tool=undo]").click()
    assert "hy_so_late" in drawn()
    part(page, "preview").locator('[data-field="hy_so_late"] input').click()
    part(page, "prop-label").fill("Why, then?")
    page.locator(".ed-form .fjs-editor-selected .fjs-context-pad-item").click()  # before it was written
    assert drawn() == begun
    page.locator("[data-tool=undo]").click()
    part(page, "preview").locator('[data-field*="hy"] input').click()
    part(page, "field-delete").click()
    assert drawn() == begun


@pytest.mark.parametrize(
    "size", [{"width": 390, "height": 844}, {"width": 819, "height": 1180}], ids=["phone", "tablet"]
)
def test_on_a_small_screen_one_reads_and_tries_out(
    showroom: Showroom, seat: Seat, broken: list[str], size: dict[str, int]
) -> None:
    page = seat("owner", language="en", size=size)
    sit(page, broken, draft_of(showroom, DraftKind.FORM, "common/do_task"))
    expect(page.get_by_text("Forms are changed at a desk.")).to_be_visible()
    expect(part(page, "preview").locator("[data-field]").first).to_be_visible()
    expect(part(page, "canvas")).to_be_hidden()

    page.goto(draft_of(showroom, DraftKind.DECISION, "temperature"))
    page_stands(page)
    expect(page.get_by_text("Tables are changed at a desk.")).to_be_visible()
    part(page, "input-horizon").select_option("30d")
    expect(part(page, "answer-")).to_have_text("warm")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_second_page_looks_and_takes_over(showroom: Showroom, seat: Seat, broken: list[str]) -> None:
    address = draft_of(showroom, DraftKind.FORM, "common/withdraw")
    first, second = seat("owner", language="en"), seat("admin", language="en")
    sit(first, broken, address)
    second.goto(address)
    page_stands(second)
    expect(part(second, "held")).to_be_visible()
    expect(part(second, "canvas")).to_be_hidden()
    expect(part(second, "preview").locator("[data-field]").first).to_be_visible()


@pytest.mark.parametrize(
    "path", [path for path in FORMS if f"{path.parent.name}/{path.stem}" in SAMPLE] + TABLES, ids=lambda path: path.stem
)
def test_what_is_opened_and_not_changed_stays_the_same(
    showroom: Showroom, seat: Seat, broken: list[str], path: Path
) -> None:
    stays_the_same(showroom, seat("owner"), path)


@pytest.mark.long
def test_every_shipped_form_stays_the_same(showroom: Showroom, seat: Seat, broken: list[str]) -> None:
    page = seat("owner")
    for path in FORMS:
        stays_the_same(showroom, page, path)


def stays_the_same(showroom: Showroom, page: Page, path: Path) -> None:
    """The text that the page would save is the text it was given."""
    shipped = path.read_text()
    kind = DraftKind.FORM if path.suffix == ".form" else DraftKind.DECISION
    address = draft_of(showroom, kind, drafts.key_of(kind, shipped))
    asked = f"**{address}/{'preview' if kind is DraftKind.FORM else 'evaluate'}"
    with page.expect_request(asked) as sent:
        page.goto(address)
    page_stands(page)
    expect(part(page, "not-drawn")).to_have_count(0)
    text = sent.value.post_data_json["body"]
    if kind is DraftKind.FORM:
        assert json.loads(text) == json.loads(shipped), path
    else:
        assert meaning(etree.fromstring(text.encode())) == meaning(etree.fromstring(shipped.encode())), path


def meaning(node: etree._Element) -> object:
    """A part of a file without what XML leaves to the writer; UNIQUE is what a table is without a hit policy."""
    attributes = {name: value for name, value in node.attrib.items() if (name, value) != ("hitPolicy", "UNIQUE")}
    parts = [meaning(part) for part in node if isinstance(part.tag, str)]
    return node.tag, attributes, (node.text or "").strip(), parts


def colour(locator: object) -> str:
    return str(locator.evaluate("e => getComputedStyle(e).backgroundColor"))  # type: ignore[attr-defined]


def shadow(locator: object) -> str:
    return str(locator.evaluate("e => getComputedStyle(e).boxShadow"))  # type: ignore[attr-defined]


def _first_id(showroom: Showroom, address: str) -> str:
    return str(json.loads(body_of(showroom, address))["components"][0]["id"])
