"""Dates and date-times beyond Python's calendar: the years -999,999,999 to 999,999,999 of the standard.

The calendar repeats after 400 years (146,097 days, whole weeks). So a wide value is a Python value of the
years 2000 to 2399 and how many such cycles it lies away; Python's own arithmetic serves them all. Within
the years 1 to 9999 every value is a plain date or datetime: `joined` sees to that.
"""

import calendar
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from engine.feel.values import WideDate, WideDateTime, YearsMonths

CYCLE_YEARS: Final = 400
CYCLE_DAYS: Final = 146_097
CYCLE_MONTHS: Final = CYCLE_YEARS * 12
FIRST_YEAR: Final = 2000
MAX_YEAR: Final = 999_999_999
NANOSECONDS: Final = 1_000_000_000
NANOSECONDS_OF_DAY: Final = 86_400 * NANOSECONDS
DAY: Final = timedelta(days=1)
EPOCH: Final = datetime(1970, 1, 1)  # noqa: DTZ001  # local on purpose: only differences are taken
WIDE: Final = (WideDate, WideDateTime)

AnyDate = date | WideDate | WideDateTime


@dataclass(frozen=True)
class Split:
    """Cycles away, the Python value within the cycle, and nanoseconds below its microsecond."""

    cycles: int
    inner: date
    nanoseconds: int = 0

    @property
    def year(self) -> int:
        return self.inner.year + CYCLE_YEARS * self.cycles


def split(value: AnyDate) -> Split:
    if isinstance(value, WideDateTime):
        return Split(value.cycles, value.moment, value.nanoseconds)
    if isinstance(value, WideDate):
        return Split(value.cycles, value.day)
    cycles = (value.year - FIRST_YEAR) // CYCLE_YEARS
    return Split(cycles, value.replace(year=value.year - CYCLE_YEARS * cycles))


def joined(parts: Split) -> AnyDate | None:
    """The plain value where Python has it (without nanoseconds), a wide one beyond; null beyond a thousand million."""
    shift = (parts.inner.year - FIRST_YEAR) // CYCLE_YEARS
    inner = parts.inner.replace(year=parts.inner.year - CYCLE_YEARS * shift)
    year = parts.year
    if 1 <= year <= 9999:
        return inner.replace(year=year)
    if abs(year) > MAX_YEAR:
        return None
    cycles = parts.cycles + shift
    if isinstance(inner, datetime):
        return WideDateTime(cycles, inner, parts.nanoseconds)
    return WideDate(cycles, inner)


def wide_date(year: int, month: int, day: int) -> AnyDate | None:
    cycles = (year - FIRST_YEAR) // CYCLE_YEARS
    try:
        return joined(Split(cycles, date(year - CYCLE_YEARS * cycles, month, day)))
    except ValueError:
        return None


def at_clock(day: AnyDate, clock: time, nanoseconds: int = 0) -> AnyDate | None:
    """The date-time of a date and a time of day."""
    parts = split(day)
    return joined(Split(parts.cycles, datetime.combine(parts.inner, clock), nanoseconds))


def day_of(value: AnyDate) -> AnyDate | None:
    parts = split(value)
    inner = parts.inner.date() if isinstance(parts.inner, datetime) else parts.inner
    return joined(Split(parts.cycles, inner))


def year_month_day(value: AnyDate) -> tuple[int, int, int]:
    parts = split(value)
    return parts.year, parts.inner.month, parts.inner.day


def plus(value: AnyDate, duration: timedelta | YearsMonths) -> AnyDate | None:
    """Later by a duration; a date by the days of it, counted from midnight."""
    parts = split(value)
    if isinstance(duration, YearsMonths):
        return _plus_months(parts, duration.months)
    cycles, days = divmod(duration.days, CYCLE_DAYS)
    rest = timedelta(days=days, seconds=duration.seconds, microseconds=duration.microseconds)
    inner = parts.inner
    if not isinstance(inner, datetime):
        inner = (datetime.combine(inner, time()) + rest).date()
    elif inner.tzinfo is None:
        inner = inner + rest
    else:
        inner = (inner.astimezone(UTC) + rest).astimezone(inner.tzinfo)
    return joined(Split(parts.cycles + cycles, inner, parts.nanoseconds))


def _plus_months(parts: Split, months: int) -> AnyDate | None:
    cycles, months = divmod(months, CYCLE_MONTHS)
    years, month = divmod(parts.inner.month - 1 + months, 12)
    year = parts.inner.year + years
    day = min(parts.inner.day, calendar.monthrange(year, month + 1)[1])
    inner = parts.inner.replace(year=year, month=month + 1, day=day)
    return joined(Split(parts.cycles + cycles, inner, parts.nanoseconds))


def nanoseconds_of(value: AnyDate) -> int:
    """Since the epoch: of the instant when it has an offset or zone, else of the wall clock; a date at midnight."""
    parts = split(value)
    inner = parts.inner if isinstance(parts.inner, datetime) else datetime.combine(parts.inner, time())
    local = inner.replace(tzinfo=None) - EPOCH - (inner.utcoffset() or timedelta())
    within = local // timedelta(microseconds=1) * 1000 + parts.nanoseconds
    return parts.cycles * CYCLE_DAYS * NANOSECONDS_OF_DAY + within


def is_date_time(value: object) -> bool:
    return isinstance(value, datetime | WideDateTime)


def is_aware(value: AnyDate) -> bool:
    inner = split(value).inner
    return isinstance(inner, datetime) and inner.tzinfo is not None


def order_of(one: object, other: object) -> int | None:
    """-1, 0 or 1, by whole seconds, for two dates or two date-times alike local or aware; one of them is wide."""
    if not isinstance(one, date | WideDate | WideDateTime) or not isinstance(other, date | WideDate | WideDateTime):
        return None
    if is_date_time(one) != is_date_time(other) or is_aware(one) != is_aware(other):
        return None
    left, right = nanoseconds_of(one) // NANOSECONDS, nanoseconds_of(other) // NANOSECONDS
    return (left > right) - (left < right)


def microseconds_between(one: AnyDate, other: AnyDate) -> int | None:
    """From the other to the one; a date beside a date-time is its midnight in UTC."""
    if is_date_time(one) != is_date_time(other):
        one, other = _midnight_utc(one), _midnight_utc(other)
    if is_aware(one) != is_aware(other):
        return None
    return (nanoseconds_of(one) - nanoseconds_of(other)) // 1000


def _midnight_utc(value: AnyDate) -> AnyDate:
    return value if is_date_time(value) else (at_clock(value, time(tzinfo=UTC)) or value)
