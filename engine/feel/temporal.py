"""Dates, times and date-times: literals, printing, properties, calendar arithmetic.

Python's calendar holds the years 1 to 9999, to the microsecond; beyond these years a value is wide (wide.py).
A value without offset or zone is local: it is never compared with or subtracted from one that has it.
"""

import calendar
import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from engine.feel.durations import Duration, duration_property, parse_duration
from engine.feel.errors import FeelSyntaxError
from engine.feel.values import WideDate, WideDateTime, YearsMonths
from engine.feel.wide import AnyDate, at_clock, plus, split, wide_date

DATE: Final = re.compile(r"(-?(?:\d{4}|[1-9]\d{4,8}))-(\d{2})-(\d{2})", re.ASCII)
TIME: Final = re.compile(
    r"(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,20}))?(?:(Z)|([+-])(\d{2}):(\d{2})(?::(\d{2}))?|@([A-Za-z][A-Za-z0-9_+/-]{0,60}))?",
    re.ASCII,
)
EPOCH: Final = datetime(1970, 1, 1)  # noqa: DTZ001  # local on purpose: only differences are taken
MAX_OFFSET: Final = timedelta(hours=18)
DAY: Final = timedelta(days=1)

Temporal = date | time | datetime | WideDate | WideDateTime


def parse_moment(text: str) -> Temporal | Duration | None:
    """What stands in @"…": a date, time, date-time or duration; anything else is null."""
    if text.startswith(("P", "-P")):
        return duration_or_null(text)
    if "T" in text:
        return parse_date_time(text)
    return parse_time(text) if ":" in text else parse_date(text)


def duration_or_null(text: str) -> Duration | None:
    """As xsd:duration reads it: weeks are not part of FEEL."""
    try:
        return None if "W" in text else parse_duration(text)
    except FeelSyntaxError:
        return None


def parse_date(text: str) -> date | WideDate | None:
    match = DATE.fullmatch(text)
    return make_date(*(int(part) for part in match.groups())) if match else None


def make_date(year: int, month: int, day: int) -> date | WideDate | None:
    made = wide_date(year, month, day) if year else None  # there is no year 0
    return made if isinstance(made, date | WideDate) else None


def parse_time(text: str) -> time | None:
    match = TIME.fullmatch(text)
    if match is None or int(match[1]) > 24 or (match[1] == "24" and not _is_midnight_24(match)):
        return None
    zone = _zone_of(match)
    return None if zone is None and _has_zone(match) else _clock(match, zone)


def parse_date_time(text: str) -> datetime | WideDateTime | None:
    """2026-03-02T09:00:00 with offset or zone; a bare date is its midnight."""
    day_text, separator, clock_text = text.partition("T")
    day = parse_date(day_text)
    if day is None or not separator:
        return _moment(at_clock(day, time())) if day and not separator else None
    match = TIME.fullmatch(clock_text)
    clock = parse_time(clock_text)
    if clock is None or match is None:
        return None
    moment = _moment(at_clock(day, clock, int((match[4] or "")[6:9].ljust(3, "0"))))
    return shifted(moment, DAY) if moment is not None and _is_midnight_24(match) else moment


def _moment(value: AnyDate | None) -> datetime | WideDateTime | None:
    return value if isinstance(value, datetime | WideDateTime) else None


def _is_midnight_24(match: re.Match[str]) -> bool:
    return match[1] == "24" and match[2] == match[3] == "00" and not (match[4] or "").strip("0")


def _clock(match: re.Match[str], zone: tzinfo | None) -> time | None:
    fraction = (match[4] or "")[:6].ljust(6, "0")
    try:
        return time(int(match[1]) % 24, int(match[2]), int(match[3]), int(fraction), zone)
    except ValueError:
        return None


def _has_zone(match: re.Match[str]) -> bool:
    return bool(match[5] or match[6] or match[10])


def _zone_of(match: re.Match[str]) -> tzinfo | None:
    """None for a local time, and for a zone or an offset that does not exist."""
    if match[5]:
        return UTC
    if match[10]:
        return zone_named(match[10])
    if match[6] is None:
        return None
    offset = timedelta(hours=int(match[7]), minutes=int(match[8]), seconds=int(match[9] or 0))
    if int(match[8]) > 59 or int(match[9] or 0) > 59:
        return None
    return fixed_zone(-offset if match[6] == "-" else offset)


def fixed_zone(offset: timedelta) -> tzinfo | None:
    if abs(offset) > MAX_OFFSET:
        return None
    return timezone(offset) if offset else UTC


