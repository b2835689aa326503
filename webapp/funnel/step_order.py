"""The order of the lines on the page of steps, and which of them are the weakest."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from engine.analytics.figures import StepFigures

UP = "-"  # before the name of a column: the least first
FEWEST = 2  # visits that a time is of
RARE = 0.1  # of the visits of the busiest step: fewer make no step the weakest

COLUMNS: Mapping[str, Callable[[StepFigures], float | None]] = {
    "entered": lambda each: each.entered,
    "again": lambda each: each.again,
    "now": lambda each: each.now.open,
    "waiting": lambda each: each.waiting(0.5),
    "waiting90": lambda each: each.waiting(0.9),
    "working": lambda each: each.working(0.5),
    "working90": lambda each: each.working(0.9),
    "overdue": lambda each: each.overdue,
    "dropped": lambda each: each.tally["dropped"],
    "skipped": lambda each: each.tally["skipped"],
    "by_hand": lambda each: each.by_hand,
    "deviations": lambda each: each.tally["deviations"],
}


@dataclass(frozen=True)
class StepLine:
    """A step with its figures; `gone`: the version at hand does not have it."""

    element: str
    label: str
    figures: StepFigures
    gone: bool


@dataclass(frozen=True)
class Weakest:
    """The step that takes longest, by the 90 % quantile, and the one where most cases are lost; either may be none.

    `waits`: the time is until somebody has the step; where nobody waits, it is the work itself.
    """

    slow: StepLine | None = None
    seconds: int = 0
    waits: bool = True
    lossy: StepLine | None = None

    @property
    def lost(self) -> int:
        return 0 if self.lossy is None else self.lossy.figures.tally["dropped"]

    @property
    def is_one(self) -> bool:
        return self.slow is not None and self.lossy is not None and self.slow.element == self.lossy.element


def in_order(lines: Iterable[StepLine], wanted: str) -> tuple[StepLine, ...]:
    """By a column, the most first, or the least with a minus before; as drawn without one.

    What is unknown comes last.
    """
    drawn = tuple(lines)
    column = COLUMNS.get(wanted.removeprefix(UP))
    if column is None:
        return drawn
    sign = 1 if wanted.startswith(UP) else -1

    def place(line: StepLine) -> tuple[bool, float]:
        value = column(line.figures)
        return (True, 0) if value is None else (False, sign * value)

    return tuple(sorted(drawn, key=place))


def weakest(lines: Sequence[StepLine]) -> Weakest:
    """What the page says first."""
    lossy = max(lines, key=lambda line: line.figures.tally["dropped"], default=None)
    if lossy is not None and not lossy.figures.tally["dropped"]:
        lossy = None
    for name, quantile in (("waiting", StepFigures.waiting), ("working", StepFigures.working)):
        busiest = max((line.figures.timed(name) for line in lines), default=0)
        often = [line for line in lines if line.figures.timed(name) >= max(FEWEST, RARE * busiest)]
        timed = [(quantile(line.figures, 0.9) or 0, line) for line in often]
        seconds, slow = max(timed, key=lambda pair: pair[0], default=(0, None))
        if slow is not None and seconds:
            return Weakest(slow, seconds, name == "waiting", lossy)
    return Weakest(lossy=lossy)
