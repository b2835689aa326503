"""How much of what was spent falls on a period, and on whom: in kopecks, so that the parts add up to the whole.

Source: specification 6.0, accrual days and indirect costs.
"""

from collections.abc import Hashable, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)
KOPECK = Decimal("0.01")
NOTHING = Decimal(0)


def accrued(amount: Decimal, first: date, last: date, since: date | None, until: date | None) -> Decimal:
    """The part of an amount for the days `first` to `last` that falls on the days `since` to `until`, all included.

    Each day bears the same; None is unbounded. What has accrued by the evening of a day is rounded to kopecks and
    the part is the difference of two such sums, so that periods side by side add up to the amount.
    """
    begin = first if since is None else max(first, since)
    end = last if until is None else min(last, until)
    if begin > end:
        return NOTHING
    days = (last - first).days + 1

    def by_evening(passed: int) -> Decimal:
        return (amount * passed / days).quantize(KOPECK, ROUND_HALF_UP)

    return by_evening((end - first).days + 1) - by_evening((begin - first).days)


def share_out(amount: Decimal, weights: Mapping[Key, int]) -> dict[Key, Decimal]:
    """The amount by weights, in kopecks; the parts add up to it. Empty when nothing has a weight."""
    whole = sum(weights.values())
    if not whole:
        return {}
    parts: dict[Key, Decimal] = {}
    weighed, given = 0, NOTHING
    for key, weight in weights.items():
        weighed += weight
        so_far = (amount * weighed / whole).quantize(KOPECK, ROUND_HALF_UP)
        parts[key], given = so_far - given, so_far
    return parts
