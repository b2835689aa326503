"""One session per request: kept after success, forgotten after a refusal, read-only where nothing may change."""

import sqlite3
from contextlib import closing

import pytest
from flask import Flask, flash, get_flashed_messages, redirect
from flask.testing import FlaskClient
from sqlalchemy import event, func, select, text
from sqlalchemy.orm import Session
from werkzeug import Response

from engine.errors import DatabaseBusy, DatabaseFull, DatabaseLost
from tests.webapp.conftest import LogIn, MakeApp
from webapp.core.database import (
    begin_writing,
    forget_and_read,
    keep_and_read,
    keep_despite_refusal,
    reads_first,
    unit_of_work,
)
from webapp.core.database import session as request_session
from webapp.core.errors import Conflict
from webapp.core.permissions import public
from webapp.staff.models import Centre

LOCKED = "database is locked"
END = {"keeps": keep_and_read, "forgets": forget_and_read}


def _raise(error: Exception) -> None:
    raise error


@pytest.fixture
def app(make_app: MakeApp) -> Flask:
    app = make_app()

    @app.route("/write/<how>", methods=["GET", "POST"])
    @public
    def write(how: str) -> tuple[str, int]:
        request_session().add(Centre(name=how))
        request_session().flush()
        if how == "raise":
            raise Conflict("role_held")
        if how == "bug":
            raise ZeroDivisionError
        if how == "keep":
            keep_despite_refusal()
        return "done", 200 if how == "fine" else 422

    @app.get("/isolation")
    @public
    def isolation() -> str:
        first = request_session().scalar(select(func.count(Centre.id)))
        with unit_of_work() as other:
            other.add(Centre(name="meanwhile"))
        return f"{first} {request_session().scalar(select(func.count(Centre.id)))}"

    @app.post("/fails-in-the-end/<how>")
    @public
    def fail_in_the_end(how: str) -> Response:
        trouble = {"busy": DatabaseBusy, "full": DatabaseFull, "lost": DatabaseLost}[how]
        request_session().add(Centre(name=how))
        event.listen(request_session(), "before_commit", lambda _: _raise(trouble("at the commit")))
        flash("Done.")
        return redirect("/elsewhere")

    @app.get("/said")
    @public
    def said() -> list[str]:
        return list(get_flashed_messages())

    def lock() -> str:
        request_session().execute(text("SELECT 1"))
        with closing(sqlite3.connect(app.extensions["database"].engine.url.database, timeout=0)) as other:
            try:
                other.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as refusal:
                return str(refusal)
        return "free"

    @app.post("/begin")
    @public
    def begin() -> str:
        return lock()

    @app.route("/switches/<how>", methods=["GET", "POST"])
    @public
    @reads_first
    def switch(how: str) -> tuple[list[str], int]:
        told = [lock()]
        if how != "reads":
            begin_writing()
            told.append(lock())
        request_session().add(Centre(name=how))
        request_session().flush()
        if how in END:
            END[how]()
            told += [lock(), str(request_session().scalar(select(func.count(Centre.id))))]
        return told, 200 if how == "writes" else 422

    app.config["PROPAGATE_EXCEPTIONS"] = False
    return app


@pytest.mark.parametrize(("how", "kept"), [("fine", 1), ("refused", 0), ("raise", 0), ("bug", 0), ("keep", 1)])
def test_a_change_is_kept_when_the_answer_is_a_success(
    client: FlaskClient, session: Session, how: str, kept: int
) -> None:
    client.post(f"/write/{how}")

    assert session.scalar(select(func.count(Centre.id))) == kept


@pytest.mark.parametrize(
    ("how", "told"),
    [
        ("busy", "Nothing was saved."),
        ("full", "The disk of the server is full."),
        ("lost", "The database does not answer."),
    ],
)
def test_a_commit_that_fails_takes_the_promise_back(client: FlaskClient, session: Session, how: str, told: str) -> None:
    answer = client.post(f"/fails-in-the-end/{how}")

    assert (answer.status_code, told in answer.text, "Location" in answer.headers) == (503, True, False)
    assert int(answer.headers["Retry-After"]) > 0
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert client.get("/said").json == []
    assert session.scalar(select(func.count(Centre.id))) == 0


def test_a_database_that_is_busy_before_it_is_known_who_asks(app: Flask, client: FlaskClient, log_in: LogIn) -> None:
    log_in("cases.see")

    def refuse(*_: object) -> None:
        raise DatabaseBusy

    event.listen(app.extensions["database"].engine, "before_cursor_execute", refuse)
    answer = client.post("/write/fine")

    assert (answer.status_code, "Nothing was saved." in answer.text) == (503, True)
    assert int(answer.headers["Retry-After"]) > 0


def test_a_reading_request_cannot_write(client: FlaskClient, session: Session) -> None:
    assert client.get("/write/fine").status_code == 500
    assert session.scalar(select(func.count(Centre.id))) == 0


def test_a_reading_request_sees_one_moment(client: FlaskClient) -> None:
    assert client.get("/isolation").text == "0 0"


def test_a_writing_request_has_the_lock_before_it_reads(client: FlaskClient) -> None:
    assert client.post("/begin").text == LOCKED


@pytest.mark.parametrize(
    ("how", "told", "kept"),
    [
        ("writes", ["free", LOCKED], 1),
        ("refused", ["free", LOCKED], 0),
        ("keeps", ["free", LOCKED, "free", "1"], 1),
        ("forgets", ["free", LOCKED, "free", "0"], 0),
    ],
)
def test_the_lock_is_held_only_while_it_is_needed(
    client: FlaskClient, session: Session, how: str, told: list[str], kept: int
) -> None:
    assert client.post(f"/switches/{how}").json == told
    assert session.scalar(select(func.count(Centre.id))) == kept


@pytest.mark.parametrize(("method", "how"), [("POST", "reads"), ("GET", "reads"), ("GET", "writes")])
def test_who_said_that_he_reads_cannot_write(client: FlaskClient, session: Session, method: str, how: str) -> None:
    assert client.open(f"/switches/{how}", method=method).status_code == 500
    assert session.scalar(select(func.count(Centre.id))) == 0


def test_a_command_keeps_its_change_only_when_it_ends_well(app: Flask, session: Session) -> None:
    def add(name: str, *, then: Exception | None = None) -> None:
        with unit_of_work() as unit:
            unit.add(Centre(name=name))
            unit.flush()
            if then:
                raise then

    with app.app_context():
        add("North")
        with pytest.raises(ZeroDivisionError):
            add("South", then=ZeroDivisionError())

    assert list(session.scalars(select(Centre.name))) == ["North"]
