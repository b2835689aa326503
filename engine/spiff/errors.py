"""What the runtime refuses: drawings it cannot carry out, and steps that cannot be finished."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.errors import EngineError


@dataclass(frozen=True)
class Problem:
    """One reason why a drawing cannot be carried out; `code` is stable and names the translated sentence."""

    code: str
    element: str | None
    line: int | None
    details: Mapping[str, object] = field(default_factory=dict)


class ModelRejected(EngineError):
    """The drawing cannot be carried out; nothing of it has been started."""

    def __init__(
        self, element: str | None, line: int | None, code: str, details: Mapping[str, object] | None = None
    ) -> None:
        super().__init__(f"{code}: element {element}, line {line}")
        self.element = element
        self.line = line
        self.code = code
        self.details = dict(details or {})

    @classmethod
    def because(cls, problem: Problem) -> "ModelRejected":
        return cls(problem.element, problem.line, problem.code, problem.details)


class StepBudgetExceeded(EngineError):
    """A single run passed more elements than its budget: the drawing probably loops without waiting."""

    def __init__(self, budget: int, element: str | None) -> None:
        super().__init__(f"more than {budget} elements in one run, last at {element}")
        self.budget = budget
        self.element = element


class NoMatchingFlow(EngineError):
    """A gateway has no outgoing flow whose condition is true, and no default flow."""

    def __init__(self, element: str) -> None:
        super().__init__(f"no outgoing flow of {element} matches")
        self.element = element


class UncaughtBpmnError(EngineError):
    """An error end event was reached and no boundary event catches its code."""

    def __init__(self, element: str, code: str | None) -> None:
        super().__init__(f"nobody catches the error {code} thrown by {element}")
        self.element = element
        self.code = code


class UnreadableTimer(EngineError):
    """The text or the value of a timer is neither a moment nor a duration nor a repetition."""

    def __init__(self, value: object, element: str | None = None) -> None:
        super().__init__(f"timer {element}: {value!r} is not a time")
        self.value = value
        self.element = element


class UnusableLoop(EngineError):
    """The number or the collection of a multi-instance element is not usable."""

    def __init__(self, element: str, value: object) -> None:
        super().__init__(f"multi-instance {element}: {value!r} is neither a count nor a list of allowed length")
        self.element = element
        self.value = value


class UnreadableState(EngineError):
    """A stored state does not fit the compiled process or has an unknown format version."""
