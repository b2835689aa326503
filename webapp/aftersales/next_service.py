"""When a car needs its next service (specification §2.3, C01). Pure; days by the calendar, mileage in km.

It falls due on the agreed day or when the odometer reaches the agreed mileage, whichever comes first. How fast a car is
driven is told by its last two readings.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal

INTERVAL_MONTHS, INTERVAL_KM = 12, 15_000  # from one service to the next, where nothing else is agreed
USUAL_KM_PER_DAY = Decimal(55)
LEAST_APART = timedelta(days=7)  # readings of one week are one: a single drive would tell too much
FARTHEST = timedelta(days=3650)


@dataclass(frozen=True)
class Reading:
    """What the odometer said on a day."""

    on: date
    km: int


@dataclass(frozen=True)
class NextService:
    """The day on which it is expected to fall due, and the mileage that was agreed; km None: nobody knows it."""

    on: date
    km: int | None


def months_after(day: date, months: int) -> date:
    """The same day so many months later; the last of a shorter month."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    last = (date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month, min(day.day, last))


def km_per_day(readings: Iterable[Reading]) -> Decimal:
    """By the last two readings that are a week or more apart; as usual when there are none, or they run backwards.

    Of one day the higher counts as the later.
    """
    known = sorted(readings, key=lambda each: (each.on, each.km))
    if not known:
        return USUAL_KM_PER_DAY
    last = known[-1]
    before = next((each for each in reversed(known) if last.on - each.on >= LEAST_APART), None)
    if before is None or before.km >= last.km:
        return USUAL_KM_PER_DAY
    return Decimal(last.km - before.km) / (last.on - before.on).days


def reaches(readings: Iterable[Reading], km: int) -> date | None:
    """The day on which the car is expected to have driven so far; None: nobody has read it, or it is years away."""
    known = sorted(readings, key=lambda each: (each.on, each.km))
    if not known:
        return None
    last = known[-1]
    days = int((Decimal(max(km - last.km, 0)) / km_per_day(known)).to_integral_value(ROUND_CEILING))
    return last.on + timedelta(days=days) if days <= FARTHEST.days else None


def predict(agreed: NextService, readings: Iterable[Reading]) -> NextService:
    """The agreed service, earlier when the car is driven so much that it reaches the mileage before."""
    by_km = reaches(readings, agreed.km) if agreed.km is not None else None
    return NextService(min(agreed.on, by_km) if by_km else agreed.on, agreed.km)
