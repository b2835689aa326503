"""From where a drawing can be brought to a milestone or to an end: which act of a person leads there, and past what.

Pure: it reads the drawing and the open steps, never a database. Conditions that nobody can know beforehand count as
possible: a way that is found may still turn elsewhere, but one that the drawing would take is never missed.
"""

import heapq
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count

from engine.definitions.model import USER_TASKS, Element, Flow, ProcessModel

Path = tuple[str, ...]
Goal = Callable[[Element], bool]

WAITS = frozenset({"receiveTask", "intermediateCatchEvent"})
STOPS = USER_TASKS | WAITS
CONTAINERS = frozenset({"subProcess", "callActivity"})
JOINS = frozenset({"parallelGateway", "inclusiveGateway"})
AUTOMATIC = frozenset({"serviceTask", "businessRuleTask", "scriptTask", "sendTask", "task"})
HAPPENINGS = frozenset(
    {"timerEventDefinition", "signalEventDefinition", "conditionalEventDefinition", "messageEventDefinition"}
)
ERROR, ESCALATION, TERMINATE = "errorEventDefinition", "escalationEventDefinition", "terminateEventDefinition"


@dataclass(frozen=True, order=True)
class Place:
    """An element where it is passed: inside these sub-processes and calls, the outermost first."""

    path: Path
    element: str


@dataclass(frozen=True)
class Move:
    """What a person does at an open step: complete it, with this outcome if one decides, or press an offered button."""

    place: Place
    outcome: str | None = None
    boundary: str | None = None


@dataclass(frozen=True)
class OpenStep:
    """A human step that is open, with the outcomes of its form; none when its form asks for none."""

    place: Place
    outcomes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Way:
    """A move, and the steps and waits that stand between it and the goal, in their order. `sure`: nothing is open."""

    move: Move
    between: tuple[Place, ...]
    sure: bool


Verdict = Callable[[Flow, Move], bool | None]  # does the flow's condition hold after the move; None: nobody knows


class Net:
    """A process with those it calls, walked over the borders of sub-processes and calls."""

    def __init__(self, model: ProcessModel, called: Mapping[str, ProcessModel]) -> None:
        self.model = model
        self.called = called

    def model_at(self, path: Path) -> ProcessModel:
        model = self.model
        for step in path:
            if model.elements[step].tag == "callActivity":
                model = self.called[model.elements[step].called_process or ""]
        return model

    def element(self, place: Place) -> Element:
        return self.model_at(place.path).elements[place.element]

    def flows(self, place: Place) -> Sequence[Flow]:
        return self.model_at(place.path).leaving.get(place.element, ())

    def leaving(self, place: Place) -> list[Place]:
        return [Place(place.path, flow.target) for flow in self.flows(place)]

    def is_join(self, place: Place) -> bool:
        model = self.model_at(place.path)
        return model.elements[place.element].tag in JOINS and len(model.arriving.get(place.element, ())) > 1

    def entrances(self, place: Place) -> list[Place]:
        """The plain start events inside a sub-process or a called process."""
        inside = (*place.path, place.element)
        model, element = self.model_at(inside), self.element(place)
        container = model.key if element.tag == "callActivity" else element.id
        return [
            Place(inside, each.id)
            for each in model.elements.values()
            if each.tag == "startEvent" and each.container == container and each.event is None
        ]

    def hosts(self, place: Place) -> Iterator[Place]:
        """The element itself and the activities around it, innermost first."""
        yield place
        for depth in range(len(place.path), 0, -1):
            yield Place(place.path[: depth - 1], place.path[depth - 1])

    def offers(self, place: Place) -> Iterator[tuple[Place, Place]]:
        """Buttons at a step, each with the activity it sits on: its own drawing's, and those that reach into calls."""
        own = self.model_at(place.path)
        for host in self.hosts(place):
            model = self.model_at(host.path)
            for boundary in model.boundaries_of(host.element):
                if boundary.is_offer and (model is own or boundary.is_offered_in_calls):
                    yield Place(host.path, boundary.id), host

    def happenings(self, place: Place) -> Iterator[Place]:
        """What may happen to a step or around it without anybody there: a time, a signal, a condition, a message."""
        for host in self.hosts(place):
            for boundary in self.model_at(host.path).boundaries_of(host.element):
                if boundary.event in HAPPENINGS and not boundary.is_offer:
                    yield Place(host.path, boundary.id)

    def waits_beside(self, place: Place) -> Iterator[Place]:
        """Everything that waits for an event in the same activity as this step, or in one around it."""
        for depth in range(len(place.path) + 1):
            path = place.path[:depth]
            model = self.model_at(path)
            inside = path[-1] if path and path[-1] in model.elements else model.key
            for element in model.elements.values():
                if element.tag in WAITS and element.container == inside:
                    yield Place(path, element.id)

    def caught(self, place: Place, event: str) -> list[Place]:
        """The boundary events that hear an error or escalation raised here: those of the nearest activity with any."""
        for host in self.hosts(place):
            model = self.model_at(host.path)
            found = [each for each in model.boundaries_of(host.element) if each.event == event]
            if found:
                return [Place(host.path, each.id) for each in found]
        return []


