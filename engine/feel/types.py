"""Types as written after `instance of` and in parameters, and the test whether a value is of one."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from engine.feel.values import UNFIT, FeelFunction, Range, YearsMonths, kind_of

Check = Callable[[object], bool]
Conversion = Callable[[object], object]

SIMPLE_TYPES: Final = frozenset(
    {
        "number",
        "string",
        "boolean",
        "date",
        "time",
        "date and time",
        "days and time duration",
        "years and months duration",
    }
)
OTHER_TYPES: Final = frozenset({"Any", "Null", "duration", "list", "context", "range", "function"})
TYPE_NAMES: Final = SIMPLE_TYPES | OTHER_TYPES


@dataclass(frozen=True)
class Type:
    """`arguments`: element type of a list or range, parameter types of a function; `entries`: those of a context;
    `result`: what a function gives.

    `allows`: what a value must pass besides; types of decision models have it (allowed values).
    """

    name: str
    arguments: tuple["Type", ...] = ()
    entries: tuple[tuple[str, "Type"], ...] = ()
    result: "Type | None" = None
    allows: Check | None = field(default=None, compare=False)


def check_of(type_: Type) -> Check:
    """The test of `value instance of type`. Null is an instance of Null only."""
    check, allows = _kind_check(type_), type_.allows
    return check if allows is None else lambda value: check(value) and allows(value)


def conversion_of(type_: Type) -> Conversion:
    """The value as one of this type, by the conversions of the standard (clause 10.3.2.9.4); else UNFIT.

    A list of one becomes its value, a value a list of one, a date the date-time of its midnight in UTC.
    """
    check = check_of(type_)

    def convert(value: object) -> object:
        if check(value):
            return value
        if type_.name == "list":
            return [value] if not isinstance(value, list) and check([value]) else UNFIT
        if isinstance(value, list) and len(value) == 1 and check(value[0]):
            return value[0]
        if type(value) is date and type_.name == "date and time":
            moment = datetime.combine(value, time(), UTC)
            return moment if check(moment) else UNFIT
        return UNFIT

    return convert


def unrestricted(type_: Type) -> Type:
    """The type without allowed values: `instance of` does not look at them."""
    return replace(
        type_,
        arguments=tuple(map(unrestricted, type_.arguments)),
        entries=tuple((name, unrestricted(entry)) for name, entry in type_.entries),
        allows=None,
    )


def _kind_check(type_: Type) -> Check:
    name = type_.name
    if name == "Any":
        return lambda value: value is not None
    if name == "Null":
        return lambda value: value is None
    if name == "duration":
        return lambda value: isinstance(value, timedelta | YearsMonths)
    if name == "list":
        return _list_check(type_)
    if name == "context":
        return _context_check(type_)
    if name == "range":
        return _range_check(type_)
    if name == "function":
        return lambda value: (
            isinstance(value, FeelFunction) and (not type_.arguments or len(value.parameters) == len(type_.arguments))
        )
    return lambda value: kind_of(value) == name


def _list_check(type_: Type) -> Check:
    if not type_.arguments:
        return lambda value: isinstance(value, list)
    element = check_of(type_.arguments[0])
    return lambda value: isinstance(value, list) and all(part is None or element(part) for part in value)


def _context_check(type_: Type) -> Check:
    entries = [(name, check_of(entry)) for name, entry in type_.entries]

    def check(value: object) -> bool:
        return isinstance(value, dict) and all(
            name in value and (value[name] is None or fits(value[name])) for name, fits in entries
        )

    return check


def _range_check(type_: Type) -> Check:
    if not type_.arguments:
        return lambda value: isinstance(value, Range)
    element = check_of(type_.arguments[0])
    return lambda value: (
        isinstance(value, Range) and all(end is None or element(end) for end in (value.start, value.end))
    )
