"""The segments of the base (specification §3.2): lost, regular, real, potential; the first that fits.

Pure: facts in, segment out. The same definition stands as SQL in `rules.compiling`; a test holds both together.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from webapp.vehicles.models import USUAL_SERVICE_MONTHS

ACTIVE_PROSPECT = timedelta(days=180)
LOST_GAP_MONTHS = 15  # at least
REG_WINDOW_MONTHS = 24
CARS_OF_REGULAR = 2
VISITS_OF_REGULAR = 3
VISITS_OF_BUYER = 2  # who bought one car and comes to the service


class Lifecycle(StrEnum):
    LOST = "lost"
    REGULAR = "regular"
    REAL = "real"
    POTENTIAL_ACTIVE = "potential_active"
    POTENTIAL_REFUSED = "potential_refused"
    POTENTIAL_DORMANT = "potential_dormant"
    UNKNOWN = "unknown"  # a card that nobody has asked us anything from


@dataclass(frozen=True)
class LifecycleFacts:
    """What decides. `cars`: days on which a car of ours was delivered to him; `paid_visits`: days of paid work.

    `warranty_visits`: days of work under warranty; `service_months`: how often his youngest car comes to the service.
    """

    cars: Sequence[date] = ()
    paid_visits: Sequence[date] = ()
    warranty_visits: Sequence[date] = ()
    service_months: int = USUAL_SERVICE_MONTHS
    marked_lost: bool = False  # a colleague knows that he does not come again
    last_inquiry: datetime | None = None
    in_work: bool = False  # a worksheet of his is open
    refused: bool = False  # he has said no once


def lifecycle_of(facts: LifecycleFacts, *, now: datetime, today: date) -> Lifecycle:
    """Where the customer stands; `today` is the day in the dealer's zone."""
    activity = [*facts.cars, *facts.paid_visits, *facts.warranty_visits]
    if activity:
        if facts.marked_lost or max(activity) < months_before(today, lost_gap(facts.service_months)):
            return Lifecycle.LOST
        recent = sum(day >= months_before(today, REG_WINDOW_MONTHS) for day in facts.paid_visits)
        regular = (
            len(facts.cars) >= CARS_OF_REGULAR
            or recent >= VISITS_OF_REGULAR
            or (len(facts.cars) == 1 and recent >= VISITS_OF_BUYER)
        )
        return Lifecycle.REGULAR if regular else Lifecycle.REAL
    if facts.last_inquiry is None:
        return Lifecycle.UNKNOWN
    if facts.in_work or facts.last_inquiry > now - ACTIVE_PROSPECT:
        return Lifecycle.POTENTIAL_ACTIVE
    return Lifecycle.POTENTIAL_REFUSED if facts.refused else Lifecycle.POTENTIAL_DORMANT


def lost_gap(service_months: int) -> int:
    """Months without activity after which a customer is lost: 15, or 1.25 × the service interval, rounded up."""
    return max(LOST_GAP_MONTHS, -(-service_months * 5 // 4))


def months_before(day: date, months: int) -> date:
    """The same day so many months ago; the last of the month where there is no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(last, day.day))
        except ValueError:
            continue
    raise ValueError(f"no month {months} before {day}")


def years_before(day: date, years: int) -> date:
    """The birth date of who becomes so many years old on the day, or did latest."""
    return months_before(day, 12 * years)
