"""Dates beyond Python's calendar obey the laws of those within it: everything repeats after 400 years."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.feel import YearsMonths, evaluate
from engine.feel.arithmetic import add, subtract
from engine.feel.budget import Run
from engine.feel.comparison import order
from engine.feel.temporal import format_temporal, parse_moment
from engine.feel.values import WideDate, WideDateTime
from engine.feel.wide import CYCLE_DAYS, Split, joined, split, year_month_day

RUN = Run(datetime(2026, 3, 2, tzinfo=UTC))
DAYS = st.dates(date(1000, 1, 1), date(8999, 12, 31))
MOMENTS = st.datetimes(datetime(1000, 1, 1), datetime(8999, 12, 31))  # noqa: DTZ001  # local on purpose
DURATIONS = st.one_of(
    st.timedeltas(timedelta(days=-300_000), timedelta(days=300_000)), st.builds(YearsMonths, st.integers(-9000, 9000))
)
CYCLES = st.integers(-2_000_000, 2_000_000)


def moved(value: object, cycles: int) -> object:
    assert isinstance(value, date | WideDate | WideDateTime)
    parts = split(value)
    return joined(Split(parts.cycles + cycles, parts.inner))


@given(st.one_of(DAYS, MOMENTS), DURATIONS, CYCLES)
def test_a_sum_moves_with_its_cycles(value: date, duration: timedelta | YearsMonths, cycles: int) -> None:
    assert add(moved(value, cycles), duration, RUN) == moved(add(value, duration, RUN), cycles)


@given(DAYS, DAYS, st.integers(-3, 3), st.integers(-3, 3))
def test_a_difference_counts_the_cycles_between(one: date, other: date, near: int, far: int) -> None:
    found = subtract(moved(one, near), moved(other, far), RUN)

    assert found == (one - other) + timedelta(days=CYCLE_DAYS * (near - far))


@given(st.one_of(DAYS, MOMENTS), CYCLES)
def test_what_is_written_is_read_again(value: date, cycles: int) -> None:
    wide = moved(value, cycles)
    assert isinstance(wide, date | WideDate | WideDateTime)

    text = format_temporal(wide)

    if year_month_day(wide)[0] != 0:  # the standard has no year 0 in texts
        assert parse_moment(text) == wide


@given(DAYS, DAYS, CYCLES)
def test_order_is_that_of_the_calendar(one: date, other: date, cycles: int) -> None:
    assert order(moved(one, cycles), moved(other, cycles)) == (one > other) - (one < other)
    assert order(moved(one, 10_000), other) == 1


@pytest.mark.parametrize("year", [1, 9999])
def test_within_pythons_years_a_date_is_pythons(year: int) -> None:
    assert evaluate(f'date("{year:04d}-06-01") + duration("P0D")') == date(year, 6, 1)
    assert isinstance(evaluate('date("9999-12-31") + duration("P1D")'), WideDate)
    assert evaluate('date("9999-12-31") + duration("P1D") - duration("P1D")') == date(9999, 12, 31)