def find_way(net: Net, standing: Sequence[OpenStep], goal: Goal, verdict: Verdict) -> Way | None:
    """The way to the goal past the fewest steps; among equals, completing comes before a button, a sure one first.

    When no open step leads there by itself, the way past something that must happen first: a time, a signal, a
    condition or a message beside the step. It stands between like any other wait. None when nothing leads there.
    """
    return _best(net, standing, goal, verdict, happens=False) or _best(net, standing, goal, verdict, happens=True)


def _best(net: Net, standing: Sequence[OpenStep], goal: Goal, verdict: Verdict, *, happens: bool) -> Way | None:
    best: tuple[tuple[int, bool, bool], Way] | None = None
    for index, step in enumerate(standing):
        for move in moves_at(net, step):
            way = _Search(net, standing, index, move, goal, verdict, happens=happens).run()
            if way is None:
                continue
            rank = (len(way.between), move.boundary is not None, not way.sure)
            if best is None or rank < best[0]:
                best = (rank, way)
    return best[1] if best else None


def moves_at(net: Net, step: OpenStep) -> Iterator[Move]:
    """Everything a person can do at an open step to lead the case on."""
    for outcome in step.outcomes or (None,):
        yield Move(step.place, outcome)
    for boundary, _ in net.offers(step.place):
        yield Move(step.place, boundary=boundary.element)


