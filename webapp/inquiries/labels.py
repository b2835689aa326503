"""How the codes of the inquiries slice read on screen."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext

from webapp.core.feature import Text
from webapp.inquiries.models import InquiryChannel, InquiryResult, Purpose, SpendDepartment

PURPOSES: Mapping[Purpose, Text] = {
    Purpose.NEW_CAR: _l("New car"),
    Purpose.USED_CAR: _l("Used car"),
    Purpose.TEST_DRIVE: _l("Test drive"),
    Purpose.TRADE_IN: _l("Trade-in"),
    Purpose.SERVICE: _l("Service"),
    Purpose.PARTS: _l("Parts"),
    Purpose.DOCUMENTS: _l("Documents"),
    Purpose.COMPLAINT: _l("Complaint"),
    Purpose.OTHER: _l("Other"),
}
CHANNELS: Mapping[str, Text] = {
    InquiryChannel.CALL: _l("Call"),
    InquiryChannel.WALK_IN: _l("Is here"),
    InquiryChannel.WEB_FORM: _l("Web form"),
    InquiryChannel.CHAT: _l("Chat"),
    InquiryChannel.EMAIL: _l("Mail"),
    InquiryChannel.EVENT: _l("Event"),
    InquiryChannel.REFERRAL: _l("Recommendation"),
}
DEPARTMENTS: Mapping[SpendDepartment, Text] = {
    SpendDepartment.SALES: lazy_pgettext("department", "Sales"),
    SpendDepartment.SERVICE: lazy_pgettext("department", "Service"),
}
RESULTS: Mapping[str, Text] = {
    InquiryResult.VISIT_BOOKED: _l("Visit agreed"),
    InquiryResult.VISIT_NOW: _l("Is in the showroom"),
    InquiryResult.INFO_GIVEN: _l("Information given"),
    InquiryResult.CALLBACK_PROMISED: _l("Call back promised"),
    InquiryResult.TRANSFERRED: _l("Handed over"),
    InquiryResult.COMPLAINT: _l("Complaint"),
    InquiryResult.WAITING: _l("Waits for an answer"),
    InquiryResult.LOST_CALL: _l("Lost call"),
    InquiryResult.WRONG_NUMBER: _l("Wrong number"),
}
SUBJECTS: Mapping[str, Text] = {
    "inquiry.new_car": _l("Asked about a new car"),
    "inquiry.used_car": _l("Asked about a used car"),
    "inquiry.test_drive": _l("Asked for a test drive"),
    "inquiry.trade_in": _l("Asked for a trade-in valuation"),
    "inquiry.service": _l("Turned to the service"),
    "inquiry.parts": _l("Asked about parts"),
    "inquiry.documents": _l("Turned to us about documents"),
    "inquiry.complaint": _l("Complained"),
    "inquiry.other": _l("Turned to us"),
}

LISTS_MISSING = _l(
    "The lists of sources and models are empty. Whoever runs the system fills them by “marshrut migrate”."
)
