"""The signs + - * / ** over numbers, texts, dates and durations; null for any other pair."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Final

from engine.feel.budget import Run
from engine.feel.durations import (
    MICROSECOND,
    amount,
    days_and_time,
    divided,
    multiplied,
    reversed_duration,
    years_months,
)
from engine.feel.temporal import in_months, shifted, shifted_time, since_epoch, since_midnight
from engine.feel.values import NUMBERS, WideDate, WideDateTime, YearsMonths
from engine.feel.wide import microseconds_between, plus

Operation = Callable[[object, object, Run], object]


def finite(value: Decimal) -> Decimal | None:
    """Null for what left the range of numbers: too large, divided by zero, undefined."""
    return value if value.is_finite() else None


def add(left: object, right: object, run: Run) -> object:
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return finite(NUMBERS.add(left, right))
    if isinstance(left, str) and isinstance(right, str):
        run.charge_text(len(left) + len(right))
        return left + right
    if isinstance(left, timedelta | YearsMonths) and isinstance(right, date | time | WideDate | WideDateTime):
        left, right = right, left
    if isinstance(left, WideDate | WideDateTime):
        run.charge(8)
        return plus(left, right) if isinstance(right, timedelta | YearsMonths) else None
    if isinstance(right, timedelta):
        run.charge(8)
        return _plus_time(left, right)
    if isinstance(right, YearsMonths):
        return _plus_months(left, right)
    return None


def _plus_time(left: object, right: timedelta) -> object:
    if isinstance(left, datetime):
        return shifted(left, right)
    if isinstance(left, date):
        return plus(left, right)
    if isinstance(left, time):
        return shifted_time(left, right)
    if isinstance(left, timedelta):
        return days_and_time(left // MICROSECOND + right // MICROSECOND)
    return None


def _plus_months(left: object, right: YearsMonths) -> object:
    if isinstance(left, date):
        return in_months(left, right.months)
    if isinstance(left, YearsMonths):
        return years_months(left.months + right.months)
    return None


def subtract(left: object, right: object, run: Run) -> object:
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return finite(NUMBERS.subtract(left, right))
    if isinstance(right, timedelta | YearsMonths):
        back = reversed_duration(right)
        return None if back is None or not _subtractable(left, right) else add(left, back, run)
    if isinstance(left, time) and isinstance(right, time):
        return since_midnight(left) - since_midnight(right) if _alike(left, right) else None
    if isinstance(left, date) and isinstance(right, date):
        return _between_dates(left, right)
    if isinstance(left, date | WideDate | WideDateTime) and isinstance(right, date | WideDate | WideDateTime):
        distance = microseconds_between(left, right)
        return None if distance is None else days_and_time(distance)
    return None


def _subtractable(left: object, right: timedelta | YearsMonths) -> bool:
    """A duration is taken from a point in time or from a duration of its kind."""
    return isinstance(left, date | time | WideDate | WideDateTime) or type(left) is type(right)


def _between_dates(left: date, right: date) -> timedelta | None:
    """A bare date beside a date-time is its midnight in UTC."""
    if not isinstance(left, datetime) and not isinstance(right, datetime):
        return left - right
    one, other = moment_of(left), moment_of(right)
    return since_epoch(one) - since_epoch(other) if _alike(one, other) else None


def moment_of(value: date) -> datetime:
    return value if isinstance(value, datetime) else datetime.combine(value, time(), UTC)


def _alike(left: time | datetime, right: time | datetime) -> bool:
    return (left.tzinfo is None) == (right.tzinfo is None)


def multiply(left: object, right: object, run: Run) -> object:
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return finite(NUMBERS.multiply(left, right))
    if isinstance(left, timedelta | YearsMonths) and isinstance(right, Decimal):
        return multiplied(left, right)
    if isinstance(right, timedelta | YearsMonths) and isinstance(left, Decimal):
        return multiplied(right, left)
    return None


def divide(left: object, right: object, run: Run) -> object:
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return finite(NUMBERS.divide(left, right)) if right else None
    if isinstance(left, timedelta | YearsMonths):
        if isinstance(right, Decimal):
            return divided(left, right)
        if type(left) is type(right):
            divisor = amount(right)
            return finite(NUMBERS.divide(amount(left), divisor)) if divisor else None
    return None


def power(left: object, right: object, run: Run) -> object:
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        run.charge(100)
        if not right:
            return Decimal(1)  # also 0 ** 0, as everywhere FEEL runs
        return finite(NUMBERS.power(left, right))
    return None


def negate(value: object) -> object:
    if isinstance(value, Decimal):
        return NUMBERS.minus(value)
    return reversed_duration(value) if isinstance(value, timedelta | YearsMonths) else None


OPERATIONS: Final[dict[str, Operation]] = {
    "+": add,
    "-": subtract,
    "*": multiply,
    "/": divide,
    "**": power,
}
