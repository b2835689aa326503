"""Syntax tree to closures: each node becomes a function of the scope it is evaluated in.

Names are resolved to "how many scopes up" while compiling. Only a filter is dynamic: inside
`rows[price > 3]` a name is a field of the row if the row has it, else it is looked up outside.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from engine.feel.budget import Code
from engine.feel.nodes import Node

Rule = Callable[["Compiler", Any], Code]


@dataclass
class Frame:
    """The names one scope binds; in a filter (`dynamic`) they are known only with the row."""

    names: set[str]
    dynamic: bool = False
    uses_item: bool = False


@dataclass(frozen=True)
class Place:
    """Where a name is found: `dynamic` has one entry per scope to walk up; `bound` says whether a frame names it."""

    dynamic: tuple[bool, ...]
    bound: bool

    @property
    def in_context(self) -> bool:
        """It can only be a name of the context that the host hands in."""
        return not self.bound and not any(self.dynamic)


class Compiler:
    """Compiles one text and collects what it reads from outside and which functions it calls.

    `free_names` leaves out names inside filters (they may be fields of the rows) and `?`, the value
    that unary tests are about.
    """

    def __init__(self, rules: Mapping[type[Node], Rule]) -> None:
        self.rules = rules
        self.frames: list[Frame] = []
        self.free_names: set[str] = set()
        self.functions: set[str] = set()
        self.reads_tested_value = False

    def compile(self, node: Node) -> Code:
        return self.rules[type(node)](self, node)

    def compile_all(self, parts: tuple[Node, ...]) -> tuple[Code, ...]:
        return tuple(self.compile(part) for part in parts)

    @contextmanager
    def frame(self, names: set[str], *, dynamic: bool = False) -> Iterator[Frame]:
        frame = Frame(names, dynamic)
        self.frames.append(frame)
        try:
            yield frame
        finally:
            self.frames.pop()

    def place_of(self, name: str) -> Place:
        dynamic: list[bool] = []
        if name == "?":
            self.reads_tested_value = True
        for frame in reversed(self.frames):
            if not frame.dynamic and name in frame.names:
                return Place(tuple(dynamic), bound=True)
            if frame.dynamic and name == "item":
                frame.uses_item = True
            dynamic.append(frame.dynamic)
        if name != "?" and not any(dynamic):
            self.free_names.add(name)
        return Place(tuple(dynamic), bound=False)
