"""How fast this machine computes just now: what a test may cost is told in turns of a loop, not in seconds."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

TURNS, ROUNDS = 200_000, 5


def million_turns() -> float:
    """Seconds of the processor that a million additions take, some 0.05."""
    spent = []
    for _ in range(ROUNDS):
        began, total = time.process_time(), 0
        for number in range(TURNS):
            total += number
        spent.append(time.process_time() - began)
    return sorted(spent)[ROUNDS // 2] * 1_000_000 / TURNS


@contextmanager
def at_most(million: float) -> Iterator[None]:
    """The block takes less of the processor than so many million additions."""
    began = time.process_time()
    yield
    spent = time.process_time() - began
    assert spent < million * million_turns(), f"{spent / million_turns():.1f} million turns"
