"""What an evaluation of decisions refuses: a code, a sentence in English or Russian, and the element."""

from collections.abc import Mapping

from engine.definitions.decision_texts import DECISION_TEXTS
from engine.errors import EngineError


class DecisionError(EngineError):
    """`code` is stable and names the sentence; `element` is the name or id of the decision it is about."""

    def __init__(self, code: str, *, element: str, **details: object) -> None:
        self.code = code
        self.element = element
        self.details: Mapping[str, object] = {"element": element, **details}
        super().__init__(self.sentence("en"))

    def sentence(self, language: str) -> str:
        """The refusal for a person; any language but Russian gets English."""
        return DECISION_TEXTS[self.code]["ru" if language == "ru" else "en"].format(**self.details)