@lru_cache(maxsize=256)
def zone_named(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        return None


def format_temporal(value: Temporal) -> str:
    """ISO, with Z, an offset, or @ and the zone's name."""
    if isinstance(value, time):
        return _format_clock(value)
    parts = split(value)
    if isinstance(parts.inner, datetime):
        return f"{format_date(value)}T{_format_clock(parts.inner, parts.nanoseconds)}"
    return format_date(value)


def format_date(value: AnyDate) -> str:
    parts = split(value)
    sign = "-" if parts.year < 0 else ""
    return f"{sign}{abs(parts.year):04d}-{parts.inner.month:02d}-{parts.inner.day:02d}"


def _format_clock(value: time | datetime, nanoseconds: int = 0) -> str:
    text = f"{value.hour:02d}:{value.minute:02d}:{value.second:02d}"
    if value.microsecond or nanoseconds:
        text += f".{value.microsecond:06d}{nanoseconds:03d}".rstrip("0")
    if value.tzinfo is None:
        return text
    if isinstance(value.tzinfo, ZoneInfo):
        return f"{text}@{value.tzinfo.key}"
    offset = value.utcoffset() or timedelta()
    return text + ("Z" if not offset else _format_offset(offset))


def _format_offset(offset: timedelta) -> str:
    seconds = abs(offset) // timedelta(seconds=1)
    text = f"{'-' if offset < timedelta() else '+'}{seconds // 3600:02d}:{seconds // 60 % 60:02d}"
    return f"{text}:{seconds % 60:02d}" if seconds % 60 else text


def since_epoch(moment: datetime) -> timedelta:
    """Of the instant for an aware date-time, of the wall clock for a local one; never out of range."""
    return moment.replace(tzinfo=None) - EPOCH - (moment.utcoffset() or timedelta())


def since_midnight(clock: time) -> timedelta:
    """Of the instant for a time with offset; a zone without a date counts with its winter offset."""
    wall = timedelta(hours=clock.hour, minutes=clock.minute, seconds=clock.second, microseconds=clock.microsecond)
    if clock.tzinfo is None:
        return wall
    return wall - (clock.tzinfo.utcoffset(EPOCH.replace(year=2000)) or timedelta())


def shifted(moment: datetime | WideDateTime, duration: timedelta) -> datetime | WideDateTime | None:
    """The instant that much later, in the same zone; so an hour across a clock change is an hour."""
    if isinstance(moment, WideDateTime):
        return _moment(plus(moment, duration))
    try:
        if isinstance(moment.tzinfo, ZoneInfo):
            return (moment.astimezone(UTC) + duration).astimezone(moment.tzinfo)
        return moment + duration
    except OverflowError:
        return _moment(plus(moment, duration))


def shifted_time(clock: time, duration: timedelta) -> time:
    """Around the clock: 23:00 plus two hours is 01:00."""
    wall = since_midnight(clock.replace(tzinfo=None)) + duration % DAY
    return (EPOCH + wall % DAY).time().replace(tzinfo=clock.tzinfo)


def in_months(day: date, months: int) -> AnyDate | None:
    """The same day so many months later, or the last day of a shorter month. Keeps the clock of a date-time."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        return plus(day, YearsMonths(months))
    last = calendar.monthrange(year, month + 1)[1]
    return day.replace(year=year, month=month + 1, day=min(day.day, last))


def temporal_property(value: Temporal | Duration, name: str) -> object:
    """year, month, day, weekday (Monday = 1), hour, minute, second, time offset, timezone; else null."""
    if isinstance(value, timedelta | YearsMonths):
        return duration_property(value, name)
    if isinstance(value, time):
        return _clock_property(value, name)
    parts, inner = split(value), split(value).inner
    calendar_parts = {"year": parts.year, "month": inner.month, "day": inner.day, "weekday": inner.isoweekday()}
    if name in calendar_parts:
        return Decimal(calendar_parts[name])
    if isinstance(value, datetime):
        return _clock_property(value, name)
    return _clock_property(inner, name) if isinstance(inner, datetime) else None


def _clock_property(value: time | datetime, name: str) -> object:
    clock = {"hour": value.hour, "minute": value.minute, "second": value.second}
    if name in clock:
        return Decimal(clock[name])
    if name == "time offset":
        return value.utcoffset()
    if name == "timezone" and isinstance(value.tzinfo, ZoneInfo):
        return value.tzinfo.key
    return None
