"""How built-in functions are declared, and how arguments meet their parameters.

A declaration reads like the standard's tables: `"string: string, start position: number, length: number?"`.
`?` after the kind makes the last parameters optional (a text or other value may also be given as null, a
number may not), `...` takes any number of values or one list of them.
Arguments that do not fit give null, after the standard's conversions: a value becomes a list of one,
a list of one its value, a date the date-time of its midnight in UTC.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Final

from engine.feel.budget import Run
from engine.feel.values import UNFIT, FeelFunction, Range

Function = Callable[..., object]

KINDS: Final[dict[str, type]] = {
    "number": Decimal,
    "string": str,
    "boolean": bool,
    "context": dict,
    "range": Range,
    "function": FeelFunction,
    "date and time": datetime,
}


@dataclass(frozen=True)
class Parameter:
    name: str
    kind: str
    optional: bool
    many: bool


@dataclass(frozen=True)
class Overload:
    """One way to call a function."""

    parameters: tuple[Parameter, ...]
    function: Function

    def fit(self, run: Run, arguments: list[object]) -> list[object] | None:
        """The arguments as the function takes them; None when they do not fit."""
        parameters = self.parameters
        fixed = len(parameters) - (1 if parameters and parameters[-1].many else 0)
        required = sum(not parameter.optional for parameter in parameters[:fixed])
        if len(arguments) < required or (fixed == len(parameters) and len(arguments) > fixed):
            return None
        fitted: list[object] = []
        for parameter, argument in zip(parameters[:fixed], arguments, strict=False):
            left_out = argument is None and parameter.optional and parameter.kind != "number"
            value = None if left_out else fit_one(parameter.kind, argument, run)
            if value is UNFIT:
                return None
            fitted.append(value)
        return fitted if fixed == len(parameters) else self._fit_many(run, fitted, arguments[fixed:])

    def _fit_many(self, run: Run, fitted: list[object], rest: list[object]) -> list[object] | None:
        last = self.parameters[-1]
        if len(self.parameters) == 1 and len(rest) == 1 and isinstance(rest[0], list):
            rest = rest[0]
        elif not rest:
            return None
        run.charge_list(len(rest))
        values = [fit_one(last.kind, value, run) for value in rest]
        return None if UNFIT in values else [*fitted, values]

    def fit_named(self, arguments: Mapping[str, object]) -> list[object] | None:
        """The arguments in the order of the parameters; None when a name is unknown or missing."""
        names = [parameter.name for parameter in self.parameters]
        if not set(arguments) <= set(names):
            return None
        if any(not parameter.optional and parameter.name not in arguments for parameter in self.parameters):
            return None
        given = max((names.index(name) + 1 for name in arguments), default=0)
        return [arguments.get(name) for name in names[:given]]


class Builtin:
    """A function of the standard under its name; the first overload that fits is called."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.overloads: list[Overload] = []

    def invoke(self, run: Run, arguments: list[object]) -> object:
        run.charge(4)
        for overload in self.overloads:
            fitted = overload.fit(run, arguments)
            if fitted is not None:
                return overload.function(run, *fitted)
        return None

    def invoke_named(self, run: Run, arguments: Mapping[str, object]) -> object:
        run.charge(4)
        for overload in self.overloads:
            ordered = overload.fit_named(arguments)
            fitted = None if ordered is None else overload.fit(run, ordered)
            if fitted is not None:
                return overload.function(run, *fitted)
        return None


def fit_one(kind: str, value: object, run: Run) -> object:
    """The value as this kind, converted where the standard allows; else UNFIT."""
    if kind == "any":
        return value
    if value is None:
        return UNFIT
    if kind == "list":
        elements = value if isinstance(value, list) else [value]
        run.charge(len(elements))
        return elements
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if isinstance(value, str):
        run.charge(len(value) >> 4)
    if kind == "date and time" and type(value) is date:
        return datetime.combine(value, time(), UTC)
    return value if type(value) is KINDS[kind] else UNFIT


class Library:
    """The functions of one module."""

    def __init__(self) -> None:
        self.functions: dict[str, Builtin] = {}

    def declare(self, name: str, *parameters: str) -> Callable[[Function], Function]:
        """Register a function `(run, *values)` under a FEEL name, once per way to name its parameters."""

        def register(function: Function) -> Function:
            builtin = self.functions.setdefault(name, Builtin(name))
            for text in parameters or ("",):
                builtin.overloads.append(Overload(_parse(text), function))
            return function

        return register


def _parse(text: str) -> tuple[Parameter, ...]:
    parameters = []
    for part in filter(None, text.split(", ")):
        name, _, kind = part.partition(": ")
        plain = kind.rstrip("?.")
        parameters.append(Parameter(name, plain, optional=kind.endswith("?"), many=kind.endswith("...")))
    return tuple(parameters)
