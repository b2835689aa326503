"""Whether tokens that stand somewhere in a level can all come through: no join may wait for one that never comes.

The token game of BPMN 2.0.2, chapter 13, over positions alone: conditions and events count as possible either way. A
case that was taken over to another version stands where nobody has walked it to; this shows whether it can go on.
"""

from collections import Counter, deque
from collections.abc import Iterator
from itertools import combinations
from typing import Any

from engine.spiff.events import BoundaryEvent, EndEvent
from engine.spiff.gateways import EventGateway, ExclusiveGateway, InclusiveGateway, ParallelGateway

MOST_MARKINGS = 5_000
MOST_SUBSETS = 4  # of the flows behind an inclusive split all choices are tried up to this many

Position = tuple[str, str]  # (element, "") or, before a join, (join, the element that the token came from)
Marking = tuple[Position, ...]  # sorted


class TooManyWays(Exception):
    """There are more positions to look at than MOST_MARKINGS: nothing is known."""


def waits_for_ever(level: Any, marking: Marking) -> str | None:
    """The join at which a token would be left over on some way onward; None: there is none.

    None too where that can happen on the drawing's own way from its start: then it tells nothing about this marking.
    Raises TooManyWays.
    """
    if not any(_is_join(spec) for spec in level.task_specs.values()):
        return None
    found = _left_over(level, marking)
    if found is not None and _left_over(level, _arrive(level, Counter(), level.start.name, level.start.outputs)):
        return None
    return found


def _left_over(level: Any, marking: Marking) -> str | None:
    seen = {marking}
    agenda = deque([marking])
    while agenda:
        current = agenda.popleft()
        following = list(_following(level, current))
        if not following and current:
            return current[0][0]
        for each in following:
            if each not in seen:
                if len(seen) >= MOST_MARKINGS:
                    raise TooManyWays(level.name)
                seen.add(each)
                agenda.append(each)
    return None


def _following(level: Any, marking: Marking) -> Iterator[Marking]:
    """The markings after the next move of one token; only when all stand before joins, those after a join.

    Which token moves first makes no difference for what is left over in the end: they meet at joins alone.
    """
    tokens = Counter(marking)
    for position in tokens:
        name, came_from = position
        if came_from:
            continue
        spec = level.task_specs[name]
        if isinstance(spec, EndEvent) and spec.event_kind == "terminateEventDefinition":
            yield ()
            return
        rest = tokens - Counter([position])
        for source, chosen in _ways(level, spec):
            yield _arrive(level, rest, source, chosen)
        return
    for name in {name for name, _ in tokens}:
        spec = level.task_specs[name]
        wanted = Counter((name, source) for source in spec._inputs)
        used = wanted & tokens
        if used == wanted if isinstance(spec, ParallelGateway) else _nobody_else_comes(spec, tokens):
            yield from (_arrive(level, tokens - used, name, chosen) for chosen in _choices(spec))


def _nobody_else_comes(join: InclusiveGateway, tokens: Counter[Position]) -> bool:
    """The rule of `InclusiveGateway.reconsider` for tokens that all stand before joins."""
    arrived = {source for name, source in tokens if name == join.name}
    ways = (join.reach[name] for name, _ in tokens if name != join.name)
    return all(not reachable or reachable & arrived for reachable in ways)


def _ways(level: Any, spec: Any) -> Iterator[tuple[str, list[Any]]]:
    """Where a token may leave an element: by its own flows, or by an event on its boundary that ends it."""
    yield from ((spec.name, chosen) for chosen in _choices(spec))
    guard = level.task_specs.get(f"{spec.name}(boundary)")
    if guard is not None:
        for event in guard.outputs:
            if isinstance(event, BoundaryEvent) and event.cancel_activity:
                yield event.name, event.outputs


def _choices(spec: Any) -> Iterator[list[Any]]:
    outputs = spec.outputs
    if isinstance(spec, ExclusiveGateway | EventGateway):
        yield from ([each] for each in outputs)
    elif isinstance(spec, InclusiveGateway) and len(outputs) > 1:
        sizes = range(1, len(outputs) + 1) if len(outputs) <= MOST_SUBSETS else (1, len(outputs))
        yield from (list(chosen) for size in sizes for chosen in combinations(outputs, size))
    else:
        yield outputs


def _arrive(level: Any, tokens: Counter[Position], source: str, targets: list[Any]) -> Marking:
    """The marking after a token has left `source` to these targets."""
    after = Counter(tokens)
    for spec in targets:
        name = spec.name.removesuffix("(boundary)")
        target = level.task_specs[name]
        joins = isinstance(target, ParallelGateway | InclusiveGateway) and len(target._inputs) > 1
        after[(name, source if joins else "")] += 1
    return tuple(sorted(after.elements()))


def _is_join(spec: Any) -> bool:
    return isinstance(spec, ParallelGateway) and len(spec._inputs) > 1
