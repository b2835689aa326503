"""Types as written after `instance of` and in parameters, and the test whether a value is of one."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Final

from engine.feel.budget import MAX_STEPS, Run, measure
from engine.feel.values import UNFIT, FeelFunction, Range, YearsMonths, kind_of

Check = Callable[[object], bool]
Conversion = Callable[[object, Run], object]

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

    `allows`: what a value must pass besides, at the price of so many `tests`; types of decision models have it
    (allowed values). Types may share parts many times over, so checks are made once per type.
    """

    name: str
    arguments: tuple["Type", ...] = ()
    entries: tuple[tuple[str, "Type"], ...] = ()
    result: "Type | None" = None
    allows: Check | None = field(default=None, compare=False)
    tests: int = field(default=0, compare=False)

    @cached_property
    def check(self) -> Check:
        """Whether a value is of this type. Null is of Null only."""
        check, allows = _kind_check(self, lambda part: part.check), self.allows
        return check if allows is None else lambda value: check(value) and allows(value)

    @cached_property
    def shape(self) -> Check:
        """The test of `value instance of type`: allowed values are not looked at."""
        return _kind_check(self, lambda part: part.shape)

    @cached_property
    def cost(self) -> int:
        """Steps that checking one value may take for each of its parts."""
        parts = (*self.arguments, *(part for _, part in self.entries))
        return min(MAX_STEPS, 1 + self.tests + max((part.cost for part in parts), default=0))


def conversion_of(type_: Type) -> Conversion:
    """The value as one of this type, by the conversions of the standard (clause 10.3.2.9.4); else UNFIT.

    A list of one becomes its value, a value a list of one, a date the date-time of its midnight in UTC.
    """
    check, cost = type_.check, type_.cost

    def convert(value: object, run: Run) -> object:
        run.charge(cost)
        measure(value, run, cost)
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


def _kind_check(type_: Type, check_of: Callable[[Type], Check]) -> Check:
    """`check_of`: the test for the types within."""
    name = type_.name
    if name == "Any":
        return lambda value: value is not None
    if name == "Null":
        return lambda value: value is None
    if name == "duration":
        return lambda value: isinstance(value, timedelta | YearsMonths)
    if name == "list":
        return _list_check(type_, check_of)
    if name == "context":
        return _context_check(type_, check_of)
    if name == "range":
        return _range_check(type_, check_of)
    if name == "function":
        return lambda value: (
            isinstance(value, FeelFunction) and (not type_.arguments or len(value.parameters) == len(type_.arguments))
        )
    return lambda value: kind_of(value) == name


def _list_check(type_: Type, check_of: Callable[[Type], Check]) -> Check:
    if not type_.arguments:
        return lambda value: isinstance(value, list)
    element = check_of(type_.arguments[0])
    return lambda value: isinstance(value, list) and all(part is None or element(part) for part in value)


def _context_check(type_: Type, check_of: Callable[[Type], Check]) -> Check:
    entries = [(name, check_of(entry)) for name, entry in type_.entries]

    def check(value: object) -> bool:
        return isinstance(value, dict) and all(
            name in value and (value[name] is None or fits(value[name])) for name, fits in entries
        )

    return check


def _range_check(type_: Type, check_of: Callable[[Type], Check]) -> Check:
    if not type_.arguments:
        return lambda value: isinstance(value, Range)
    element = check_of(type_.arguments[0])
    return lambda value: (
        isinstance(value, Range) and all(end is None or element(end) for end in (value.start, value.end))
    )
