"""Working calendars: what «PT30M» and «P1D» mean where people work from nine to nine."""

import calendar as months
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property, lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from engine.errors import BusinessError
from engine.timers.iso import YearsMonths
from engine.timers.local_time import moment_of
from engine.timers.models import WorkingCalendarRow

Hours = tuple[tuple[time, time], ...]

MIDNIGHT = time(0)
DAY = timedelta(days=1)
NOTHING = timedelta(0)
LONGEST = timedelta(days=3660)
LONGEST_MONTHS = 120
LONGEST_CLOSURE_DAYS = 400
REMEMBERED_DAYS = 4000


@dataclass(frozen=True)
class WorkingCalendar:
    """Opening hours in one zone.

    `hours`: intervals of each weekday (0 = Monday), in order; an end at 00:00 is the midnight that closes
    the day. `special` replaces the hours of single dates, also of those in `closed`.
    All results are in UTC. A moment belongs to the working time from an opening up to, not including, the closing.
    """

    zone: str
    hours: Mapping[int, Hours]
    closed: frozenset[date] = frozenset()
    special: Mapping[date, Hours] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """BusinessError: calendar_zone_unknown, calendar_hours_disordered, calendar_never_open."""
        try:
            ZoneInfo(self.zone)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise BusinessError("calendar_zone_unknown", zone=self.zone) from error
        for intervals in (*self.hours.values(), *self.special.values()):
            edges = [edge for interval in intervals for edge in interval]
            ends_at_midnight = edges[-1:] == [MIDNIGHT]
            in_order = edges[:-1] if ends_at_midnight else edges
            if any(later <= earlier for earlier, later in pairwise(in_order)):
                raise BusinessError("calendar_hours_disordered", hours=intervals)
        if not any(self.hours.values()):
            raise BusinessError("calendar_never_open", zone=self.zone)

    def is_open(self, at: datetime) -> bool:
        """Is this moment working time?"""
        return any(opening <= at < closing for opening, closing in self._openings_of(self._day(at)))

    def next_open(self, at: datetime) -> datetime:
        """`at` itself when it is working time, else the next opening."""
        for opening, closing in self._openings_from(self._day(at)):
            if at < closing:
                return max(at.astimezone(UTC), opening)
        raise AssertionError("openings never end")

    def closing_of(self, day: date) -> datetime:
        """The last closing of a date, or of the next working date when it is closed."""
        for candidate in self._days_from(day, DAY):
            if openings := self._openings_of(candidate):
                return openings[-1][1]
        raise AssertionError("days never end")

    def openings(self, day: date) -> tuple[tuple[datetime, datetime], ...]:
        """When a date opens and closes; empty when it is closed."""
        return self._openings_of(day)

    def add(self, start: datetime, duration: timedelta | YearsMonths) -> datetime:
        """The moment so much after `start`, or before it when the duration is negative (specification §0.4).

        Whole days: the same clock time on the n-th next working day. The rest: working time. Months: the same
        clock time on the same day of the month, or its last. A result on a closed moment moves to the next
        opening; the very moment of closing stays. BusinessError: duration_too_long.
        """
        if isinstance(duration, YearsMonths):
            return self._settle(self._at_clock_time(self._shift_months(self._day(start), duration.months), start))
        size, step = abs(duration), DAY if duration >= NOTHING else -DAY
        if size > LONGEST:
            raise BusinessError("duration_too_long", limit=LONGEST)
        days, rest = divmod(size, DAY)
        moment = self._at_clock_time(self._working_day(self._day(start), days, step), start) if days else start
        return self.add_working_time(moment, rest if step == DAY else -rest)

    def add_working_time(self, start: datetime, amount: timedelta) -> datetime:
        """The moment when so much working time has passed, a day counting no more than its open hours."""
        if abs(amount) > LONGEST:
            raise BusinessError("duration_too_long", limit=LONGEST)
        if amount < NOTHING:
            return self._subtract_working_time(start, -amount)
        if amount == NOTHING:
            return self._settle(start)
        for opening, closing in self._openings_from(self._day(start)):
            begin = max(start, opening)
            if amount <= closing - begin:
                return (begin + amount).astimezone(UTC)
            amount -= max(closing - begin, NOTHING)
        raise AssertionError("openings never end")

    def working_time(self, start: datetime, end: datetime) -> timedelta:
        """How much working time lies between two moments; negative when `end` is before `start`."""
        if end < start:
            return -self.working_time(end, start)
        total = NOTHING
        for opening, closing in self._openings_from(self._day(start)):
            if opening >= end:
                return total
            total += max(min(closing, end) - max(opening, start), NOTHING)
        raise AssertionError("openings never end")

    @cached_property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    @cached_property
    def _known_openings(self) -> dict[date, tuple[tuple[datetime, datetime], ...]]:
        return {}

    def _day(self, moment: datetime) -> date:
        if moment.tzinfo is None:
            raise ValueError(f"naive datetime: {moment!r}")
        return moment.astimezone(self._zone).date()

    def _at_clock_time(self, day: date, like: datetime) -> datetime:
        return moment_of(day, like.astimezone(self._zone).time(), self._zone)

    def _settle(self, moment: datetime) -> datetime:
        """A result: kept within working time and at its end, else moved to the next opening."""
        if any(opening <= moment <= closing for opening, closing in self._openings_of(self._day(moment))):
            return moment.astimezone(UTC)
        return self.next_open(moment)

    def _subtract_working_time(self, end: datetime, amount: timedelta) -> datetime:
        for day in self._days_from(self._day(end), -DAY):
            for opening, closing in reversed(self._openings_of(day)):
                until = min(end, closing)
                if amount <= until - opening:
                    return (until - amount).astimezone(UTC)
                amount -= max(until - opening, NOTHING)
        raise AssertionError("days never end")

    def _working_day(self, start: date, count: int, step: timedelta) -> date:
        for day in self._days_from(start + step, step):
            count -= bool(self._hours_of(day))
            if not count:
                return day
        raise AssertionError("days never end")

    def _shift_months(self, day: date, by: int) -> date:
        if abs(by) > LONGEST_MONTHS:
            raise BusinessError("duration_too_long", limit=LONGEST)
        year, month = divmod(day.year * 12 + day.month - 1 + by, 12)
        return date(year, month + 1, min(day.day, months.monthrange(year, month + 1)[1]))

    def _openings_from(self, start: date) -> Iterator[tuple[datetime, datetime]]:
        for day in self._days_from(start, DAY):
            yield from self._openings_of(day)

    def _days_from(self, start: date, step: timedelta) -> Iterator[date]:
        """Dates in one direction. BusinessError calendar_never_open when too many in a row are closed."""
        day, closed = start, 0
        while closed <= LONGEST_CLOSURE_DAYS:
            yield day
            closed = 0 if self._hours_of(day) else closed + 1
            day += step
        raise BusinessError("calendar_never_open", zone=self.zone, since=start)

    def _openings_of(self, day: date) -> tuple[tuple[datetime, datetime], ...]:
        """The intervals of a date as moments; remembered, for the same days are asked for at every step."""
        if (known := self._known_openings.get(day)) is None:
            if len(self._known_openings) >= REMEMBERED_DAYS:
                self._known_openings.clear()
            known = self._known_openings[day] = tuple(self._find_openings(day))
        return known

    def _find_openings(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        for opens, closes in self._hours_of(day):
            closing_day = day + DAY if closes == MIDNIGHT else day
            opening, closing = moment_of(day, opens, self._zone), moment_of(closing_day, closes, self._zone)
            if opening < closing:  # else the change of clocks has swallowed it
                yield opening, closing

    def _hours_of(self, day: date) -> Hours:
        if day in self.special:
            return self.special[day]
        return () if day in self.closed else self.hours.get(day.weekday(), ())


_SCOPE = bindparam("scope_id", type_=WorkingCalendarRow.scope_id.type)
_FIND = (
    select(WorkingCalendarRow.zone, WorkingCalendarRow.hours, WorkingCalendarRow.closed, WorkingCalendarRow.special)
    .where(
        WorkingCalendarRow.name == bindparam("name"),
        (WorkingCalendarRow.scope_id == _SCOPE) | WorkingCalendarRow.scope_id.is_(None),
    )
    .order_by(WorkingCalendarRow.scope_id.is_(None))
    .limit(1)
)  # built once: every step asks

DEFAULT_CALENDAR = WorkingCalendar("Europe/Moscow", dict.fromkeys(range(7), ((time(9), time(21)),)))


def calendar_for(session: Session, name: str, scope_id: int | None) -> WorkingCalendar:
    """The calendar of this name: of the scope itself, else of everybody, else nine to nine in Moscow.

    Read once for each session; a text that was read before is not parsed again.
    """
    known: dict[tuple[str, int | None], WorkingCalendar] = session.info.setdefault("working_calendars", {})
    if (name, scope_id) not in known:
        found = session.connection().execute(_FIND, {"name": name, "scope_id": scope_id}).first()
        known[name, scope_id] = _read(*found) if found else DEFAULT_CALENDAR
    return known[name, scope_id]


def calendar_names(session: Session) -> frozenset[str]:
    """Every name that a drawing may use."""
    return frozenset(session.scalars(select(WorkingCalendarRow.name).distinct()))


def save_calendar(session: Session, *, name: str, scope_id: int | None, calendar: WorkingCalendar) -> None:
    """Write the calendar of a name, for one scope or (None) for all that have none of their own."""
    row = session.scalar(
        select(WorkingCalendarRow).where(
            WorkingCalendarRow.name == name, WorkingCalendarRow.scope_id.is_not_distinct_from(scope_id)
        )
    )
    if row is None:
        row = WorkingCalendarRow(name=name, scope_id=scope_id)
        session.add(row)
    row.zone = calendar.zone
    row.hours = json.dumps({str(day): _write_hours(hours) for day, hours in calendar.hours.items()})
    row.closed = json.dumps(sorted(day.isoformat() for day in calendar.closed))
    row.special = json.dumps({day.isoformat(): _write_hours(hours) for day, hours in calendar.special.items()})
    session.flush()
    session.info.pop("working_calendars", None)


@lru_cache(maxsize=256)
def _read(zone: str, hours: str, closed: str, special: str) -> WorkingCalendar:
    return WorkingCalendar(
        zone,
        {int(day): _read_hours(intervals) for day, intervals in json.loads(hours).items()},
        frozenset(date.fromisoformat(day) for day in json.loads(closed)),
        {date.fromisoformat(day): _read_hours(intervals) for day, intervals in json.loads(special).items()},
    )


def _read_hours(intervals: list[list[str]]) -> Hours:
    return tuple((time.fromisoformat(opens), time.fromisoformat(closes)) for opens, closes in intervals)


def _write_hours(hours: Hours) -> list[list[str]]:
    return [[edge.isoformat("minutes") for edge in interval] for interval in hours]
