"""When a customer without a decision is contacted again (specification §1.3, S09).

Pure: state in, next contact out. Days count from the day on which the follow-up began (D0); every contact is
due at noon of the centre's day, and a closed day moves to the next open one.
"""

import calendar as months
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from webapp.sales.temperature import Temperature

NOON = time(12)
RETRY_AFTER = timedelta(hours=4)
LOST_AFTER_ATTEMPTS = 5
LOST_AFTER_DAYS = 4
USUAL = Temperature.WARM  # while the horizon is unknown

_DAYS: dict[Temperature, tuple[int, ...]] = {
    Temperature.HOT: (1, 3, 5, 7),
    Temperature.WARM: (1, 4, 10, 20, 30),
    Temperature.COOL: (3, 14, 30, 60, 90),
}
_COLD_FIRST = 14
_COLD_CONTACTS = 6


class OpeningHours(Protocol):
    """What is asked of a working calendar (engine.timers.WorkingCalendar)."""

    @property
    def zone(self) -> str: ...
    def is_open(self, at: datetime) -> bool: ...
    def next_open(self, at: datetime) -> datetime: ...


@dataclass(frozen=True)
class Attempt:
    """One follow-up contact: when, and whether the customer was reached."""

    at: datetime
    reached: bool


@dataclass(frozen=True)
class NextContact:
    """What the plan says. `attempt` counts from one; `exhausted`: all planned contacts are used up."""

    at: datetime
    attempt: int
    exhausted: bool


def planned_days(temperature: Temperature, began: date) -> list[date]:
    """The days of the plan: hot +1 +3 +5 +7, warm +1 +4 +10 +20 +30, cool +3 … +90, cold +14 then monthly, six."""
    if temperature is Temperature.COLD:
        first = began + timedelta(days=_COLD_FIRST)
        return [_months_later(first, count) for count in range(_COLD_CONTACTS)]
    return [began + timedelta(days=days) for days in _DAYS[temperature]]


def plan_next(
    *,
    temperature: Temperature | None,
    began: datetime,
    attempts: Sequence[Attempt],
    extra: int = 0,
    agreed: datetime | None = None,
    now: datetime,
    hours: OpeningHours,
) -> NextContact:
    """The next contact after these attempts (in order of time).

    Not reached: once more the same day four hours later, then the next day; such attempts use up nothing.
    `agreed`: what the customer and the manager agreed wins over the plan. `extra`: contacts the head allowed
    beyond it. The result is never before `now`.
    """
    zone = ZoneInfo(hours.zone)
    talked = sum(attempt.reached for attempt in attempts)
    days = planned_days(temperature or USUAL, began.astimezone(zone).date())
    number = len(attempts) + 1
    exhausted = talked >= len(days) + extra
    if agreed is not None and agreed > now:
        return NextContact(hours.next_open(agreed), number, exhausted)
    if attempts and not attempts[-1].reached:
        return NextContact(_retry(attempts, now, hours, zone), number, exhausted)
    today = now.astimezone(zone).date()
    day = days[min(talked, len(days) - 1)]
    return NextContact(_noon(max(day, today + timedelta(days=1)), zone, hours), number, exhausted)


def is_lost(attempts: Sequence[Attempt], zone: str) -> bool:
    """Five times in a row not reached, on at least four different days."""
    silent: list[Attempt] = []
    for attempt in reversed(attempts):
        if attempt.reached:
            break
        silent.append(attempt)
    days = {attempt.at.astimezone(ZoneInfo(zone)).date() for attempt in silent}
    return len(silent) >= LOST_AFTER_ATTEMPTS and len(days) >= LOST_AFTER_DAYS


def _retry(attempts: Sequence[Attempt], now: datetime, hours: OpeningHours, zone: ZoneInfo) -> datetime:
    today = now.astimezone(zone).date()
    tried_today = sum(attempt.at.astimezone(zone).date() == today for attempt in attempts if not attempt.reached)
    later = now + RETRY_AFTER
    if tried_today < 2 and later.astimezone(zone).date() == today and hours.is_open(later):
        return later.astimezone(UTC)
    return _noon(today + timedelta(days=1), zone, hours)


def _noon(day: date, zone: ZoneInfo, hours: OpeningHours) -> datetime:
    """Noon of the day, or of the next day on which it is open then; else the next opening."""
    for later in range(8):
        moment = datetime.combine(day + timedelta(days=later), NOON, zone).astimezone(UTC)
        if hours.is_open(moment):
            return moment
    return hours.next_open(datetime.combine(day, NOON, zone).astimezone(UTC))


def _months_later(day: date, count: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, min(day.day, months.monthrange(year, month + 1)[1]))
