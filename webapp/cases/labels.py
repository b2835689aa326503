"""How the codes of cases read on screen, the same for every process."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp

from engine.definitions.model import ProcessModel
from engine.milestones.fold import OUTCOME_REASON
from webapp.core.feature import Text
from webapp.core.workflow import dimension, source_choices

POSTPONE_REASONS: Mapping[str, Text] = {
    "thinking": _l("The customer is thinking"),
    "waiting_money": _l("Waits for money"),
    "waiting_credit": _l("Waits for the bank's answer"),
    "waiting_sale_of_own_car": _l("Is selling the own car"),
    "waiting_model": _l("Waits for the model"),
    "travel": _l("Is travelling"),
    "other": _l("Other reason"),
}
OUTCOMES: Mapping[str, Text] = {
    "won": _lp("outcome", "Won"),
    "lost": _lp("outcome", "Lost"),
    "refused": _l("Refused by the customer"),
    "not_booked": _lp("outcome", "Not booked"),
    "cancelled": _lp("outcome", "Cancelled"),
    "no_show": _lp("outcome", "Did not come"),
    "ended": _lp("outcome", "Ended"),
    "not_possible": _lp("outcome", "Not possible"),
    "withdrawn": _lp("outcome", "Taken back"),
}

BULK_REASONS: Mapping[str, Text] = {
    "not_in_reach": _l("outside your rights"),
    "case_closed": _l("already closed"),
    "task_not_yours": _l("its step belongs to somebody else"),
    "already_with": _l("is with this colleague already"),
    "case_unknown": _l("no longer there"),
    "cancelled": _l("cancelled by you"),
}


def outcome_text(outcome: str | None) -> str:
    """What a case came to; a code that only its drawing knows is shown as it is."""
    return str(OUTCOMES.get(outcome or "", outcome or ""))


def dimensions_of(model: ProcessModel) -> tuple[str, ...]:
    """Those the drawing declares, in its order, without the reason of an outcome; and that one last."""
    return (*(name for name in model.dimensions if name != OUTCOME_REASON), OUTCOME_REASON)


def dimension_values(name: str) -> dict[str, str]:
    """What the values of a dimension are called, as far as a slice knows it."""
    known = dimension(name)
    named = {value: str(text) for value, text in known.names.items()}
    return {**source_choices(known.choices), **named} if known.choices else named


def milestone_text(model: ProcessModel, name: str | None, language: str) -> str:
    """The name of the event that marks a milestone; the milestone's own where the drawing gives none."""
    text = model.milestone_names.get(name or "")
    return (text.in_language(language) if text else "") or name or ""
