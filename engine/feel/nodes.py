"""The syntax tree. Each node knows its depth (for the limits) and weight (what evaluating it once costs)."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from engine.feel.types import Type


@dataclass(frozen=True)
class Node:
    depth: int = field(init=False, default=1, repr=False, compare=False)
    weight: int = field(init=False, default=1, repr=False, compare=False)

    def __post_init__(self) -> None:
        children = list(self.children())
        object.__setattr__(self, "depth", 1 + max((child.depth for child in children), default=0))
        object.__setattr__(self, "weight", 1 + sum(child.weight for child in children))

    def children(self) -> Iterator["Node"]:
        for value in vars(self).values():
            yield from _nodes_in(value)


def _nodes_in(value: object) -> Iterator[Node]:
    if isinstance(value, Node):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from _nodes_in(part)


@dataclass(frozen=True)
class Literal(Node):
    value: object


@dataclass(frozen=True)
class Name(Node):
    name: str


@dataclass(frozen=True)
class Path(Node):
    base: Node
    name: str


@dataclass(frozen=True)
class Filter(Node):
    base: Node
    predicate: Node


@dataclass(frozen=True)
class Call(Node):
    """`names` is empty for positional arguments."""

    function: Node
    arguments: tuple[Node, ...]
    names: tuple[str, ...]


@dataclass(frozen=True)
class Negate(Node):
    operand: Node


@dataclass(frozen=True)
class Arithmetic(Node):
    sign: str
    left: Node
    right: Node


@dataclass(frozen=True)
class Logic(Node):
    """`and` / `or` over two or more operands."""

    word: str
    operands: tuple[Node, ...]


@dataclass(frozen=True)
class Comparison(Node):
    sign: str
    left: Node
    right: Node


@dataclass(frozen=True)
class Between(Node):
    value: Node
    low: Node
    high: Node


@dataclass(frozen=True)
class Bound(Node):
    """`< 5`: a test inside `in (…)` and unary tests; alone in brackets it is a range."""

    sign: str
    operand: Node


@dataclass(frozen=True)
class In(Node):
    value: Node
    tests: tuple[Node, ...]


@dataclass(frozen=True)
class Interval(Node):
    start: Node
    end: Node
    start_included: bool
    end_included: bool


@dataclass(frozen=True)
class If(Node):
    condition: Node
    then: Node
    otherwise: Node


@dataclass(frozen=True)
class Span(Node):
    """`1..n` without brackets: what a `for` counts over, downwards when the end is smaller."""

    start: Node
    end: Node


@dataclass(frozen=True)
class For(Node):
    iterators: tuple[tuple[str, Node], ...]
    body: Node


@dataclass(frozen=True)
class Quantified(Node):
    word: str
    iterators: tuple[tuple[str, Node], ...]
    body: Node


@dataclass(frozen=True)
class ListOf(Node):
    elements: tuple[Node, ...]


@dataclass(frozen=True)
class ContextOf(Node):
    entries: tuple[tuple[str, Node], ...]


@dataclass(frozen=True)
class FunctionOf(Node):
    parameters: tuple[str, ...]
    types: tuple[Type | None, ...]
    body: Node


@dataclass(frozen=True)
class InstanceOf(Node):
    value: Node
    type: Type
