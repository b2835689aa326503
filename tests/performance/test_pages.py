"""What pages cost: a guided step with the page of the next one, and what a browser must fetch."""

from contextlib import closing
from pathlib import Path

import pytest

from tests.performance.floor import Floor
from tests.performance.guided import STEPS
from tests.performance.measuring import Report, race
from tests.performance.pages import guided_pages

pytestmark = pytest.mark.performance


def test_a_step_over_http(report: Report, disk: Path, sqlite_template: Path) -> None:
    with closing(Floor(disk / "floor.db")) as floor, guided_pages(disk, sqlite_template) as pages:
        results = race({"floor": floor.step, "over HTTP": pages.step}, rounds=5, per_round=2 * STEPS)

    rate = 1 / results["over HTTP"].median
    report.add(
        "guided step, pages",
        results,
        against="floor",
        goals={"over HTTP": 12},
        facts={"over HTTP": {"steps/s of a worker": round(rate), "steps/s wanted": 60}},
    )
