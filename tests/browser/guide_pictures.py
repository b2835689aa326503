"""The pictures of the guide to the studio, taken of a dealer of their own with a clock of their own.

    .venv/bin/python -m tests.browser.guide_pictures            all, in both languages
    .venv/bin/python -m tests.browser.guide_pictures table form  these alone

They are written to docs/guides/studio/pictures. Look at them before you commit them.
"""

import io
import logging
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright
from playwright.sync_api import FloatRect as Clip
from sqlalchemy import select

from tests.browser.chromium import chromium_options
from tests.browser.conftest import LOCALES
from tests.browser.desk import box_of, page_stands, part, sit_down
from tests.browser.showroom import Showroom
from tests.browser.studio import OWNER, add_step, choose, element, find, open_editor, saved
from tests.databases import create_all_tables
from tests.webapp.sales.answers import ARRIVED, CHOICE, NEEDS
from webapp.funnel.step_cli import follow_log
from webapp.staff.models import User
from webapp.studio.guide.chapters import PICTURES as FOLDER

SHARPNESS = 1.25  # pixels of the picture for one of the page
QUALITY = 75
NAMES = {
    "Майя Седова": "Maya Sedova",
    "Олег Яшин": "Oleg Yashin",
    "Алина Лебедева": "Alina Lebedeva",
    "Роман Титов": "Roman Titov",
}
STEP = {"ru": "Показать отзывы", "en": "Show reviews"}
PROMPT = {
    "ru": "Покажите два отзыва о модели, которая понравилась.",
    "en": "Show two reviews of the model that the customer likes.",
}
LABEL = {"ru": "Клубная карта", "en": "Club card"}
NOTE = {"ru": "Решили на планёрке", "en": "Agreed at the meeting"}
RUN = {"ru": "Пришёл без записи", "en": "Came without an appointment"}
TABLE_TEST = {"ru": "2 % – решает руководитель", "en": "2 % goes to the head"}


@dataclass
class Studio:
    """A process owner at her desk; a colleague at another one."""

    showroom: Showroom
    language: str
    page: Page
    other: Page
    clip_of: Page | None = None

    def said(self, texts: dict[str, str]) -> str:
        return texts[self.language]


def library(studio: Studio) -> Clip:
    page = studio.page
    page.goto("/processes?show=sales_worksheet")
    expect(page.locator(".lib-canvas .djs-container")).to_be_visible()
    return box_of(page.locator("main"))


def editor(studio: Studio) -> Clip:
    to_the_needs(studio)
    return box_of(studio.page.locator(".studio"))


def add_a_step(studio: Studio) -> Clip:
    to_the_needs(studio)
    studio.page.locator(".djs-context-pad [data-action='append.step']").hover()
    return around(element(studio.page, "needs_analysis"), 200, 110, 320, 120)


def step(studio: Studio) -> Clip:
    page = studio.page
    to_the_needs(studio)
    made = add_step(page, "needs_analysis", studio.said(STEP))
    for language, test in (("ru", "-ru"), ("en", "")):
        part(page, f"field-prompt{test}").fill(PROMPT[language])
        part(page, f"field-name{test}").fill(STEP[language])
    part(page, "field-form").locator("select").select_option("common/do_task")
    part(page, "field-role").select_option("sales_manager")
    saved(page)
    expect(part(page, f"mark-{made}")).to_have_count(0)
    part(page, "field-name").scroll_into_view_if_needed()
    shown, panel = box_of(element(page, made)), box_of(page.locator("[data-panel]"))
    left = shown["x"] - 260
    return Clip(x=left, y=panel["y"], width=panel["x"] + panel["width"] - left, height=640)


def choice(studio: Studio) -> Clip:
    page = studio.page
    open_editor(page)
    find(page, studio.said({"ru": "Встреча в салоне", "en": "Welcome at the showroom"}))
    expect(part(page, "element-id")).to_have_text("welcome")
    choose(page, "guest_not_coming")
    panel = box_of(page.locator("[data-panel]"))
    left = box_of(element(page, "guest_not_coming"))["x"] - 330
    return Clip(x=left, y=panel["y"], width=panel["x"] + panel["width"] - left, height=560)


def problems(studio: Studio) -> Clip:
    page = studio.page
    open_editor(page, "errand")
    choose(page, "do_task")
    made = add_step(page, "do_task", studio.said({"ru": "Сообщить заказчику", "en": "Tell who asked"}))
    saved(page)
    expect(part(page, f"mark-{made}")).to_be_visible()
    panel = box_of(page.locator("[data-panel]"))
    left = box_of(element(page, made))["x"] - 300
    return Clip(x=left, y=panel["y"], width=panel["x"] + panel["width"] - left, height=400)


def two_people(studio: Studio) -> Clip:
    open_editor(studio.page, "errand")
    studio.other.goto(studio.page.url)
    expect(part(studio.other, "held")).to_be_visible()
    expect(element(studio.other, "do_task")).to_be_attached()
    box = box_of(studio.other.locator(".studio"))
    studio.clip_of = studio.other
    return Clip(x=box["x"], y=box["y"], width=box["width"], height=480)


