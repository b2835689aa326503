"""The times around an agreed visit (specification §2.3, C03 to C05). Pure; the day before is the calendar day D−1."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from engine.timers.calendars import WorkingCalendar

PARTS_BY, PREPARE_BY, CALL_BY = time(12), time(14), time(18)
LATE_AFTER = timedelta(minutes=30)
GREET_WITHIN = timedelta(minutes=5)
LEAST = timedelta(minutes=30)  # a step that should have been done earlier still has so long
NEVER = timedelta(days=3650)  # nobody is missed who stands at the desk
TOLERANCE = timedelta(minutes=60)
NOON = time(12)


@dataclass(frozen=True)
class VisitTimes:
    """UTC moments. `call_needed`: there is time for a call on the day before. `today`: it is the agreed day already."""

    starts_at: datetime
    parts_by: datetime
    prepare_by: datetime
    call_by: datetime
    call_needed: bool
    day_begins: datetime
    missed_at: datetime
    today: bool = False


def times_of(starts_at: datetime, *, now: datetime, hours: WorkingCalendar) -> VisitTimes:
    """The times of a visit by appointment."""
    zone = ZoneInfo(hours.zone)
    day = starts_at.astimezone(zone).date()
    call_by = _at(day - timedelta(days=1), CALL_BY, zone)
    opening = next(iter(hours.openings(day)), (starts_at, starts_at))[0]
    soon = now + LEAST
    return VisitTimes(
        starts_at=starts_at,
        parts_by=max(_at(day - timedelta(days=1), PARTS_BY, zone), soon),
        prepare_by=max(_at(day - timedelta(days=1), PREPARE_BY, zone), soon),
        call_by=max(call_by, soon),
        call_needed=now < call_by,
        day_begins=min(opening, starts_at),
        missed_at=starts_at + LATE_AFTER,
        today=now >= min(opening, starts_at),
    )


def times_of_walk_in(*, now: datetime) -> VisitTimes:
    """The times of somebody who stands at the desk."""
    greet = now + GREET_WITHIN
    return VisitTimes(greet, greet, greet, greet, False, now, now + NEVER)


def is_late_to_cancel(starts_at: datetime, *, now: datetime, hours: WorkingCalendar) -> bool:
    """From six in the evening of the day before a cancelled appointment counts as one that was not kept."""
    zone = ZoneInfo(hours.zone)
    return now >= _at(starts_at.astimezone(zone).date() - timedelta(days=1), CALL_BY, zone)


def is_kept(starts_at: datetime, arrived_at: datetime, *, zone: str) -> bool:
    """Whether he came on the agreed day; the minute does not matter for the attendance."""
    place = ZoneInfo(zone)
    return starts_at.astimezone(place).date() == arrived_at.astimezone(place).date()


def noon_after(moment: datetime, days: int, *, hours: WorkingCalendar) -> datetime:
    """Noon so many days after a moment; of the next open day when that one is closed."""
    zone = ZoneInfo(hours.zone)
    noon = _at(moment.astimezone(zone).date() + timedelta(days=days), NOON, zone)
    if hours.is_open(noon):
        return noon
    opening = hours.next_open(noon)
    return max(opening, _at(opening.astimezone(zone).date(), NOON, zone))


def half_way(now: datetime, ready_at: datetime) -> datetime:
    """When half of the time until the promised one is over; an hour from now when it has passed already."""
    return now + (ready_at - now) / 2 if ready_at > now else now + timedelta(hours=1)


def _at(day: date, clock: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, clock, zone).astimezone(UTC)
