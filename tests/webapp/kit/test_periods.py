"""Periods by name: whole days of the reader's zone."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from webapp.kit.periods import PeriodName, period_of

TODAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        (PeriodName.LAST_30_DAYS, date(2026, 2, 1), TODAY),
        (PeriodName.THIS_MONTH, date(2026, 3, 1), date(2026, 3, 31)),
        (PeriodName.LAST_MONTH, date(2026, 2, 1), date(2026, 2, 28)),
        (PeriodName.LAST_90_DAYS, date(2025, 12, 3), TODAY),
        (PeriodName.THIS_YEAR, date(2026, 1, 1), date(2026, 12, 31)),
        (PeriodName.ALL, None, None),
    ],
)
def test_the_days_of_a_period(name: PeriodName, first: date | None, last: date | None) -> None:
    period = period_of(name, TODAY, date(2020, 1, 1), date(2020, 1, 2))

    assert (period.first, period.last) == (first, last)


def test_february_of_a_leap_year_is_whole() -> None:
    assert period_of(PeriodName.THIS_MONTH, date(2028, 2, 29)).last == date(2028, 2, 29)


def test_days_typed_the_wrong_way_round_are_exchanged() -> None:
    period = period_of(PeriodName.OWN, TODAY, date(2026, 2, 9), date(2026, 2, 1))

    assert (period.first, period.last) == (date(2026, 2, 1), date(2026, 2, 9))


def test_a_period_may_be_open_at_one_end() -> None:
    assert period_of(PeriodName.OWN, TODAY, date(2026, 2, 9)).until(ZoneInfo("UTC")) is None


def test_a_day_begins_at_midnight_of_the_zone_also_when_the_clock_is_changed() -> None:
    period = period_of(PeriodName.OWN, TODAY, date(2026, 3, 29), date(2026, 3, 29))
    berlin = ZoneInfo("Europe/Berlin")

    assert period.since(berlin) == datetime(2026, 3, 28, 23, tzinfo=UTC)
    assert period.until(berlin) == datetime(2026, 3, 29, 22, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        (PeriodName.LAST_30_DAYS, date(2026, 1, 2), date(2026, 1, 31)),
        (PeriodName.THIS_MONTH, date(2026, 2, 1), date(2026, 2, 28)),
        (PeriodName.LAST_MONTH, date(2026, 1, 1), date(2026, 1, 31)),
        (PeriodName.THIS_YEAR, date(2025, 1, 1), date(2025, 12, 31)),
        (PeriodName.OWN, date(2026, 1, 28), date(2026, 2, 5)),
    ],
)
def test_the_period_before(name: PeriodName, first: date, last: date) -> None:
    before = period_of(name, TODAY, date(2026, 2, 6), date(2026, 2, 14)).before()

    assert before is not None
    assert (before.first, before.last) == (first, last)


def test_the_same_days_of_the_year_before() -> None:
    earlier = period_of(PeriodName.OWN, TODAY, date(2028, 2, 29), date(2028, 3, 1)).year_before()

    assert earlier is not None
    assert (earlier.first, earlier.last) == (date(2027, 2, 28), date(2027, 3, 1))


def test_nothing_is_before_a_period_without_a_beginning() -> None:
    assert period_of(PeriodName.ALL, TODAY).before() is None
    assert period_of(PeriodName.OWN, TODAY, None, TODAY).year_before() is None
