"""Random block-structured process models as trees of blocks.

The token oracle interprets the tree; the engine runs its drawing. Nothing else is shared between the two.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random


@dataclass(frozen=True)
class Event:
    """What is awaited; `seconds` of times.

    `kind`: "message", "timer", "cycle" (three times), "error", "escalation", "signal", or "condition", which holds when
    the decision of its name is true.
    """

    kind: str
    name: str
    seconds: int = 0


@dataclass(frozen=True)
class Human:
    """A user task."""

    id: str


@dataclass(frozen=True)
class Auto:
    """A none throw event: passed at once."""

    id: str


@dataclass(frozen=True)
class Risky:
    """A service task that is refused when the decision of its name is true."""

    id: str


@dataclass(frozen=True)
class Ask:
    """An escalation: heard by the nearest guard that listens, else by nobody."""

    id: str


@dataclass(frozen=True)
class Shout:
    """A signal: everything in the case that waits for it at that moment hears it."""

    id: str
    name: str


@dataclass(frozen=True)
class Catch:
    """An intermediate catch event."""

    id: str
    event: Event


@dataclass(frozen=True)
class Sequence:
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Choice:
    """An exclusive block; the decision of its name is the number of the branch."""

    id: str
    branches: tuple[Sequence, ...]


@dataclass(frozen=True)
class Some:
    """An inclusive block; the decision of its name is the set of branches, the last branch is the default."""

    id: str
    branches: tuple[Sequence, ...]


@dataclass(frozen=True)
class All:
    """A parallel block."""

    id: str
    branches: tuple[Sequence, ...]


@dataclass(frozen=True)
class Rounds:
    """A loop: goes round for as long as the decision of its name is true."""

    id: str
    body: Sequence


@dataclass(frozen=True)
class Race:
    """An event-based gateway: the event that happens first chooses its branch."""

    id: str
    events: tuple[Catch, ...]
    branches: tuple[Sequence, ...]


@dataclass(frozen=True)
class Sub:
    """An embedded sub-process, or a call activity."""

    id: str
    body: Sequence
    called: bool


@dataclass(frozen=True)
class Rush:
    """A sub-process of two parallel parts; when the first is done, the other is withdrawn (a terminate event)."""

    id: str
    decisive: Sequence
    other: Sequence


@dataclass(frozen=True)
class Repeated:
    """Several instances of a user task or sub-process; `mode` is "parallel", "sequential" or "standard".

    `by_items`: one for each item of a list, else a given number. `enough`: that many done withdraw the others.
    """

    id: str
    mode: str
    count: int
    body: Human | Sub
    by_items: bool = False
    enough: int | None = None


@dataclass(frozen=True)
class Guard:
    """A boundary event with its branch. Branches of interrupting events join the main flow, others end."""

    id: str
    event: Event
    interrupts: bool
    branch: Sequence


@dataclass(frozen=True)
class Guarded:
    """An activity with boundary events."""

    id: str
    host: Human | Sub | Repeated
    guards: tuple[Guard, ...]


Leaf = Human | Auto | Risky | Ask | Shout | Catch
Block = Leaf | Sequence | Choice | Some | All | Rounds | Race | Sub | Rush | Repeated | Guarded
# Of these a model has one kind at most: which of two overtakes the other is left open by BPMN.
FLAVOURS = ("plain", "error", "escalation", "rush", "signal", "condition")
SIGNALS = ("call", "cry")


def children(block: Block) -> Iterator[Block]:
    """The blocks directly inside a block."""
    if isinstance(block, Sequence):
        yield from block.blocks
    elif isinstance(block, Choice | Some | All):
        yield from block.branches
    elif isinstance(block, Rounds | Sub | Repeated):
        yield block.body
    elif isinstance(block, Rush):
        yield block.decisive
        yield block.other
    elif isinstance(block, Race):
        yield from block.events
        yield from block.branches
    elif isinstance(block, Guarded):
        yield block.host
        for guard in block.guards:
            yield guard.branch


def everything(block: Block) -> Iterator[Block]:
    """A block and all blocks inside it."""
    yield block
    for child in children(block):
        yield from everything(child)


class Generator:
    """Draws one random model from a seeded source of chance."""

    JOINS = frozenset({"all", "some"})
    KINDS = (
        "human choice rounds rounds all all some some race race sub call guarded guarded guarded guarded repeated "
        "standard catch auto"
    )

    def __init__(self, chance: Random, size: int = 14, flavours: tuple[str, ...] = FLAVOURS) -> None:
        self.chance = chance
        self.left = size
        self.number = 0
        self.without: frozenset[str] = frozenset()
        self.flavour = chance.choice(flavours)
        self.error_caught = False

    def model(self) -> Sequence:
        inner = Sequence((self.block(0), self.block(0), self.block(0)))
        if self.chance.random() < 0.6:
            body = Sequence((Human(self.name("u")), *inner.blocks))
            return Sequence((Rounds(self.name("l"), body), Human(self.name("u"))))
        return inner

    def name(self, prefix: str) -> str:
        self.number += 1
        return f"{prefix}{self.number}"

    def block(self, depth: int) -> Block:
        if depth > 3 or self.left <= 0:
            return Human(self.name("u"))
        kinds = [kind for kind in self.KINDS.split() if kind not in self.without]
        if self.error_caught:
            kinds += ["risky"] * 8
        elif self.flavour == "escalation":
            kinds += ["ask"] * 5
        elif self.flavour == "rush":
            kinds += ["rush"] * 3
        elif self.flavour == "signal":
            kinds += ["shout"] * 6
        self.left -= 1
        return self.make(self.chance.choice(kinds), depth)

    def sequence(self, depth: int) -> Sequence:
        return Sequence(tuple(self.block(depth + 1) for _ in range(self.chance.choice([1, 1, 2]))))

    def branches(self, depth: int, *, may_be_empty: bool = False) -> tuple[Sequence, ...]:
        return tuple(
            Sequence(()) if may_be_empty and self.chance.random() < 0.2 else self.sequence(depth)
            for _ in range(self.chance.randint(2, 3))
        )

    def event(self) -> Event:
        if self.flavour == "signal" and self.chance.random() < 0.6:
            return Event("signal", self.chance.choice(SIGNALS))
        if self.flavour == "condition" and self.chance.random() < 0.6:
            return Event("condition", self.name("q"))
        if self.chance.random() < 0.5:
            return Event("message", self.name("m"))
        return Event("timer", self.name("t"), self.seconds())

    def seconds(self) -> int:
        """Some hours and a number of minutes that no other timer has: no two are due at the same moment."""
        return self.chance.randint(1, 40) * 3600 + self.number * 60

    def make(self, kind: str, depth: int) -> Block:
        if kind == "human":
            return Human(self.name("u"))
        if kind == "auto":
            return Auto(self.name("a"))
        if kind == "risky":
            return Risky(self.name("r"))
        if kind == "ask":
            return Ask(self.name("k"))
        if kind == "shout":  # after a person, so that nothing else moves at the same time
            return Sequence((Human(self.name("u")), Shout(self.name("h"), self.chance.choice(SIGNALS))))
        if kind == "catch":
            return Catch(self.name("c"), self.event())
        if kind == "choice":
            return Choice(self.name("x"), self.branches(depth, may_be_empty=True))
        if kind == "some":
            return Some(self.name("o"), self.branches(depth, may_be_empty=True))
        if kind == "all":
            return All(self.name("p"), self.branches(depth, may_be_empty=True))
        if kind == "rounds":
            return Rounds(self.name("l"), Sequence((Human(self.name("u")), self.block(depth + 1))))
        if kind == "race":
            events = [Event("message", self.name("m")) for _ in range(self.chance.randint(1, 2))]
            if self.flavour in ("signal", "condition"):
                events[-1] = Event(self.flavour, SIGNALS[0] if self.flavour == "signal" else self.name("q"))
            events.append(Event("timer", self.name("t"), self.seconds()))
            catches = tuple(Catch(self.name("c"), event) for event in events)
            return Race(self.name("e"), catches, tuple(self.sequence(depth) for _ in catches))
        if kind in ("sub", "call"):
            return self.sub(depth, called=kind == "call")
        if kind == "rush":
            return Rush(self.name("s"), self.inside(depth), self.inside(depth))
        if kind == "guarded":
            return self.guarded(depth)
        return self.repeated(depth, standard=kind == "standard")

    def sub(self, depth: int, *, called: bool) -> Sub:
        return Sub(self.name("s"), self.inside(depth), called)

    def inside(self, depth: int) -> Sequence:
        """The inside of a sub-process: active once by itself, whatever holds outside."""
        outside, self.without = self.without, frozenset()
        made = self.sequence(depth)
        self.without = outside
        return made

    def repeated(self, depth: int, *, standard: bool = False) -> Repeated:
        mode = "standard" if standard else self.chance.choice(["parallel", "sequential"])
        body: Human | Sub = Human(self.name("i"))
        if depth < 3 and self.left > 0 and self.chance.random() < 0.35:
            body = self.sub(depth + 1, called=self.chance.random() < 0.3)
        count = self.chance.randint(1, 3)
        if standard:
            return Repeated(self.name("n"), mode, count, body)
        enough = self.chance.randint(1, count) if self.chance.random() < 0.3 else None
        return Repeated(self.name("n"), mode, count, body, self.chance.random() < 0.5, enough)

    def guarded(self, depth: int) -> Guarded:
        catches = self.flavour in ("error", "escalation") and self.chance.random() < 0.7
        caught_outside = self.error_caught
        self.error_caught = caught_outside or (catches and self.flavour == "error")
        host = self.sub(depth + 1, called=self.chance.random() < 0.3) if catches else self.host(depth + 1)
        self.error_caught = caught_outside
        guards = [self.guard(depth) for _ in range(self.chance.randint(1, 2))]
        if catches:
            event = Event(self.flavour, self.name("v"))
            interrupts = self.flavour == "error" or self.chance.random() < 0.5
            guards.append(Guard(self.name("b"), event, interrupts, Sequence((Auto(self.name("a")),))))
        return Guarded(self.name("g"), host, tuple(guards))

    def host(self, depth: int) -> Human | Sub | Repeated:
        kind = self.chance.choice(["human", "human", "sub", "repeated"]) if depth < 4 and self.left > 0 else "human"
        if kind == "sub":
            return self.sub(depth, called=self.chance.random() < 0.3)
        if kind == "repeated":
            return self.repeated(depth)
        return Human(self.name("u"))

    def guard(self, depth: int) -> Guard:
        guard = self.name("b")
        first = Auto(self.name("a"))
        if self.chance.random() < 0.5:
            event, interrupts = self.event(), True
        else:
            event, interrupts = self.event(), False
            if event.kind == "timer" and self.chance.random() < 0.5:
                event = Event("cycle", event.name, event.seconds)
                return Guard(guard, event, interrupts, Sequence((first, Auto(self.name("a")))))
        if self.chance.random() < 0.2:
            return Guard(guard, event, interrupts, Sequence((first,)))
        # A branch that may be active twice holds its joins in a sub-process of its own.
        outside = self.without
        self.without = outside if interrupts else outside | self.JOINS
        branch = Sequence((first, *self.sequence(depth).blocks))
        self.without = outside
        return Guard(guard, event, interrupts, branch)
