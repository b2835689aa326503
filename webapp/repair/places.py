"""Elements of a case's drawing as a person reads them: what stands where, and where a token may be put."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from engine.definitions.model import Element
from engine.definitions.store import Definition
from engine.spiff import Token, targets
from webapp.core.feature import Text
from webapp.core.i18n import current_language

Path = tuple[str, ...]

KINDS: Mapping[str, Text] = {
    "startEvent": _l("Start event"),
    "endEvent": _l("End event"),
    "intermediateThrowEvent": _l("Thrown event"),
    "intermediateCatchEvent": _l("Waits for an event"),
    "receiveTask": _l("Waits for a message"),
    "boundaryEvent": _l("Event on a step"),
    "userTask": _l("Step"),
    "manualTask": _l("Step"),
    "serviceTask": _l("Done by itself"),
    "sendTask": _l("Sends a message"),
    "businessRuleTask": _l("Asks a decision"),
    "exclusiveGateway": _l("Gateway: one way"),
    "inclusiveGateway": _l("Gateway: some ways"),
    "parallelGateway": _l("Gateway: all ways"),
    "eventBasedGateway": _l("Gateway: whatever happens first"),
    "subProcess": _l("Part of the process"),
    "callActivity": _l("Other process"),
}


@dataclass(frozen=True)
class Place:
    """An element, as it stands in a list; `key` is what a form sends for it."""

    key: str
    name: str
    kind: str
    around: str = ""  # the parts of the process that it stands in
    guid: str = ""
    holds_others: bool = False  # what is open inside stands in the list as well


def key_of(element: str, path: Sequence[str]) -> str:
    return "/".join([*path, element])


def read_key(key: str) -> tuple[str, Path]:
    """Element and path of what a form has sent."""
    *path, element = key.split("/")
    return element, tuple(path)


def name_at(definition: Definition, element: str, path: Sequence[str]) -> str:
    """What the drawing calls it; what kind of thing it is where it has no name."""
    found = _element(definition, element, path)
    return element if found is None else _named(found)


def kind_at(definition: Definition, element: str, path: Sequence[str]) -> str:
    found = _element(definition, element, path)
    return "" if found is None else str(KINDS.get(found.tag, ""))


def standing(definition: Definition, tokens: Sequence[Token]) -> list[Place]:
    """Where a case stands; what is open inside a part follows that part."""
    return [_place_of(definition, token) for token in tokens]


def target_groups(definition: Definition) -> list[tuple[str, list[tuple[str, str]]]]:
    """Every element that a token may be put on, by the part of the process it stands in; key and name."""
    groups: dict[Path, list[tuple[str, str]]] = {}
    for element, path in targets(definition.compiled):
        found = _element(definition, element, path)
        if found is not None:
            named = found.name.in_language(current_language())
            kind = str(KINDS.get(found.tag, found.tag))
            label = f"{kind}: {named or found.id}" if found.tag != "userTask" or not named else named
            groups.setdefault(path, []).append((key_of(element, path), label))
    return [(around_of(definition, path), places) for path, places in groups.items()]


def around_of(definition: Definition, path: Sequence[str]) -> str:
    """The names of the parts around, outermost first; empty for the process itself."""
    return " › ".join(name_at(definition, each, path[:depth]) for depth, each in enumerate(path))


def _place_of(definition: Definition, token: Token) -> Place:
    kind = kind_at(definition, token.element, token.path)
    if token.arrived_from is not None:
        came = name_at(definition, token.arrived_from, token.path)
        kind = str(_("Waits for other branches, came from “%(step)s”", step=came))
    name = name_at(definition, token.element, token.path)
    found = _element(definition, token.element, token.path)
    holds = found is not None and found.tag in ("subProcess", "callActivity")
    return Place(key_of(token.element, token.path), name, kind, around_of(definition, token.path), token.guid, holds)


def _element(definition: Definition, element: str, path: Sequence[str]) -> Element | None:
    model, _calls = definition.place(path)
    return model.elements.get(element)


def _named(element: Element) -> str:
    return element.name.in_language(current_language()) or f"{KINDS.get(element.tag, element.tag)} {element.id}"
