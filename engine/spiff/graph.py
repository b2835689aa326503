"""Reachability within one level of a drawing; a boundary event follows its host."""

from collections.abc import Collection, Iterable, Mapping

from engine.spiff.drawing import Level

Edges = Mapping[str, Collection[str]]


def edges(level: Level) -> dict[str, list[str]]:
    """What directly follows each node: targets of its flows, and the boundary events that sit on it."""
    following: dict[str, list[str]] = {name: [] for name in level.nodes}
    for flow in level.flows:
        following[flow.source].append(flow.target)
    for host, events in level.boundaries.items():
        following[host].extend(event.id for event in events)
    return following


def reachable(following: Edges, starts: Iterable[str], *, avoiding: Collection[str] = ()) -> set[str]:
    """The nodes that can be reached from the starts (included) without passing the avoided ones."""
    seen: set[str] = set()
    stack = [name for name in starts if name not in avoiding]
    while stack:
        name = stack.pop()
        if name not in seen:
            seen.add(name)
            stack.extend(target for target in following[name] if target not in avoiding)
    return seen
