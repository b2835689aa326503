"""Item definitions as types of FEEL: base types, collections, components, allowed values, functions."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from lxml import etree

from engine.decisions.drawing import child, children, text_in, type_ref_of
from engine.feel.types import TYPE_NAMES, Check, Type

ANY: Final = Type("Any")
ALIASES: Final = {
    "dateTime": "date and time",
    "dayTimeDuration": "days and time duration",
    "yearMonthDuration": "years and months duration",
    "any": "Any",
    **dict.fromkeys(("integer", "long", "double"), "number"),  # as other engines' modelers write them
}
MAX_TYPE_DEPTH: Final = 100

Report = Callable[..., None]
"""(code, XML element, **details)."""
Allowed = tuple[Check, int]
ReadTests = Callable[[etree._Element, str], Allowed]
"""Unary tests of allowed values as a check, and how many there are."""


class TypeReader:
    """The types of one file; those of imported files are known under `<import>.<type>`."""

    def __init__(self, imported: Mapping[str, Type], read_tests: ReadTests, report: Report) -> None:
        self.types: dict[str, Type] = dict(imported)
        self.members: set[str] = set()
        self._read_tests = read_tests
        self._report = report
        self._definitions: dict[str, etree._Element] = {}
        self._open: list[str] = []

    def read_all(self, definitions: tuple[etree._Element, ...]) -> None:
        self._definitions = {" ".join(node.get("name", "").split()): node for node in definitions}
        for name in self._definitions:
            self._named(name)

    def resolve(self, reference: str, node: etree._Element) -> Type | None:
        """The type a typeRef names; None for no reference, Any, or a type that does not exist (reported)."""
        name = ALIASES.get(reference, reference)
        if not name or name == "Any":
            return None
        if name in self._definitions or name in self.types:
            return self._named(name)
        if name in TYPE_NAMES:
            return Type(name)
        self._report("dmn_unknown_type", node, type=reference)
        return None

    def _named(self, name: str) -> Type | None:
        if name in self.types:
            return self.types[name]
        if name in self._open:
            return None  # a type within itself: its inner occurrence is not looked into
        if len(self._open) >= MAX_TYPE_DEPTH:
            self._report("dmn_too_deep", self._definitions[name], limit=MAX_TYPE_DEPTH)
            return None
        self._open.append(name)
        made = self._type_of(self._definitions[name]) or ANY
        self._open.pop()
        self.types[name] = made
        return made

    def _type_of(self, node: etree._Element) -> Type | None:
        components = list(children(node, "itemComponent"))
        function = child(node, "functionItem")
        if components:
            made: Type | None = Type("context", entries=tuple(self._entry(part) for part in components))
        elif function is not None:
            made = self._function(function)
        else:
            made = self.resolve(type_ref_of(node), node)
        allowed = self._allowed(node, "allowedValues")
        if allowed is not None:
            made = restricted(made or ANY, allowed)
        if node.get("isCollection", "").strip() in ("true", "1"):
            made = Type("list", (made,) if made else ())
        constraint = self._allowed(node, "typeConstraint")
        return restricted(made or ANY, constraint) if constraint is not None else made

    def _entry(self, node: etree._Element) -> tuple[str, Type]:
        name = " ".join(node.get("name", "").split())
        self.members.add(name)
        return name, self._type_of(node) or ANY

    def _function(self, node: etree._Element) -> Type:
        parameters = tuple(self.resolve(type_ref_of(part), part) or ANY for part in children(node, "parameters"))
        result = self.resolve(node.get("outputTypeRef", ""), node)
        return Type("function", parameters, result=result)

    def _allowed(self, node: etree._Element, name: str) -> Allowed | None:
        part = child(node, name)
        text = text_in(part, "text") if part is not None else ""
        return self._read_tests(part, text) if part is not None and text else None


def restricted(type_: Type, allowed: Allowed) -> Type:
    """The type with one more condition on its values."""
    inner, (allows, tests) = type_.allows, allowed
    both = allows if inner is None else lambda value: inner(value) and allows(value)
    return replace(type_, allows=both, tests=type_.tests + tests)
