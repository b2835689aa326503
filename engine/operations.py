"""Operations: the only application code a process may call.

An OperationSet is to the engine what a Blueprint is to Flask: slices declare
operations on it at import time, and nothing happens until the application
registers the set with the Engine.
"""

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum
from types import NoneType, UnionType
from typing import Any, Protocol, TypeVar, Union, get_args, get_origin, get_type_hints

from sqlalchemy.orm import Session

from engine.errors import BusinessError

Result = Mapping[str, object]
Handler = TypeVar("Handler", bound=Callable[..., Result])

PARAMETER_TYPES: dict[type, str] = {
    str: "string",
    int: "integer",
    bool: "boolean",
    Decimal: "number",
    date: "date",
    datetime: "date and time",
    time: "time",
    list: "list",
    dict: "context",
}


Decide = Callable[[str, Mapping[str, object]], object]


class Effect(StrEnum):
    """What an operation does that somebody outside notices, or that costs money."""

    SENDS = "sends"  # a message to customers
    PAYS = "pays"  # money is booked, taken or given back
    DISCOUNTS = "discounts"  # a price becomes lower


class CaseHandle(Protocol):
    """What an operation may know and change of the case it serves."""

    instance_id: int
    business_key: str
    scope_id: int | None
    owner_id: int | None

    def set_owner(self, owner_id: int | None) -> None: ...
    def set_scope(self, scope_id: int | None) -> None: ...
    def set_business_key(self, business_key: str) -> None: ...


@dataclass(frozen=True)
class Context:
    """What an operation may touch besides its own parameters."""

    session: Session
    case: CaseHandle
    element: str
    actor_id: int | None
    now: datetime
    decide: Decide
    """Asks a published decision by id; the answer and its reasons go to the log. Only what the operation declares."""


@dataclass(frozen=True)
class Parameter:
    """One declared parameter: its plain type, and whether the drawing must supply it."""

    name: str
    kind: type
    required: bool

    @property
    def type_name(self) -> str:
        return PARAMETER_TYPES[self.kind]


@dataclass(frozen=True)
class Operation:
    """One declared operation: `parameters` is the contract that publishing checks and the editor shows.

    `asks`: id of each decision that it asks -> the inputs that it gives. `effects`: why it is worth a second look.
    """

    name: str
    summary: str
    parameters: Mapping[str, Parameter]
    handler: Callable[..., Result]
    asks: Mapping[str, frozenset[str]] = field(default_factory=dict)
    effects: frozenset[Effect] = frozenset()

    def run(self, context: Context, arguments: Mapping[str, object]) -> Result:
        """Call with the arguments it declares; others are ignored, a missing or unfit one is refused."""
        return self.handler(context, **{name: self._fit(name, arguments) for name in self._supplied(arguments)})

    def _supplied(self, arguments: Mapping[str, object]) -> list[str]:
        return [name for name, parameter in self.parameters.items() if name in arguments or parameter.required]

    def _fit(self, name: str, arguments: Mapping[str, object]) -> object:
        parameter, value = self.parameters[name], arguments.get(name)
        if value is None:
            if parameter.required and name not in arguments:
                raise BusinessError("operation_argument_missing", operation=self.name, parameter=name)
            return None
        if parameter.kind is int and isinstance(value, Decimal) and value == value.to_integral_value():
            return int(value)
        if parameter.kind is Decimal and isinstance(value, int) and not isinstance(value, bool):
            return Decimal(value)
        if not isinstance(value, parameter.kind) or (parameter.kind is int and isinstance(value, bool)):
            raise BusinessError("operation_argument_unfit", operation=self.name, parameter=name)
        return value


def having(*effects: Effect) -> Callable[[Handler], Handler]:
    """Says of a handler what it does to the world; stands below the line that declares it an operation."""

    def state(handler: Handler) -> Handler:
        setattr(handler, _EFFECTS, frozenset(effects))
        return handler

    return state


_EFFECTS = "effects of the operation"


@dataclass
class OperationSet:
    """The operations of one slice, named `<slice>.<operation>` in BPMN."""

    prefix: str
    operations: dict[str, Operation] = field(default_factory=dict)

    def register(self, handler: Handler) -> Handler:
        """Declare a function as an operation; its keyword-only signature is its contract."""
        return self._declare(handler, {})

    def asking(self, **decisions: Iterable[str]) -> Callable[[Handler], Handler]:
        """Declare an operation that asks these decisions, giving them these inputs."""
        asks = {name: frozenset(inputs) for name, inputs in decisions.items()}
        return lambda handler: self._declare(handler, asks)

    def _declare(self, handler: Handler, asks: Mapping[str, frozenset[str]]) -> Handler:
        name = f"{self.prefix}.{handler.__name__}"
        if name in self.operations:
            raise ValueError(f"operation {name} is declared twice")
        summary = (inspect.getdoc(handler) or "").partition("\n")[0]
        if not summary:
            raise ValueError(f"operation {name} needs a docstring: it is what a process owner reads")
        effects: frozenset[Effect] = getattr(handler, _EFFECTS, frozenset())
        self.operations[name] = Operation(name, summary, _parameters_of(handler), handler, asks, effects)
        return handler


def _parameters_of(handler: Callable[..., Result]) -> dict[str, Parameter]:
    """Read the keyword-only parameters. `X | None` without default must be supplied, but may be empty."""
    hints = get_type_hints(handler)
    return {
        parameter.name: Parameter(
            parameter.name, _plain_type(hints[parameter.name]), parameter.default is inspect.Parameter.empty
        )
        for parameter in inspect.signature(handler).parameters.values()
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY
    }


def _plain_type(hint: Any) -> type:
    if get_origin(hint) in (Union, UnionType):
        (hint,) = (kind for kind in get_args(hint) if kind is not NoneType)
    plain = get_origin(hint) or hint
    if plain not in PARAMETER_TYPES:
        raise TypeError(f"an operation cannot take {hint!r}: use one of {sorted(PARAMETER_TYPES.values())}")
    return plain  # type: ignore[no-any-return]  # the registry above lists the types
