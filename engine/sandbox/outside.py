"""What would be done outside: operations are shown instead of run, and answer as the script says."""

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from engine.errors import BusinessError
from engine.operations import Context, Operation, Result

_ANSWERS = re.compile(r"Answers\b(.*)", re.DOTALL)
_NAME = re.compile(r"`([a-z_][a-z0-9_]*)`")
_A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Call:
    """One operation that would have been run: by which element, with what, and what it was made to answer."""

    act: int
    at: datetime
    element: str
    operation: str
    arguments: Mapping[str, Any]
    answer: Mapping[str, Any]
    error: str = ""
    chosen: bool = False  # the script says so; else it is a guess


@dataclass(frozen=True)
class Answer:
    """What an operation is to answer, or the error code it is to fail with."""

    values: Mapping[str, Any] = field(default_factory=dict)
    error: str = ""


@dataclass
class Outside:
    """Records calls in their order. `read`: what the drawing reads of each element; `answers`: by element."""

    read: Mapping[str, Sequence[str]] = field(default_factory=dict)
    act: int = 0
    answers: dict[str, Answer] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)

    def shown(self, operations: Mapping[str, Operation]) -> dict[str, Operation]:
        """The same contracts with nothing behind them: arguments are judged as usual, and noted."""
        return {name: replace(operation, handler=self._handler(operation)) for name, operation in operations.items()}

    def _handler(self, operation: Operation) -> Any:
        def show(context: Context, **arguments: object) -> Result:
            said = self.answers.get(context.element)
            names = self.read.get(context.element, ())
            answer = said or Answer(guess(operation, names, context.now, set(arguments)))
            self.calls.append(
                Call(
                    self.act,
                    context.now,
                    context.element,
                    operation.name,
                    arguments,
                    answer.values,
                    answer.error,
                    said is not None,
                )
            )
            if answer.error:
                raise BusinessError(answer.error)
            return answer.values

        return show


def answers_of(operation: Operation) -> tuple[str, ...]:
    """Names of what an operation says that it answers, in the first sentence of its description."""
    found = _ANSWERS.search(operation.summary)
    return tuple(dict.fromkeys(_NAME.findall(found[1]))) if found else ()


def guess(operation: Operation, read: Sequence[str], now: datetime, given: Set[str]) -> dict[str, object]:
    """A plausible answer: what is called a moment or a day is tomorrow; everything else is unknown.

    Names come from the description of the operation and from what the drawing reads; those of the form stay as typed.
    """
    kinds = {"at": now + _A_DAY, "on": (now + _A_DAY).date(), "until": now + _A_DAY}
    names = [name for name in (*answers_of(operation), *read) if name not in given and "_" in name]
    found = {name: kinds.get(name.rpartition("_")[2]) for name in names}
    return {name: value for name, value in found.items() if value is not None}
