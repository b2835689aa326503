"""How the codes of cases read on screen, the same for every process."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp

from webapp.core.feature import Text

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
    "ended": _lp("outcome", "Ended"),
}


def outcome_text(outcome: str | None) -> str:
    """What a case came to; a code that only its drawing knows is shown as it is."""
    return str(OUTCOMES.get(outcome or "", outcome or ""))
