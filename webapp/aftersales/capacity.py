"""How long a visit takes and how much a workshop can promise in a day (specification §2.4). Pure arithmetic.

All hours are norm hours or hours of presence as Decimal; a quarter is fifteen minutes.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from decimal import ROUND_CEILING, Decimal

QUARTER = timedelta(minutes=15)
QUARTERS_PER_HOUR = 4
BAY_FACTOR = Decimal("1.15")  # a bay is taken for longer than the norm says
RECEPTION_QUARTERS = 2
EXPRESS_QUARTERS = 1
MOST_OVERBOOKING = Decimal("1.10")
COURTESY_AFTER = timedelta(minutes=30)  # a courtesy car is back so long after the planned return
MOST_WAITING = 2  # customers of one advisor who wait in the lounge at the same time

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def quarter_of(moment: datetime) -> datetime:
    """The quarter in which a moment lies, by its beginning in UTC."""
    return moment.astimezone(UTC) - (moment - _EPOCH) % QUARTER


def next_quarter(moment: datetime) -> datetime:
    """The moment itself when it begins a quarter, else the next beginning."""
    begun = quarter_of(moment)
    return begun if begun == moment else begun + QUARTER


def quarters_between(start: datetime, end: datetime) -> Iterator[datetime]:
    """Every quarter that the time from `start` to `end` touches."""
    quarter = quarter_of(start)
    while quarter < end:
        yield quarter
        quarter += QUARTER


def bay_quarters(hours: Decimal) -> int:
    """How many quarters a bay is taken for so many norm hours; at least one."""
    exact = hours * BAY_FACTOR * QUARTERS_PER_HOUR
    return max(int(exact.to_integral_value(ROUND_CEILING)), 1)


def reception_quarters(*, express: bool) -> int:
    """How many quarters the advisor receives the customer."""
    return EXPRESS_QUARTERS if express else RECEPTION_QUARTERS


def working_quarters(openings: Iterable[tuple[datetime, datetime]]) -> list[datetime]:
    """The whole quarters of a day's opening hours."""
    return [
        quarter for opens, closes in openings for quarter in quarters_between(next_quarter(opens), quarter_of(closes))
    ]


def take_quarters(days: Sequence[Sequence[datetime]], start: datetime, count: int) -> list[datetime]:
    """The working quarters from `start` on in which a car is in the bay; empty when there are not so many.

    `days` are the working quarters of days that follow one another. What fits into a day ends on that day; only work
    that no day could hold goes on after the night. Empty, too, when `start` is not working time.
    """
    found = next((number for number, day in enumerate(days) if start in day), None)
    if found is None:
        return []
    first = days[found]
    rest = first[first.index(start) :]
    if count <= len(rest):
        return list(rest[:count])
    if count <= max(map(len, days)):
        return []
    taken = list(rest)
    for day in days[found + 1 :]:
        taken += day[: count - len(taken)]
    return taken if len(taken) == count else []


def day_capacity(technicians: int, shift_hours: Decimal, efficiency: Decimal) -> Decimal:
    """Norm hours that the technicians can sell in a day: Σ shift × efficiency."""
    return technicians * shift_hours * efficiency


def bookable_hours(capacity: Decimal, *, walk_in_reserve: Decimal, attendance: Decimal | None = None) -> Decimal:
    """What may be promised by appointment: capacity × (1 − reserve), overbooked by 1 / attendance, at most by a tenth.

    `attendance`: the share of booked customers who come; None: nothing is overbooked.
    """
    return capacity * (1 - walk_in_reserve) * overbooking(attendance)


def overbooking(attendance: Decimal | None) -> Decimal:
    """1 / attendance, from 1 to 1.10."""
    if attendance is None or attendance >= 1:
        return Decimal(1)
    return MOST_OVERBOOKING if attendance <= 1 / MOST_OVERBOOKING else 1 / attendance
