"""What boxed expressions have beyond FEEL: tables, conversions to a type, and logic that could not be read."""

from dataclasses import dataclass

from engine.feel.nodes import Node
from engine.feel.types import Type


@dataclass(frozen=True)
class Converted(Node):
    """A value as one of a type; null when it is not (clause 10.3.2.9.4)."""

    value: Node
    type: Type


@dataclass(frozen=True)
class Unreadable(Node):
    """Logic that is missing or refused: null. Why is among the problems of the model."""


@dataclass(frozen=True)
class Verdict(Node):
    """A condition of a boxed expression: true, false or null; any other value makes the box null."""

    value: Node


@dataclass(frozen=True)
class Judged(Node):
    """A boxed expression that is null as soon as one of its conditions is no verdict."""

    box: Node


@dataclass(frozen=True)
class Tests(Node):
    """A cell of unary tests; without tests everything passes."""

    tests: tuple[Node, ...]
    negated: bool = False


@dataclass(frozen=True)
class Column(Node):
    """An input: its expression and the values it may have. `text` is shown in explanations."""

    expression: Node
    allowed: Tests | None
    text: str


@dataclass(frozen=True)
class Outcome(Node):
    """An output: its name ("" when it is the only one), its values by priority, its default."""

    name: str
    priorities: tuple[Node, ...]
    default: Node | None


@dataclass(frozen=True)
class Rule(Node):
    """`number` counts from 1; `annotations` are for people."""

    id: str
    number: int
    cells: tuple[Tests, ...]
    outputs: tuple[Node, ...]
    annotations: tuple[tuple[str, str], ...] = ()  # title of the column (or its number), text


@dataclass(frozen=True)
class Table(Node):
    """`policy`: UNIQUE, FIRST, PRIORITY, ANY, COLLECT, RULE ORDER, OUTPUT ORDER; `aggregation` only with COLLECT."""

    id: str
    policy: str
    aggregation: str
    inputs: tuple[Column, ...]
    outcomes: tuple[Outcome, ...]
    rules: tuple[Rule, ...]
