"""How the codes of booking and of the workshop read on screen."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from webapp.aftersales.models import BayType, NotBookedReason, ResourceKind, WaitOrLeave
from webapp.core.feature import Text

BAY_TYPES: Mapping[BayType, Text] = {
    BayType.LIFT2: _l("Two-post lift"),
    BayType.LIFT4: _l("Four-post lift"),
    BayType.ALIGNMENT: _l("Wheel alignment"),
    BayType.DIAGNOSTICS: _l("Diagnostics"),
    BayType.ELECTRIC: _l("Electric"),
    BayType.BODY_PREP: _l("Body preparation"),
    BayType.PAINT: _l("Paint"),
    BayType.WASH: _l("Wash"),
    BayType.RECEPTION: _l("Reception bay"),
}
KINDS: Mapping[ResourceKind, Text] = {
    ResourceKind.BAY: _l("Bays"),
    ResourceKind.ADVISOR: _l("Advisors"),
    ResourceKind.COURTESY_CAR: _l("Courtesy cars"),
}
STAYS: Mapping[WaitOrLeave, Text] = {
    WaitOrLeave.LEAVE: _l("Leaves the car"),
    WaitOrLeave.WAIT: _l("Waits"),
}
NOT_BOOKED_REASONS: Mapping[NotBookedReason, Text] = {
    NotBookedReason.NO_FREE_TIME: _l("No free time"),
    NotBookedReason.PRICE: _l("Price"),
    NotBookedReason.NO_PARTS: _l("No parts"),
    NotBookedReason.DISTANCE: _l("Too far away"),
    NotBookedReason.JUST_ASKING: _l("Only asked"),
    NotBookedReason.OTHER: _l("Other"),
}
LOADS: Mapping[str, Text] = {
    "work": _l("Norm hours"),
    "lifts": _l("Lift hours"),
    "receptions": _l("Reception hours"),
}
