"""Types as written after `instance of` and in parameters, and the test whether a value is of one."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from engine.feel.values import FeelFunction, Range, YearsMonths, kind_of

Check = Callable[[object], bool]

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
    """`arguments`: element type of a list or range, parameter types of a function; `entries`: those of a context."""

    name: str
    arguments: tuple["Type", ...] = ()
    entries: tuple[tuple[str, "Type"], ...] = ()


def check_of(type_: Type) -> Check:
    """The test of `value instance of type`. Null is an instance of Null only."""
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
