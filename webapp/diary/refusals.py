"""Sentences for the refusals of the diary."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from webapp.core.feature import Text

REFUSALS: Mapping[str, Text] = {
    "postpone_date_missing": _l("Choose the date."),
    "feed_missing": _l("There is no calendar link yet. Make one first."),
    "notification_unknown": _l("There is no such notification."),
}

# what stands below the date in the form; the codes are those of the engine and of the case page
DATE_REFUSALS: Mapping[str, Text] = {
    "postpone_date_missing": _l("Choose the date."),
    "postponed_into_past": _l("Choose a day in the future."),
    "postponed_too_far": _l("At most twelve months ahead."),
}
