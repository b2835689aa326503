"""Publishing a hostile or damaged file costs little of the processor and less than 100 MB, and is refused in words.

Little: less than MOST_TIMES as much as publishing some forty small whole files in the same run.

`./test reliability -k hostile_files` tries all of HOSTILE and some damaged files; with `-m long` ten thousand of these.
"""

import json
import subprocess
import sys
from pathlib import Path
from statistics import median
from typing import Any

import pytest

from engine.database import make_database
from tests.engine.definitions import measured_publishing
from tests.engine.definitions.hostile_files import HOSTILE
from tests.engine.definitions.measured_publishing import MOST_TIMES, YARDSTICK
from tests.engine.definitions.whole_files import ROOT, world_with_all

pytestmark = pytest.mark.reliability

MOST_MEGABYTES = 100.0
HARMLESS = frozenset(
    {
        "1,990 steps one after another",
        "10,000 flows between few parallel gateways",
        "600 parallel gateways in a row",
        "600 inclusive gateways in a row",
        "300 events on one step",
        "20 processes of 98 steps",
        "170 long conditions",
        "form of 4,900 fields",
        "field of 40,000 options",
        "checklist of 100 mandatory lines",
        "150 computed fields that read 99 others",
        "pattern that never ends",
        "pattern that never ends, in disguise",
        "table of 1,000 rules of 10 columns",
        "table of 60 rules of 140 ranges",
        "1,200 decisions in a row",
        "160 decisions that need all before them",
        "context of 300 entries",
        "190 names at each of 3,000 cells",
        "80 names of up to 80 words",
        "40 types that double",
    }
)
"""What is only large, within the limits: it is published. All else is refused."""


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Path:
    """A database in which all whole files are live."""
    path = tmp_path_factory.mktemp("hostile") / "published.sqlite"
    path.write_bytes(sqlite_template.read_bytes())
    database = make_database(f"sqlite:///{path}")
    world_with_all(database)
    database.close()
    return path


def tried(published: Path, wanted: str) -> tuple[float, list[dict[str, Any]]]:
    """What the yardstick takes of the processor, in seconds; and each file."""
    command = [sys.executable, "-m", measured_publishing.__name__, str(published), wanted]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    yardstick = median(row["cpu"] for row in rows if row["name"] == YARDSTICK)
    return yardstick, [row for row in rows if row["name"] != YARDSTICK]


def measure(published: Path, wanted: str) -> dict[str, dict[str, Any]]:
    """What became of each file and what it took; prints the worst."""
    yardstick, rows = tried(published, wanted)
    ended = {row["name"]: row["became"] for row in rows if row["cpu"] is None}
    assert ended == {}
    slowest, largest = max(rows, key=lambda row: row["cpu"]), max(rows, key=lambda row: row["memory"])
    sys.stdout.write(f"\n{len(rows)} files ({wanted}); {yardstick=}; slowest: {slowest}; largest: {largest}\n")
    assert slowest["cpu"] < MOST_TIMES * yardstick, slowest
    assert largest["memory"] < MOST_MEGABYTES, largest
    return {row["name"]: row for row in rows}


def in_words(became: object) -> bool:
    return not any(sign in str(became) for sign in ("broke", "no sentence", "without a word"))


def test_hostile_files_are_refused_at_little_cost(published: Path) -> None:
    rows = measure(published, "hostile")

    assert rows.keys() == HOSTILE.keys()
    assert {name: row for name, row in rows.items() if not in_words(row["became"])} == {}
    assert {name for name, row in rows.items() if row["became"] == "published"} == HARMLESS


@pytest.mark.parametrize(
    "seeds",
    ["0-299", *(pytest.param(f"{n}000-{n}999", marks=pytest.mark.long) for n in range(10))],
)
def test_damaged_files_are_taken_or_refused_at_little_cost(published: Path, seeds: str) -> None:
    rows = measure(published, seeds)

    assert {name: row for name, row in rows.items() if not in_words(row["became"])} == {}


def test_the_measure_would_see_it(published: Path) -> None:
    """A file that takes more than it may, of time and of memory, and one that breaks something."""
    yardstick, (slow, large, breaking) = tried(published, "costly")

    assert slow["cpu"] > MOST_TIMES * yardstick
    assert large["memory"] > MOST_MEGABYTES
    assert not in_words(breaking["became"])
