"""When the next advertising may go out."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from webapp.customers.quiet_hours import next_opening

YEAR = datetime(2026, 1, 1, tzinfo=UTC)


@given(
    now=st.integers(0, 366 * 24 * 60).map(lambda minutes: YEAR + timedelta(minutes=minutes)),
    zone=st.sampled_from(["Europe/Moscow", "Asia/Kamchatka", "America/New_York", "Europe/Berlin"]),
    hours=st.tuples(st.integers(0, 23), st.integers(1, 24)).filter(lambda each: each[0] < each[1]),
)
def test_the_next_opening_is_soon_and_within_the_hours(now: datetime, zone: str, hours: tuple[int, int]) -> None:
    opens = next_opening(now, zone=zone, from_hour=hours[0], until_hour=hours[1])
    there = now.astimezone(ZoneInfo(zone))

    assert (opens is None) is (hours[0] <= there.hour < hours[1])
    if opens is not None:
        assert now < opens < now + timedelta(hours=26)
        assert opens.astimezone(ZoneInfo(zone)).hour in (hours[0], hours[0] + 1)  # the hour that a spring night skips
