"""Durations: ISO 8601 text to timedelta or YearsMonths and back, and their arithmetic."""

import re
from datetime import timedelta
from decimal import ROUND_DOWN, Decimal
from typing import Final

from engine.feel.errors import FeelSyntaxError
from engine.feel.values import NUMBERS, YearsMonths

Duration = timedelta | YearsMonths

# xsd:duration, plus weeks of ISO 8601; a fraction only in the seconds.
PATTERN: Final = re.compile(
    r"(?P<minus>-)?P(?=.)(?:(?P<years>\d{1,9})Y)?(?:(?P<months>\d{1,10})M)?"
    r"(?:(?P<weeks>\d{1,8})W)?(?:(?P<days>\d{1,9})D)?"
    r"(?:T(?=.)(?:(?P<hours>\d{1,11})H)?(?:(?P<minutes>\d{1,13})M)?(?:(?P<seconds>\d{1,15}(?:\.\d{0,20})?)S)?)?",
    re.ASCII,
)
MICROSECOND: Final = timedelta(microseconds=1)
MONTHS_LIMIT: Final = 12_000_000_000  # a thousand million years, as the standard has it


def parse_duration(text: str) -> Duration:
    """PT30M, P2D, -P1Y6M, P2W. Digits beyond the microsecond are dropped. Raises FeelSyntaxError."""
    match = PATTERN.fullmatch(text)
    if match is None:
        raise FeelSyntaxError("feel_not_a_duration", text=text[:60])
    parts = match.groupdict()
    has_months = parts["years"] is not None or parts["months"] is not None
    has_days = any(parts[name] is not None for name in ("weeks", "days", "hours", "minutes", "seconds"))
    if has_months and has_days:
        raise FeelSyntaxError("feel_mixed_duration", text=text[:60])
    sign = -1 if parts["minus"] else 1
    if has_months:
        return YearsMonths(sign * (int(parts["years"] or 0) * 12 + int(parts["months"] or 0)))
    try:
        return sign * _days_and_time({name: value or "0" for name, value in parts.items()})
    except OverflowError:
        raise FeelSyntaxError("feel_not_a_duration", text=text[:60]) from None


def _days_and_time(parts: dict[str, str]) -> timedelta:
    seconds, _, fraction = parts["seconds"].partition(".")
    return timedelta(
        weeks=int(parts["weeks"]),
        days=int(parts["days"]),
        hours=int(parts["hours"]),
        minutes=int(parts["minutes"]),
        seconds=int(seconds),
        microseconds=int(fraction[:6].ljust(6, "0")),
    )


def format_duration(value: Duration) -> str:
    """The shortest ISO form with days and hours carried: P1DT2H, PT0.5S, -P1Y2M, PT0S, P0M."""
    if isinstance(value, YearsMonths):
        return str(value)
    days, hours, minutes, seconds, fraction = split_time(value)
    clock = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
    if seconds or fraction:
        clock += str(seconds) + (f".{fraction:06d}".rstrip("0") if fraction else "") + "S"
    text = (f"{days}D" if days else "") + (f"T{clock}" if clock else "")
    return ("-" if value < timedelta() else "") + "P" + (text or "T0S")


def split_time(value: timedelta) -> tuple[int, int, int, int, int]:
    """Days, hours, minutes, seconds and microseconds of the length, without the sign."""
    seconds, fraction = divmod(abs(value) // MICROSECOND, 1_000_000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    return days, hours, minutes, seconds, fraction


def amount(value: Duration) -> Decimal:
    """In seconds or in months."""
    if isinstance(value, YearsMonths):
        return Decimal(value.months)
    return NUMBERS.scaleb(Decimal(value // MICROSECOND), -6)


def multiplied(value: Duration, factor: Decimal) -> Duration | None:
    """The duration times a number, cut to whole months or microseconds; null when out of range."""
    return _whole(value, NUMBERS.multiply(_units(value), factor))


def divided(value: Duration, divisor: Decimal) -> Duration | None:
    """As multiplied(); null for a division by zero."""
    return _whole(value, NUMBERS.divide(_units(value), divisor))


def _units(value: Duration) -> Decimal:
    return Decimal(value.months) if isinstance(value, YearsMonths) else Decimal(value // MICROSECOND)


def _whole(like: Duration, units: Decimal) -> Duration | None:
    if not units.is_finite() or units.adjusted() > 30:
        return None
    whole = int(units.to_integral_value(rounding=ROUND_DOWN))
    return years_months(whole) if isinstance(like, YearsMonths) else days_and_time(whole)


def reversed_duration(value: Duration) -> Duration | None:
    if isinstance(value, YearsMonths):
        return YearsMonths(-value.months)
    return days_and_time(-(value // MICROSECOND))


def years_months(months: int) -> YearsMonths | None:
    return YearsMonths(months) if abs(months) <= MONTHS_LIMIT else None


def days_and_time(microseconds: int) -> timedelta | None:
    try:
        return timedelta(microseconds=microseconds)
    except OverflowError:
        return None


def duration_property(value: Duration, name: str) -> Decimal | None:
    """years, months / days, hours, minutes, seconds; negative parts for a negative duration."""
    if isinstance(value, YearsMonths):
        years, months = divmod(abs(value.months), 12)
        parts = {"years": years, "months": months}
        sign = -1 if value.months < 0 else 1
    else:
        parts = dict(zip(("days", "hours", "minutes", "seconds"), split_time(value), strict=False))
        sign = -1 if value < timedelta() else 1
    return Decimal(sign * parts[name]) if name in parts else None
