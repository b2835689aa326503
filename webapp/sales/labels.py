"""How the codes of the sales slice read on screen."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from webapp.core.feature import Text
from webapp.sales.models import LostReason, PayMethod
from webapp.sales.temperature import Horizon, Temperature

TEMPERATURES: Mapping[Temperature, Text] = {
    Temperature.HOT: _l("Hot"),
    Temperature.WARM: _l("Warm"),
    Temperature.COOL: _l("Cool"),
    Temperature.COLD: _l("Cold"),
}
HORIZONS: Mapping[Horizon, Text] = {
    Horizon.NOW: _l("Now"),
    Horizon.WEEK: _l("Within a week"),
    Horizon.MONTH: _l("Within a month"),
    Horizon.QUARTER: _l("Within three months"),
    Horizon.LATER: _l("Later"),
}
PAY_METHODS: Mapping[PayMethod, Text] = {
    PayMethod.CASH: _l("Own money"),
    PayMethod.CREDIT: _l("Credit"),
    PayMethod.LEASING: _l("Leasing"),
    PayMethod.TRADEIN_PLUS_CASH: _l("Trade-in and own money"),
    PayMethod.TRADEIN_PLUS_CREDIT: _l("Trade-in and credit"),
    PayMethod.UNDECIDED: _l("Undecided"),
}
LOST_REASONS: Mapping[LostReason, Text] = {
    LostReason.NO_ANSWER: _l("No answer"),
    LostReason.INVALID_CONTACT: _l("Wrong contact"),
    LostReason.DUPLICATE: _l("Double of another worksheet"),
    LostReason.BOUGHT_ELSEWHERE: _l("Bought elsewhere without a word"),
    LostReason.OUR_FAILURE: _l("Our own failure"),
}
SUBJECTS: Mapping[str, Text] = {
    "worksheet.first_answer": _l("First answer to the inquiry"),
    "worksheet.confirmation": _l("Call about the agreed visit"),
    "worksheet.welcome": _l("Expected in the showroom"),
    "worksheet.absentee_call": _l("Call after a missed visit"),
    "worksheet.needs": _l("Talk about the needs"),
    "worksheet.follow_up": _l("Follow-up contact"),
    "worksheet.sale": _l("Handover of the car"),
    "worksheet.refused": _l("Refused to buy"),
    "worksheet.lost": _l("Counted as lost"),
}
RESULTS: Mapping[str, Text] = {
    "visit_agreed": _l("Visit agreed"),
    "visit_now": _l("Is in the showroom"),
    "info_only": _l("Information given"),
    "not_reached": _l("Not reached"),
    "wrong_department": _l("Another department"),
    "duplicate": _l("Double of an open worksheet"),
    "confirmed": _l("Comes as agreed"),
    "moved": _l("Another time"),
    "no_answer": _l("No answer"),
    "cancelled": _l("Cancelled"),
    "continue": _l("Talks to the manager"),
    "look_only": _l("Only looked round"),
    "not_coming": _l("Will not come"),
    "later": _l("Will decide later"),
    "forgot": _l("Had forgotten"),
    "busy": _l("Was busy"),
    "ill": _l("Is ill"),
    "road": _l("Traffic or weather"),
    "other_dealer": _l("Went elsewhere"),
    "not_said": _l("Did not say"),
    "next": _l("A car is being chosen"),
    "remote_only": _l("Only by phone and messages"),
    "next_contact": _l("Next contact agreed"),
    "ready": _l("Ready to buy"),
    "call_later": _l("Asked to call later"),
    "wrong_number": _l("Wrong number"),
    "delivered": _l("Car handed over"),
    "fell_through": _l("The deal fell through"),
    **{reason.value: text for reason, text in LOST_REASONS.items()},
}
