"""One evaluation of a model: its budget, what is known already, and the record of how it was decided."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from engine.decisions.drawing import Reference
from engine.feel.budget import Run

MAX_STEPS: Final = 1_000_000  # of all decisions of one evaluation together
MAX_RECORDED: Final = 1_000  # tables; a table in a loop is recorded so often and no more


@dataclass(frozen=True)
class FiredRule:
    """`number` counts the rules of the table from 1; `output` is a context when there are several outputs."""

    id: str
    number: int
    output: object
    annotations: tuple[tuple[str, str], ...] = ()  # title of the column (or its number), text


@dataclass(frozen=True)
class FiredTable:
    """One evaluation of one table: (expression, value) of each input, the rules that fired, and the result.

    `reason`: why there is no result of a rule, a code of DECISION_TEXTS: table_no_rule, table_several_rules,
    table_different_outputs, table_not_allowed; "" otherwise.
    """

    id: str
    policy: str
    aggregation: str
    inputs: list[tuple[str, object]]
    rules: list[FiredRule]
    result: object
    reason: str = ""


@dataclass
class Step:
    """One decision, service or function of knowledge that was evaluated, with what it was given."""

    kind: str
    id: str
    name: str
    given: dict[str, object]
    tables: list[FiredTable] = field(default_factory=list)
    value: object = None


class DecisionRun(Run):
    """`inputs` come from the host; `known` holds every value that is worked out, once."""

    __slots__ = ("_open", "active", "inputs", "known", "recorded", "steps_taken")

    def __init__(self, now: datetime, inputs: Mapping[str, object]) -> None:
        super().__init__(now)
        self.steps = MAX_STEPS
        self.inputs = inputs
        self.known: dict[Reference, object] = {}
        self.active: set[Reference] = set()
        self.steps_taken: list[Step] = []
        self._open: list[Step] = []
        self.recorded = 0

    @contextmanager
    def step(self, step: Step) -> Iterator[Step]:
        """Tables that are decided meanwhile belong to this step."""
        self._open.append(step)
        try:
            yield step
        finally:
            self._open.pop()
        if len(self.steps_taken) < MAX_RECORDED:
            self.steps_taken.append(step)

    def record_table(self, table: FiredTable) -> None:
        if self._open and self.recorded < MAX_RECORDED:
            self.recorded += 1
            self._open[-1].tables.append(table)

    @contextmanager
    def isolated(self, known: dict[Reference, object]) -> Iterator[None]:
        """A decision service sees only what it is given, and leaves nothing behind."""
        before, self.known = self.known, known
        inputs, self.inputs = self.inputs, {}
        active, self.active = self.active, set()
        try:
            yield
        finally:
            self.known, self.inputs, self.active = before, inputs, active
