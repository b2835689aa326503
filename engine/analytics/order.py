"""The steps of a process in the order in which a case comes to them."""

from collections.abc import Iterator

from engine.definitions.model import Element, ProcessModel
from engine.definitions.store import Definition


def steps_in_order(definition: Definition) -> list[Element]:
    """Every step that people do, called processes included: each after all from which a way leads to it.

    A way back to an earlier step does not count.
    """
    found: dict[str, Element] = {}
    for element in _walk(definition, definition.model, frozenset({definition.key})):
        found.setdefault(element.id, element)
    for _, element in definition.nodes():
        if element.is_user_task:
            found.setdefault(element.id, element)
    return list(found.values())


def _walk(definition: Definition, model: ProcessModel, around: frozenset[str]) -> Iterator[Element]:
    """One process, in the reverse order in which a search into the depth leaves its elements."""
    inside: dict[str, list[str]] = {}
    for each in model.elements.values():
        if each.tag == "startEvent":
            inside.setdefault(each.container, []).append(each.id)

    def following(element: Element) -> list[str]:
        after = [flow.target for flow in model.leaving.get(element.id, ())]
        return [*after, *(each.id for each in model.boundaries_of(element.id)), *inside.get(element.id, [])]

    left: list[Element] = []
    seen: set[str] = set()
    for start in reversed(inside.get(model.key, [])):
        trail = [(model.elements[start], iter(following(model.elements[start])))] if start not in seen else []
        seen.add(start)
        while trail:
            element, agenda = trail[-1]
            coming = next((each for each in agenda if each not in seen), None)
            if coming is None:
                left.append(element)
                trail.pop()
            else:
                seen.add(coming)
                trail.append((model.elements[coming], iter(following(model.elements[coming]))))
    for element in reversed(left):
        if element.is_user_task:
            yield element
        called = definition.called.get(element.called_process or "")
        if called is not None and called.key not in around:
            yield from _walk(definition, called, around | {called.key})
