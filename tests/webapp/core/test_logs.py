"""Log lines: their form, what they tell of a request, a statement and an error, and what they must not tell."""

import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from engine.database import Database
from tests.settings import FOR_TEST_CLIENTS
from tests.webapp.conftest import LogIn
from webapp.app import create_app
from webapp.core import logs, permissions
from webapp.core.config import Settings
from webapp.core.request_log import HEADER, watch_statements
from webapp.core.scheduler import jobs_of, run_job


@pytest.fixture
def lines(tmp_path: Path) -> Iterator["Lines"]:
    """The lines of this process as they are written, in JSON."""
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    path = tmp_path / "log" / "marshrut.log"
    logs.set_up(Settings(log_format="json", log_file=str(path)))
    yield Lines(path)
    for handler in list(root.handlers):
        root.removeHandler(handler)
        if handler not in before:
            handler.close()
    for handler in before:
        root.addHandler(handler)
    root.setLevel(level)


class Lines:
    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    def text(self) -> str:
        return self._path.read_text() if self._path.exists() else ""

    def of(self, message: str) -> list[dict[str, Any]]:
        found = [json.loads(line) for line in self.text.splitlines()]
        return [line for line in found if line["message"] == message]


@pytest.fixture
def told(app: Flask) -> Flask:
    """The application with a line for every request, all of them slow where asked."""
    app.extensions["settings"] = Settings(**{**vars(app.extensions["settings"]), "log_requests": True})
    return app


def test_a_request_is_told_by_its_route_and_numbers(
    told: Flask, client: FlaskClient, log_in: LogIn, lines: Lines
) -> None:
    user = log_in("customers.see")

    answer = client.get("/customers?q=Secretova", headers={HEADER: "abcdef0123456789"})

    (line,) = lines.of("request")
    assert (line["method"], line["route"], line["status"]) == ("GET", "customers.list_customers", answer.status_code)
    assert line["user"] == getattr(user, "id", line["user"])
    assert line["user"] is not None
    assert line["ms"] > 0
    assert line["request"] == answer.headers[HEADER] != "abcdef0123456789"  # nobody stands before it who may name one
    assert "Secretova" not in lines.text


def test_a_proxy_may_name_the_request(told: Flask, client: FlaskClient, lines: Lines) -> None:
    told.extensions["settings"] = Settings(**{**vars(told.extensions["settings"]), "proxies": 1})

    assert client.get("/sign-in", headers={HEADER: "abcdef0123456789"}).headers[HEADER] == "abcdef0123456789"
    assert client.get("/sign-in", headers={HEADER: 'no "id"\t'}).headers[HEADER] != 'no "id"\t'


def test_cases_and_tasks_are_told(told: Flask, client: FlaskClient, log_in: LogIn, lines: Lines) -> None:
    log_in("cases.see")

    client.get("/cases/4711")

    assert lines.of("request")[0]["case"] == 4711


def test_without_the_setting_only_slow_requests_are_told(
    app: Flask, client: FlaskClient, log_in: LogIn, lines: Lines
) -> None:
    log_in("director")
    client.get("/cases")
    assert lines.of("request") == lines.of("slow request") == []

    app.extensions["settings"] = Settings(**{**vars(app.extensions["settings"]), "slow_request_ms": 1})
    client.get("/cases")  # a page with a list takes longer than a millisecond
    assert lines.of("slow request")[0]["level"] == "warning"


def test_an_error_is_told_without_what_was_typed(lines: Lines, database: Database) -> None:
    @database_error
    def failing() -> None:
        with database.write() as session:
            insert = text("INSERT INTO heartbeat (name, at) VALUES (:name, :at)")
            for _ in range(2):
                session.execute(insert, {"name": "Secretova", "at": "2026-03-02 10:00:00"})

    with logs.facts(job="beat"):
        failing()

    (line,) = lines.of("it failed")
    assert (line["error"], line["cause"], line["job"]) == ("IntegrityError", line["cause"], "beat")
    assert any("test_logs.py" in place for place in line["places"])
    assert "Secretova" not in lines.text


def database_error(run: Any) -> Any:
    def logged() -> None:
        try:
            run()
        except IntegrityError:
            logging.getLogger("test").exception("it failed")

    return logged


def test_a_request_that_fails_is_told_without_its_address(lines: Lines, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/without-tables.sqlite"
    app = create_app({**FOR_TEST_CLIENTS, "TESTING": False, "data_dir": str(tmp_path), "database_url": url})
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.add_url_rule("/secret/<token>", "failing", permissions.public(lambda token: 1 // int(token[:0] or 0)))

    answer = app.test_client().get("/secret/secret-token?q=Secretova")

    assert answer.status_code == 500
    (line,) = lines.of("a request failed")
    assert (line["error"], line["route"]) == ("ZeroDivisionError", "failing")
    assert "Secretova" not in lines.text
    assert "secret-token" not in lines.text


def test_a_job_is_named_in_its_lines(app: Flask, lines: Lines) -> None:
    job = jobs_of(app)[0]
    spoken = type(job)(**{**vars(job), "run": lambda: logging.getLogger("test").info("at work")})

    run_job(app, spoken)

    assert lines.of("at work")[0]["job"] == job.name


def test_a_slow_statement_is_told_without_its_values(lines: Lines, database: Database) -> None:
    watch_statements(database, -1.0)

    with database.read() as session:
        session.execute(text("SELECT name FROM heartbeat WHERE name = :name"), {"name": "Secretova"})

    assert any("FROM heartbeat" in line["statement"] for line in lines.of("slow statement"))
    assert "Secretova" not in lines.text


def test_a_file_is_set_aside_by_its_size(tmp_path: Path, lines: Lines) -> None:
    logs.set_up(Settings(log_file=str(tmp_path / "small" / "m.log"), log_megabytes=1, log_files=2))

    for _ in range(40):
        logging.getLogger("test").info("x" * 100_000)

    assert sorted(path.name for path in (tmp_path / "small").iterdir()) == ["m.log", "m.log.1", "m.log.2"]


def test_plain_lines_can_be_read(capsys: pytest.CaptureFixture[str], lines: Lines) -> None:
    logs.set_up(Settings())
    logging.getLogger("test").warning("a thing", extra={"facts": {"case": 7}})

    assert "WARNING test: a thing case=7" in capsys.readouterr().err


def test_the_web_server_speaks_the_same_form() -> None:
    script = (
        "import logging; from gunicorn.config import Config; from webapp.core.server_log import ServerLines;"
        "c = Config(); c.set('loglevel', 'warning'); ServerLines(c).warning('a worker is late')"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "MARSHRUT_LOG_FORMAT": "json"},
        capture_output=True,
        text=True,
        check=True,
    )

    (line,) = done.stderr.splitlines()
    assert json.loads(line)["message"] == "a worker is late"
