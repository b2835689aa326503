"""States and timer starts as earlier versions have stored them go on as they would have gone on."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import orjson
import pytest

from engine.spiff.errors import UnreadableState
from engine.spiff.formats import FORMAT, lift, lifted
from engine.spiff.timers import Repetition, after_firing

MOSCOW = ZoneInfo("Europe/Moscow")
DUE = "2026-03-05T09:00:00+00:00"
HOUR = timedelta(hours=1)


def state_of_format_1(kept: dict[str, object]) -> list[Any]:
    """As the release of 2026-11-22 wrote it: a task with a boundary timer."""
    rows = [["(start)", 64, None, "a"], ["a(boundary)", 64, 0, "b"], ["a", 16, 1, "c"], ["every_day", 8, 1, "d", kept]]
    return [1, False, [[None, rows]]]


def kept_after(kept: dict[str, object]) -> dict[str, Any]:
    found: dict[str, Any] = lift(state_of_format_1(dict(kept)))[2][0][1][3][4]
    return found


@pytest.mark.parametrize(
    ("left", "months", "seconds", "following"),
    [
        (4, 0, 86400.0, "2026-03-06T09:00:00+00:00"),
        (None, 1, 0.0, "2026-04-05T09:00:00+00:00"),
        (1, 0, 3600.0, None),
    ],
)
def test_a_cycle_fires_when_it_was_to_and_goes_on_by_its_distance(
    left: int | None, months: int, seconds: float, following: str | None
) -> None:
    kept = kept_after({"due": DUE, "left": left, "every": [months, seconds]})

    cycle = Repetition.read(kept["cycle"])
    assert (kept["due"], cycle.due(MOSCOW).isoformat(), cycle.left) == (DUE, DUE, left)
    after = after_firing(cycle, cycle.due(MOSCOW), MOSCOW)
    assert (after and after.due(MOSCOW).isoformat()) == following
    assert kept.keys() == {"due", "cycle"}


def test_a_cycle_that_had_come_to_its_end_stays_there() -> None:
    assert kept_after({"due": None, "left": 0, "every": [0, 60.0]}) == {"due": None}


@pytest.mark.parametrize(
    "kept", [{"due": DUE}, {"total": 3, "begun": 2, "left": 1}, {"due": DUE, "cycle": [DUE, 0, 1, 0.0, None, 1]}]
)
def test_everything_else_is_as_it_was(kept: dict[str, object]) -> None:
    assert kept_after(kept) == kept


def test_bytes_are_lifted_once() -> None:
    state = orjson.dumps(state_of_format_1({"due": DUE}))

    once = lifted(state)

    assert once is not None
    assert (orjson.loads(once)[0], lifted(once)) == (FORMAT, None)


@pytest.mark.parametrize("state", [b"", b"[]", b"{}", b"no state", b"[0,false,[]]", b"[99,false,[]]", b"[1,2]"])
def test_what_is_no_state_is_refused(state: bytes) -> None:
    with pytest.raises(UnreadableState):
        lifted(state)


def test_a_planned_start_of_before_is_read() -> None:
    read = Repetition.read([DUE, [0, 3600.0], None])

    assert read.due(MOSCOW) == datetime(2026, 3, 5, 9, 0, tzinfo=UTC)
    after = after_firing(read, read.first + HOUR * 5 / 2, MOSCOW)
    assert after is not None
    assert after.due(MOSCOW) == read.first + HOUR * 3
