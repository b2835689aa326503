"""How the codes of the register of consents read on screen."""

from collections.abc import Mapping

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from webapp.core.feature import Text
from webapp.core.formats import format_day
from webapp.core.i18n import current_language, current_zone
from webapp.customers.consents import GIVEN, WITHDRAWN
from webapp.customers.models import (
    ConsentChannel,
    ConsentKind,
    ConsentState,
    ConsentText,
    ConsentWay,
    MessageState,
    WithdrawalWay,
)

KINDS: Mapping[ConsentKind, Text] = {
    ConsentKind.PERSONAL_DATA: _l("Processing of personal data"),
    ConsentKind.TRANSFER: _l("Transfer of data to third parties"),
    ConsentKind.ADVERTISING: _l("Advertising"),
    ConsentKind.PROFILE: _l("Extended profile"),
    ConsentKind.RECORDING: _l("Recording of calls"),
}
CHANNELS: Mapping[ConsentChannel, Text] = {
    ConsentChannel.SMS: _l("SMS"),
    ConsentChannel.EMAIL: _l("E-mail"),
    ConsentChannel.CALL: _l("Phone call"),
    ConsentChannel.MESSENGER: _l("Messenger"),
    ConsentChannel.POST: _l("Post"),
}
WAYS: Mapping[ConsentWay, Text] = {
    ConsentWay.PAPER: _l("Signed on paper"),
    ConsentWay.WEB: _l("Ticked on the site"),
    ConsentWay.SMS_CODE: _l("Code from an SMS"),
    ConsentWay.CALL_RECORD: _l("Recorded call"),
}
WITHDRAWAL_WAYS: Mapping[WithdrawalWay, Text] = {
    WithdrawalWay.PAPER: _l("Written statement"),
    WithdrawalWay.WEB: _l("Link in a mail"),
    WithdrawalWay.SPOKEN: _l("In person or by phone"),
    WithdrawalWay.MESSAGE: _l("Wrote to us"),
}
STATES: Mapping[ConsentState, Text] = {
    ConsentState.ACTIVE: _l("Holds"),
    ConsentState.EXPIRED: _l("Run out"),
    ConsentState.WITHDRAWN: _l("Withdrawn"),
}

CHRONICLE_SUBJECTS: Mapping[str, Text] = {
    f"{GIVEN}.{ConsentKind.PERSONAL_DATA}": _l("Consent to processing of personal data given"),
    f"{GIVEN}.{ConsentKind.TRANSFER}": _l("Consent to the transfer of data given"),
    f"{GIVEN}.{ConsentKind.ADVERTISING}": _l("Consent to advertising given"),
    f"{GIVEN}.{ConsentKind.PROFILE}": _l("Consent to an extended profile given"),
    f"{GIVEN}.{ConsentKind.RECORDING}": _l("Consent to the recording of calls given"),
    f"{WITHDRAWN}.{ConsentKind.PERSONAL_DATA}": _l("Consent to processing of personal data withdrawn"),
    f"{WITHDRAWN}.{ConsentKind.TRANSFER}": _l("Consent to the transfer of data withdrawn"),
    f"{WITHDRAWN}.{ConsentKind.ADVERTISING}": _l("Consent to advertising withdrawn"),
    f"{WITHDRAWN}.{ConsentKind.PROFILE}": _l("Consent to an extended profile withdrawn"),
    f"{WITHDRAWN}.{ConsentKind.RECORDING}": _l("Consent to the recording of calls withdrawn"),
}
MESSAGE_RESULTS: Mapping[str, Text] = {
    f"message_{MessageState.SENT}": _l("Sent by mail"),
    f"message_{MessageState.FAILED}": _l("The mail could not be delivered"),
    f"message_{MessageState.SKIPPED_NO_CONSENT}": _l("Not sent: there is no consent to advertising"),
    f"message_{MessageState.SKIPPED_STOP_LIST}": _l("Not sent: the address is on the stop list"),
    f"message_{MessageState.SKIPPED_NO_ADDRESS}": _l("Not sent: the card has no address for it"),
    f"message_{MessageState.SKIPPED_FREQUENCY}": _l("Not sent: the customer has had enough advertising lately"),
    f"message_{MessageState.SKIPPED_INVITED_ELSEWHERE}": _l("Not sent: another centre has invited the customer"),
}


def channel_title(code: str) -> Text:
    """A channel by its code, as consents keep it."""
    return CHANNELS[ConsentChannel(code)]


def version_title(text: ConsentText) -> str:
    day = format_day(text.created_at, current_language(), current_zone())
    return str(_("Version %(version)s of %(day)s", version=text.version, day=day))
