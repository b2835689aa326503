"""What two versions differ in, and which elements probably stand for each other: the beginning of a plan."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from engine.definitions.model import Element, ProcessModel
from engine.definitions.store import Definition
from engine.migration.mapping import models_of

HOLDING = frozenset(
    {
        "userTask",
        "manualTask",
        "receiveTask",
        "intermediateCatchEvent",
        "boundaryEvent",
        "eventBasedGateway",
        "subProcess",
        "callActivity",
        "parallelGateway",
        "inclusiveGateway",
    }
)
ENOUGH = 3  # points that make a guess worth showing


@dataclass(frozen=True)
class Lost:
    """An element at which a case can stand and which the new version does not have.

    `guess`: the new element that it probably is, or, where `is_same` is False, the one that follows it.
    """

    process: str
    element: Element
    guess: Element | None = None
    is_same: bool = False


@dataclass(frozen=True)
class Differences:
    """`added` and `changed` are new elements; changed ones have the same id and other words, forms, times or kinds.

    What a lost element is probably called now is not added: it is among the `renamed`.
    """

    lost: tuple[Lost, ...]
    removed: tuple[Element, ...]  # those at which no case stands: gateways, ends, service steps
    added: tuple[Element, ...]
    changed: tuple[Element, ...]

    @property
    def renamed(self) -> tuple[Lost, ...]:
        """Lost ones whose guess is the same step, under another id."""
        return tuple(each for each in self.lost if each.is_same)


def differences(old: Definition, new: Definition) -> Differences:
    """Compare two versions of a process, with all that they call."""
    before, after = models_of(old), models_of(new)
    lost: list[Lost] = []
    removed: list[Element] = []
    added: list[Element] = []
    changed: list[Element] = []
    for key, model in before.items():
        other = after.get(key)
        if other is None:
            continue  # its call is gone too, and that is what has to be mapped
        coming = [each for each in other.elements.values() if each.id not in model.elements]
        for element in model.elements.values():
            if element.id in other.elements:
                if _said(element) != _said(other.elements[element.id]):
                    changed.append(other.elements[element.id])
            elif element.tag in HOLDING:
                lost.append(_guessed(key, element, model, other, coming))
            else:
                removed.append(element)
        again = {each.guess.id for each in lost if each.process == key and each.is_same and each.guess is not None}
        added += [each for each in coming if each.id not in again]
    added += [each for key, model in after.items() if key not in before for each in model.elements.values()]
    return Differences(tuple(lost), tuple(removed), tuple(added), tuple(changed))


def _guessed(
    process: str, element: Element, model: ProcessModel, other: ProcessModel, coming: Iterable[Element]
) -> Lost:
    scored = [(_likeness(element, each, model, other), each) for each in coming if each.tag == element.tag]
    best = max(scored, key=lambda pair: pair[0], default=None)
    if best is not None and best[0] >= ENOUGH:
        return Lost(process, element, best[1], is_same=True)
    if element.tag in {"boundaryEvent", "parallelGateway", "inclusiveGateway"}:
        return Lost(process, element)
    return Lost(process, element, _next_kept(element, model, other))


def _likeness(old: Element, new: Element, model: ProcessModel, other: ProcessModel) -> int:
    """Points: the same name or form tells most, then the same neighbours."""
    points = 3 if old.name and old.name == new.name else 0
    points += 3 if old.form is not None and old.form == new.form else 0
    points += 2 if old.message is not None and old.message == new.message else 0
    points += 2 if old.called_process is not None and old.called_process == new.called_process else 0
    points += 1 if old.attached_to is not None and old.attached_to == new.attached_to else 0
    points += _sources(old, model) == _sources(new, other)
    points += _targets(old, model) == _targets(new, other)
    return points


def _sources(element: Element, model: ProcessModel) -> frozenset[str]:
    return frozenset(flow.source for flow in model.arriving.get(element.id, ()))


def _targets(element: Element, model: ProcessModel) -> frozenset[str]:
    return frozenset(flow.target for flow in model.leaving.get(element.id, ()))


def _next_kept(element: Element, model: ProcessModel, other: ProcessModel) -> Element | None:
    """The first step or wait behind an element that the new version still has, if there is only one such."""
    found = {each.id: each for each in _behind(element, model, other.elements)}
    return next(iter(found.values())) if len(found) == 1 else None


def _behind(element: Element, model: ProcessModel, kept: Mapping[str, Element]) -> Iterator[Element]:
    seen, agenda = {element.id}, [flow.target for flow in model.leaving.get(element.id, ())]
    while agenda:
        name = agenda.pop(0)
        if name in seen:
            continue
        seen.add(name)
        if name in kept and (kept[name].tag in HOLDING or kept[name].tag == "endEvent"):
            yield kept[name]
        else:
            agenda += [flow.target for flow in model.leaving.get(name, ())]


def _said(element: Element) -> object:
    """What a person or the clock notices of an element; its place in the file does not count."""
    return (
        element.tag,
        element.container,
        element.name,
        element.prompt,
        element.submit,
        {name: text for name, text in element.properties.items() if name != "prompt"},
        element.form,
        element.assignee,
        element.role,
        element.timer,
        element.message,
        element.called_process,
        element.attached_to,
        element.interrupting,
    )
