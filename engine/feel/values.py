"""The values of FEEL, and how plain Python values are read as such.

number = Decimal, text = str, bool, None, list, context = dict, date, time, datetime,
days-and-time duration = timedelta, YearsMonths, Range, FeelFunction. Python objects of
any other kind are refused: FEEL never touches their attributes.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_EVEN, Context, Decimal
from types import NoneType
from typing import Final

from engine.feel.budget import Code, Run, Scope
from engine.feel.errors import FeelEvaluationError

# Decimal128, as DMN demands: 34 digits. No traps: what cannot be calculated is not finite, and becomes null.
NUMBERS: Final = Context(prec=34, rounding=ROUND_HALF_EVEN, Emin=-6143, Emax=6144, traps=[])
ZERO: Final = Decimal(0)
UNFIT: Final = object()  # what a conversion answers when the value is not of the kind
MAX_INTEGER_BITS: Final = 20_480  # above 10**6144 nothing is a number of ours


@dataclass(frozen=True, order=True)
class YearsMonths:
    """A years-and-months duration, in months; negative when it points back."""

    months: int

    def __str__(self) -> str:
        years, months = divmod(abs(self.months), 12)
        text = "P" + (f"{years}Y" if years else "") + (f"{months}M" if months or not years else "")
        return "-" + text if self.months < 0 else text


@dataclass(frozen=True)
class WideDate:
    """A date outside the years 1 to 9999 (wide.py): 400-year cycles away from a day of 2000 to 2399."""

    cycles: int
    day: date


@dataclass(frozen=True)
class WideDateTime:
    """A date-time outside the years 1 to 9999, with the nanoseconds below its microsecond."""

    cycles: int
    moment: datetime
    nanoseconds: int = 0


@dataclass(frozen=True)
class Range:
    """An interval.

    `endless`: made by a comparison such as `(< 5)`; its end that is None is no limit. In any other
    range a null end is an unknown limit, and whether a value lies inside is null. Endless with two ends:
    `(= 5)` when they are included, `(!= 5)` when not.
    """

    start: object
    end: object
    start_included: bool = True
    end_included: bool = True
    endless: bool = False


class FeelFunction:
    """A function written in FEEL, with the scope it was written in.

    `types`: a conversion for each parameter with a type; it answers UNFIT for what is not of the type.
    """

    __slots__ = ("body", "depth", "parameters", "scope", "types")

    def __init__(
        self,
        parameters: tuple[str, ...],
        types: tuple[Callable[[object, Run], object] | None, ...],
        body: Code,
        scope: Scope,
        depth: int,
    ) -> None:
        self.parameters = parameters
        self.types = types
        self.body = body
        self.scope = scope
        self.depth = depth

    def invoke(self, run: Run, arguments: list[object]) -> object:
        """The body's value; null when the number or the kinds of the arguments are wrong."""
        if len(arguments) != len(self.parameters):
            return None
        arguments = [
            convert(argument, run) if convert and argument is not None else argument
            for convert, argument in zip(self.types, arguments, strict=True)
        ]
        if UNFIT in arguments:
            return None
        run.charge(2 + self.depth)
        run.enter(self.depth)
        try:
            return self.body(Scope(dict(zip(self.parameters, arguments, strict=True)), self.scope, run))
        finally:
            run.leave(self.depth)

    def invoke_named(self, run: Run, arguments: Mapping[str, object]) -> object:
        if set(arguments) != set(self.parameters):
            return None
        return self.invoke(run, [arguments[name] for name in self.parameters])


IMMUTABLE: Final = frozenset(
    {str, bool, NoneType, date, time, datetime, timedelta, YearsMonths, FeelFunction, WideDate, WideDateTime}
)


def number(value: Decimal | int | str) -> Decimal | None:
    """Rounded to 34 digits; null when it is out of range or not a number."""
    if isinstance(value, str):
        value = NUMBERS.create_decimal(value)
    elif isinstance(value, int):
        if value.bit_length() > MAX_INTEGER_BITS:
            return None
        value = Decimal(value)
    rounded = NUMBERS.plus(value)
    return rounded if rounded.is_finite() else None


def canonical(value: object, run: Run) -> object:
    """A value of the host as a FEEL value: a copy for lists and contexts, never an alias.

    Integers and floats become Decimal, tuples lists, mappings dicts, text and number
    subclasses (enumerations) their plain value. Raises FeelEvaluationError for any other object.
    """
    if type(value) in IMMUTABLE:
        return value
    if type(value) is Decimal:
        rounded = NUMBERS.plus(value)
        return rounded if rounded.is_finite() else None
    if type(value) is int:
        return number(value)
    if isinstance(value, float):
        return number(Decimal(repr(float(value))))
    if isinstance(value, Mapping):
        run.charge_list(len(value))
        return {str(key): canonical(entry, run) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        run.charge_list(len(value))
        return [canonical(element, run) for element in value]
    return _rare(value, run)


def _rare(value: object, run: Run) -> object:
    if isinstance(value, Range):
        start, end = canonical(value.start, run), canonical(value.end, run)
        return replace(value, start=start, end=end)
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, int):
        return number(int(value))
    if isinstance(value, Decimal):
        return number(Decimal(value))
    raise FeelEvaluationError("feel_foreign_value", kind=type(value).__name__)


def kind_of(value: object) -> str:
    """The FEEL name of the value's kind: "number", "date and time" …"""
    return KINDS[type(value)]


KINDS: Final[dict[type, str]] = {
    Decimal: "number",
    str: "string",
    bool: "boolean",
    NoneType: "null",
    list: "list",
    dict: "context",
    date: "date",
    time: "time",
    datetime: "date and time",
    timedelta: "days and time duration",
    YearsMonths: "years and months duration",
    WideDate: "date",
    WideDateTime: "date and time",
    Range: "range",
    FeelFunction: "function",
}
