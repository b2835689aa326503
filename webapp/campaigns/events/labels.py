"""How the codes of events read on screen."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp

from webapp.campaigns.models import EventStatus, EventType, GuestStatus, NextStep
from webapp.core.feature import Text

TYPES: Mapping[str, Text] = {
    EventType.TEST_DRIVE_DAY: _l("Test drive day"),
    EventType.PRESENTATION: _lp("kind of event", "Presentation"),
    EventType.EXHIBITION: _l("Exhibition"),
    EventType.SEMINAR: _l("Seminar"),
    EventType.CLUB_MEETING: _l("Club meeting"),
    EventType.HOLIDAY: _lp("kind of event", "Holiday"),
}
STATUSES: Mapping[str, Text] = {
    EventStatus.PREPARING: _lp("of an event", "In preparation"),
    EventStatus.WAITING: _lp("of an event", "Waits for a decision"),
    EventStatus.APPROVED: _lp("of an event", "Approved"),
    EventStatus.INVITING: _lp("of an event", "Guests are invited"),
    EventStatus.HELD: _lp("of an event", "Held, results are counted"),
    EventStatus.FINISHED: _lp("of an event", "Finished"),
    EventStatus.REJECTED: _lp("of an event", "Rejected"),
    EventStatus.CANCELLED: _lp("of an event", "Called off"),
}
STATUS_TONES: Mapping[str, str] = {
    EventStatus.PREPARING: "",
    EventStatus.WAITING: "warn",
    EventStatus.APPROVED: "now",
    EventStatus.INVITING: "now",
    EventStatus.HELD: "now",
    EventStatus.FINISHED: "ok",
    EventStatus.REJECTED: "bad",
    EventStatus.CANCELLED: "hollow",
}
GUESTS: Mapping[str, Text] = {
    GuestStatus.INVITED: _lp("of a guest", "Has not answered"),
    GuestStatus.CONFIRMED: _lp("of a guest", "Comes"),
    GuestStatus.DECLINED: _lp("of a guest", "Does not come"),
    GuestStatus.CAME: _lp("of a guest", "Came"),
    GuestStatus.NO_SHOW: _lp("of a guest", "Did not turn up"),
}
GUEST_TONES: Mapping[str, str] = {
    GuestStatus.INVITED: "",
    GuestStatus.CONFIRMED: "now",
    GuestStatus.DECLINED: "hollow",
    GuestStatus.CAME: "ok",
    GuestStatus.NO_SHOW: "bad",
}
STEPS: Mapping[str, Text] = {
    NextStep.CALL: _l("We call"),
    NextStep.TEST_DRIVE: _l("Test drive"),
    NextStep.OFFER: _lp("next step", "Offer"),
    NextStep.VISIT: _lp("next step", "Comes to the showroom"),
    NextStep.NOTHING: _lp("next step", "Nothing agreed"),
}