class _Search:
    """One move followed through the drawing, the fewest stops first."""

    def __init__(
        self,
        net: Net,
        standing: Sequence[OpenStep],
        index: int,
        move: Move,
        goal: Goal,
        verdict: Verdict,
        *,
        happens: bool,
    ) -> None:
        self.net = net
        self.move = move
        self.goal = goal
        self.verdict = verdict
        self.happens = happens
        self.others = [step.place for number, step in enumerate(standing) if number != index]
        self.queue: list[tuple[int, bool, int, Place, tuple[Place, ...]]] = []
        self.ticket = count()
        self.seen: set[tuple[Place, bool]] = set()
        self.own = frozenset(self._walk(move.place, frozenset()))
        self.downstream: dict[tuple[Place, Path], frozenset[Place]] = {}

    def run(self) -> Way | None:
        for place in self._first():
            self._push(place, (), True)
        for place in self._happening():
            self._push(place, (), False)
        while self.queue:
            _, unsure, _, place, between = heapq.heappop(self.queue)
            if (place, bool(between)) in self.seen:
                continue
            self.seen.add((place, bool(between)))
            element = self.net.element(place)
            if self.goal(element):
                return Way(self.move, between, not unsure)
            self._follow(place, element, between, not unsure)
        return None

    def _first(self) -> list[Place]:
        if self.move.boundary is None:
            return self._after(self.move.place, ())[0]
        boundary, host = next(
            pair for pair in self.net.offers(self.move.place) if pair[0].element == self.move.boundary
        )
        if self.net.element(boundary).interrupting:  # what else is open inside is withdrawn
            inside = (*host.path, host.element)
            self.others = [each for each in self.others if each != host and each.path[: len(inside)] != inside]
        return self.net.leaving(boundary)

    def _happening(self) -> Iterator[Place]:
        """What may happen while these steps are open. A wait that a step lies behind is over."""
        if not self.happens or self.move.boundary is not None:
            return
        standing = [self.move.place, *self.others]
        for step in standing:
            yield from self.net.happenings(step)
            for wait in self.net.waits_beside(step):
                if not self._walk(wait, frozenset()).intersection(standing):
                    yield wait

    def _follow(self, place: Place, element: Element, between: tuple[Place, ...], sure: bool) -> None:
        if element.tag in STOPS:
            passed = (*between, place)
            for following in self._after(place, passed)[0]:
                self._push(following, passed, False)
            for boundary, _ in self.net.offers(place):
                for following in self.net.leaving(boundary):
                    self._push(following, passed, False)
            for happening in self.net.happenings(place) if self.happens else ():
                if happening not in passed:
                    self._push(happening, passed, False)
            return
        if element.tag == "boundaryEvent":
            for following in self.net.leaving(place):
                self._push(following, (*between, place), False)
            return
        if element.tag in CONTAINERS:
            entrances = self.net.entrances(place)
            for following in entrances or self.net.leaving(place):
                self._push(following, between, sure)
            return
        if element.tag in AUTOMATIC or element.event in (ERROR, ESCALATION):
            event = ESCALATION if element.event == ESCALATION else ERROR
            for boundary in self.net.caught(place, event):
                for following in self.net.leaving(boundary):
                    self._push(following, between, sure and element.tag not in AUTOMATIC)
        if element.tag == "endEvent":
            self._leave(place, element, between, sure)
        elif element.tag in ("exclusiveGateway", "inclusiveGateway"):
            self._choose(place, element, between, sure)
        else:
            targets, waited = self._after(place, between)
            for target in targets:
                self._push(target, (*between, *waited), sure)

    def _leave(self, place: Place, element: Element, between: tuple[Place, ...], sure: bool) -> None:
        """The end of a sub-process or of a called process: outside it goes on when nothing is open inside."""
        if not place.path or element.event == ERROR:
            return
        around = Place(place.path[:-1], place.path[-1])
        inside = [each for each in self._beside(place) if each.path[: len(place.path)] == place.path]
        if element.event == TERMINATE and not between:  # what else is open inside is withdrawn
            self.others = [each for each in self.others if each not in inside]
        waited = () if element.event == TERMINATE else tuple(each for each in inside if each not in between)
        passed = (*between, *waited)
        again = self.net.entrances(around) if self.net.element(around).looped else []
        for following in [*self.net.leaving(around), *again]:
            self._push(following, passed, sure and not again)

    def _choose(self, place: Place, element: Element, between: tuple[Place, ...], sure: bool) -> None:
        waited = self._waited_for(place, between)
        passed = (*between, *waited)
        flows = self.net.flows(place)
        if len(flows) < 2:
            for flow in flows:
                self._push(Place(place.path, flow.target), passed, sure)
            return
        verdicts = {flow.id: self._verdict(flow, between) for flow in flows if flow.id != element.default_flow}
        certain = False  # has a flow before this one been taken for certain?
        doubtful = False
        for flow in flows:
            verdict = verdicts.get(flow.id, False)
            if flow.id == element.default_flow or verdict is False:
                continue
            if not (certain and element.tag == "exclusiveGateway"):
                taken_for_sure = verdict is True and (not doubtful or element.tag == "inclusiveGateway")
                self._push(Place(place.path, flow.target), passed, sure and taken_for_sure)
            certain |= verdict is True
            doubtful |= verdict is None
        if not certain:
            for flow in flows:
                if flow.id == element.default_flow:
                    self._push(Place(place.path, flow.target), passed, sure and not doubtful)

    def _verdict(self, flow: Flow, between: tuple[Place, ...]) -> bool | None:
        """Beyond the first stop nobody knows what will have been answered there."""
        if flow.condition is None:
            return True
        return None if between else self.verdict(flow, self.move)

    def _after(self, place: Place, between: tuple[Place, ...]) -> tuple[list[Place], tuple[Place, ...]]:
        """Where the token goes when it leaves, and which open steps it has to wait for before."""
        return self.net.leaving(place), self._waited_for(place, between)

    def _waited_for(self, place: Place, between: tuple[Place, ...]) -> tuple[Place, ...]:
        if not self.net.is_join(place):
            return ()
        others = (each for each in self._beside(place) if each not in between)
        return tuple(each for each in others if place in self._downstream(each, place.path))

    def _beside(self, place: Place) -> list[Place]:
        """What else is open; nothing in several rounds at once, because a path does not tell the rounds apart."""
        hosts = list(self.net.hosts(place))[1:]
        return [] if any(self.net.element(host).looped for host in hosts) else self.others

    def _downstream(self, start: Place, within: Path) -> frozenset[Place]:
        """Where a step can lead inside this sub-process, whatever lies between; who comes into it again is in another.

        Not past a join that waits for this very move too.
        """
        if (start, within) not in self.downstream:
            self.downstream[start, within] = frozenset(self._walk(start, self.own, within))
        return self.downstream[start, within]

    def _walk(self, start: Place, meeting: frozenset[Place], within: Path = ()) -> set[Place]:
        found: set[Place] = set()
        waiting = [start]
        while waiting:
            for following in self._any_next(waiting.pop()):
                if following not in found and following.path[: len(within)] == within:
                    found.add(following)
                    if not (following in meeting and self.net.is_join(following)):
                        waiting.append(following)
        return found

    def _any_next(self, place: Place) -> list[Place]:
        element = self.net.element(place)
        found = list(self.net.leaving(place))
        if element.tag in CONTAINERS:
            found += self.net.entrances(place)
        if element.tag == "endEvent" and place.path:
            found += self.net.leaving(Place(place.path[:-1], place.path[-1]))
        return found

    def _push(self, place: Place, between: tuple[Place, ...], sure: bool) -> None:
        heapq.heappush(self.queue, (len(between), not sure, next(self.ticket), place, between))
