"""The form of a plan: for each element that the new version lacks, what may take its place."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from engine.definitions.model import Element, ProcessModel
from engine.definitions.store import Definition
from engine.migration.differences import Differences, Lost, differences
from engine.migration.mapping import Pairs, models_of
from webapp.studio.labels import KINDS, element_title

FIELD = "map"  # map:<process>:<element>
JOINS = frozenset({"parallelGateway", "inclusiveGateway"})
LEVELS = frozenset({"subProcess", "callActivity"})
NEVER = frozenset({"startEvent", "boundaryEvent"})


@dataclass(frozen=True)
class Choice:
    """One element that has to be mapped: what it is, what is proposed, and what it may be mapped to."""

    lost: Lost
    field: str
    title: str
    kind: str
    standing: int
    chosen: str
    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Plan:
    """Two versions, what they differ in, and the choices to be made."""

    old: Definition
    new: Definition
    found: Differences
    choices: tuple[Choice, ...]


def plan(old: Definition, new: Definition, standing: Mapping[str, int], pairs: Pairs | None) -> Plan:
    """The form for two versions; `pairs` are those of an earlier plan, else the guesses are chosen."""
    found = differences(old, new)
    after = models_of(new)
    choices = [_choice(lost, after[lost.process], standing, pairs) for lost in found.lost]
    choices.sort(key=lambda choice: -choice.standing)
    return Plan(old, new, found, tuple(choices))


def typed_pairs(form: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """The pairs that were chosen in the form."""
    pairs: dict[str, dict[str, str]] = {}
    for name, value in form.items():
        parts = name.split(":")
        if len(parts) == 3 and parts[0] == FIELD and value:
            pairs.setdefault(parts[1], {})[parts[2]] = value
    return pairs


def _choice(lost: Lost, model: ProcessModel, standing: Mapping[str, int], pairs: Pairs | None) -> Choice:
    guess = lost.guess.id if lost.guess is not None else ""
    chosen = guess if pairs is None else pairs.get(lost.process, {}).get(lost.element.id, "")
    options = [(each.id, _option(each)) for each in _fitting(lost.element, model.elements.values())]
    return Choice(
        lost=lost,
        field=f"{FIELD}:{lost.process}:{lost.element.id}",
        title=element_title(lost.element),
        kind=str(KINDS.get(lost.element.tag, lost.element.tag)),
        standing=standing.get(lost.element.id, 0),
        chosen=chosen,
        options=tuple(sorted(options, key=lambda option: option[1].casefold())),
    )


def _option(element: Element) -> str:
    kind = KINDS.get(element.tag, element.tag)
    title = element_title(element)
    return title if element.tag == "userTask" or title.startswith(str(kind)) else f"{title} ({kind})"


def _fitting(element: Element, candidates: Iterable[Element]) -> Iterable[Element]:
    """Events on a step stay events on a step, joins joins; everything else may go to what can be begun."""
    if element.tag == "boundaryEvent":
        return [each for each in candidates if each.tag == "boundaryEvent" and each.event == element.event]
    if element.tag in JOINS:
        return [each for each in candidates if each.tag == element.tag]
    levels = LEVELS if element.tag in LEVELS else frozenset()
    return [each for each in candidates if each.tag not in NEVER | JOINS and (each.tag not in LEVELS - levels)]
