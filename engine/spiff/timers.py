"""When a timer is due: ISO 8601 texts and FEEL values become aware UTC moments, counted from a given now."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from engine.spiff.errors import UnreadableTimer

_DURATION = re.compile(
    r"P(?=.)(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?:T(?=.)(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+(?:[.,]\d+)?)S)?)?"
)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d(T.+)?")
_REPEATED = re.compile(r"R\d*/.+")


@dataclass(frozen=True)
class Span:
    """A duration as written: months keep their calendar meaning, `rest` is exact."""

    months: int
    rest: timedelta

    def after(self, moment: datetime) -> datetime:
        """The moment one span later; a day that the month lacks becomes its last day."""
        if self.months:
            years, month = divmod(moment.year * 12 + moment.month - 1 + self.months, 12)
            moment = moment.replace(year=years, month=month + 1, day=min(moment.day, monthrange(years, month + 1)[1]))
        return moment + self.rest


@dataclass(frozen=True)
class Repetition:
    """A cycle: first due moment, distance, and how many times are left (None: without end)."""

    due: datetime
    every: Span
    left: int | None


def is_iso(text: str) -> bool:
    """Whether a timer's text is a bare ISO 8601 value; everything else is FEEL."""
    return bool(_DURATION.fullmatch(text) or _MOMENT.fullmatch(text) or _REPEATED.fullmatch(text))


def read_span(value: object) -> Span:
    """A duration: ISO text, days-and-time duration, or a FEEL years-and-months duration (it has `months`)."""
    if isinstance(value, timedelta):
        return Span(0, value)
    months = getattr(value, "months", None)
    if isinstance(months, int):
        return Span(months, timedelta())
    match = _DURATION.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        raise UnreadableTimer(value)
    parts = {name: float(found.replace(",", ".")) for name, found in match.groupdict("0").items()}
    months = int(parts.pop("years") * 12 + parts.pop("months"))
    return Span(months, timedelta(**parts))


def read_moment(value: object) -> datetime:
    """A date-time or a date (its midnight); without a zone it is read as UTC."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value.strip())
        except ValueError:
            raise UnreadableTimer(value) from None
    if isinstance(value, datetime):
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
    if isinstance(value, date):
        return datetime.combine(value, time(), UTC)
    raise UnreadableTimer(value)


def read_due(value: object, now: datetime) -> datetime:
    """When a one-time timer is due: a moment stands for itself, a duration is counted from now."""
    if isinstance(value, datetime | date) or (isinstance(value, str) and _MOMENT.fullmatch(value.strip())):
        return read_moment(value)
    return read_span(value).after(now)


def read_repetition(value: object, now: datetime) -> Repetition:
    """A cycle such as R3/PT1H, R/2026-03-02T09:00:00Z/P1D or R2/P1D/2026-04-01T00:00:00Z.

    A plain duration repeats without end. With an end moment, the repetition ends there.
    """
    if not isinstance(value, str) or not _REPEATED.fullmatch(value.strip()):
        span = read_span(value)
        return Repetition(span.after(now), span, None)
    count, *parts = value.strip().split("/")
    left = int(count[1:]) if count[1:] else None
    if len(parts) == 1:
        span = read_span(parts[0])
        return Repetition(span.after(now), span, left)
    if len(parts) != 2:
        raise UnreadableTimer(value)
    if not _MOMENT.fullmatch(parts[0]):
        return _until(read_span(parts[0]), read_moment(parts[1]), left, now)
    return Repetition(read_moment(parts[0]), read_span(parts[1]), left)


def after_firing(repetition: Repetition, now: datetime) -> Repetition | None:
    """What is left after firing at `now`: all occurrences up to now count as this one firing. None: nothing is left.

    After a downtime a cycle so fires once, not once per missed occurrence.
    """
    due, passed = _count(repetition.due, repetition.every, now)
    if repetition.left is None:
        return Repetition(due, repetition.every, None)
    return Repetition(due, repetition.every, repetition.left - passed) if passed < repetition.left else None


def _count(due: datetime, every: Span, until: datetime) -> tuple[datetime, int]:
    """The first occurrence after `until`, and how many lie between `due` and `until` inclusive."""
    if every.after(due) <= due:
        raise UnreadableTimer(every)
    if due > until:
        return due, 0
    if not every.months:
        passed = (until - due) // every.rest + 1
        return due + every.rest * passed, passed
    passed = 0
    while due <= until:
        due = every.after(due)
        passed += 1
    return due, passed


def _until(every: Span, end: datetime, left: int | None, now: datetime) -> Repetition:
    """A repetition with an end: the first occurrence one span from now, as many as fit before the end."""
    due = every.after(now)
    _, fitting = _count(due, every, end)
    return Repetition(due, every, fitting if left is None else min(fitting, left))
