"""R3 and R4: schedulers beside each other carry out everything once, and one that slept finishes nothing twice."""

from pathlib import Path

import pytest

from tests.reliability.beats import beside_each_other, sleep_in_a_transaction, sleep_over_a_lease
from tests.reliability.installation import Installation

pytestmark = pytest.mark.reliability
FASTER = 1.5  # two schedulers on PostgreSQL, given two processors


@pytest.mark.parametrize("schedulers", [2, 4])
def test_schedulers_beside_each_other_fire_nothing_twice(
    schedulers: int, installation: Installation, tmp_path: Path
) -> None:
    _, found = beside_each_other(installation, tmp_path / "beats", schedulers=schedulers, cases=30, rows=400)

    assert found == []


@pytest.mark.long
@pytest.mark.parametrize("schedulers", [1, 2, 4])
def test_a_hundred_thousand_rows_are_carried_out_once(
    schedulers: int, installation: Installation, tmp_path: Path
) -> None:
    seconds, found = beside_each_other(installation, tmp_path / "beats", schedulers=schedulers, cases=2000, rows=94_000)
    print(f"{schedulers} schedulers, 100,000 rows: {seconds:.0f} s")  # noqa: T201

    assert found == []


@pytest.mark.long
@pytest.mark.postgresql
def test_two_schedulers_are_faster_than_one(postgresql_installation: Installation, tmp_path: Path) -> None:
    """Interleaved rounds, and of each the best: others may be at work on the machine."""
    seconds: dict[int, list[float]] = {1: [], 2: []}
    for turn in range(3):
        for number, taken in seconds.items():
            folder = tmp_path / f"{turn}-{number}"
            taken.append(beside_each_other(postgresql_installation, folder, schedulers=number, cases=200, rows=5000)[0])
    print(f"one: {seconds[1]}, two: {seconds[2]}")  # noqa: T201

    assert min(seconds[1]) / min(seconds[2]) >= FASTER


def test_who_slept_over_his_lease_does_not_finish_what_another_has(installation: Installation, tmp_path: Path) -> None:
    assert sleep_over_a_lease(installation, tmp_path / "beats") == []


def test_who_slept_with_rows_in_his_hands_fires_them_once(installation: Installation, tmp_path: Path) -> None:
    assert sleep_in_a_transaction(installation, tmp_path / "beats") == []
