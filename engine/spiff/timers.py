"""When a timer is due: ISO 8601 texts and FEEL values become aware UTC moments, counted from a given now."""

import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import MAXYEAR, UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from engine.spiff.errors import UnreadableTimer
from engine.timers.local_time import moment_of

_DURATION = re.compile(
    r"P(?=.)(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?:T(?=.)(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+(?:[.,]\d+)?)S)?)?"
)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d(T.+)?")
_REPEATED = re.compile(r"R\d*/.+")


@dataclass(frozen=True)
class Span:
    """A duration as written: months and days keep their meaning on the calendar, `rest` is exact."""

    months: int
    days: int
    rest: timedelta

    def after(self, moment: datetime, zone: ZoneInfo, times: int = 1) -> datetime:
        """The moment so many spans later (UTC), counted in one go: the clock of the zone shows the same time.

        A day that the month lacks becomes its last day, a time that the clocks skip the moment of their jump.
        Raises OverflowError beyond the year 9999.
        """
        if self.months or self.days:
            local = moment.astimezone(zone)
            years, month = divmod(local.year * 12 + local.month - 1 + self.months * times, 12)
            if years > MAXYEAR:
                raise OverflowError(years)
            last = monthrange(years, month + 1)[1]
            day = date(years, month + 1, min(local.day, last)) + timedelta(days=self.days * times)
            moment = moment_of(day, local.time(), zone)
        return moment + self.rest * times


@dataclass(frozen=True)
class Repetition:
    """A cycle: its first moment, distance, which turn is next (0: the first), and how many are left (None: no end).

    Every turn is counted from the first one, so that a short month or a skipped hour shifts only the turn it meets.
    """

    first: datetime
    every: Span
    left: int | None
    turn: int = 0

    def written(self) -> list[object]:
        """As JSON keeps it."""
        every = self.every
        return [self.first.isoformat(), every.months, every.days, every.rest.total_seconds(), self.left, self.turn]

    @classmethod
    def read(cls, written: Sequence[Any]) -> "Repetition":
        """What `written` has kept; or, until 2026-11-27: the next moment, [months, seconds], how many are left."""
        if len(written) == 3:
            due, (months, seconds), left = written
            return cls(datetime.fromisoformat(due).astimezone(UTC), Span(months, 0, timedelta(seconds=seconds)), left)
        first, months, days, seconds, left, turn = written
        moment = datetime.fromisoformat(first).astimezone(UTC)
        return cls(moment, Span(months, days, timedelta(seconds=seconds)), left, turn)

    def due(self, zone: ZoneInfo) -> datetime:
        """When the next turn is. Raises UnreadableTimer when that is beyond the calendar."""
        try:
            return self.every.after(self.first, zone, self.turn) if self.turn else self.first
        except (OverflowError, ValueError):
            raise UnreadableTimer(self.every) from None


def is_iso(text: str) -> bool:
    """Whether a timer's text is a bare ISO 8601 value; everything else is FEEL."""
    return bool(_DURATION.fullmatch(text) or _MOMENT.fullmatch(text) or _REPEATED.fullmatch(text))


def read_span(value: object) -> Span:
    """A duration: ISO text, days-and-time duration (exact), or a FEEL years-and-months duration (it has `months`)."""
    if isinstance(value, timedelta):
        return Span(0, 0, value)
    months = getattr(value, "months", None)
    if isinstance(months, int):
        return Span(months, 0, timedelta())
    match = _DURATION.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        raise UnreadableTimer(value)
    parts = {name: float(found.replace(",", ".")) for name, found in match.groupdict("0").items()}
    months = int(parts.pop("years") * 12 + parts.pop("months"))
    days = int(parts.pop("weeks") * 7 + parts.pop("days"))
    try:
        return Span(months, days, timedelta(**parts))
    except OverflowError:
        raise UnreadableTimer(value) from None


def read_moment(value: object, zone: ZoneInfo) -> datetime:
    """A date-time or a date (its midnight); without a zone of its own it is read in this one."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value.strip())
        except ValueError:
            raise UnreadableTimer(value) from None
    try:
        if isinstance(value, datetime):
            return value.astimezone(UTC) if value.tzinfo else moment_of(value.date(), value.time(), zone)
        if isinstance(value, date):
            return moment_of(value, time(), zone)
    except (OverflowError, ValueError):
        pass
    raise UnreadableTimer(value)


def read_due(value: object, now: datetime, zone: ZoneInfo) -> datetime:
    """When a one-time timer is due: a moment stands for itself, a duration is counted from now."""
    if isinstance(value, datetime | date) or (isinstance(value, str) and _MOMENT.fullmatch(value.strip())):
        return read_moment(value, zone)
    try:
        return read_span(value).after(now, zone)
    except (OverflowError, ValueError):
        raise UnreadableTimer(value) from None


def read_repetition(value: object, now: datetime, zone: ZoneInfo) -> Repetition:
    """A cycle such as R3/PT1H, R/2026-03-02T09:00:00/P1D or R2/P1D/2026-04-01T00:00:00Z.

    A plain duration repeats without end. With an end moment, the repetition ends there.
    """
    if not isinstance(value, str) or not _REPEATED.fullmatch(value.strip()):
        return Repetition(now, read_span(value), None, 1)
    count, *parts = value.strip().split("/")
    left = int(count[1:]) if count[1:] else None
    if len(parts) == 1:
        return Repetition(now, read_span(parts[0]), left, 1)
    if len(parts) != 2:
        raise UnreadableTimer(value)
    if not _MOMENT.fullmatch(parts[0]):
        endless = Repetition(now, read_span(parts[0]), None, 1)
        fitting = _passed(endless, read_moment(parts[1], zone), zone)
        return replace(endless, left=fitting if left is None else min(fitting, left))
    return Repetition(read_moment(parts[0], zone), read_span(parts[1]), left)


def after_firing(repetition: Repetition, now: datetime, zone: ZoneInfo) -> Repetition | None:
    """What is left after firing at `now`: all occurrences up to now count as this one firing. None: nothing is left.

    After a downtime a cycle so fires once, not once per missed occurrence.
    """
    passed = _passed(repetition, now, zone)
    following = replace(repetition, turn=repetition.turn + passed)
    if repetition.left is None:
        return following
    return replace(following, left=repetition.left - passed) if passed < repetition.left else None


def _passed(repetition: Repetition, until: datetime, zone: ZoneInfo) -> int:
    """How many turns from the next one on lie before or at `until`."""

    def lies_behind(ahead: int) -> bool:
        try:
            return replace(repetition, turn=repetition.turn + ahead).due(zone) <= until
        except UnreadableTimer:
            return False  # beyond the calendar

    if replace(repetition, turn=1).due(zone) <= repetition.first:
        raise UnreadableTimer(repetition.every)
    if not lies_behind(0):
        return 0
    behind, ahead = 0, 1
    while lies_behind(ahead):
        behind, ahead = ahead, ahead * 2
    while ahead - behind > 1:
        middle = (behind + ahead) // 2
        behind, ahead = (middle, ahead) if lies_behind(middle) else (behind, middle)
    return ahead
