"""Which elements of one level run beside each other: what a token may be moved to without spoiling a join.

A *fork* is a parallel or inclusive gateway with several ways out. Its *inside* is everything between it and the
gateway where all its ways have met again (to the end of the level when they never do). The branch of an event that
does not interrupt is a *side branch*: a token of its own beside the main flow.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from engine.spiff.events import BoundaryEvent
from engine.spiff.gateways import InclusiveGateway, ParallelGateway

Input = tuple[str, str]  # a join and the element in front of it


@dataclass(frozen=True)
class Fork:
    """A gateway that begins several ways; `meeting` is None when they never meet again."""

    name: str
    meeting: str | None
    branches: tuple[frozenset[str], ...]

    @property
    def inside(self) -> frozenset[str]:
        return frozenset().union(*self.branches)

    def ways_to(self, name: str) -> frozenset[int]:
        """The branches that an element stands in."""
        return frozenset(number for number, branch in enumerate(self.branches) if name in branch)


class Level:
    """The flow of one compiled level, by the names of its specs."""

    def __init__(self, spec: Any) -> None:
        self._specs = spec.task_specs
        self._start = spec.start.name
        self._beside = [name for name, each in self._specs.items() if _is_side_event(each)]
        self._next = {
            name: [target for target in each._outputs if target not in self._beside]
            for name, each in self._specs.items()
        }

    @cached_property
    def forks(self) -> list[Fork]:
        found = []
        for name, spec in self._specs.items():
            if isinstance(spec, ParallelGateway | InclusiveGateway) and len(self._next[name]) > 1:
                meeting = self._meeting(name)
                avoiding = () if meeting is None else (meeting,)
                branches = tuple(frozenset(self._reached([way], avoiding)) for way in self._next[name])
                found.append(Fork(name, meeting, branches))
        return found

    def side_of(self, name: str) -> frozenset[str]:
        """The events whose side branch an element belongs to; empty in the main flow."""
        if name in self._main:
            return frozenset()
        return frozenset(event for event in self._beside if name in self._reached([event]))

    def joins(self) -> list[str]:
        return [name for name, spec in self._specs.items() if is_join(spec)]

    def missing_at_joins(self, fork: Fork, name: str) -> Counter[Input]:
        """What the parallel joins ahead of an element inside a fork would wait for in vain if only it were active."""
        avoiding = () if fork.meeting is None else (fork.meeting,)
        reached = self._reached([name], avoiding)
        ahead = reached | {target for each in reached for target in self._next[each]}
        return Counter(
            (join, source)
            for join in self.joins()
            if join in ahead and isinstance(self._specs[join], ParallelGateway)
            for source in self._specs[join]._inputs
            if source not in reached
        )

    @cached_property
    def _main(self) -> set[str]:
        return self._reached([self._start])

    def _reached(self, starts: Iterable[str], avoiding: Collection[str] = ()) -> set[str]:
        seen: set[str] = set()
        stack = [name for name in starts if name not in avoiding]
        while stack:
            name = stack.pop()
            if name not in seen:
                seen.add(name)
                stack.extend(target for target in self._next[name] if target not in avoiding)
        return seen

    def _meeting(self, fork: str) -> str | None:
        """The nearest element that every way from a fork to an end of the level goes through."""
        ahead = self._reached(self._next[fork])
        ends = {name for name in ahead if not self._next[name]}
        common = [
            name for name in ahead - ends - {fork} if ends and not ends & self._reached(self._next[fork], (name,))
        ]
        return min(common, key=lambda name: len(self._reached(self._next[fork], (name,))), default=None)


def is_join(spec: Any) -> bool:
    return isinstance(spec, ParallelGateway | InclusiveGateway) and len(spec._inputs) > 1


def _is_side_event(spec: Any) -> bool:
    return isinstance(spec, BoundaryEvent) and not spec.cancel_activity
