"""Refusals and failures as pages, fragments and JSON, in both languages."""

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient

from engine.errors import BusinessError, DatabaseBusy, StepFailed, TaskClosed
from tests.webapp.conftest import LogIn, MakeApp
from webapp.core.errors import Conflict, DomainError, Forbidden, NotFound, RuleViolation
from webapp.core.permissions import public

STATUSES = [400, 403, 404, 405, 409, 413, 422, 429, 500, 503]


@pytest.fixture
def app(make_app: MakeApp) -> Flask:
    app = make_app()
    app.config["PROPAGATE_EXCEPTIONS"] = False
    raised: dict[str, Exception] = {
        "not-found": NotFound("centre_unknown"),
        "conflict": Conflict("centre_name_taken", name="North"),
        "rule": RuleViolation("password_easy"),
        "forbidden": Forbidden("role_beyond_own"),
        "plain": DomainError("something_new", "The wheel is square."),
        "engine": TaskClosed("task_closed"),
        "unknown-engine": BusinessError("strange", "Strange things."),
        "busy": DatabaseBusy("locked"),
        "step": StepFailed(17, "boom"),
        "bug": ZeroDivisionError("secret detail"),
    }

    @app.route("/raise/<name>", methods=["GET", "POST"])
    @public
    def raise_it(name: str) -> str:
        raise raised[name]

    @app.get("/abort/<int:status>")
    @public
    def abort_with(status: int) -> str:
        abort(status)

    return app


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_status_has_a_page_that_says_what_to_do(client: FlaskClient, status: int, language: str) -> None:
    client.set_cookie("language", language)

    page = client.get(f"/abort/{status}")

    assert page.status_code == status
    assert f'data-code="{status}"' in page.text
    assert f'<html lang="{language}"' in page.text
    assert ("To the start" in page.text) == (language == "en")


@pytest.mark.parametrize(
    ("name", "status", "sentence"),
    [
        ("not-found", 404, "There is no such centre."),
        ("conflict", 409, "A centre is called North already."),
        ("rule", 422, "This is too easy to guess."),
        ("forbidden", 403, "You can give only roles whose rights you have yourself"),
        ("plain", 400, "The wheel is square."),
        ("engine", 409, "Somebody has already completed this task."),
        ("unknown-engine", 400, "Strange things."),
        ("busy", 503, "Try again in a few seconds."),
        ("step", 500, "incident 17"),
    ],
)
def test_a_refusal_is_explained_in_a_sentence(client: FlaskClient, name: str, status: int, sentence: str) -> None:
    page = client.get(f"/raise/{name}")

    assert (page.status_code, sentence in page.text) == (status, True)


@pytest.mark.parametrize(
    ("form", "referrer", "back"),
    [
        ({"back": "/cases/7?task=9"}, "", "/cases/7?task=9"),
        ({}, "http://localhost/cases/7?task=9", "/cases/7?task=9"),
        ({}, "http://elsewhere.example/cases/7", None),
        ({"back": "//elsewhere.example"}, "", None),
    ],
)
def test_a_refused_form_leads_back_to_its_page(
    client: FlaskClient, form: dict[str, str], referrer: str, back: str | None
) -> None:
    page = client.post("/raise/engine", data=form, headers={"Referer": referrer})

    assert page.status_code == 409
    assert (f'href="{back}" data-test="back"' in page.text) == (back is not None)
    assert ('data-test="back"' in page.text) == (back is not None)


def test_a_refusal_is_explained_in_russian(client: FlaskClient) -> None:
    client.set_cookie("language", "ru")

    assert "Центр «North» уже есть." in client.get("/raise/conflict").text


def test_a_programming_error_shows_no_detail(client: FlaskClient) -> None:
    page = client.get("/raise/bug")

    assert (page.status_code, "secret detail" in page.text) == (500, False)


def test_htmx_gets_a_fragment_for_the_message_area(client: FlaskClient) -> None:
    answer = client.get("/raise/conflict", headers={"HX-Request": "true"})

    assert (answer.status_code, answer.headers["HX-Retarget"]) == (409, "#messages")
    assert "<html" not in answer.text


def test_programs_get_json(client: FlaskClient) -> None:
    answer = client.get("/raise/conflict", headers={"Accept": "application/json"})

    assert answer.json == {"code": "centre_name_taken", "message": "A centre is called North already."}


def test_unknown_addresses_below_api_answer_in_json(client: FlaskClient) -> None:
    answer = client.get("/api/nothing")

    assert (answer.status_code, answer.is_json) == (404, True)


def test_a_wrong_method_names_the_right_ones(client: FlaskClient) -> None:
    answer = client.put("/sign-in")

    assert answer.status_code == 405
    assert {"GET", "POST"} <= set(answer.headers["Allow"].split(", "))


def test_a_lost_session_leads_to_the_sign_in_and_back(client: FlaskClient) -> None:
    answer = client.get("/staff?q=x")

    assert (answer.status_code, answer.headers["Location"]) == (302, "/sign-in?next=/staff?q%3Dx")


def test_a_lost_session_is_told_to_htmx_without_a_redirect(client: FlaskClient) -> None:
    assert client.get("/staff", headers={"HX-Request": "true"}).status_code == 401


def test_the_frame_of_the_application_stands_around_a_refusal(client: FlaskClient, log_in: LogIn) -> None:
    log_in("staff.see")

    assert 'class="rail"' in client.get("/raise/conflict").text
