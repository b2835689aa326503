"""The aftersales slice: service visits, from the call to the follow-up."""

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp

from webapp.aftersales import board_views
from webapp.core.feature import Feature, LiveTopic, NavItem, Permission

AFTERSALES = Feature(
    name="aftersales",
    blueprints=(board_views.bp,),
    navigation=(
        NavItem(
            _l("Board of the day"),
            "service_board.show_board",
            "aftersales.see",
            position=12,
            icon="layout-columns",
            phone=True,
            key="t",
            short=_lp("page", "Board"),
            home_of=("service_advisor",),
        ),
    ),
    live_topics=(LiveTopic(board_views.TOPIC, "aftersales.see", board_views.follow_board),),
    permissions=(
        Permission("aftersales.see", _l("See service visits and the calendar of the workshop")),
        Permission("aftersales.book", _l("Book service visits")),
        Permission("aftersales.change", _l("Work on service visits")),
        Permission("aftersales.set_up", _l("Set up bays, advisors and courtesy cars")),
    ),
)