def translations(studio: Studio) -> Clip:
    page = studio.page
    to_the_needs(studio)
    part(page, "texts").click()
    return box_of(page.locator("[data-translations]"))


def form(studio: Studio) -> Clip:
    page = studio.page
    page.goto("/studio/forms")
    part(page, "draw-sales/needs_analysis").click()
    page_stands(page)
    part(page, "add-textfield").click()
    part(page, "prop-label").fill(LABEL["en"])
    part(page, "prop-label.ru").fill(LABEL["ru"])
    part(page, "prop-required").check()
    expect(part(page, "preview").locator('[data-field="club_card"]')).to_contain_text(studio.said(LABEL))
    saved(page)
    page.wait_for_load_state("networkidle")  # the preview is drawn anew after every change
    part(page, "preview").locator('[data-field="club_card"]').evaluate("field => field.scrollIntoView()")
    return box_of(page.locator(".studio"))


def table(studio: Studio) -> Clip:
    page = studio.page
    page.goto("/studio/decisions")
    part(page, "draw-discount").click()
    page_stands(page)
    part(page, "input-percent").fill("2")
    expect(part(page, "answer-")).to_have_text("head")
    part(page, "offer-test").click()
    part(page, "test-name").fill(studio.said(TABLE_TEST))
    part(page, "keep-test").click()
    expect(part(page, "saved-test").first).to_have_attribute("data-passed", "true")
    return box_of(page.locator(".studio"))


def test_run(studio: Studio) -> Clip:
    page = studio.page
    page.goto("/studio/processes/sales_worksheet/test")
    expect(page.locator(".djs-container")).to_be_visible()
    page.locator("#s-walk_in").fill("true")
    part(page, "begin").click()
    page_stands(page)
    for _ in range(2):
        part(page, "fill").click()
        page_stands(page)
        part(page, "complete").click()
        page_stands(page)
    expect(page.locator(".d-here")).not_to_have_count(0)
    return box_of(page.locator("main"))


def coverage(studio: Studio) -> Clip:
    page = studio.page
    part(page, "keep").click()
    page.locator("#case-name").fill(studio.said(RUN))
    part(page, "keep-submit").click()
    page_stands(page)
    page.goto("/studio/processes/sales_worksheet/test?coverage=1&replay=1")
    expect(page.locator(".d-missing")).not_to_have_count(0)
    return box_of(page.locator(".run-map"))


def publish(studio: Studio) -> Clip:
    page = studio.page
    open_editor(page)
    saved(page)
    part(page, "to-publish").click()
    expect(page.locator(".d-add").first).to_be_attached()
    part(page, "note").fill(studio.said(NOTE))
    return box_of(page.locator("main"))


def moved(studio: Studio) -> Clip:
    page = studio.page
    part(page, "publish").click()
    expect(part(page, "stage-moved")).to_be_visible()
    box = box_of(page.locator("main"))
    return Clip(x=box["x"], y=box["y"], width=880, height=240)


def versions(studio: Studio) -> Clip:
    page = studio.page
    page.goto("/processes/sales_worksheet/versions")
    expect(part(page, "again-1")).to_be_visible()
    box = box_of(page.locator("main"))
    return Clip(x=box["x"], y=box["y"], width=box["width"], height=220)


def second_look(studio: Studio) -> Clip:
    page = studio.page
    page.locator('[data-element-id="within_heads_who"] .content-editable').click()
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type('"director"')
    expect(part(page, "answer-")).to_have_text("director")
    saved(page)
    part(page, "to-publish").click()
    expect(part(page, "second-look")).to_be_visible()
    part(page, "note").fill(
        studio.said({"ru": "Скидки теперь решает директор", "en": "The director decides on discounts"})
    )
    expect(part(page, "ask-approval")).to_be_visible()
    box = box_of(page.locator("main"))
    return Clip(x=box["x"], y=box["y"], width=box["width"], height=560)


def heat_map(studio: Studio) -> Clip:
    page = studio.page
    page.goto("/processes/sales_worksheet/map?by=entered&period=all")
    expect(page.locator("[class*=d-heat-5]").first).to_be_attached()
    come_nearer(page, 1)
    box = box_of(page.locator("main"))
    return Clip(x=box["x"], y=box["y"], width=box["width"], height=722)


def two_maps(studio: Studio) -> Clip:
    page = studio.page
    part(page, "chip-beside").click()
    page.get_by_role("link", name=studio.said({"ru": "Алина Лебедева", "en": "Alina Lebedeva"})).click()
    for number in (1, 2):
        expect(part(page, f"drawing-{number}").locator(".djs-container")).to_be_visible()
        come_nearer(page, number)
    return box_of(page.locator("main"))


