"""R1 and R2: processes are killed while people work and rows are due; nothing that was promised is lost or doubled.

The long form, and a thousand kills: `.venv/bin/python -m tests.reliability.kills --kills 1000 --seed 7`.
"""

from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from tests.reliability.beats import kill_schedulers
from tests.reliability.failpoints import OF_A_STEP
from tests.reliability.installation import Installation
from tests.reliability.kills import kill_web, orders
from tests.reliability.processes import Plan

pytestmark = pytest.mark.reliability
SEED = 20
SLOWEST = 60.0  # seconds: no target, a sign that something hangs
Report = Callable[[str, object], None]


@pytest.mark.parametrize("kills", [50, pytest.param(300, marks=pytest.mark.long)])
def test_the_web_process_dies_and_no_step_is_lost_or_doubled(
    kills: int, installation: Installation, tmp_path: Path, record_property: Report
) -> None:
    outcome = kill_web(installation, Plan(orders(kills, Random(SEED))), tmp_path / "web", seed=SEED)
    record_property("kills", str(outcome))
    print(f"seed {SEED}: {outcome}")  # noqa: T201  # figures belong to the report

    assert outcome.violations == []
    assert outcome.kills == kills
    assert max(outcome.serving_again) < SLOWEST
    assert set(OF_A_STEP) <= set(outcome.died_at)


@pytest.mark.parametrize("kills", [10, pytest.param(100, marks=pytest.mark.long)])
def test_the_scheduler_dies_and_no_reminder_or_letter_is_lost_or_doubled(
    kills: int, installation: Installation, tmp_path: Path
) -> None:
    outcome = kill_schedulers(installation, tmp_path / "beats", kills=kills, seed=SEED)
    print(f"seed {SEED}: {outcome}")  # noqa: T201

    assert outcome.violations == []
    assert outcome.kills == kills
