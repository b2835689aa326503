"""What simulated people answer at each step, by the step's name."""

from collections.abc import Callable, Mapping

from webapp.demo.behaviour import aftercare, closing, selling, trying
from webapp.demo.behaviour.fate import Fate, Hand, decide
from webapp.demo.behaviour.selling import visit_moment
from webapp.demo.behaviour.situation import ZONE, Answer, Situation

__all__ = ["ANSWERS", "ZONE", "Answer", "Fate", "Hand", "Situation", "decide", "visit_moment"]

ANSWERS: Mapping[str, Callable[[Situation], Answer | None]] = {
    **selling.ANSWERS,
    **trying.ANSWERS,
    **closing.ANSWERS,
    **aftercare.ANSWERS,
}
