"""The frame and the islands in a browser: keys, search, theme, drafts, a lost session, drawings, live events."""

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from engine.database import Database
from tests.browser.frame.playground import KEPT
from webapp.staff.models import User

pytestmark = pytest.mark.browser

Open = Callable[[str], Page]


@pytest.mark.parametrize("path", ["/staff", "/staff/new", "/profile", "/playground/form", "/playground/drawing"])
def test_no_page_breaks_its_policy(sign_in: Open, complaints: list[str], path: str) -> None:
    page = sign_in(path)
    page.wait_for_load_state("networkidle")

    assert complaints == []


@pytest.mark.parametrize("width", [1440, 820, 390])
@pytest.mark.parametrize("language", ["English", "Русский"])
def test_no_page_scrolls_sideways(sign_in: Open, width: int, language: str) -> None:
    page = sign_in("/staff")
    if language == "Русский":
        page.locator(".topbar [data-test=language]").click()
    page.set_viewport_size({"width": width, "height": 844})

    for path in ("/staff", "/staff/1", "/staff/new", "/staff/centres", "/profile", "/nothing"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


class TestKeys:
    def test_ctrl_k_finds_a_page(self, sign_in: Open) -> None:
        page = sign_in("/profile")

        page.keyboard.press("Control+k")
        page.keyboard.type("cent")
        expect(page.locator("#palette .hit")).to_have_count(1)
        page.keyboard.press("Enter")

        expect(page).to_have_url("/staff/centres")

    def test_ctrl_k_works_while_the_keyboard_writes_russian(self, sign_in: Open) -> None:
        page = sign_in("/profile")

        page.evaluate(
            "document.body.dispatchEvent(new KeyboardEvent('keydown',"
            "{key: 'л', code: 'KeyK', ctrlKey: true, bubbles: true}))"
        )

        expect(page.locator("#palette")).to_be_visible()

    def test_help_keeps_the_focus_and_gives_it_back(self, sign_in: Open) -> None:
        page = sign_in("/staff")
        row = page.locator("[data-row] a").first
        row.focus()

        page.keyboard.press("?")
        expect(page.locator("#keyboard-help")).to_be_visible()
        for _ in range(5):
            page.keyboard.press("Tab")
            assert page.evaluate("!document.activeElement.closest('.shell')")
        page.keyboard.press("Escape")

        expect(page.locator("#keyboard-help")).to_be_hidden()
        expect(row).to_be_focused()

    def test_j_and_enter_open_the_row(self, sign_in: Open) -> None:
        page = sign_in("/staff")

        page.keyboard.press("j")
        page.keyboard.press("Enter")

        expect(page.get_by_role("heading", name="Ada Brown")).to_be_visible()

    def test_letters_that_are_typed_are_no_commands(self, sign_in: Open) -> None:
        page = sign_in("/staff")

        page.locator("main input[name=q]").press_sequentially("?n/")

        expect(page.locator("#keyboard-help")).to_be_hidden()
        expect(page.locator("main input[name=q]")).to_have_value("?n/")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_auto_is_the_theme_of_the_system(sign_in: Open, page: Page, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of the two words

    sign_in("/profile")

    expect(page.locator("html")).to_have_attribute("data-bs-theme", scheme)


def test_a_message_says_that_it_is_done_and_can_be_closed(sign_in: Open) -> None:
    page = sign_in("/profile")
    page.get_by_role("button", name="Save", exact=True).click()

    message = page.locator("#messages [data-test=message]")
    expect(message).to_have_text("Saved.")
    box = message.bounding_box()
    assert box
    assert box["x"] < 720  # bottom left: the other corner belongs to the drawings' mark
    message.get_by_role("button").click()
    expect(message).to_have_count(0)


class TestForm:
    def test_fields_come_and_go_by_their_condition(self, sign_in: Open) -> None:
        page = sign_in("/playground/form")
        reason, rival = page.locator("#reason"), page.locator("#rival")
        expect(reason).to_be_hidden()
        expect(page.locator("#old")).to_be_hidden()
        expect(page.locator("#broken")).to_be_visible()

        page.get_by_label("Refused").check()
        page.get_by_label("Reason").fill("too dear")
        page.get_by_label("Price").fill("1 000,50")
        expect(rival).to_be_visible()

        page.get_by_label("Agreed").check()
        expect(reason).to_be_hidden()
        expect(rival).to_be_hidden()  # it reads the reason, which is gone
        expect(page.locator("[name=reason]")).to_be_disabled()

    def test_what_was_typed_survives_a_reload(self, sign_in: Open) -> None:
        page = sign_in("/playground/form")
        expect(page.locator("form[data-ready]")).to_be_visible()
        page.get_by_label("Agreed").check()
        page.get_by_label("Note").fill("she calls back")

        page.reload()  # before the draft has reached the server

        expect(page.get_by_label("Note")).to_have_value("she calls back")
        expect(page.get_by_label("Agreed")).to_be_checked()
        page.get_by_role("button", name="Discard").click()
        expect(page.get_by_label("Note")).to_have_value("")

    def test_what_was_typed_reaches_the_server_as_a_draft(self, sign_in: Open) -> None:
        page = sign_in("/playground/form")
        expect(page.locator("form[data-ready]")).to_be_visible()

        with page.expect_response("**/playground/draft"):
            page.get_by_label("Note").fill("she calls back")

        assert KEPT["note"] == "she calls back"

    def test_what_was_taken_does_not_come_back(self, sign_in: Open) -> None:
        page = sign_in("/playground/form")
        expect(page.locator("form[data-ready]")).to_be_visible()
        page.get_by_label("Note").fill("she calls back")
        page.get_by_role("button", name="Send").click()
        expect(page.get_by_role("heading", name="Taken")).to_be_visible()

        page.goto("/playground/form")

        expect(page.locator("form[data-ready]")).to_be_visible()
        expect(page.get_by_label("Note")).to_have_value("")


def test_a_lost_session_does_not_cost_what_was_typed(
    app: Flask, sign_in: Open, page: Page, administrator: User
) -> None:
    page.clock.install()
    sign_in("/staff/1")
    page.locator("#f-position").fill("Owner")
    database: Database = app.extensions["database"]
    with Session(database.engine) as session:
        session.get_one(User, administrator.id).fs_uniquifier = "another"
        session.commit()
    page.clock.fast_forward(61_000)

    page.locator("form[data-main] .btn-primary").click()
    expect(page.locator("#session-lost")).to_be_visible()
    expect(page.locator("#f-position")).to_have_value("Owner")

    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Sign in in a new tab").click()
    other = opened.value
    other.locator("[data-test=role-admin]").click()
    other.wait_for_url(lambda url: "sign-in" not in url)
    page.locator("#session-retry").click()

    expect(page.locator("#messages")).to_contain_text("Saved.")
    expect(page.locator("#f-position")).to_have_value("Owner")


def test_a_drawing_shows_where_its_case_is(sign_in: Open) -> None:
    page = sign_in("/playground/drawing")

    expect(page.locator("[data-element-id=call].d-done")).to_have_count(1)
    expect(page.locator("[data-element-id=visit].d-here")).to_have_count(1)
    expect(page.locator(".tok.is-warn")).to_have_text("2")
    expect(page.locator(".bjs-powered-by")).to_be_visible()


def test_events_of_the_server_reach_the_page(sign_in: Open, page: Page) -> None:
    page.add_init_script(
        "document.addEventListener('DOMContentLoaded', () =>"
        " document.body.addEventListener('live:greeting', (event) => { document.title = event.detail.text; }))"
    )

    sign_in("/profile")

    expect(page).to_have_title("hello")
