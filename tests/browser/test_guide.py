"""The guide beside the work, and the pictures that are taken of it."""

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import LOCALES
from tests.browser.desk import Seat, part
from tests.browser.guide_pictures import ALL, Studio, opened, take
from tests.browser.showroom import Showroom
from tests.browser.studio import OWNER, open_editor

WEBP = b"WEBP"


@pytest.fixture(autouse=True, scope="module")
def owner_is_hired(showroom: Showroom) -> None:
    showroom.hire(OWNER)


def test_the_chapter_opens_beside_what_is_drawn(showroom: Showroom, seat: Seat) -> None:
    page = seat("owner", language="en")
    open_editor(page, "errand")
    expect(part(page, "element-id")).to_be_visible()
    with page.context.expect_page() as beside:
        part(page, "help").click()
    guide = beside.value
    expect(guide.locator("h1").first).to_have_text("Steps and choices")
    guide.get_by_role("link", name="Draw a choice").click()
    expect(guide.locator("#draw-a-choice")).to_be_in_viewport()
    picture = guide.locator("#draw-a-choice ~ p img").first
    expect(picture).to_be_visible()
    assert picture.evaluate("async image => (await image.decode(), image.naturalWidth)") > 800
    part(guide, "after").click()
    expect(guide.locator("h1").first).to_have_text("Forms")
    page.bring_to_front()
    expect(part(page, "element-id")).to_be_visible()  # the editor is as it was left


def test_a_picture_is_taken_of_the_page_as_it_is(showroom: Showroom, seat: Seat) -> None:
    page = seat("owner", language="ru")
    studio = Studio(showroom, "ru", page, page)
    for name in ("new-process", "add-a-step"):
        assert take(studio, name)[8:12] == WEBP


@pytest.mark.long
@pytest.mark.parametrize("language", LOCALES)
def test_every_picture_can_be_taken_anew(browser: Browser, language: str) -> None:
    with opened(browser, language) as studio:
        assert {name for name in ALL if take(studio, name)[8:12] == WEBP} == set(ALL)
