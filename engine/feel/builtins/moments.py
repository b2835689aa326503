"""Functions of dates, times and durations; now() and today() take the moment of the evaluation."""

import calendar
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Final

from engine.feel.arithmetic import moment_of
from engine.feel.budget import Run
from engine.feel.builtins.registry import Library
from engine.feel.comparison import equal
from engine.feel.durations import Duration
from engine.feel.temporal import (
    duration_or_null,
    fixed_zone,
    make_date,
    parse_date,
    parse_date_time,
    parse_time,
)
from engine.feel.values import WideDate, WideDateTime, YearsMonths, kind_of
from engine.feel.wide import AnyDate, at_clock, day_of, split, year_month_day

library = Library()
declare = library.declare

DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


@declare("now")
def now(run: Run) -> datetime:
    return run.now


@declare("today")
def today(run: Run) -> date:
    """The date of now() in its own zone: hand in a local `now` to get the local day."""
    return run.now.date()


@declare("date", "from: any")
def to_date(run: Run, value: object) -> AnyDate | None:
    value = _single(value)
    if isinstance(value, str):
        return parse_date(value)
    return day_of(value) if isinstance(value, date | WideDate | WideDateTime) else None


def _single(value: object) -> object:
    return value[0] if isinstance(value, list) and len(value) == 1 else value


@declare("date", "year: number, month: number, day: number")
def date_of(run: Run, year: Decimal, month: Decimal, day: Decimal) -> AnyDate | None:
    parts = [_whole(part) for part in (year, month, day)]
    return None if None in parts else make_date(*(int(part) for part in parts if part is not None))


def _whole(value: Decimal) -> int | None:
    return int(value) if value == value.to_integral_value() and value.adjusted() < 10 else None


@declare("time", "from: any")
def to_time(run: Run, value: object) -> time | None:
    """A bare date counts as its midnight in UTC."""
    value = _single(value)
    if isinstance(value, str):
        return parse_time(value)
    if isinstance(value, date | WideDate | WideDateTime):
        inner = split(value).inner
        return value.timetz() if isinstance(value, datetime) else moment_of(inner).timetz()
    return value if isinstance(value, time) else None


@declare("time", "hour: number, minute: number, second: number, offset: any?")
def time_of(run: Run, hour: Decimal, minute: Decimal, second: Decimal, offset: object = None) -> time | None:
    if offset is not None and not isinstance(offset, timedelta):
        return None
    zone = fixed_zone(offset) if offset is not None else None
    hours, minutes = _whole(hour), _whole(minute)
    if hours is None or minutes is None or (offset is not None and zone is None) or not 0 <= second < 60:
        return None
    microseconds = int(second * 1_000_000)
    try:
        return time(hours, minutes, microseconds // 1_000_000, microseconds % 1_000_000, zone)
    except ValueError:
        return None


@declare("date and time", "from: any")
def to_date_time(run: Run, value: object) -> AnyDate | None:
    value = _single(value)
    if isinstance(value, str):
        run.charge(8)
        return parse_date_time(value)
    if isinstance(value, WideDate):
        return at_clock(value, time(tzinfo=UTC))
    if isinstance(value, WideDateTime):
        return value
    return moment_of(value) if isinstance(value, date) else None


@declare("date and time", "date: any, time: any")
def date_time_of(run: Run, day: object, clock: object) -> AnyDate | None:
    day, clock = _single(day), _single(clock)
    if not isinstance(day, date | WideDate | WideDateTime) or not isinstance(clock, time):
        return None
    return at_clock(day, clock)


@declare("duration", "from: any")
def to_duration(run: Run, value: object) -> Duration | None:
    value = _single(value)
    if isinstance(value, str):
        return duration_or_null(value)
    return value if isinstance(value, timedelta | YearsMonths) else None


@declare("years and months duration", "from: any, to: any")
def years_and_months(run: Run, start: object, end: object) -> YearsMonths | None:
    """Whole months from one date to another; the clock of a date-time is not looked at."""
    start, end = _single(start), _single(end)
    if not isinstance(start, date | WideDate | WideDateTime) or not isinstance(end, date | WideDate | WideDateTime):
        return None
    first, last = year_month_day(start), year_month_day(end)
    return YearsMonths(-_months_between(last, first) if last < first else _months_between(first, last))


def _months_between(start: tuple[int, int, int], end: tuple[int, int, int]) -> int:
    months = (end[0] - start[0]) * 12 + end[1] - start[1]
    return months - (1 if end[2] < start[2] else 0)


@declare("day of week", "date: date and time")
def day_of_week(run: Run, day: datetime) -> str:
    return DAYS[day.weekday()]


@declare("day of year", "date: date and time")
def day_of_year(run: Run, day: datetime) -> Decimal:
    return Decimal(day.timetuple().tm_yday)


@declare("week of year", "date: date and time")
def week_of_year(run: Run, day: datetime) -> Decimal:
    """After ISO 8601: weeks begin on Monday, the first one has the year's first Thursday."""
    return Decimal(day.isocalendar().week)


@declare("month of year", "date: date and time")
def month_of_year(run: Run, day: datetime) -> str:
    return MONTHS[day.month - 1]


@declare("last day of month", "date: date and time")
def last_day_of_month(run: Run, day: datetime) -> date:
    return date(day.year, day.month, calendar.monthrange(day.year, day.month)[1])


@declare("is", "value1: any?, value2: any?")
def is_same(run: Run, one: object = None, other: object = None) -> bool | None:
    """Equal in kind and in every part: 12:00Z is not 13:00+01:00, though they are one moment."""
    if kind_of(one) != kind_of(other):
        return False
    if isinstance(one, datetime | time) and isinstance(other, datetime | time):
        return (one.replace(tzinfo=None), str(one.tzinfo)) == (other.replace(tzinfo=None), str(other.tzinfo))
    return equal(one, other, run)
