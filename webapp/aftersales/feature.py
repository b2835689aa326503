"""The aftersales slice: service visits, from the call to the follow-up."""

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp

from webapp.aftersales import board_views, booking_views, workshop_views
from webapp.aftersales.booking_texts import BOOKING_REFUSALS
from webapp.aftersales.queries import FREE_SLOT_CHOICES, JOB_CHOICES
from webapp.aftersales.reference import ship_reference_lists
from webapp.core.feature import Feature, LiveTopic, NavGroup, NavItem, Permission

AFTERSALES = Feature(
    name="aftersales",
    blueprints=(board_views.bp, booking_views.bp, workshop_views.bp),
    permissions=(
        Permission("aftersales.see", _l("See service visits and the calendar of the workshop")),
        Permission("aftersales.book", _l("Book service visits")),
        Permission("aftersales.change", _l("Work on service visits")),
        Permission("aftersales.set_up", _l("Set up bays, advisors and courtesy cars")),
    ),
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
        NavItem(
            _l("Service booking"),
            "booking.show_booking",
            "aftersales.see",
            position=54,
            icon="calendar-time",
            phone=True,
        ),
        NavItem(
            _l("Workshop"),
            "workshop.show_workshop",
            "aftersales.set_up",
            position=62,
            icon="car-garage",
            group=NavGroup.SETUP,
        ),
    ),
    actions=(NavItem(_l("Book a service visit"), "booking.show_booking", "aftersales.book", icon="calendar-time"),),
    refusals={**BOOKING_REFUSALS},
    choices={"aftersales.free_slots": FREE_SLOT_CHOICES, "aftersales.jobs": JOB_CHOICES},
    reference=ship_reference_lists,
    live_topics=(LiveTopic(board_views.TOPIC, "aftersales.see", board_views.follow_board),),
)
