"""What the token oracle makes of moving a token by hand: on the tree of blocks, without graphs, gateways or joins.

A move keeps to the smallest block around both places. What was active in it is withdrawn, and it is entered at the
target; of parallel branches on the way in only the one with the target is active, the others count as done.
"""

from collections.abc import Iterator
from itertools import pairwise

from tests.engine.random_models import (
    All,
    Block,
    Choice,
    Guard,
    Guarded,
    Human,
    Race,
    Repeated,
    Rounds,
    Rush,
    Sequence,
    Some,
    Sub,
    children,
)
from tests.engine.token_oracle import Activity, Oracle, Scope, Wait

Trail = list[Block]  # from a block inwards, neighbours directly inside each other


def targets(model: Block) -> list[Trail]:
    """Every block that is drawn as one element, with the blocks around it; of loops the loop, not what it repeats."""
    return [trail for trail in _trails([model]) if _is_element(trail)]


def _trails(trail: Trail) -> Iterator[Trail]:
    yield trail
    for child in children(trail[-1]):
        yield from _trails([*trail, child])


def _is_element(trail: Trail) -> bool:
    block = trail[-1]
    around = trail[-2] if len(trail) > 1 else None
    if isinstance(block, Sequence | Rounds | Guarded) or isinstance(around, Repeated):
        return False
    return not (isinstance(around, Race) and any(block is event for event in around.events))


def element_of(block: Block) -> str:
    """The id of the element that a block is drawn as."""
    drawn = block.body if isinstance(block, Repeated) else block
    assert not isinstance(drawn, Sequence)
    return drawn.id


def path_of(trail: Trail) -> tuple[str, ...]:
    """The sub-processes and calls around the last block."""
    return tuple(block.id for block in trail[:-1] if isinstance(block, Sub | Rush))


def move(oracle: Oracle, activity: Activity, trail: Trail) -> bool:
    """Move the token of an activity to the last block of the trail; False if that must not be."""
    around = _smallest(activity, trail)
    if around is None or any(isinstance(block, Repeated) for block in trail[:-1]):
        return False
    start = next(number for number, block in enumerate(trail) if block is around.block)
    if isinstance(around.block, All | Some | Sub | Rush) or not _can_enter(trail[start:]):
        return False
    for part in around.parts:
        part.withdraw()
    around.parts, around.waits, around.open = [], [], False
    _descend(around, trail[start + 1 :])
    oracle.settle()
    return True


def _smallest(activity: Activity, trail: Trail) -> Activity | None:
    current: Activity | None = activity
    while current is not None:
        if any(current.block is block for block in trail[:-1]):
            return current
        current = current.parent if current.parent is not None else current.scope.owner
    return None


def _can_enter(trail: Trail) -> bool:
    """Not into the branch of an event that does not interrupt: it is no part of what happens otherwise."""
    for block, inside in pairwise(trail):
        if isinstance(block, Guarded):
            guard = _guard_of(block, inside)
            if guard is not None and not guard.interrupts:
                return False
    return True


def _guard_of(block: Guarded, inside: Block) -> Guard | None:
    return next((guard for guard in block.guards if guard.branch is inside), None)


def _descend(activity: Activity, trail: Trail) -> None:
    """Let a block be active that has come as far as the first block of the trail inside it."""
    if not trail:
        activity.go()
        return
    block, inside = activity.block, trail[0]
    if isinstance(block, Sub | Rush):
        scope = activity.inside = Scope(activity.oracle, activity)
        scope.tokens = 1
        root = Activity(scope, inside, None)
        scope.roots.append(root)
        if isinstance(block, Rush) and inside is block.decisive:
            scope.decisive = root
        _descend(root, trail[1:])
        return
    if isinstance(block, Sequence):
        activity.left = next(number for number, each in enumerate(block.blocks, 1) if each is inside)
    elif isinstance(block, All | Some):
        activity.left = 1
    elif isinstance(block, Guarded) and inside is block.host:
        activity.waits = [Wait(guard.id, guard.event, activity.oracle.now) for guard in block.guards]
    else:
        assert isinstance(block, Choice | Rounds | Race | Guarded)
    part = Activity(activity.scope, inside, activity)
    activity.parts.append(part)
    _descend(part, trail[1:])


def activity_of(oracle: Oracle, element: str, nth: int) -> Activity:
    """The n-th activity that waits at an element: an open task, or an event that is awaited in the flow."""
    found = [
        activity
        for activity in oracle.living()
        if (activity.open and isinstance(activity.block, Human) and activity.block.id == element)
        or (not isinstance(activity.block, Guarded) and any(wait.element == element for wait in activity.waits))
    ]
    return found[nth]
