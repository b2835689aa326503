"""Whatever is typed or drawn is shown as text: nothing of it ever runs."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk import Seat, fill_form, open_offer, part, step_form
from tests.browser.showroom import Showroom
from tests.engine.world import choice, end, flows, form, milestone, process, user_task

MARK = "Щука"
# each would set window.hacked or open a dialog if it ever became more than text; a name of 60 signs holds its words
CORPUS = (
    f"<script>window.hacked=1</script>{MARK}",
    f"<img src=x onerror=window.hacked=1 data-island=form>{MARK}",
    f"\"'><svg onload=window.hacked=1>{MARK}",
    f"</textarea></title><iframe srcdoc='<script>parent.hacked=1</script>'></iframe>{MARK}",
    f"{{{{ 7*7 }}}}{{% for x in y %}}${{window.hacked=1}}{MARK}",
    f"javascript:window.hacked=1//{MARK}",
    f"' autofocus onfocus=window.hacked=1 x='{MARK}",
    f"<a href=javascript:alert(1) hx-get=/x data-context={{>{MARK}</a>",
    f"<details open ontoggle=window.hacked=1>{MARK}</details>&lt;b&gt;",
)

REST = tuple(text for text in CORPUS if text not in CORPUS[::4])

# where a page has room for long texts: three at once
VOLLEYS = tuple(" ".join(CORPUS[start::3]) for start in range(3))


@pytest.fixture
def page(seat: Seat) -> Iterator[Page]:
    """The administrator's page; after the test every page that was seen is known to have run nothing."""
    page = seat("admin")
    page.add_init_script("window.hacked = 0")
    yield page
    assert page.evaluate("() => window.hacked") == 0


def shows(page: Page, path: str, *texts: str) -> None:
    """The page shows the texts letter by letter, and none of them has done anything."""
    page.goto(path)
    for text in texts:
        expect(page.locator("body")).to_contain_text(text)
    is_unharmed(page)


def is_unharmed(page: Page) -> None:
    page.wait_for_function("() => !document.querySelector('[data-island]:not([data-ready])')")
    assert page.evaluate("() => window.hacked") == 0
    assert page.locator("main iframe, main [onerror], main [onload], main [ontoggle], main [onfocus]").count() == 0
    assert page.locator('a[href^="javascript:" i]').count() == 0


@pytest.mark.parametrize("text", [*CORPUS[::4], *(pytest.param(text, marks=pytest.mark.long) for text in REST)])
def test_the_register_and_everything_that_shows_the_customer(showroom: Showroom, page: Page, text: str) -> None:
    page.goto(f"/register/call?q={MARK}")
    page.locator("[name=phone]").fill(showroom.new_phone())
    page.locator("#register-card [name=name]").fill(text)
    page.locator("[name=source_code]").select_option("radio")
    page.locator("[name=comment]").fill(text)
    page.locator("[name=handed_to]").select_option(str(showroom.people["seller"]))
    page.keyboard.press("Control+Enter")
    words = text.split()  # a name is taken apart: its words may come in another order
    for word in words:
        expect(part(page, "saved")).to_contain_text(word)
    is_unharmed(page)

    for path in ("/register", "/customers", "/cases"):
        shows(page, path, *words)
    page.goto("/")
    page.keyboard.press("Control+k")
    page.locator("#palette input[type=search]").press_sequentially(MARK)
    expect(page.locator("#palette-hits .hit").first).to_be_visible()
    is_unharmed(page)


def test_every_text_of_a_customers_card(page: Page) -> None:
    for number, text in enumerate(CORPUS):
        page.goto("/customers/new")
        form = page.locator("form[data-main]")
        name = text[:60].strip()
        fill_form(form, last_name=name, first_name=name, middle_name=name, note=text)
        form.locator("[name=phones]").first.fill(f"+7 900 000-91-{number:02d}")
        page.keyboard.press("Control+Enter")
        expect(page).to_have_url(re.compile(r"/customers/\d+$"))
        expect(page.locator("h1").filter(visible=True)).to_contain_text(name)
        is_unharmed(page)
        page.goto(f"{page.url}/edit")
        expect(page.locator("[name=note]")).to_have_value(text)
        is_unharmed(page)


