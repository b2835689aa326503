"""The aftersales slice: service visits, from the call to the follow-up."""

from flask_babel import lazy_gettext as _l

from webapp.core.feature import Feature, Permission

AFTERSALES = Feature(
    name="aftersales",
    permissions=(
        Permission("aftersales.see", _l("See service visits and the calendar of the workshop")),
        Permission("aftersales.book", _l("Book service visits")),
        Permission("aftersales.change", _l("Work on service visits")),
        Permission("aftersales.set_up", _l("Set up bays, advisors and courtesy cars")),
    ),
)
