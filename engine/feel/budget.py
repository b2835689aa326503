"""How much one evaluation may cost: steps, depth, and the size of what it makes."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from engine.feel.errors import FeelBudgetExceeded

MAX_SOURCE: Final = 20_000  # characters of an expression
MAX_NESTING: Final = 60  # brackets within brackets
MAX_TREE_DEPTH: Final = 150  # levels of the syntax tree; a chain a + b + c counts one per term
MAX_STEPS: Final = 300_000  # a step is at most about two microseconds
MAX_LIST: Final = 50_000  # elements
MAX_TEXT: Final = 500_000  # characters
MAX_CALL_DEPTH: Final = 300  # tree levels that are active at once in calls of FEEL functions

NO_FUNCTIONS: Final[Mapping[str, Callable[..., object]]] = {}


class Run:
    """One evaluation: the moment it happens, the host's functions, and what is left of the budget."""

    __slots__ = ("depth", "functions", "now", "steps")

    def __init__(self, now: datetime, functions: Mapping[str, Callable[..., object]] = NO_FUNCTIONS) -> None:
        self.now = now
        self.functions = functions
        self.steps = MAX_STEPS
        self.depth = 0

    def charge(self, steps: int) -> None:
        self.steps -= steps
        if self.steps < 0:
            raise FeelBudgetExceeded("feel_too_many_steps")

    def charge_list(self, length: int) -> None:
        """Before a list of this length is made."""
        if length > MAX_LIST:
            raise FeelBudgetExceeded("feel_list_too_long", length=length, limit=MAX_LIST)
        self.charge(length + 1)

    def charge_text(self, length: int) -> None:
        """Before a text of this length is made; sixteen characters cost a step."""
        if length > MAX_TEXT:
            raise FeelBudgetExceeded("feel_text_too_long", length=length, limit=MAX_TEXT)
        self.charge((length >> 4) + 1)

    def enter(self, levels: int) -> None:
        """Before the body of a FEEL function of this tree depth runs; pair with leave()."""
        self.depth += levels
        if self.depth > MAX_CALL_DEPTH:
            raise FeelBudgetExceeded("feel_calls_too_deep")

    def leave(self, levels: int) -> None:
        self.depth -= levels


class Scope:
    """Names visible at one place: the values here, then those of the parent."""

    __slots__ = ("parent", "run", "values")

    def __init__(self, values: Mapping[str, object], parent: "Scope | None", run: Run) -> None:
        self.values = values
        self.parent = parent
        self.run = run


Code = Callable[[Scope], object]


def measure(value: object, run: Run, cost: int = 1) -> None:
    """Charge for the whole value: shared parts count each time, as for whoever prints, checks or stores it."""
    if isinstance(value, list):
        run.charge(len(value) * cost)
        for element in value:
            measure(element, run, cost)
    elif isinstance(value, dict):
        run.charge(len(value) * cost)
        for element in value.values():
            measure(element, run, cost)
