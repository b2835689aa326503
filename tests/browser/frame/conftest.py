"""A running application and Chromium. Browser tests need the built islands (`./run --setup-only`)."""

import logging
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

from engine.clock import SettableClock
from engine.database import Database
from tests.browser.frame.playground import PLAYGROUND
from tests.settings import FOR_BROWSERS
from tests.webapp.staff.factories import NOW, make_centre, make_user
from webapp.app import create_app
from webapp.core import assets, i18n
from webapp.features import FEATURES
from webapp.staff.models import User


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, object]) -> dict[str, object]:
    return {**browser_context_args, "locale": "en-US", "viewport": {"width": 1440, "height": 900}}


@pytest.fixture(scope="session")
def base_url() -> str:
    """Nothing: each test has an application, and an address, of its own."""
    return ""


@pytest.fixture
def app(sqlite_template: Path, tmp_path: Path) -> Iterator[Flask]:
    """The demo dealer without data, plus the playground; one click signs in as administrator."""
    if not assets.MANIFEST.exists():
        pytest.fail("The islands are not built: run ./run --setup-only")
    i18n.compile_catalogs()
    shutil.copyfile(sqlite_template, tmp_path / "marshrut.db")
    settings = {**FOR_BROWSERS, "data_dir": str(tmp_path), "default_language": "en", "demo": True}
    app = create_app(settings, (*FEATURES, PLAYGROUND), application_clock=SettableClock(NOW))
    yield app
    app.extensions["database"].close()


@pytest.fixture
def administrator(app: Flask) -> User:
    database: Database = app.extensions["database"]
    with Session(database.engine, expire_on_commit=False) as session:
        make_centre(session, name="North")
        person = make_user(session, "admin", name="Ada Brown", email="ada@example.com")
        session.commit()
    return person


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """The address of the running application."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def context(browser: Browser, browser_context_args: dict[str, Any], address: str) -> Iterator[BrowserContext]:
    """A browser without memory; relative addresses lead to the application."""
    fresh = browser.new_context(**browser_context_args, base_url=address)
    yield fresh
    fresh.close()


@pytest.fixture
def complaints(page: Page) -> list[str]:
    """What the browser complains of: script errors and breaches of the content policy."""
    found: list[str] = []
    page.on("console", lambda message: found.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: found.append(str(error)))
    return found


@pytest.fixture
def sign_in(page: Page, address: str, administrator: User) -> Callable[[str], Page]:
    """Sign in as administrator and open a page."""

    def open_page(path: str) -> Page:
        page.goto(f"/sign-in?next={path}")
        page.locator("[data-test=role-admin]").click()
        page.wait_for_url(f"{address}{path}")
        return page

    return open_page
