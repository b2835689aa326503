"""What protects a browser's session: headers, content policy, cookies, the CSRF token."""

import re

import pytest
from flask.testing import FlaskClient

from tests.webapp.conftest import LogIn, MakeApp

ANSWERS = {
    "centre": "North",
    "name": "Ada Brown",
    "email": "ada@example.com",
    "password": "autumn-harbour-42",
    "repeated": "autumn-harbour-42",
}
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
        token = TOKEN.search(client.get("/set-up").text)
        assert token

        answer = client.post("/preferences", data={"language": "ru"}, headers={"X-CSRF-Token": token[1]})

        assert answer.status_code == 302

    def test_a_token_of_another_session_is_refused(self, client: FlaskClient, make_app: MakeApp) -> None:
        foreign = TOKEN.search(make_app(WTF_CSRF_ENABLED=True).test_client().get("/set-up").text)
        assert foreign
        client.get("/set-up")

        answer = client.post("/preferences", data={"language": "ru"}, headers={"X-CSRF-Token": foreign[1]})

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


class TestRenewal:
    """A late answer from the background carries the session as it was, so it must not carry a cookie."""

    @pytest.fixture
    def client(self, make_app: MakeApp) -> FlaskClient:
        """The first administrator, who has just come in."""
        client = make_app().test_client()
        assert client.post("/set-up", data=ANSWERS).status_code == 302
        client.get("/staff")  # takes the welcome
        return client

    @pytest.mark.parametrize(
        "headers",
        [
            {"Accept": "application/json"},
            {"Accept": "text/event-stream"},
            {"Accept": "*/*"},
            {"Accept": "text/html", "HX-Request": "true"},
        ],
    )
    def test_what_a_page_asks_for_in_the_background_sets_no_cookie(
        self, client: FlaskClient, headers: dict[str, str]
    ) -> None:
        answer = client.get("/session", headers=headers)

        assert answer.json
        assert answer.json["signed_in"]
        assert "Set-Cookie" not in answer.headers

    def test_a_page_renews_the_session(self, client: FlaskClient) -> None:
        answer = client.get("/profile", headers={"Accept": "text/html,*/*;q=0.8"})

        assert "Expires=" in answer.headers["Set-Cookie"]

    def test_asking_whether_the_session_lives_begins_none(self, make_app: MakeApp) -> None:
        answer = make_app().test_client().get("/session")

        assert answer.json == {"signed_in": False, "csrf": ""}
        assert "Set-Cookie" not in answer.headers

    def test_a_sign_in_comes_with_its_token(self, make_app: MakeApp) -> None:
        client = make_app().test_client()
        assert client.post("/set-up", data=ANSWERS).status_code == 302

        assert "Set-Cookie" not in client.get("/session").headers


def test_a_typed_form_that_nobody_types_is_refused_unread(client: FlaskClient) -> None:
    answer = client.post("/sign-in", data="email=" + "x" * (3 << 20), content_type="application/x-www-form-urlencoded")

    assert answer.status_code == 413
