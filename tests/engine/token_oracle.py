"""An independent interpreter of random models: plain token semantics on the tree of blocks.

It knows nothing of the engine, of gateways or of joins: a block is done when its parts are done. Each activation of
a block is one `Activity`; the inside of a process or sub-process is a `Scope` that counts its tokens.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from tests.engine.random_models import (
    All,
    Ask,
    Auto,
    Block,
    Catch,
    Choice,
    Event,
    Guard,
    Guarded,
    Human,
    Race,
    Repeated,
    Risky,
    Rounds,
    Rush,
    Sequence,
    Shout,
    Some,
    Sub,
)


class Scope:
    """The inside of a process or sub-process; done when its last token is used up."""

    def __init__(self, oracle: Oracle, owner: Activity | None) -> None:
        self.oracle = oracle
        self.owner = owner
        self.number = oracle.next_number()
        self.tokens = 0
        self.roots: list[Activity] = []
        self.decisive: Activity | None = None

    def begin(self, block: Block, *, decisive: bool = False) -> None:
        self.tokens += 1
        activity = Activity(self, block, None)
        self.roots.append(activity)
        if decisive:
            self.decisive = activity
        activity.go()

    def token_used_up(self, activity: Activity) -> None:
        self.tokens -= 1
        if activity is self.decisive:
            self.oracle.overtaken += 1
            self.withdraw()
        if not self.tokens or activity is self.decisive:
            if self.owner is None:
                self.oracle.completed = True
            else:
                self.owner.scope_done()

    def withdraw(self) -> None:
        for root in self.roots:
            root.withdraw()


class Wait:
    """An event that an activity waits for. `left` counts the turns of a cycle."""

    def __init__(self, element: str, event: Event, now: datetime) -> None:
        self.element = element
        self.event = event
        self.held = False  # a condition fires when it becomes true
        self.due = None if not event.seconds else now + timedelta(seconds=event.seconds)
        self.left = 3


class Activity:
    """One activation of a block."""

    def __init__(self, scope: Scope, block: Block, parent: Activity | None) -> None:
        self.scope = scope
        self.oracle = scope.oracle
        self.number = self.oracle.next_number()
        self.block: Any = block
        self.parent = parent
        self.parts: list[Activity] = []
        self.inside: Scope | None = None
        self.waits: list[Wait] = []
        self.alive = True
        self.open = False
        self.left = 0
        self.oracle.activities.append(self)

    def start(self, block: Block) -> Activity:
        part = Activity(self.scope, block, self)
        self.parts.append(part)
        part.go()
        return part

    def withdraw(self) -> None:
        self.alive, self.open, self.waits = False, False, []
        for part in self.parts:
            part.withdraw()
        if self.inside is not None:
            self.inside.withdraw()

    def done(self) -> None:
        if not self.alive:
            return
        self.alive, self.open, self.waits = False, False, []
        if self.parent is not None:
            self.parent.part_done()
        else:
            self.scope.token_used_up(self)

    def go(self) -> None:
        """The token arrives."""
        block = self.block
        decisions = self.oracle.decisions
        if isinstance(block, Human):
            self.open = True
        elif isinstance(block, Auto):
            self.oracle.passed[block.id] += 1
            self.done()
        elif isinstance(block, Risky):
            if decisions[block.id]:
                self.throw("error")
            else:
                self.oracle.passed[block.id] += 1
                self.done()
        elif isinstance(block, Ask):
            self.oracle.passed[block.id] += 1
            self.throw("escalation")
            self.done()
        elif isinstance(block, Shout):
            self.oracle.passed[block.id] += 1
            self.oracle.shout(block.name)
            self.done()
        elif isinstance(block, Catch):
            self.waits = [Wait(block.id, block.event, self.oracle.now)]
        elif isinstance(block, Sequence):
            self.next_of_sequence()
        elif isinstance(block, Choice):
            self.start(block.branches[decisions[block.id]])
        elif isinstance(block, Some | All):
            self.go_parallel()
        elif isinstance(block, Rounds):
            self.start(block.body)
        elif isinstance(block, Race):
            self.waits = [Wait(catch.id, catch.event, self.oracle.now) for catch in block.events]
        elif isinstance(block, Sub):
            self.inside = Scope(self.oracle, self)
            self.inside.begin(block.body)
        elif isinstance(block, Rush):
            self.inside = Scope(self.oracle, self)
            self.inside.begin(block.decisive, decisive=True)
            if self.alive:
                self.inside.begin(block.other)
        elif isinstance(block, Repeated):
            self.left = block.count
            for _ in range(block.count if block.mode == "parallel" else 1):
                if self.alive:
                    self.start(block.body)
        elif isinstance(block, Guarded):
            self.waits = [Wait(guard.id, guard.event, self.oracle.now) for guard in block.guards]
            self.start(block.host)

    def go_parallel(self) -> None:
        branches = self.block.branches
        if isinstance(self.block, Some):
            chosen = self.oracle.decisions[self.block.id]
            branches = [branch for number, branch in enumerate(branches[:-1]) if number in chosen] or branches[-1:]
        self.left = len(branches)
        for branch in branches:
            if self.alive:
                self.start(branch)

    def next_of_sequence(self) -> None:
        if self.left == len(self.block.blocks):
            self.done()
        else:
            self.left += 1
            self.start(self.block.blocks[self.left - 1])

    def part_done(self) -> None:
        """A part has been finished."""
        if not self.alive:
            return
        block = self.block
        if isinstance(block, Sequence):
            self.next_of_sequence()
        elif isinstance(block, Some | All):
            self.left -= 1
            if not self.left:
                self.done()
        elif isinstance(block, Rounds):
            if self.oracle.decisions[block.id]:
                self.start(block.body)
            else:
                self.oracle.passed[f"{block.id}x"] += 1
                self.done()
        elif isinstance(block, Repeated):
            self.left -= 1
            if block.enough is not None and block.count - self.left >= block.enough and self.left:
                self.oracle.overtaken += 1
                for part in self.parts:
                    part.withdraw()
                self.done()
            elif not self.left:
                self.done()
            elif block.mode != "parallel":
                self.start(block.body)
        else:
            self.done()

    def scope_done(self) -> None:
        if self.alive:
            self.oracle.passed[self.block.id] += 1
            self.done()

    def complete(self) -> None:
        self.oracle.passed[self.block.id] += 1
        self.done()

    def fire(self, wait: Wait) -> None:
        """An awaited event has happened."""
        self.oracle.passed[wait.element] += 1
        block = self.block
        if isinstance(block, Catch):
            self.done()
        elif isinstance(block, Race):
            self.waits = []
            chosen = [catch.id for catch in block.events].index(wait.element)
            self.start(block.branches[chosen])
        else:
            self.fire_guard(next(guard for guard in block.guards if guard.id == wait.element), wait)

    def fire_guard(self, guard: Guard, wait: Wait) -> None:
        if guard.interrupts:
            self.waits = []
            self.parts[0].withdraw()
            self.start(guard.branch)
            return
        if guard.event.kind == "cycle":
            assert wait.due is not None
            while wait.due <= self.oracle.now and wait.left:
                wait.due += timedelta(seconds=guard.event.seconds)
                wait.left -= 1
        if guard.event.kind == "timer" or (guard.event.kind == "cycle" and not wait.left):
            self.waits.remove(wait)
        self.scope.begin(guard.branch)

    def throw(self, kind: str) -> None:
        """Something goes outwards to the nearest guarded activity that waits for it."""
        self.oracle.overtaken += 1
        child: Activity = self
        while True:
            outer = child.parent if child.parent is not None else child.scope.owner
            if outer is None:
                assert kind == "escalation", "an error that nobody catches"
                return
            for wait in outer.waits:
                if wait.event.kind == kind and child is outer.parts[0]:
                    outer.fire(wait)
                    return
            child = outer


class Oracle:
    """A running model."""

    def __init__(self, model: Sequence, decisions: dict[str, Any], now: datetime) -> None:
        self.numbers = 0
        self.activities: list[Activity] = []
        self.decisions = decisions
        self.now = now
        self.completed = False
        self.passed: Counter[str] = Counter()
        self.overtaken = 0  # how often something may have been withdrawn while it moved
        Scope(self, None).begin(model)
        self.settle()

    def next_number(self) -> int:
        self.numbers += 1
        return self.numbers

    def living(self) -> Iterator[Activity]:
        """What is alive, older scopes first, older activities first."""
        self.activities = [activity for activity in self.activities if activity.alive]
        return iter(sorted(self.activities, key=lambda activity: (activity.scope.number, activity.number)))

    def open(self) -> list[str]:
        return [activity.block.id for activity in self.living() if activity.open]

    def messages(self) -> list[str]:
        return [wait.element for _, wait in self.waits() if wait.event.kind == "message"]

    def due(self) -> list[tuple[str, datetime]]:
        return [(wait.element, wait.due) for _, wait in self.waits() if wait.due is not None]

    def waits(self) -> Iterator[tuple[Activity, Wait]]:
        for activity in self.living():
            for wait in activity.waits:
                yield activity, wait

    def complete(self, element: str, nth: int) -> None:
        """Complete the n-th open instance of a user task."""
        [activity for activity in self.living() if activity.open and activity.block.id == element][nth].complete()
        self.settle()

    def message(self, element: str, nth: int) -> None:
        """A message comes for the n-th wait of an element."""
        activity, wait = [pair for pair in self.waits() if pair[1].element == element][nth]
        activity.fire(wait)
        self.settle()

    def shout(self, name: str) -> None:
        """A signal reaches everything that waits for it now and has not been withdrawn when its turn comes."""
        hearing = [
            (each, wait) for each, wait in self.waits() if (wait.event.kind, wait.event.name) == ("signal", name)
        ]
        self.overtaken += len(hearing)
        for activity, wait in hearing:
            if wait in activity.waits:
                activity.fire(wait)

    def settle(self) -> None:
        """At rest conditions are looked at, outer ones first; the first that has become true happens."""
        while True:
            for activity, wait in list(self.waits()):
                if wait.event.kind == "condition":
                    held, wait.held = wait.held, self.decisions[wait.event.name]
                    if wait.held and not held:
                        activity.fire(wait)
                        break
            else:
                return

    def move_clock(self, now: datetime) -> None:
        """Fire what is due by then, in the order of the due times."""
        self.now = now
        self.settle()
        while True:
            due = [(wait.due, activity, wait) for activity, wait in self.waits() if wait.due and wait.due <= now]
            if not due:
                return
            _, activity, wait = min(due, key=lambda entry: entry[0])
            activity.fire(wait)
            self.settle()
