"""The frame of the pages: what each person may open, the global search, icons and built files."""

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.webapp.conftest import LogIn
from webapp.core import assets
from webapp.core.feature import Hit, SearchSource
from webapp.core.i18n import WEBAPP

SPRITE = (WEBAPP / "static" / "icons.svg").read_text()


def entries(page: str) -> list[str]:
    rail = page.partition('<nav class="rail"')[2].partition("</nav>")[0]
    return re.findall(r'class="rail-link" href="([^"]+)"', rail)


def test_the_rail_shows_what_the_person_may_open(client: FlaskClient, log_in: LogIn) -> None:
    log_in("staff.see")
    assert entries(client.get("/profile").text) == ["/staff"]

    log_in("staff.see", "staff.change_centres")
    assert entries(client.get("/profile").text) == ["/staff", "/staff/centres"]


@pytest.mark.parametrize(
    ("path", "current"),
    [
        ("/staff", "/staff"),
        ("/staff/new", "/staff"),
        ("/staff/centres/new", "/staff/centres"),
        ("/studio/forms", "/processes"),
    ],
)
def test_the_nearest_entry_is_the_current_one(client: FlaskClient, log_in: LogIn, path: str, current: str) -> None:
    log_in("admin")

    page = client.get(path).text.partition("</nav>")[0]

    assert re.findall(r'href="([^"]+)" title="[^"]+" aria-current="page"', page) == [current]


def test_the_first_page_is_the_first_entry(client: FlaskClient, log_in: LogIn) -> None:
    log_in("staff.see")

    assert client.get("/").headers["Location"] == "/staff"


def test_without_any_right_there_is_still_the_profile(client: FlaskClient, log_in: LogIn, session: Session) -> None:
    log_in()

    assert client.get("/").headers["Location"] == "/profile"
    assert client.get("/profile").status_code == 200


class TestSearch:
    def test_finds_pages_and_acts_by_name(self, client: FlaskClient, log_in: LogIn) -> None:
        log_in("staff.see", "staff.change_centres")

        assert re.findall(r'<a class="hit" href="([^"]+)"', client.get("/search?q=CENT").text) == ["/staff/centres"]

    def test_asks_the_slices_whose_records_one_may_see(self, app: Flask, client: FlaskClient, log_in: LogIn) -> None:
        found = [Hit("Vera <Sokolova>", "+7 900 000-41-17", "/staff/1")]
        app.extensions["search"] += [
            SearchSource("Staff", "staff.see", lambda session, text, limit: found),
            SearchSource("Centres", "staff.change_centres", lambda session, text, limit: [Hit("North", "", "/secret")]),
        ]
        log_in("staff.see")

        page = client.get("/search?q=sok").text

        assert ("Vera &lt;Sokolova&gt;" in page, "/secret" in page) == (True, False)

    def test_says_when_nothing_fits(self, client: FlaskClient, log_in: LogIn) -> None:
        log_in("staff.see")

        assert 'data-test="nothing-found"' in client.get("/search?q=zzz").text


def test_every_icon_that_a_template_names_is_in_the_sprite() -> None:
    named = {
        name
        for path in WEBAPP.rglob("templates/**/*.html")
        for name in re.findall(r"""\bicon\(\s*["']([\w-]+)["']""", path.read_text())
    }

    assert {name for name in named if f'id="{name}"' not in SPRITE} == set()


def test_every_icon_of_the_navigation_is_in_the_sprite(app: Flask) -> None:
    items = [*app.extensions["navigation"], *app.extensions["actions"]]

    assert {item.icon for item in items if f'id="{item.icon}"' not in SPRITE} == set()


def test_an_icon_with_a_label_is_read_aloud(app: Flask) -> None:
    with app.test_request_context():
        assert 'role="img" aria-label="Late &amp; lost"' in assets.icon("alarm", "Late & lost")
        assert 'aria-hidden="true"' in assets.icon("alarm")


def test_built_files_are_found_by_the_name_of_their_entry(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    manifest = tmp_path / "manifest.json"
    manifest.write_text('{"entries/base.ts": {"file": "assets/base-1.js", "css": ["assets/base-1.css"]}}')
    monkeypatch.setattr(assets, "MANIFEST", manifest)

    with app.test_request_context():
        tags = assets.asset("base")

    assert '<link rel="stylesheet" href="/static/dist/assets/base-1.css">' in tags
    assert '<script type="module" src="/static/dist/assets/base-1.js"></script>' in tags
