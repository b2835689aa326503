"""Which elements and flows of the drawings were visited; the coverage of several runs adds up."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from engine.definitions.model import Flow, ProcessModel
from engine.definitions.reaching import JOINS, Place
from engine.definitions.store import Definition

Names = Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Coverage:
    """Ids by key of the process whose drawing shows them."""

    elements: Names = field(default_factory=dict)
    flows: Names = field(default_factory=dict)

    def __add__(self, other: "Coverage") -> "Coverage":
        return Coverage(_joined(self.elements, other.elements), _joined(self.flows, other.flows))

    def share(self, model: ProcessModel) -> tuple[int, int]:
        """How many flows of a drawing were gone, and how many it has."""
        return len(self.flows.get(model.key, frozenset()) & model.flows.keys()), len(model.flows)

    def missing(self, model: ProcessModel) -> Sequence[Flow]:
        """The flows that no run has gone, in the order of the drawing."""
        gone = self.flows.get(model.key, frozenset())
        return [flow for name, flow in model.flows.items() if name not in gone]


def cover(definition: Definition, passed: Sequence[Place], standing: Iterable[Place]) -> Coverage:
    """`passed`: what the token left behind, in its order; `standing`: where it waits."""
    elements: defaultdict[str, set[str]] = defaultdict(set)
    flows: defaultdict[str, set[str]] = defaultdict(set)
    offered: dict[tuple[str, ...], list[Flow]] = defaultdict(list)  # inside a path: flows left, not yet arrived
    for place in [*passed, *standing]:
        model, _ = definition.place(place.path)
        elements[model.key].add(place.element)
        for step, inner in enumerate(place.path):
            outer, _ = definition.place(place.path[:step])
            elements[outer.key].add(inner)
            flows[outer.key] |= _arrived(outer, inner, offered[place.path[:step]])
        flows[model.key] |= _arrived(model, place.element, offered[place.path])
        offered[place.path] += model.leaving.get(place.element, ())
    return Coverage(_frozen(elements), _frozen(flows))


def _arrived(model: ProcessModel, element: str, offered: list[Flow]) -> set[str]:
    """The flows by which the token came: the youngest one that leads here, for a join all of them."""
    fitting = [flow for flow in offered if flow.target == element]
    if model.elements[element].tag not in JOINS:
        fitting = fitting[-1:]
    for flow in fitting:
        offered.remove(flow)
    return {flow.id for flow in fitting}


def _joined(one: Names, other: Names) -> Names:
    return {key: one.get(key, frozenset()) | other.get(key, frozenset()) for key in one.keys() | other.keys()}


def _frozen(found: Mapping[str, set[str]]) -> Names:
    return {key: frozenset(names) for key, names in found.items()}
