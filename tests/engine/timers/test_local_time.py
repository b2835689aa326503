"""Local clock times: skipped ones move on, doubled ones count once, 2024 to 2030."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.spiff.timers import Repetition, after_firing, read_repetition
from engine.timers.local_time import moment_of

ZONES = ("Europe/Berlin", "America/New_York", "America/Havana", "Africa/Cairo", "Australia/Lord_Howe", "America/Nuuk")
FIRST, LAST = date(2024, 1, 1), date(2030, 12, 31)
BERLIN = ZoneInfo("Europe/Berlin")
DISTANCES = ("P1D", "P2D", "P1W", "P1M", "P3M", "PT5H", "P1DT1H")
NEW_YEAR = datetime(2024, 1, 1, tzinfo=UTC)

zones = st.sampled_from(ZONES).map(ZoneInfo)
days = st.dates(FIRST, LAST)


def changes(zone: ZoneInfo) -> list[date]:
    """Every date between 2024 and 2030 that is not 24 hours long."""
    all_days = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days)]
    return [
        day
        for day in all_days
        if moment_of(day + timedelta(days=1), time(0), zone) - moment_of(day, time(0), zone) != timedelta(days=1)
    ]


class TestMomentOf:
    def test_moves_a_skipped_time_to_the_moment_of_the_jump(self) -> None:
        assert moment_of(date(2026, 3, 29), time(2, 30), BERLIN) == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)

    def test_takes_the_first_of_a_doubled_time(self) -> None:
        assert moment_of(date(2026, 10, 25), time(2, 30), BERLIN) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)

    def test_moves_a_skipped_midnight(self) -> None:
        skipped = date(2026, 4, 24)

        moment = moment_of(skipped, time(0, 30), ZoneInfo("Africa/Cairo"))

        assert moment.astimezone(ZoneInfo("Africa/Cairo")).isoformat() == "2026-04-24T01:00:00+03:00"

    @given(zones, days, st.times())
    def test_shows_the_time_on_the_clock_unless_it_is_skipped(self, zone: ZoneInfo, day: date, at: time) -> None:
        local = moment_of(day, at, zone).astimezone(zone).replace(tzinfo=None)

        assert local == datetime.combine(day, at) or day in changes_by_zone[zone.key]

    @given(zones, days, st.times(), st.times())
    def test_keeps_the_order_of_times(self, zone: ZoneInfo, day: date, one: time, other: time) -> None:
        earlier, later = sorted((one, other))

        assert moment_of(day, earlier, zone) <= moment_of(day, later, zone)


changes_by_zone = {key: changes(ZoneInfo(key)) for key in ZONES}


def test_the_zones_change_their_clocks() -> None:
    assert all(len(found) == 14 for found in changes_by_zone.values()), changes_by_zone


@pytest.mark.parametrize("name", ZONES)
@pytest.mark.parametrize("at", ["00:00", "00:30", "01:30", "02:00", "02:30", "03:00", "09:00"])
def test_a_daily_cycle_comes_once_on_every_local_day(name: str, at: str) -> None:
    """All days from 2024 to 2030, so every change of the clocks; turn after turn, as the scheduler takes them."""
    zone = ZoneInfo(name)
    turn: Repetition | None = read_repetition(f"R/2024-01-01T{at}:00/P1D", NEW_YEAR, zone)
    days = []
    while turn is not None and (due := turn.due(zone)).astimezone(zone).date() <= LAST:
        days.append(due.astimezone(zone).date())
        local = due.astimezone(zone)
        assert local.strftime("%H:%M") == at or local.date() in changes_by_zone[name]
        turn = after_firing(turn, due, zone)

    assert days == [FIRST + timedelta(days=number) for number in range((LAST - FIRST).days + 1)]


@given(zones, days, st.times(), st.integers(0, 900), st.sampled_from(DISTANCES))
def test_what_was_missed_counts_as_one_and_the_rhythm_stays(
    zone: ZoneInfo, day: date, at: time, missed: int, every: str
) -> None:
    cycle = read_repetition(f"R/{day}T{at.isoformat()}/{every}", NEW_YEAR, zone)
    now = cycle.due(zone) + timedelta(days=missed)

    following = after_firing(cycle, now, zone)

    assert following is not None
    turns = [replace(cycle, turn=following.turn - 1).due(zone), following.due(zone)]
    assert turns[0] <= now < turns[1]


def test_a_short_month_shifts_only_its_own_turn() -> None:
    cycle: Repetition | None = read_repetition("R4/2026-01-31T09:00:00/P1M", NEW_YEAR, BERLIN)
    turns = []
    while cycle is not None:
        turns.append(cycle.due(BERLIN).astimezone(BERLIN).strftime("%d.%m. %H:%M"))
        cycle = after_firing(cycle, cycle.due(BERLIN), BERLIN)

    assert turns == ["31.01. 09:00", "28.02. 09:00", "31.03. 09:00", "30.04. 09:00"]


def test_a_cycle_is_kept_as_it_is() -> None:
    cycle = read_repetition("R4/2026-01-31T09:00:00/P1M2DT3H", NEW_YEAR, BERLIN)

    assert Repetition.read(json.loads(json.dumps(cycle.written()))) == cycle
