"""Functions over a list of numbers, or of values that have an order: sum, mean, min …"""

from collections import Counter
from datetime import timedelta
from decimal import Decimal

from engine.feel.arithmetic import add, finite
from engine.feel.budget import Run
from engine.feel.builtins.registry import Library
from engine.feel.comparison import order
from engine.feel.values import NUMBERS, ZERO, YearsMonths

library = Library()
declare = library.declare


@declare("min", "list: any...")
def minimum(run: Run, values: list[object]) -> object:
    return _extreme(values, -1)


@declare("max", "list: any...")
def maximum(run: Run, values: list[object]) -> object:
    return _extreme(values, 1)


def _extreme(values: list[object], direction: int) -> object:
    """Null for an empty list and as soon as two values have no order."""
    if not values:
        return None
    best = values[0]
    for value in values:
        found = order(value, best)
        if found is None:
            return None
        if found == direction:
            best = value
    return best


@declare("sum", "list: any...")
def total(run: Run, values: list[object]) -> object:
    """Of numbers, or of durations of one kind."""
    if not values or not isinstance(values[0], Decimal | timedelta | YearsMonths):
        return None
    result: object = values[0]
    for value in values[1:]:
        result = add(result, value, run) if type(value) is type(result) else None
        if result is None:
            return None
    return result


@declare("mean", "list: number...")
def mean(run: Run, values: list[Decimal]) -> Decimal | None:
    return finite(NUMBERS.divide(_sum(values), Decimal(len(values)))) if values else None


def _sum(values: list[Decimal]) -> Decimal:
    result = ZERO
    for value in values:
        result = NUMBERS.add(result, value)
    return result


@declare("product", "list: number...")
def product(run: Run, values: list[Decimal]) -> Decimal | None:
    if not values:
        return None
    result = Decimal(1)
    for value in values:
        result = NUMBERS.multiply(result, value)
    return finite(result)


@declare("median", "list: number...")
def median(run: Run, values: list[Decimal]) -> Decimal | None:
    if not values:
        return None
    ordered = sorted(values)
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return finite(NUMBERS.divide(NUMBERS.add(ordered[middle - 1], ordered[middle]), Decimal(2)))


@declare("stddev", "list: number...")
def stddev(run: Run, values: list[Decimal]) -> Decimal | None:
    """The sample's (divided by n - 1); null for fewer than two numbers."""
    if len(values) < 2:
        return None
    run.charge(len(values))
    average = NUMBERS.divide(_sum(values), Decimal(len(values)))
    squares = [NUMBERS.power(NUMBERS.subtract(value, average), 2) for value in values]
    return finite(NUMBERS.sqrt(NUMBERS.divide(_sum(squares), Decimal(len(values) - 1))))


@declare("mode", "list: number...")
def mode(run: Run, values: list[Decimal]) -> list[Decimal]:
    """The most frequent numbers, ascending; empty for an empty list."""
    counts = Counter(values)
    highest = max(counts.values(), default=0)
    return sorted(value for value, count in counts.items() if count == highest)


@declare("all", "list: any...")
def every(run: Run, values: list[object]) -> bool | None:
    if False in [value for value in values if isinstance(value, bool)]:
        return False
    return True if all(value is True for value in values) else None


@declare("any", "list: any...")
def some(run: Run, values: list[object]) -> bool | None:
    if True in [value for value in values if isinstance(value, bool)]:
        return True
    return False if all(value is False for value in values) else None
