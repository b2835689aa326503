"""When a customer is thanked, called and remembered after the handover (specification §1.3, S20 to S24). Pure.

D is the day of the handover at the centre. Calls are due at noon; a closed day moves to the next open one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from webapp.sales.follow_up_plan import NOON, OpeningHours

THANK_AFTER = timedelta(hours=2)
CALL_DAY, SURVEY_DAY, MONTH_DAY = 1, 7, 30
YEAR = 365
TRADE_IN_DAY = 1065  # thirty days before three years
SERVICE_LEADS = (timedelta(days=30), timedelta(days=7))
WARRANTY_LEAD, POLICY_LEAD = timedelta(days=60), timedelta(days=30)
CALL_AGAIN_AFTER = timedelta(hours=4)
MOST_CALLS = 3  # then the step is passed over


class Occasion(StrEnum):
    """What there is to call about, the weightier last: of two on one day the last is taken."""

    BIRTHDAY = "birthday"
    ANNIVERSARY = "anniversary"
    SERVICE = "service"
    WARRANTY = "warranty"
    POLICY = "policy"
    TRADE_IN = "trade_in"
    NONE = "none"


@dataclass(frozen=True)
class FirstMonth:
    """The moments of the first month, UTC."""

    thank_at: datetime
    call_at: datetime
    survey_at: datetime
    month_call_at: datetime


@dataclass(frozen=True)
class Reminder:
    """The next thing to call about: on this day, at noon."""

    occasion: Occasion
    day: date


def plan_first_month(delivered_at: datetime, *, hours: OpeningHours) -> FirstMonth:
    """Thanks two hours after the handover, then D+1, D+7 and D+30 at noon."""
    day = delivered_at.astimezone(ZoneInfo(hours.zone)).date()
    call, survey, month = (noon_of(day + timedelta(days=days), hours) for days in (CALL_DAY, SURVEY_DAY, MONTH_DAY))
    return FirstMonth(delivered_at + THANK_AFTER, call, survey, month)


def noon_of(day: date, hours: OpeningHours) -> datetime:
    """Noon of a day at the centre; of the next open day when it is closed."""
    zone = ZoneInfo(hours.zone)
    noon = datetime.combine(day, NOON, zone).astimezone(UTC)
    if hours.is_open(noon):
        return noon
    opening = hours.next_open(noon)
    return max(opening, datetime.combine(opening.astimezone(zone).date(), NOON, zone).astimezone(UTC))


def list_reminders(
    delivered_on: date,
    *,
    warranty_until: date | None = None,
    policy_until: date | None = None,
    service_due: date | None = None,
    born: date | None = None,
) -> list[Reminder]:
    """Everything to call about until the trade-in proposal, which is the last; one thing a day.

    `service_due`: of the first service, while nobody knows what becomes of it. `born`: the customer's birthday.
    """
    last = delivered_on + timedelta(days=TRADE_IN_DAY)
    found = [(delivered_on + timedelta(days=YEAR * year), Occasion.ANNIVERSARY) for year in (1, 2)]
    if warranty_until is not None:
        found.append((warranty_until - WARRANTY_LEAD, Occasion.WARRANTY))
    if policy_until is not None:
        found.append((policy_until - POLICY_LEAD, Occasion.POLICY))
    if service_due is not None:
        found += [(service_due - lead, Occasion.SERVICE) for lead in SERVICE_LEADS]
    if born is not None:
        found += [(day, Occasion.BIRTHDAY) for day in _birthdays(born, delivered_on, last)]
    weights = list(Occasion)
    by_day: dict[date, Occasion] = {}
    for day, occasion in sorted(found, key=lambda each: weights.index(each[1])):
        if delivered_on + timedelta(days=MONTH_DAY) < day < last:
            by_day[day] = occasion
    by_day[last] = Occasion.TRADE_IN
    return [Reminder(by_day[day], day) for day in sorted(by_day)]


def _birthdays(born: date, first: date, last: date) -> Iterator[date]:
    """Who was born on 29 February is congratulated on the 28th in common years."""
    for year in range(first.year, last.year + 1):
        try:
            yield born.replace(year=year)
        except ValueError:
            yield born.replace(year=year, day=28)


def next_reminder(reminders: list[Reminder], *, after: date | None) -> Reminder | None:
    """The first one after a day; None when nothing is left."""
    return next((each for each in reminders if after is None or each.day > after), None)


def call_again(attempts: int, *, now: datetime, hours: OpeningHours) -> datetime | None:
    """When somebody who was not reached is called again; None after the third attempt."""
    if attempts >= MOST_CALLS:
        return None
    return hours.next_open(now + CALL_AGAIN_AFTER)
