"""What can be wrong with a drawing or a form, and where."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from engine.errors import BusinessError
from engine.feel import FeelError


@dataclass(frozen=True)
class Problem:
    """One finding. `code` names the sentence in `problem_texts`; warnings do not stop a publication."""

    code: str
    element: str | None = None
    line: int | None = None
    details: Mapping[str, object] = field(default_factory=dict)
    source: str = ""
    warning: bool = False


class DefinitionRejected(BusinessError):
    """The file may not be published; `problems` says everything that stands in the way."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        places = ", ".join(f"{problem.code} at {problem.element or problem.line or '-'}" for problem in self.problems)
        super().__init__("definition_rejected", f"Refused: {places}.", problems=self.problems)


def unread_expression(text: str, error: FeelError) -> dict[str, object]:
    """Details of an expression that cannot be read: at which sign of it, counted from 1, and why in both languages."""
    return {
        "text": text,
        "position": (error.position or 0) + 1,
        "reason": error.sentence("en"),
        "reason_ru": error.sentence("ru"),
    }
