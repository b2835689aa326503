"""What the answers to a survey amount to (specification §3.6). Pure."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

BEST_SCORE = 5
UNHAPPY_SCORE = 3  # this or less on any question makes a complaint
UNHAPPY_NPS = 6


def satisfaction_index(scores: Mapping[str, int], weights: Mapping[str, int] | None = None) -> Decimal | None:
    """CSI in per cent, one decimal: the weighted mean of the answered questions (1 to 5). None: nothing answered."""
    weight_of = {question: (weights or {}).get(question, 1) for question in scores}
    total = sum(weight_of.values())
    if not total:
        return None
    points = sum(weight_of[question] * score for question, score in scores.items())
    return (Decimal(points * 100) / (total * BEST_SCORE)).quantize(Decimal("0.1"), ROUND_HALF_UP)


def is_unhappy(scores: Mapping[str, int], nps: int | None) -> bool:
    """Whether somebody must look into it."""
    return any(score <= UNHAPPY_SCORE for score in scores.values()) or (nps is not None and nps <= UNHAPPY_NPS)
