"""Which operations come next: between an open step or an awaited event and whatever waits after it."""

from collections.abc import Iterator, Sequence

from engine.definitions.model import Element
from engine.definitions.reaching import CONTAINERS, STOPS, Net, Place
from engine.definitions.store import Definition


def coming_calls(definition: Definition, standing: Sequence[Place]) -> list[Element]:
    """Elements that will call an operation before anything waits again, the nearest first."""
    net = definition.net
    found: dict[str, Element] = {}
    seen = set(standing)
    agenda = list(standing)
    while agenda:
        place = agenda.pop(0)
        element = net.element(place)
        if (element.call is not None and place not in standing) or (element.on_complete and place in standing):
            found.setdefault(element.id, element)
        for following in _following(net, place, begun=place in standing):
            if following not in seen and net.element(following).tag not in STOPS:
                seen.add(following)
                agenda.append(following)
    return list(found.values())


def _following(net: Net, place: Place, *, begun: bool) -> Iterator[Place]:
    element = net.element(place)
    if element.tag in CONTAINERS and not begun:
        yield from net.entrances(place)
        return
    yield from net.leaving(place)
    hosts = net.hosts(place) if begun else [place]
    for host in hosts:
        for boundary in net.model_at(host.path).boundaries_of(host.element):
            if boundary.is_offer or not begun:
                yield Place(host.path, boundary.id)
    if element.tag == "endEvent" and place.path:
        yield from net.leaving(Place(place.path[:-1], place.path[-1]))
