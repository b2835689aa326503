"""Why a message to the outside did not arrive, in a sentence: what is kept of it is "Type: message" of the error."""

import re
from collections.abc import Mapping

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from webapp.core.feature import Text

CODES: Mapping[str, Text] = {
    "address_unreadable": _l("Nothing was sent: this is no address that could be called."),
    "address_not_https": _l("Nothing was sent: the address does not begin with https://."),
    "address_private": _l("Nothing was sent: the address leads into a private network."),
}
BEGINNINGS: Mapping[str, Text] = {
    "the name cannot be resolved": _l("The network does not know the name in the address."),
    "no whole answer within": _l("The receiver did not answer in time."),
    "TimeoutError": _l("The receiver did not answer in time."),
    "ConnectionRefusedError": _l("Nobody answers at the address."),
    "no attempt of": _l("It was begun again and again and never came to an end."),
    "not an address": _l("This is no address of a letter."),
    "unfit for a mail header": _l("It cannot be written into the head of a letter."),
}
ANSWERED = re.compile(r"HTTP (\d{3})$")


def bare_code(cause: str) -> bool:
    """Whether the error says nothing beyond its code."""
    return cause.partition(": ")[2] in CODES


def why_not_sent(cause: str) -> str:
    """The sentence; empty for an error that has none of its own."""
    said = cause.partition(": ")[2]
    answered = ANSWERED.match(said)
    if answered is not None:
        return str(_("The receiver answered with HTTP %(status)s.", status=answered[1]))
    if "CERTIFICATE_VERIFY_FAILED" in said:
        return str(_("Nobody vouches for the certificate of the receiver."))
    found = CODES.get(said) or next((text for start, text in BEGINNINGS.items() if said.startswith(start)), "")
    return str(found)
