"""States that an earlier version of the product has stored, lifted step by step to the form of this one.

A change of what `codec` writes raises FORMAT and adds the step that leads there. Cases are lifted whenever they are
read, and all at once by an upgrade (engine.carrying_over).
"""

from collections.abc import Callable
from typing import Any

import orjson

from engine.spiff.errors import UnreadableState
from engine.spiff.timers import Repetition

FORMAT = 2

_CYCLE_OF_FORMAT_1 = {"due", "left", "every"}


def lift(stored: list[Any]) -> list[Any]:
    """The same state in the present format. Raises UnreadableState when no step leads there from its own."""
    while stored[0] != FORMAT:
        step = _STEPS.get(stored[0])
        if step is None:
            raise UnreadableState(f"unknown format {stored[0]}")
        stored = step(stored)
    return stored


def lifted(state: bytes) -> bytes | None:
    """The bytes in the present format, None when they are. Raises UnreadableState."""
    if state.startswith(b"[%d," % FORMAT):
        return None
    try:
        return orjson.dumps(lift(orjson.loads(state)))
    except (ValueError, TypeError, LookupError) as problem:
        raise UnreadableState(f"not a state: {problem}") from problem


def _cycles_know_their_first_turn(stored: list[Any]) -> list[Any]:
    """Until 2026-11-27 a cycle kept its next moment, its distance as months and seconds, and how many are left.

    The moment that was next is the first from which the others are counted now. Days were stored as hours, 24 each,
    and stay so: the row does not tell which of the two the drawing meant.
    """
    _, completed, scopes = stored
    for _host, rows in scopes:
        for row in rows:
            kept = row[4] if len(row) > 4 else {}
            if kept.keys() >= _CYCLE_OF_FORMAT_1:
                due, left, every = (kept.pop(name) for name in ("due", "left", "every"))
                kept["due"] = due
                if due is not None:
                    kept["cycle"] = Repetition.read([due, every, left]).written()
    return [2, completed, scopes]


_STEPS: dict[int, Callable[[list[Any]], list[Any]]] = {1: _cycles_know_their_first_turn}
