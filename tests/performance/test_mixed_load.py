"""A busy half minute: two web servers and a scheduler on PostgreSQL, and requests that wait for nobody."""

import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from engine.timers.models import DueRow, DueState
from tests.installation import installed
from tests.performance.load import Heard, read_heard, write_plan
from tests.performance.measuring import Measurement, Report
from tests.performance.mixture import Mixture
from tests.performance.peopled import House, Place

pytestmark = [pytest.mark.performance, pytest.mark.postgresql, pytest.mark.long]

RATE, SLOWER, SECONDS = 100, 30, 30  # requests a second; the slower pace shows what a server has room for
P95_MS = 400
WARM_UP = 5  # seconds at the slower pace: templates and drawings are read
QUIET_SECONDS = 300
PUT_OFF = 503  # more than can be served: counted as an error, and the right answer


def test_two_servers_under_load(report: Report, tmp_path: Path, postgresql_population: Place) -> None:
    clock = tmp_path / "clock"
    clock.write_text("0")
    with (
        House.opened(postgresql_population) as house,
        installed(clock, dict(postgresql_population.settings), web=2, schedulers=1) as processes,
    ):
        mixture = Mixture(house, processes.port, now=datetime.now(UTC))
        await_quiet(house)
        loaded(tmp_path, processes.port, mixture, SLOWER, WARM_UP)
        slower = loaded(tmp_path, processes.port, mixture, SLOWER, SECONDS)
        heard = loaded(tmp_path, processes.port, mixture, RATE, SECONDS)
    tell(report, slower, SLOWER)
    tell(report, heard, RATE)
    wrong = Counter((each.kind, each.status) for each in (*slower, *heard) if not each.fine and each.status != PUT_OFF)
    assert not wrong


def await_quiet(house: House) -> None:
    """The scheduler has carried out what was due when it started."""
    until = time.monotonic() + QUIET_SECONDS
    waiting = 1
    while waiting and time.monotonic() < until:
        time.sleep(1)
        with house.database.read() as session:
            overdue = select(func.count()).where(DueRow.state == DueState.WAITING, DueRow.next_at < datetime.now(UTC))
            waiting = session.scalar(overdue) or 0


def loaded(folder: Path, port: int, mixture: Mixture, rate: int, seconds: int) -> list[Heard]:
    plan, heard = folder / "plan.json", folder / "heard.json"
    write_plan(plan, port, mixture.shots(rate * seconds), rate)
    subprocess.run([sys.executable, "-m", "tests.performance.load", str(plan), str(heard)], check=True)
    return read_heard(heard)


def tell(report: Report, heard: list[Heard], rate: int) -> None:
    """A row for all, and one for each kind of request."""
    kinds = sorted({each.kind for each in heard})
    results = {"all": measured(heard)} | {
        kind: measured([each for each in heard if each.kind == kind]) for kind in kinds
    }
    facts = {
        "all": {
            "requests/s": round(len(heard) / max(each.at for each in heard), 1),
            "requests/s wanted": rate,
            "errors": sum(not each.fine for each in heard),
        }
    }
    report.add(f"mixed load, {rate} requests/s", results, against="all", facts=facts, limits_ms={"all": P95_MS})


def measured(heard: list[Heard]) -> Measurement:
    return Measurement("", (tuple(each.seconds for each in heard),))
