"""The state of the system, as the administrator reads it, a monitor asks it, and the command line tells it."""

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from engine import outbox
from engine.heartbeat import record_beat
from engine.incidents import open_incident
from engine.timers.due_rows import PlannedRow, add_rows
from engine.timers.models import DueKind
from tests.statements import counted_statements
from tests.webapp.admin.conftest import note_shape
from tests.webapp.conftest import LogIn, on_both_databases
from tests.webapp.staff.factories import NOW
from webapp.admin import cli, health
from webapp.admin.health import Part, Tone
from webapp.admin.labels import JOBS
from webapp.core.scheduler import jobs_of

pytestmark = on_both_databases


@pytest.fixture(autouse=True)
def well(app: Flask, session: Session) -> None:
    """Tables of the present shape, and every job has just done its part."""
    note_shape(app.extensions["database"])
    for job in jobs_of(app):
        record_beat(session, name=job.name, now=NOW)
    session.commit()


def tones(app: Flask, session: Session, folder: Path) -> dict[Part, Tone]:
    session.commit()
    return {check.part: check.tone for check in health.examine(session, jobs_of(app), folder, now=NOW)}


def test_a_system_that_is_well(app: Flask, client: FlaskClient, log_in: LogIn) -> None:
    asked = client.get("/health")
    log_in("admin.see")
    page = client.get("/system").text
    russian = client.get("/system", headers={"Accept-Language": "ru"}).text
    with app.app_context():
        told = app.test_cli_runner().invoke(cli.health_command, [])

    assert (asked.status_code, asked.json) == (200, {"status": "ok"})
    assert "Everything that must run is running." in page
    assert "Every job does its part in time; the last one within this minute." in page
    assert "Всё, что должно работать, работает." in russian
    assert told.exit_code == 0
    assert told.output.count("ok   ") == len(Part)


def test_a_silent_scheduler_is_bad(app: Flask, client: FlaskClient, log_in: LogIn, session: Session) -> None:
    first = min(jobs_of(app), key=lambda job: job.every)
    record_beat(session, name=first.name, now=NOW - timedelta(hours=1))
    session.commit()

    asked = client.get("/health")
    log_in("admin.see")
    page = client.get("/system").text
    with app.app_context():
        told = app.test_cli_runner().invoke(cli.health_command, [])

    assert (asked.status_code, asked.json) == (503, {"status": "bad"})
    assert f"These jobs are silent: {JOBS[first.name]}." in page
    assert told.exit_code == 1


def test_tables_of_another_version_are_bad(app: Flask, client: FlaskClient) -> None:
    note_shape(app.extensions["database"], "ffffffffffff")

    assert client.get("/health").status_code == 503


def test_what_waits_too_long_warns_and_then_alarms(app: Flask, session: Session, tmp_path: Path) -> None:
    def add(minutes: int) -> None:
        due = NOW - timedelta(minutes=minutes)
        add_rows(session, [PlannedRow(DueKind.REMINDER, 1, due, "", f"reminder:{minutes}")])

    add(1)
    assert tones(app, session, tmp_path)[Part.DUE] is Tone.OK
    add(5)
    assert tones(app, session, tmp_path)[Part.DUE] is Tone.WARN
    add(30)
    assert tones(app, session, tmp_path)[Part.DUE] is Tone.BAD


def test_mail_that_does_not_leave_and_failed_steps_warn(app: Flask, session: Session, tmp_path: Path) -> None:
    assert tones(app, session, tmp_path)[Part.OUTBOX] is Tone.OK
    long_ago = NOW - timedelta(hours=3)
    outbox.enqueue(session, channel="mail", recipient="a@example.com", body={}, dedupe="letter", now=long_ago)
    open_incident(session, kind="timer", error=ValueError("broken"), command={}, now=NOW, retry=False)

    found = tones(app, session, tmp_path)

    assert (found[Part.OUTBOX], found[Part.INCIDENTS], found[Part.DUE]) == (Tone.WARN, Tone.WARN, Tone.OK)


def test_a_full_disk_is_bad(app: Flask, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert tones(app, session, tmp_path)[Part.DISK] in (Tone.OK, Tone.WARN)
    monkeypatch.setattr(health, "NO_SPACE", 1 << 60)

    assert tones(app, session, tmp_path)[Part.DISK] is Tone.BAD


def test_the_page_asks_little(app: Flask, client: FlaskClient, log_in: LogIn) -> None:
    log_in("admin.see")
    client.get("/system")
    with counted_statements(app.extensions["database"].engine) as counted:
        client.get("/system")

    assert len(counted) <= 13


def test_every_job_has_words(app: Flask) -> None:
    assert {job.name for job in jobs_of(app)} == set(JOBS)
