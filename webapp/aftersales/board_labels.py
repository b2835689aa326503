"""How the board of the day reads: the headings of its columns and the line of each card."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp

from webapp.aftersales.board_causes import Cause, CauseKind
from webapp.core.feature import Text
from webapp.core.formats import format_duration, format_number, is_moment

COLUMN_TITLES: Mapping[str, Text] = {
    "expected": _lp("board", "Expected"),
    "arrived": _lp("board", "Arrived"),
    "in_work": _lp("board", "In work"),
    "approval": _lp("board", "Waiting for approval"),
    "ready": _lp("board", "Ready"),
}

_SENTENCES: Mapping[CauseKind, Text] = {
    CauseKind.LATE: _l("%(span)s late"),
    CauseKind.LATE_STEP: _l("%(span)s late: %(step)s"),
    CauseKind.REPEAT: _l("Repeat repair: foreman greets"),
    CauseKind.COURTESY: _l("%(name)s reserved"),
    CauseKind.PICK_UP: _l("We collect the car"),
    CauseKind.LOUNGE: _l("Waits in the lounge"),
    CauseKind.UNCONFIRMED: _l("Not confirmed yet"),
    CauseKind.CONFIRMED: _lp("board", "Confirmed"),
    CauseKind.WAITING: _l("Waiting %(span)s, %(name)s"),
    CauseKind.WALK_IN_STEP: _l("Walk-in: %(step)s"),
    CauseKind.STEP: "%(step)s",
    CauseKind.HERE: _l("Has just come"),
    CauseKind.BROKEN: _l("%(span)s past the promise"),
    CauseKind.BEHIND: _l("%(name)s, %(span)s behind"),
    CauseKind.SOON_DUE: _l("Promised in %(span)s"),
    CauseKind.ON_TIME: _l("%(name)s, on time"),
    CauseKind.NO_ANSWER: _l("Asked %(span)s ago, no answer"),
    CauseKind.ASKED: _l("Asked %(span)s ago"),
    CauseKind.UNANSWERED: _l("No answer yet"),
    CauseKind.NOT_CALLED: _l("Not called yet"),
    CauseKind.READY: _l("Can be handed over"),
}

# the same for less than a minute, where the span would be a sign instead of a number
_MOMENTS: Mapping[CauseKind, Text] = {
    CauseKind.LATE: _l("Late by less than a minute"),
    CauseKind.LATE_STEP: _l("Late by less than a minute: %(step)s"),
    CauseKind.BROKEN: _l("Less than a minute past the promise"),
    CauseKind.BEHIND: _l("%(name)s, less than a minute behind"),
}

# the same where nobody and no bay is named
_NAMELESS: Mapping[CauseKind, Text] = {
    CauseKind.WAITING: _l("Waiting %(span)s, without an advisor"),
    CauseKind.BEHIND: _l("%(span)s behind"),
    CauseKind.ON_TIME: _lp("board", "On time"),
}
_NAMELESS_MOMENTS: Mapping[CauseKind, Text] = {CauseKind.BEHIND: _l("Less than a minute behind")}


def cause_text(cause: Cause, language: str) -> str:
    """The line in the reader's language, such as «12 min late»."""
    sentences = _SENTENCES if cause.name or cause.kind not in _NAMELESS else _NAMELESS
    if is_moment(cause.span):
        sentences = {**sentences, **(_MOMENTS if sentences is _SENTENCES else _NAMELESS_MOMENTS)}
    span = format_duration(cause.span, language)
    return str(sentences[cause.kind]) % {"span": span, "name": cause.name, "step": cause.step}


def hours_text(hours: Decimal, language: str) -> str:
    """Hours to a tenth, without a tenth that is none: 6.5 and 8."""
    tenths = hours.quantize(Decimal("0.1"), ROUND_HALF_UP)
    whole = tenths == tenths.to_integral_value()
    return format_number(tenths, language, 0 if whole else 1)
