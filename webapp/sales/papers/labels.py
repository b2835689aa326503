"""How the codes of the sales steps read on paper."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp

from webapp.core.feature import Text

LINE_KINDS: Mapping[str, Text] = {
    "car": _l("Car"),
    "option": _l("Option"),
    "accessory": _l("Accessory"),
    "service": _lp("line of an offer", "Service"),
    "insurance": _l("Insurance"),
    "registration": _l("Registration"),
    "discount": _l("Discount"),
    "tradein": _l("Customer’s car in part payment (trade-in)"),
}
PLACES: Mapping[str, Text] = {
    "showroom": _l("In the showroom"),
    "own_warehouse": _l("In our warehouse"),
    "group_centre": _l("At another centre of the group"),
    "importer_warehouse": _l("In the importer’s warehouse"),
    "in_transit": _l("On its way"),
    "production": _l("To be built"),
}
REACTIONS: Mapping[str, Text] = {
    "enthusiastic": _l("Enthusiastic"),
    "interested": _l("Interested"),
    "neutral": _l("Neutral"),
    "negative": _l("Negative"),
}
DRIVE_RESULTS: Mapping[str, Text] = {
    "loved": _l("Loved it"),
    "positive": _l("Liked it"),
    "neutral": _l("Neutral"),
    "negative": _l("Did not like it"),
}
ROUTES: Mapping[str, Text] = {"city": _l("City"), "highway": _l("Motorway"), "offroad": _l("Off the road")}
TITLES: Mapping[str, Text] = {
    "original": _l("Original"),
    "duplicate": _l("Duplicate"),
    "electronic": _l("Electronic"),
}
HISTORIES: Mapping[str, Text] = {"full": _l("Full"), "part": _l("In part"), "none": _l("None")}
APPRAISALS: Mapping[str, Text] = {
    "accepted": _l("Accepted"),
    "thinking": _l("Thinking"),
    "rejected": _l("Rejected"),
}
YES_NO: Mapping[bool, Text] = {True: _l("Yes"), False: _l("No")}
