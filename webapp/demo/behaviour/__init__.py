"""What simulated people answer at each step, by the step's name."""

from collections.abc import Callable, Mapping

from webapp.demo.behaviour import aftercare, closing, selling, trying
from webapp.demo.behaviour.situation import ZONE, Answer, Fate, Situation, decide_fate

__all__ = ["ANSWERS", "ZONE", "Answer", "Fate", "Situation", "decide_fate"]

ANSWERS: Mapping[str, Callable[[Situation], Answer | None]] = {
    **selling.ANSWERS,
    **trying.ANSWERS,
    **closing.ANSWERS,
    **aftercare.ANSWERS,
}
