"""What a condition of a drawing will say after a step, as far as that can be known before it is done."""

import re
from collections.abc import Mapping
from datetime import datetime

from engine.definitions.model import Flow, ProcessModel
from engine.definitions.reaching import Move, Verdict
from engine.feel import FeelError, compile_expression

OUTCOME = "outcome"


def foresee(model: ProcessModel, known: Mapping[str, object], *, now: datetime) -> Verdict:
    """Judge conditions by the case document and the outcome that a move chooses.

    Unknown (None) stays what reads an answer that is still to be typed, the result of an operation that may run on
    the way, the milestones reached, or anything when the move chooses no outcome.
    """
    results = frozenset(each.id for each in model.elements.values() if each.call or each.called_process)

    def verdict(flow: Flow, move: Move) -> bool | None:
        try:
            expression = compile_expression(flow.condition or "")
        except FeelError:
            return None
        step = move.boundary or move.place.element
        if expression.names & results or "reached" in expression.functions:
            return None
        if step in expression.names and not (move.outcome and _reads_only_outcome(flow.condition or "", step)):
            return None
        answers = known.get(step)
        before = answers if isinstance(answers, Mapping) else {}
        try:
            found = expression.evaluate({**known, step: {**before, OUTCOME: move.outcome}}, now=now)
        except FeelError:
            return None
        return found is True

    return verdict


def _reads_only_outcome(condition: str, step: str) -> bool:
    uses = re.findall(rf"(?<![\w.]){re.escape(step)}\b(?:\s*\.\s*(\w+))?", condition)
    return bool(uses) and all(field == OUTCOME for field in uses)
