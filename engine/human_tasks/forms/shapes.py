"""The shape of form-js JSON: every part is of the kind that its reader expects, whoever wrote the file."""

from collections.abc import Iterator
from typing import Any

from engine.definitions.limits import MAX_COMPONENTS, too_many_expressions
from engine.definitions.problems import Problem

_OBJECTS = ("properties", "validate", "conditional", "layout", "appearance")


def shape_problems(document: dict[str, Any]) -> list[Problem]:
    """What the form holds in a place where something else belongs; the place is named by its key."""
    problems = list(_in_list(document.get("components"), "components", None))
    if problems:
        return problems
    nodes = list(_all_nodes(document))
    expressions = {text for node in nodes for text in _expressions(node)}
    problems += too_many_expressions(sum(map(len, expressions)))
    if len(nodes) > MAX_COMPONENTS:
        problems.append(Problem("form_too_large", details={"limit": MAX_COMPONENTS}))
    return problems


def _all_nodes(holder: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for node in holder.get("components") or []:
        yield node
        yield from _all_nodes(node)


def _expressions(node: dict[str, Any]) -> Iterator[str]:
    """The texts that are compiled when the form is read."""
    hide, first = (node.get("conditional") or {}).get("hide"), (node.get("properties") or {}).get("value")
    return (str(text) for text in (hide, first, node.get("expression")) if text)


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
