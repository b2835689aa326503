"""Numeric functions: rounding, modulo, roots, exponentials. Angles and chance are not FEEL."""

from datetime import timedelta
from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Decimal,
)
from typing import Final

from engine.feel.arithmetic import finite
from engine.feel.budget import Run
from engine.feel.builtins.registry import Library
from engine.feel.durations import Duration, reversed_duration
from engine.feel.values import NUMBERS, ZERO, YearsMonths

library = Library()
declare = library.declare

SCALES: Final = range(-6111, 6177)
COSTLY: Final = 40  # steps of a function that iterates over 34 digits


def rounded(value: Decimal, scale: Decimal | None, mode: str) -> Decimal | None:
    """To so many decimal places (before the point when negative); null for a scale out of range."""
    places = 0 if scale is None else int(scale) if abs(scale) < 10_000 else None
    if places is None or places not in SCALES:
        return None
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and -exponent <= places:
        return value
    return finite(value.quantize(Decimal((0, (1,), -places)), rounding=mode, context=NUMBERS))


@declare("decimal", "n: number, scale: number")
def decimal(run: Run, value: Decimal, scale: Decimal) -> Decimal | None:
    return rounded(value, scale, ROUND_HALF_EVEN)


@declare("floor", "n: number, scale: number?")
def floor(run: Run, value: Decimal, scale: Decimal | None = None) -> Decimal | None:
    return rounded(value, scale, ROUND_FLOOR)


@declare("ceiling", "n: number, scale: number?")
def ceiling(run: Run, value: Decimal, scale: Decimal | None = None) -> Decimal | None:
    return rounded(value, scale, ROUND_CEILING)


@declare("round up", "n: number, scale: number?")
def round_up(run: Run, value: Decimal, scale: Decimal | None = None) -> Decimal | None:
    return rounded(value, scale, ROUND_UP)


@declare("round down", "n: number, scale: number?")
def round_down(run: Run, value: Decimal, scale: Decimal | None = None) -> Decimal | None:
    return rounded(value, scale, ROUND_DOWN)


@declare("round half up", "n: number, scale: number?")
def round_half_up(run: Run, value: Decimal, scale: Decimal | None = None) -> Decimal | None:
    return rounded(value, scale, ROUND_HALF_UP)


@declare("round half down", "n: number, scale: number?")
def round_half_down(run: Run, value: Decimal, scale: Decimal | None = None) -> Decimal | None:
    return rounded(value, scale, ROUND_HALF_DOWN)


@declare("abs", "n: any")
def absolute(run: Run, value: object) -> Decimal | Duration | None:
    """Of a number or a duration."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if isinstance(value, Decimal):
        return value.copy_abs()
    if isinstance(value, timedelta):
        return reversed_duration(value) if value < timedelta() else value
    return YearsMonths(abs(value.months)) if isinstance(value, YearsMonths) else None


@declare("modulo", "dividend: number, divisor: number")
def modulo(run: Run, dividend: Decimal, divisor: Decimal) -> Decimal | None:
    """dividend - divisor * floor(dividend / divisor), exactly; the sign is the divisor's."""
    if not divisor:
        return None
    remainder = NUMBERS.remainder(dividend, divisor)
    if remainder and (remainder < 0) != (divisor < 0):
        remainder = NUMBERS.add(remainder, divisor)
    return finite(remainder)


@declare("sqrt", "number: number")
def sqrt(run: Run, value: Decimal) -> Decimal | None:
    run.charge(COSTLY)
    return None if value < 0 else finite(NUMBERS.sqrt(value))


@declare("log", "number: number")
def log(run: Run, value: Decimal) -> Decimal | None:
    """The natural logarithm; null for what is not positive."""
    run.charge(COSTLY)
    return None if value <= 0 else finite(NUMBERS.ln(value))


@declare("exp", "number: number")
def exp(run: Run, value: Decimal) -> Decimal | None:
    run.charge(COSTLY)
    return finite(NUMBERS.exp(value))


@declare("odd", "number: number")
def odd(run: Run, value: Decimal) -> bool | None:
    return _parity(value, 1)


@declare("even", "number: number")
def even(run: Run, value: Decimal) -> bool | None:
    return _parity(value, 0)


def _parity(value: Decimal, wanted: int) -> bool:
    """False for a number with a fraction; a multiple of a power of ten beyond the digits is even."""
    if value != value.to_integral_value():
        return False
    remainder = ZERO if value.adjusted() > 34 else abs(NUMBERS.remainder(value, Decimal(2)))
    return remainder == wanted
