"""The shape of form-js JSON: every part is of the kind that its reader expects, whoever wrote the file."""

from collections.abc import Iterator
from typing import Any

from engine.definitions.problems import Problem

_OBJECTS = ("properties", "validate", "conditional", "layout", "appearance")


def shape_problems(document: dict[str, Any]) -> list[Problem]:
    """What the form holds in a place where something else belongs; the place is named by its key."""
    return list(_in_list(document.get("components"), "components", None))


def _in_list(nodes: object, name: str, element: str | None) -> Iterator[Problem]:
    if nodes is None:
        return
    if not isinstance(nodes, list):
        yield _misshapen(name, element)
        return
    for node in nodes:
        if isinstance(node, dict):
            yield from _in_node(node)
        else:
            yield _misshapen(name, element)


def _in_node(node: dict[str, Any]) -> Iterator[Problem]:
    named = node.get("key") or node.get("path") or node.get("id")
    element = named if isinstance(named, str) else None
    if "type" in node and not isinstance(node["type"], str):
        yield _misshapen("type", element)
    for name in _OBJECTS:
        if not isinstance(node.get(name) or {}, dict):
            yield _misshapen(name, element)
    options = node.get("values")
    if options is not None and not (isinstance(options, list) and all(isinstance(each, dict) for each in options)):
        yield _misshapen("values", element)
    yield from _in_list(node.get("components"), "components", element)


def _misshapen(name: str, element: str | None) -> Problem:
    return Problem("form_misshapen", element=element, details={"place": name})
