"""Hours and quarters: what a visit takes and what a day can promise."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from webapp.aftersales import capacity
from webapp.aftersales.capacity import QUARTER

FIRST = datetime(2020, 1, 1, tzinfo=UTC)
moments = st.integers(0, 15 * 366 * 86_400).map(lambda seconds: FIRST + timedelta(seconds=seconds))
hours = st.decimals(min_value=Decimal("0.1"), max_value=Decimal(40), places=2)


@given(moments)
def test_a_moment_lies_in_its_quarter(moment: datetime) -> None:
    quarter = capacity.quarter_of(moment)
    assert quarter <= moment < quarter + QUARTER
    assert (quarter.minute % 15, quarter.second, quarter.microsecond) == (0, 0, 0)
    assert capacity.next_quarter(moment) - moment < QUARTER


@given(moments, st.integers(1, 600))
def test_quarters_between_two_moments_cover_them_without_a_gap(start: datetime, minutes: int) -> None:
    end = start + timedelta(minutes=minutes)
    quarters = list(capacity.quarters_between(start, end))
    assert quarters[0] <= start
    assert quarters[-1] < end <= quarters[-1] + QUARTER
    assert all(later - earlier == QUARTER for earlier, later in pairwise(quarters))


@given(hours)
def test_a_bay_is_taken_for_the_norm_and_fifteen_hundredths_and_less_than_a_quarter_more(norm: Decimal) -> None:
    taken = Decimal(capacity.bay_quarters(norm)) / 4
    exact = norm * Decimal("1.15")
    assert exact <= taken
    assert taken - exact < Decimal("0.25")


def test_a_maintenance_of_one_and_six_tenths_hours_takes_a_lift_for_two() -> None:
    assert capacity.bay_quarters(Decimal("1.6")) == 8  # 1.84 hours


@given(st.integers(0, 40), hours, st.decimals("0", "0.9", places=2), st.decimals("0.3", "1", places=2))
def test_bookable_hours_leave_the_reserve_and_are_overbooked_by_a_tenth_at_most(
    technicians: int, shift: Decimal, reserve: Decimal, attendance: Decimal
) -> None:
    whole = capacity.day_capacity(technicians, shift, Decimal("0.85"))
    plain = capacity.bookable_hours(whole, walk_in_reserve=reserve)
    assert plain == whole * (1 - reserve)
    assert plain <= capacity.bookable_hours(whole, walk_in_reserve=reserve, attendance=attendance)
    assert capacity.bookable_hours(whole, walk_in_reserve=reserve, attendance=attendance) <= plain * Decimal("1.10")


def test_eight_in_ten_who_come_allow_the_limit_and_nineteen_in_twenty_the_inverse() -> None:
    assert capacity.overbooking(Decimal("0.8")) == Decimal("1.10")
    assert round(capacity.overbooking(Decimal("0.95")), 4) == Decimal("1.0526")


def _day(day: int) -> list[datetime]:
    return capacity.working_quarters([(datetime(2026, 3, day, 5, tzinfo=UTC), datetime(2026, 3, day, 17, tzinfo=UTC))])


@given(st.integers(0, 47), st.integers(1, 150))
def test_work_is_done_within_working_time_and_goes_over_the_night_only_when_no_day_could_hold_it(
    begin: int, count: int
) -> None:
    days = [_day(2), _day(3), _day(4), _day(5)]
    taken = capacity.take_quarters(days, days[0][begin], count)
    if not taken:
        assert begin + count > (48 if count <= 48 else 4 * 48)
        return
    assert len(taken) == len(set(taken)) == count
    assert set(taken) <= set().union(*days)
    if count <= 48:
        assert taken[-1] - taken[0] == (count - 1) * QUARTER


def test_nothing_begins_at_night() -> None:
    assert capacity.take_quarters([_day(2), _day(3)], datetime(2026, 3, 2, 20, tzinfo=UTC), 4) == []
