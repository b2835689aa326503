"""What protects a browser's session: headers, content policy, cookies, the CSRF token."""

import re

import pytest
from flask.testing import FlaskClient

from tests.webapp.conftest import LogIn, MakeApp

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@pytest.mark.parametrize("path", ["/sign-in", "/nothing", "/session", "/static/icons.svg"])
def test_every_answer_carries_the_protective_headers(client: FlaskClient, path: str) -> None:
    with client.get(path) as answer:
        headers = answer.headers

    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert {policy[name] for name in ("script-src", "style-src", "font-src", "connect-src", "form-action")} == {
        "'self'"
    }
    assert policy["img-src"] == "'self' data:"
    assert {policy[name] for name in ("base-uri", "frame-ancestors")} == {"'none'"}
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"


def test_pages_are_not_kept_by_caches(client: FlaskClient) -> None:
    assert client.get("/sign-in").headers["Cache-Control"] == "no-store"


def test_the_sprite_is_kept_as_long_as_its_version(client: FlaskClient) -> None:
    with client.get("/static/icons.svg?v=1") as answer:
        assert "immutable" in answer.headers["Cache-Control"]


def test_https_is_insisted_on_once_it_is_used(client: FlaskClient) -> None:
    assert "Strict-Transport-Security" not in client.get("/sign-in").headers
    assert client.get("/sign-in", base_url="https://localhost").headers["Strict-Transport-Security"]


def test_no_page_has_inline_scripts_or_styles(client: FlaskClient, log_in: LogIn) -> None:
    log_in("admin")

    for path in ("/staff", "/staff/new", "/staff/centres", "/profile", "/nothing"):
        page = client.get(path).text
        assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:", page), path


def test_the_cookie_is_for_this_host_over_https_only(make_app: MakeApp) -> None:
    client = make_app(secure_cookies=True, WTF_CSRF_ENABLED=True).test_client()

    cookie = client.get("/set-up", base_url="https://localhost").headers["Set-Cookie"]

    assert cookie.startswith("__Host-session=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))


class TestForgery:
    @pytest.fixture
    def client(self, make_app: MakeApp) -> FlaskClient:
        return make_app(WTF_CSRF_ENABLED=True).test_client()

    def test_a_form_without_a_token_is_refused(self, client: FlaskClient) -> None:
        answer = client.post("/preferences", data={"language": "ru"})

        assert (answer.status_code, 'data-code="csrf"' in answer.text) == (400, True)

    def test_a_form_with_the_token_of_the_page_is_taken(self, client: FlaskClient) -> None:
        token = TOKEN.search(client.get("/set-up").text)
        assert token

        answer = client.post("/preferences", data={"language": "ru", "csrf_token": token[1]})

        assert answer.status_code == 302

    def test_htmx_sends_the_token_as_a_header(self, client: FlaskClient) -> None:
        token = client.get("/session").json["csrf"]  # type: ignore[index]  # the answer is JSON

        answer = client.post("/preferences", data={"language": "ru"}, headers={"X-CSRF-Token": token})

        assert answer.status_code == 302

    def test_a_token_of_another_session_is_refused(self, client: FlaskClient, make_app: MakeApp) -> None:
        foreign = make_app(WTF_CSRF_ENABLED=True).test_client().get("/session").json["csrf"]  # type: ignore[index]
        client.get("/session")

        answer = client.post("/preferences", data={"language": "ru"}, headers={"X-CSRF-Token": foreign})

        assert answer.status_code == 400

    def test_a_lost_session_is_told_as_such_and_not_as_a_forgery(self, client: FlaskClient) -> None:
        answer = client.post("/profile", data={"language": "ru"})

        assert (answer.status_code, "You were signed out" in answer.text) == (401, True)


def test_an_open_page_can_ask_whether_the_session_lives(client: FlaskClient, log_in: LogIn) -> None:
    assert client.get("/session").json["signed_in"] is False  # type: ignore[index]

    log_in("staff.see")

    assert client.get("/session").json["signed_in"] is True  # type: ignore[index]


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:x", ""])
def test_a_form_never_leads_to_another_site(client: FlaskClient, target: str) -> None:
    answer = client.post("/preferences", data={"language": "ru", "next": target})

    assert answer.headers["Location"] == "/"


def test_a_request_that_is_too_large_is_refused(make_app: MakeApp) -> None:
    client = make_app(upload_megabytes=1).test_client()

    answer = client.post("/preferences", data={"language": b"x" * (2 * 1024 * 1024)})

    assert (answer.status_code, "too large" in answer.text) == (413, True)