def test_every_text_of_a_persons_card(showroom: Showroom, page: Page) -> None:
    for text in CORPUS:
        page.goto(f"/staff/{showroom.people['deputy']}")
        form = page.locator("form[data-main]").first
        fill_form(form, name=text[:100], position=text[:80])
        form.locator("button.btn-primary").click()
        expect(page.locator("h1").filter(visible=True)).to_contain_text(text[:100])
        is_unharmed(page)
        shows(page, "/staff", text[:100])


def test_every_text_of_steps_offers_notes_and_comments(showroom: Showroom, page: Page) -> None:
    for text in VOLLEYS:
        visit = showroom.next_monday() + timedelta(days=1, hours=5)
        case = showroom.open_case(name="Савва Плёс", visit_at=visit)
        page.goto(f"/cases/{case}")
        part(page, "note-contact").first.click()
        page.locator("#contact-result").fill(text)
        page.locator("#contact-dialog form").first.locator("button.btn-primary").click()
        expect(part(page, "message")).to_be_visible()
        is_unharmed(page)
        part(page, "note-contact").first.click()
        page.locator("#comment-text").fill(text)
        page.locator("#contact-dialog form").nth(1).locator(".form-acts button").click()
        shows(page, f"/cases/{case}", text)
        fill_form(step_form(page), outcome="confirmed", comment=text)
        part(page, "complete").click()
        expect(part(page, "message").first).to_be_visible()
        is_unharmed(page)
        shows(page, f"/cases/{case}?view=known", text)
        shows(page, f"/cases/{case}?view=chronicle", text)
        page.goto(f"/cases/{case}/correct/confirm_visit")
        expect(page.locator("[name=comment]")).to_have_value(text)
        is_unharmed(page)
        page.goto(f"/cases/{case}")
        offer = open_offer(page, "refused")
        fill_form(offer, refusal_reason="other", other_reason=text)
        part(page, "offer-refused-submit").click()  # refused: one answer is missing
        expect(page.locator("#offer-refused [name=other_reason]")).to_have_value(text)
        is_unharmed(page)


def test_every_text_of_a_drawing_and_its_forms(showroom: Showroom, page: Page, tmp_path: Path) -> None:
    for number, text in enumerate(VOLLEYS):
        case = open_hostile(showroom, f"hostile_{number}", text)
        shows(page, f"/cases/{case}", text)
        for view in ("chronicle", "known"):
            page.goto(f"/cases/{case}?view={view}")
            is_unharmed(page)
        shows(page, f"/funnel?process=hostile_{number}&period=all", text)


def open_hostile(showroom: Showroom, key: str, text: str) -> int:
    """A case of a process whose every name, prompt, label and choice is the text."""
    quoted = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    names: dict[str, Any] = {"name.ru": quoted}
    said: dict[str, Any] = {"prompt": quoted, "prompt.ru": quoted}
    fields = [
        choice("outcome", "one") | {"label": text, "values": [{"label": text, "value": "one"}]},
        {"type": "textfield", "key": "words", "label": text, "properties": {"label.ru": text}},
        {"type": "text", "text": text, "properties": {"text.ru": text}},
        {
            "type": "select",
            "key": "many",
            "label": text,
            "description": text,
            "values": [{"label": f"{text}{n}", "value": f"v{n}"} for n in range(9)],
        },
    ]
    drawing = process(
        '<bpmn:startEvent id="begun"/>',
        milestone("was_begun", "begun_one").replace('name="begun_one">', f'name="{quoted}">', 1),
        user_task("step", f"{key}/form", role="sales_manager", due="PT1H", **said, **names),
        end("over", outcome="won"),
        flows("begun > was_begun", "was_begun > step", "step > over"),
        key=key,
        milestones="begun_one",
        **names,
    )
    files = {f"{key}.bpmn": drawing.encode(), f"{key}.form": form(f"{key}/form", *fields).encode()}
    assert orjson.loads(files[f"{key}.form"])
    with showroom.write() as session:
        showroom.engine.deploy(session, files, actor_id=None, now=showroom.clock.now())
        return showroom.engine.start(
            session,
            key,
            business_key=f"{key}:1",
            payload={},
            actor_id=None,
            now=showroom.clock.now(),
            scope_id=showroom.centres["North"],
            owner_id=showroom.people["admin"],
        ).instance_id
