"""R20: the harness is run against a product with a known bug, and must notice each; without one it notices nothing."""

from pathlib import Path

import pytest

from tests.reliability import drill
from tests.reliability.beats import kill_schedulers, sleep_over_a_lease
from tests.reliability.installation import Installation
from tests.reliability.kills import kill_web
from tests.reliability.processes import Order, Plan
from tests.reliability.seeded_bugs import BUGS

pytestmark = pytest.mark.reliability
DEATHS = 3
LONGER = (1.5, 5, 15)  # seconds: two that must meet do so later where the machine has other work


def run(made: Installation, folder: Path, name: str, seconds: float = LONGER[0]) -> list[str]:
    """The violations that the run which concerns this bug finds; `seconds`: for how long, if nothing dies in it."""
    bug = BUGS[name]
    orders = [Order(bug.dies_at, 1 + number) for number in range(DEATHS)] if bug.dies_at else []
    if bug.where == "sleeper":
        return sleep_over_a_lease(made, folder, bug=name)
    if bug.where == "scheduler":
        return kill_schedulers(
            made, folder, kills=len(orders), seed=1, bug=name, given=(orders or [None])[0]
        ).violations
    plan = Plan(orders, bug=name, workers=bug.workers)
    after = 0.2 if orders else seconds
    return kill_web(made, plan, folder, seed=1, after=after, processes=(drill.KEY,)).violations


@pytest.mark.parametrize("name", BUGS)
def test_a_seeded_bug_is_noticed(name: str, sqlite_installation: Installation, tmp_path: Path) -> None:
    noticed, found = BUGS[name].noticed, run(sqlite_installation, tmp_path / "run", name)
    for seconds in LONGER[1:]:
        if not found:
            found = run(sqlite_installation, tmp_path / f"run {seconds}", name, seconds)

    assert any(each.startswith(noticed) for each in found), found


def test_a_product_without_a_seeded_bug_is_sound(sqlite_installation: Installation, tmp_path: Path) -> None:
    plan = Plan([Order("before process_instance", 2), Order("after commit", 2)], workers=2)

    assert kill_web(sqlite_installation, plan, tmp_path / "run", seed=1, after=1.0).violations == []
