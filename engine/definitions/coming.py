"""Which elements of a drawing a case may still come to, from the steps where people are now.

Pure, and never too little: conditions count as possible, and so does every way beside an open step that a fork began
and nothing has joined yet, because a token may wait there unseen.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import lru_cache

from engine.definitions.model import Element
from engine.definitions.reaching import CONTAINERS, JOINS, Net, Place

Stop = Callable[[Place], bool]


def may_come(net: Net, standing: Collection[Place]) -> frozenset[Place]:
    """The places that may still be passed; those where people stand only if a way leads back to them."""
    return _may_come(net, frozenset(standing))


@lru_cache(maxsize=4096)  # cases of a process stand at the same few steps
def _may_come(net: Net, standing: frozenset[Place]) -> frozenset[Place]:
    begun = [following for place in standing for following in _leaving_from(net, place)]
    found = _walk(net, begun)
    for branches in _forks(net):
        found |= _beside(net, branches, standing)
    return frozenset(found)


def _leaving_from(net: Net, place: Place) -> Iterator[Place]:
    """Where a token goes on from an open step: past it, or out of an activity around it by one of its events."""
    yield from _following(net, place)
    for host in net.hosts(place):
        yield from _boundaries(net, host)


def _following(net: Net, place: Place) -> Iterator[Place]:
    element = net.element(place)
    yield from net.leaving(place)
    yield from _boundaries(net, place)
    if element.looped:
        yield place
    if element.tag in CONTAINERS:
        yield from net.entrances(place)
    if element.tag == "endEvent" and place.path:
        around = Place(place.path[:-1], place.path[-1])
        yield from net.leaving(around)
        if net.element(around).looped:
            yield from net.entrances(around)


def _boundaries(net: Net, place: Place) -> Iterator[Place]:
    model = net.model_at(place.path)
    return (Place(place.path, each.id) for each in model.boundaries_of(place.element))


def _walk(net: Net, begun: Iterable[Place], stops_at: Stop = lambda _: False) -> set[Place]:
    found: set[Place] = set()
    waiting = list(begun)
    while waiting:
        place = waiting.pop()
        if place not in found:
            found.add(place)
            if not stops_at(place):
                waiting += _following(net, place)
    return found


@lru_cache(maxsize=256)
def _forks(net: Net) -> Sequence[Sequence[Place]]:
    """Where one token becomes several: the beginnings of the ways, for each gateway and event that does it."""
    return list(_find_forks(net))


def _find_forks(net: Net) -> Iterator[Sequence[Place]]:
    for place in _walk(net, [Place((), each.id) for each in net.model.starts()]):
        element = net.element(place)
        if element.tag in JOINS and len(ways := net.leaving(place)) > 1:
            yield ways
        if _runs_beside(element):
            yield [Place(place.path, element.attached_to or ""), *net.leaving(place)]


def _runs_beside(element: Element) -> bool:
    return element.tag == "boundaryEvent" and not element.interrupting


def _beside(net: Net, branches: Sequence[Place], standing: Collection[Place]) -> set[Place]:
    """What may still come on the ways beside an open step, up to where they meet.

    A fork in a sub-process or a call is over when no step in it is open.
    """
    around = branches[0].path
    inside = [place for place in standing if place.path[: len(around)] == around]
    if not inside:
        return set()
    whole = [_walk(net, [each]) for each in branches]
    found: set[Place] = set()
    for number, reached in enumerate(whole):
        others = set().union(*(each for place, each in enumerate(whole) if place != number))
        own = _walk(net, [branches[number]], lambda place, others=others: place in others and net.is_join(place))  # type: ignore[misc]
        if any(place in own for place in inside):
            for place, start in enumerate(branches):
                if place != number:
                    found |= _walk(net, [start], lambda each, met=reached: each in met and net.is_join(each))  # type: ignore[misc]
    return found
