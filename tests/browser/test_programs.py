"""Tokens in the browser: copied by a button, and revoked only after a question."""

import pytest
from playwright.sync_api import expect

from tests.browser.desk import Seat, part
from tests.browser.showroom import Showroom


@pytest.mark.parametrize("language", ["ru", "en"])
def test_a_token_is_copied_and_revoking_it_is_asked_first(showroom: Showroom, seat: Seat, language: str) -> None:
    page = seat("seller", language=language, permissions=["clipboard-read", "clipboard-write"])
    page.goto("/tokens")
    page.fill("#f-name", "Cash desk")
    page.locator("form[data-main] button[type=submit]").click()
    secret = part(page, "secret").input_value()

    part(page, "copy").click()
    expect(part(page, "copy")).to_contain_text({"ru": "Скопировано", "en": "Copied"}[language])
    assert page.evaluate("navigator.clipboard.readText()") == secret

    page.goto("/tokens")
    held = part(page, "revoke").count()
    part(page, "revoke").first.click()
    page.locator("dialog[open] [data-closes]").last.click()
    expect(part(page, "revoke")).to_have_count(held)
    part(page, "revoke").first.click()
    page.locator("dialog[open] [data-test=revoke-sure]").click()
    expect(part(page, "message").first).to_be_visible()
    expect(part(page, "revoke")).to_have_count(held - 1)
