"""Elements of a case's drawing as a person reads them: what stands where, and where a token may be put."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from engine.definitions.model import Element, ProcessModel
from engine.definitions.store import Definition
from engine.spiff import Token, targets
from webapp.core.feature import Text
from webapp.core.i18n import current_language

Path = tuple[str, ...]

STEPS = frozenset({"userTask", "manualTask"})
GATEWAYS = frozenset({"exclusiveGateway", "inclusiveGateway", "parallelGateway", "eventBasedGateway"})
BETWEEN = GATEWAYS | {"intermediateThrowEvent", "endEvent"}
LEFT_OUT = frozenset({"exclusiveGateway", "intermediateThrowEvent"})

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


@dataclass(frozen=True)
class _Target:
    """An element of a model, where a token may be put."""

    key: str
    element: Element
    model: ProcessModel


def key_of(element: str, path: Sequence[str]) -> str:
    return "/".join([*path, element])


def read_key(key: str) -> tuple[str, Path]:
    """Element and path of what a form has sent."""
    *path, element = key.split("/")
    return element, tuple(path)


def name_at(definition: Definition, element: str, path: Sequence[str]) -> str:
    """What the drawing calls it; what kind of thing it is where it has no name."""
    model, _calls = definition.place(path)
    found = model.elements.get(element)
    return element if found is None else _named(found, model)


def kind_at(definition: Definition, element: str, path: Sequence[str]) -> str:
    found = _element(definition, element, path)
    return "" if found is None else str(KINDS.get(found.tag, ""))


def standing(definition: Definition, tokens: Sequence[Token]) -> list[Place]:
    """Where a case stands; what is open inside a part follows that part."""
    return [_place_of(definition, token) for token in tokens]


def target_groups(definition: Definition) -> list[tuple[str, list[tuple[str, str]]]]:
    """Where a token may be put, by the part of the process; key and name, nothing by its id.

    What is done or waited for comes first, in each part the steps of people before the rest. Gateways, ends and what
    has no name follow, part by part again; a nameless choice of one way is left out: each of its ways can be chosen.
    """
    work: dict[Path, list[_Target]] = {}
    rest: dict[Path, list[_Target]] = {}
    for element, path in targets(definition.compiled):
        model, _calls = definition.place(path)
        found = model.elements.get(element)
        if found is None:
            continue
        named = bool(found.name.in_language(current_language()))
        if named or found.tag not in LEFT_OUT:
            kept = work if named and found.tag not in BETWEEN else rest
            kept.setdefault(path, []).append(_Target(key_of(element, path), found, model))
    whole = definition.model.name.in_language(current_language())
    groups = [(around_of(definition, path), _told_apart(sorted(each, key=_rank))) for path, each in work.items()]
    return groups + [
        (str(_("%(part)s: gateways and ends", part=around_of(definition, path) or whole)), _told_apart(each))
        for path, each in rest.items()
    ]


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


def _named(element: Element, model: ProcessModel) -> str:
    """The name; without one its kind and what it follows, or what follows it."""
    name = element.name.in_language(current_language())
    return name or _beside(str(KINDS.get(element.tag, _("Element"))), element, model)


def _beside(name: str, element: Element, model: ProcessModel) -> str:
    before = _nearest(element, model, back=True)
    if before:
        return str(_("%(what)s, after “%(step)s”", what=name, step=before))
    behind = _nearest(element, model, back=False)
    return str(_("%(what)s, before “%(step)s”", what=name, step=behind)) if behind else name


def _nearest(element: Element, model: ProcessModel, *, back: bool) -> str:
    """The name of the next element on the way that has one."""
    seen, agenda = {element.id}, [element.id]
    while agenda:
        flows = (model.arriving if back else model.leaving).get(agenda.pop(0), ())
        for other in (flow.source if back else flow.target for flow in flows):
            found = model.elements.get(other)
            name = found.name.in_language(current_language()) if found is not None else ""
            if name:
                return name
            if other not in seen:
                seen.add(other)
                agenda.append(other)
    return ""


def _rank(target: _Target) -> bool:
    return target.element.tag not in STEPS


def _told_apart(found: Sequence[_Target]) -> list[tuple[str, str]]:
    """Key and label; what would read the same is told apart by what it follows, at last by number."""
    labels = [_label(each) for each in found]
    labels = [
        _beside(label, each.element, each.model) if labels.count(label) > 1 else label
        for label, each in zip(labels, found, strict=True)
    ]
    counts: Counter[str] = Counter()
    told = []
    for label, each in zip(labels, found, strict=True):
        counts[label] += 1
        told.append((each.key, label if counts[label] == 1 else f"{label} ({counts[label]})"))
    return told


def _label(target: _Target) -> str:
    name = _named(target.element, target.model)
    is_plain = target.element.tag in STEPS or not target.element.name.in_language(current_language())
    return name if is_plain else f"{name} · {KINDS.get(target.element.tag, '')}".removesuffix(" · ")
