"""Figures for Prometheus: who gets them, what they say, and that several processes say the same."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy.orm import Session

from engine import outbox
from engine.database import Database
from engine.heartbeat import record_beat
from engine.incidents import open_incident
from engine.timers.due_rows import PlannedRow, add_rows
from engine.timers.models import DueKind
from tests.databases import url_of
from tests.dealer import Dealer
from tests.webapp.conftest import on_both_databases
from tests.webapp.staff.factories import NOW
from webapp.admin import metrics
from webapp.core.config import Settings
from webapp.core.scheduler import jobs_of

ROOT = Path(__file__).parents[3]
TOKEN = {"Authorization": "Bearer a token of the watchers"}


def figures(text: str) -> Mapping[str, float]:
    """Value by name and labels, as `name{label=value}`."""
    found = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            labels = ",".join(f"{name}={value}" for name, value in sorted(sample.labels.items()))
            found[f"{sample.name}{{{labels}}}" if labels else sample.name] = sample.value
    return found


@pytest.fixture
def watched(app: Flask) -> Flask:
    chosen = Settings(**{**vars(app.extensions["settings"]), "metrics_token": "a token of the watchers"})
    app.extensions["settings"] = chosen
    return app


class TestWhoMayAsk:
    def test_nobody_where_it_is_off(self, app: Flask, client: FlaskClient) -> None:
        assert client.get("/metrics", headers=TOKEN).status_code == 404

    def test_who_has_the_token(self, watched: Flask, client: FlaskClient) -> None:
        assert client.get("/metrics", headers=TOKEN).status_code == 200
        assert client.get("/metrics").status_code == 404
        assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404
        assert client.get("/metrics", headers={"Authorization": "Bearer guessed"}).status_code == 404

    @pytest.mark.parametrize(
        ("listed", "address", "may"),
        [
            ("10.1.2.3", "10.1.2.3", True),
            ("10.1.2.3", "10.1.2.4", False),
            ("127.0.0.1, 10.0.0.0/8", "10.9.9.9", True),
            ("::1", "::1", True),
            ("", "127.0.0.1", False),
        ],
    )
    def test_who_asks_from_a_listed_address(self, listed: str, address: str, may: bool) -> None:
        assert metrics.may_ask(Settings(metrics_from=listed), address, "") is may


@on_both_databases
def test_what_waits_is_told(watched: Flask, client: FlaskClient, session: Session) -> None:
    record_beat(session, name=jobs_of(watched)[0].name, now=NOW - timedelta(seconds=90))
    add_rows(session, [PlannedRow(DueKind.REMINDER, 1, NOW - timedelta(minutes=5), "", "reminder:1")])
    outbox.enqueue(
        session, channel="mail", recipient="a@example.com", body={}, dedupe="l", now=NOW - timedelta(hours=1)
    )
    open_incident(session, kind="timer", error=ValueError("broken"), command={}, now=NOW, retry=False)
    session.commit()

    told = figures(client.get("/metrics", headers=TOKEN).text)

    assert (told["marshrut_due_overdue"], told["marshrut_due_oldest_seconds"]) == (1, 300)
    assert (told["marshrut_outbox_waiting"], told["marshrut_outbox_oldest_seconds"]) == (1, 3600)
    assert told["marshrut_incidents_open"] == 1
    assert told[f"marshrut_beat_age_seconds{{job={jobs_of(watched)[0].name}}}"] == 90
    assert told["marshrut_database_bytes"] > 100_000


def test_open_cases_are_told_by_process(dealer: Dealer) -> None:
    dealer.register()
    with dealer.read() as session:
        found = metrics.registry(session, [], now=dealer.clock.now())

    assert found.get_sample_value("marshrut_cases_open", {"process": "sales_worksheet"}) == 1


def test_every_figure_is_documented(watched: Flask, client: FlaskClient) -> None:
    guide = (ROOT / "docs/guides/watching.md").read_text()
    families = {family.name for family in text_string_to_metric_families(client.get("/metrics", headers=TOKEN).text)}

    assert len(families) > 8
    assert [name for name in sorted(families) if f"`{name}" not in guide] == []


@pytest.fixture
def two_workers(postgresql_database: Database, tmp_path: Path) -> Iterator[int]:
    """The port of `marshrut run --workers 2` with metrics."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        **os.environ,
        "MARSHRUT_DATABASE_URL": url_of(postgresql_database),
        "MARSHRUT_DATA_DIR": str(tmp_path),
        "MARSHRUT_METRICS_FROM": "127.0.0.1",
    }
    command = [sys.executable, "-m", "webapp.cli", "run", "--no-scheduler", "--workers", "2", "--port", str(port)]
    server = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    while "is ready" not in server.stdout.readline():
        assert server.poll() is None
    yield port
    server.terminate()
    server.communicate(timeout=30)


def asked(port: int, path: str) -> str:
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path)
    answer = connection.getresponse().read().decode()
    connection.close()
    return answer


@pytest.mark.long
def test_workers_add_up_what_they_have_counted(two_workers: int) -> None:
    for _ in range(30):
        asked(two_workers, "/sign-in")

    name = "marshrut_requests_total{method=GET,route=staff.show_sign_in,status=302}"
    time.sleep(0.2)
    assert {figures(asked(two_workers, "/metrics"))[name] for _ in range(6)} == {30}
