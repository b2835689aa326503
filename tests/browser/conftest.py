"""Chromium, a dealer behind a web server, and seats at his desks."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, expect
from sqlalchemy import URL

from tests.browser.chromium import chromium_options
from tests.browser.desk import Seat, sit_down
from tests.browser.showroom import Showroom, empty_place
from tests.databases import new_postgresql_database

HERE = Path(__file__).parent
WIDE = {"width": 1440, "height": 900}
LOCALES = {"ru": "ru-RU", "en": "en-US"}

expect.set_options(timeout=20_000)  # a busy machine is slow, not wrong


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_type_launch_args, **chromium_options()}


@pytest.fixture(scope="module")
def showroom(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Showroom]:
    """One dealer for all tests of a module, each with customers of its own.

    On SQLite and served by this process; with TEST_PROCESSES=2+2 on PostgreSQL, by two web servers and two schedulers.
    """
    with empty_place(request, tmp_path_factory) as (url, folder), Showroom.open(url, folder).serving() as opened:
        yield opened


@pytest.fixture(scope="module")
def postgresql_showroom(
    postgresql_server: URL, postgresql_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Showroom]:
    """The same on PostgreSQL."""
    with new_postgresql_database(postgresql_server, postgresql_template) as url:
        opened = Showroom.open(url.render_as_string(hide_password=False), tmp_path_factory.mktemp("showroom"))
        with opened.serving():
            yield opened


@pytest.fixture
def problems() -> Iterator[list[str]]:
    """What pages complained of; a test that leaves any has failed."""
    found: list[str] = []
    yield found
    assert not found, "\n".join(found)


@pytest.fixture
def seat(browser: Browser, problems: list[str], request: pytest.FixtureRequest) -> Iterator[Seat]:
    """`seat("seller")`: a page of somebody who has signed in. Without a name: of nobody yet."""
    contexts: list[BrowserContext] = []

    def take(
        person: str = "",
        *,
        at: Showroom | None = None,
        language: str = "ru",
        size: dict[str, int] = WIDE,
        **options: Any,
    ) -> Any:
        place: Showroom = at or request.getfixturevalue("showroom")
        context = browser.new_context(
            base_url=place.base_url,
            locale=LOCALES[language],
            timezone_id="Europe/Moscow",
            viewport=size,
            **options,
        )
        contexts.append(context)
        if person:
            context.add_cookies([place.cookie(person)])
        return sit_down(context, place, problems, scripts=options.get("java_script_enabled", True))

    yield take
    for context in contexts:
        context.close()
