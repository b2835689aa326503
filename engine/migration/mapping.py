"""Which element of the new version stands for which of the old one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import orjson

from engine.definitions.model import Element, ProcessModel
from engine.definitions.store import Definition
from engine.spiff.dead_ends import Marking, TooManyWays, waits_for_ever
from engine.spiff.obstacles import NotTransferable, Obstacle

Pairs = Mapping[str, Mapping[str, str]]  # key of the process -> old id -> new id


def models_of(definition: Definition) -> dict[str, ProcessModel]:
    """The process and all that it calls, by key."""
    return {**definition.called, definition.key: definition.model}


@dataclass(frozen=True, eq=False)
class Change:
    """Two versions and the pairs of elements that have another id; every other element stands for itself."""

    old: Definition
    new: Definition
    pairs: Pairs = field(default_factory=dict)
    _known: dict[tuple[str, Marking], str | None] = field(default_factory=dict, repr=False)
    _unjudged: set[str] = field(default_factory=set, repr=False)

    def image(self, process: str, element: str) -> str | None:
        """The id in the new version; whether there is such an element is seen when it is looked for."""
        return self.pairs.get(process, {}).get(element, element)

    def is_same(self, process: str, element: str) -> bool:
        """Not so for an element that is gone, whose cases are sent to another one that was there before."""
        image = self.image(process, element)
        return image == element or image == self.renames.get(process, {}).get(element)

    def reversed(self) -> "Change":
        """The way back: renamed elements get their old ids; two that became one cannot be told apart again."""
        back: dict[str, dict[str, str]] = {}
        for process, pairs in self.renames.items():
            back[process] = {new: old for old, new in pairs.items()}
        return Change(self.new, self.old, back)

    @cached_property
    def renames(self) -> dict[str, dict[str, str]]:
        """The pairs whose new element was not there before: the same step under another id, with its answers."""
        before, after = models_of(self.old), models_of(self.new)
        found: dict[str, dict[str, str]] = {}
        for process, pairs in self.pairs.items():
            known = before[process].elements if process in before else {}
            coming = after[process].elements if process in after else {}
            named: dict[str, str] = {}
            for old, new in pairs.items():
                if new not in known and old not in coming and new not in named.values():
                    named[old] = new
            if named:
                found[process] = named
        return found

    def require_ways_on(self, level: Any, marking: Marking) -> None:
        """Raises NotTransferable if tokens that stand so would wait for ever at a join of the new version."""
        key = (level.name, marking)
        if key not in self._known and level.name not in self._unjudged:
            try:
                self._known[key] = waits_for_ever(level, marking)
            except TooManyWays:
                self._unjudged.add(level.name)  # too large for an answer: as at its start nobody promises anything
        join = self._known.get(key)
        if join is not None:
            raise NotTransferable((Obstacle("join_starves", level.name.split("/")[0], join),))

    def renamed_answers(self, document: Mapping[str, Any]) -> dict[str, Any]:
        """The case document with the answers of renamed elements under their new ids."""
        return self._renamed(document, self.old.model) if self.renames else dict(document)

    def _renamed(self, document: Mapping[str, Any], model: ProcessModel) -> dict[str, Any]:
        names = self.renames.get(model.key, {})
        return {names.get(key, key): self._inside(model.elements.get(key), value) for key, value in document.items()}

    def _inside(self, element: Element | None, value: Any) -> Any:
        called = self.old.called.get(element.called_process or "") if element is not None else None
        return self._renamed(value, called) if called is not None and isinstance(value, dict) else value


def read_pairs(stored: str) -> Pairs:
    """From the column `mapping`."""
    return {process: dict(pairs) for process, pairs in orjson.loads(stored).items()}


def write_pairs(pairs: Pairs) -> str:
    """For the column `mapping`; pairs that change nothing are left out."""
    kept = {process: {old: new for old, new in each.items() if new != old} for process, each in pairs.items()}
    return orjson.dumps({process: each for process, each in kept.items() if each}, option=orjson.OPT_SORT_KEYS).decode()


def wrong_pairs(change: Change) -> Iterator[tuple[str, str]]:
    """The pairs (process, old id) that name an element which one of the versions does not have."""
    before, after = models_of(change.old), models_of(change.new)
    for process, pairs in change.pairs.items():
        for old, new in pairs.items():
            has_old = process in before and old in before[process].elements
            if not has_old or process not in after or new not in after[process].elements:
                yield process, old
