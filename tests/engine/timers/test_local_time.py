"""Local clock times: skipped ones move on, doubled ones count once, 2024 to 2030."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from engine.timers.local_time import moment_of

ZONES = ("Europe/Berlin", "America/New_York", "America/Havana", "Africa/Cairo", "Australia/Lord_Howe", "America/Nuuk")
FIRST, LAST = date(2024, 1, 1), date(2030, 12, 31)
BERLIN = ZoneInfo("Europe/Berlin")

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
