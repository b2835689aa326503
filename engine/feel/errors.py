"""What FEEL refuses: a code, a sentence in English or Russian, and the place in the text."""

from collections.abc import Mapping

from engine.errors import EngineError
from engine.feel.sentences import sentence


class FeelError(EngineError):
    """Any refusal of the expression language.

    `code` is stable, `details` fill the gaps of its sentence, `position` counts characters
    of the expression from 0 (None: the whole text). `message` is the English sentence.
    """

    def __init__(self, code: str, position: int | None = None, **details: object) -> None:
        self.code = code
        self.position = position
        self.details: Mapping[str, object] = details
        super().__init__(self.message)

    @property
    def message(self) -> str:
        return self.sentence("en")

    def sentence(self, language: str) -> str:
        """The refusal for a person; any language but Russian gets English."""
        return sentence(self.code, language, self.details)


class FeelSyntaxError(FeelError):
    """The text is not an expression."""


class FeelEvaluationError(FeelError):
    """The host handed in something that is not a FEEL value; wrong types inside FEEL give null instead."""


class FeelBudgetExceeded(FeelError):
    """The expression asked for more steps, depth or room than any honest one needs."""