def new_process(studio: Studio) -> Clip:
    page = studio.page
    page.goto("/studio/new")
    box = box_of(page.locator("main"))
    return Clip(x=box["x"], y=box["y"], width=box["width"], height=560)


# in the order in which they are taken: what one has drawn, kept or published is seen by those after it
ALL: dict[str, Callable[[Studio], Clip]] = {
    each.__name__.replace("_", "-"): each
    for each in (
        *(library, editor, add_a_step, step, choice, problems, translations, two_people, test_run),
        *(coverage, publish, moved, versions, form, table, second_look, heat_map, two_maps, new_process),
    )
}


def to_the_needs(studio: Studio) -> None:
    """The editor of the worksheet, where the needs are analysed."""
    open_editor(studio.page)
    find(studio.page, studio.said({"ru": "Выявление потребностей", "en": "Analyse the needs"}))
    expect(part(studio.page, "element-id")).to_have_text("needs_analysis")


def come_nearer(page: Page, number: int) -> None:
    """To the steps that have figures: a whole worksheet is too small to be read in a picture."""
    drawing = part(page, f"drawing-{number}")
    badge = box_of(part(drawing, "badge-needs_analysis"))
    page.mouse.move(badge["x"] - 62, badge["y"] - 26)
    page.keyboard.down("Control")
    for _ in range(5):
        page.mouse.wheel(0, -120)
    page.keyboard.up("Control")
    page.mouse.wheel(0, 150)  # without the key it moves the drawing


def around(locator: Locator, left: float, above: float, right: float, below: float) -> Clip:
    box = box_of(locator)
    return Clip(
        x=box["x"] - left,
        y=box["y"] - above,
        width=box["width"] + left + right,
        height=box["height"] + above + below,
    )


def take(studio: Studio, name: str) -> bytes:
    """One picture, as WebP. What was chosen or typed before is not in focus."""
    studio.clip_of = studio.page
    clip = ALL[name](studio)
    page = studio.clip_of
    if name != "add-a-step":
        page.mouse.move(0, 0)
    page.evaluate("() => document.activeElement?.blur()")
    page.wait_for_timeout(500)  # what fades in or out has done so
    written = io.BytesIO()
    with Image.open(io.BytesIO(page.screenshot(clip=clip))) as image:
        image.convert("RGB").save(written, "WEBP", quality=QUALITY, method=6)
    return written.getvalue()


@contextmanager
def opened(browser: Browser, language: str) -> Iterator[Studio]:
    """A studio with cases at several steps."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/pictures.sqlite"
        create_all_tables(url)
        with Showroom.open(url, Path(folder)).serving() as showroom:
            showroom.hire(OWNER | {"second": ("Олег Яшин", "crm_manager", None)})
            work(showroom)
            if language == "en":
                rename(showroom)
            pages = [seat(browser, showroom, person, language) for person in ("owner", "second")]
            yield Studio(showroom, language, *pages)
            for page in pages:
                page.context.close()


def seat(browser: Browser, showroom: Showroom, person: str, language: str) -> Page:
    context = browser.new_context(
        base_url=showroom.base_url,
        locale=LOCALES[language],
        timezone_id="Europe/Moscow",
        viewport={"width": 1440, "height": 820},
        device_scale_factor=SHARPNESS,
        color_scheme="light",
        reduced_motion="reduce",
    )
    context.add_cookies([showroom.cookie(person)])
    return sit_down(context, showroom, [])


def work(showroom: Showroom) -> None:
    """Cases of two salespeople that have come differently far, over some days."""
    monday = showroom.next_monday()
    for number in range(12):
        seller = str(showroom.people["colleague" if number % 3 == 0 else "seller"])
        visit = monday + timedelta(days=1 + number // 4, hours=2 * (number % 4))
        case = showroom.open_case(visit_at=visit, handed_to=int(seller))
        showroom.pass_time(timedelta(minutes=20 + 7 * number))
        if number > 2:
            showroom.complete_in(case, outcome="confirmed")
        if number > 4:
            showroom.pass_time(timedelta(minutes=15))
            showroom.complete_in(case, **ARRIVED, handed_to=seller)
        if number > 8:
            showroom.complete_in(case, **NEEDS)
        if number > 10:
            showroom.complete_in(case, **CHOICE)
    with showroom.app.app_context():
        follow_log()
        follow_log()


def rename(showroom: Showroom) -> None:
    """Latin names for the readers of the English guide."""
    with showroom.write() as session:
        for user in session.scalars(select(User).where(User.name.in_(NAMES))):
            user.name = NAMES[user.name]


def main(names: list[str]) -> None:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**chromium_options())
        for language in LOCALES:
            with opened(browser, language) as studio:
                for name in ALL:
                    picture = take(studio, name)
                    if not names or name in names:
                        (FOLDER / f"{name}.{language}.webp").write_bytes(picture)
        browser.close()
    whole = sum(path.stat().st_size for path in FOLDER.iterdir())
    print(f"{len(list(FOLDER.iterdir()))} pictures, {whole // 1024} KB")  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1:])
