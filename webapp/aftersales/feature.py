"""The aftersales slice: service visits, from the call to the follow-up."""

from datetime import timedelta

from flask import Flask
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp

from webapp.aftersales import board_views, booking_views, order_views, workshop_views
from webapp.aftersales.booking_texts import BOOKING_REFUSALS
from webapp.aftersales.cases import describe_visits, visit_facts, visit_objects, visit_values
from webapp.aftersales.choosing import FREE_SLOT_CHOICES, JOB_CHOICES, TECHNICIAN_CHOICES
from webapp.aftersales.jobs import count_attendance, remind_of_service
from webapp.aftersales.labels import RESULTS, SUBJECTS
from webapp.aftersales.listeners import open_visit
from webapp.aftersales.models import SUBJECT
from webapp.aftersales.operations import operations
from webapp.aftersales.past_visits import load_customer_panel, load_panel
from webapp.aftersales.proceeds import visit_money
from webapp.aftersales.reference import ship_reference_lists
from webapp.aftersales.texts import VISIT_REFUSALS
from webapp.aftersales.visiting import visits_meant
from webapp.core.feature import Feature, Job, LiveTopic, NavGroup, NavItem, Panel, Permission
from webapp.customers.labels import register_chronicle
from webapp.inquiries.services import InquiryRegistered


def _set_up(app: Flask) -> None:
    register_chronicle(app, subjects=SUBJECTS, results=RESULTS)


AFTERSALES = Feature(
    name="aftersales",
    blueprints=(board_views.bp, booking_views.bp, workshop_views.bp, order_views.bp),
    live_topics=(LiveTopic(board_views.TOPIC, "aftersales.see", board_views.follow_board),),
    panels=(
        Panel("vehicles.car", "aftersales.see", "aftersales/_of_car.html", load_panel),
        Panel("customers.customer", "aftersales.see", "aftersales/_of_customer.html", load_customer_panel, position=30),
    ),
    permissions=(
        Permission("aftersales.see", _l("See service visits and the calendar of the workshop")),
        Permission("aftersales.book", _l("Book service visits")),
        Permission("aftersales.change", _l("Work on service visits")),
        Permission("aftersales.see_costs", _l("See and enter what parts and norm hours cost, and the gross profit")),
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
        NavItem(_l("Work orders"), "aftersales_orders.show_orders", "aftersales.see", position=56, icon="file-invoice"),
        NavItem(
            _l("Workshop set-up"),
            "workshop.show_workshop",
            "aftersales.set_up",
            position=62,
            icon="car-garage",
            group=NavGroup.SETUP,
        ),
    ),
    actions=(NavItem(_l("Book a service visit"), "booking.show_booking", "aftersales.book", icon="calendar-time"),),
    operations=operations,
    listeners=((InquiryRegistered, open_visit),),
    jobs=(
        Job("service reminders", timedelta(hours=6), remind_of_service),
        Job("service attendance", timedelta(hours=24), count_attendance),
    ),
    case_labels={SUBJECT: describe_visits},
    case_objects={SUBJECT: visit_objects},
    case_money={SUBJECT: visit_money},
    case_finders=(visits_meant,),
    case_facts={SUBJECT: visit_facts},
    case_values={SUBJECT: visit_values},
    refusals={**BOOKING_REFUSALS, **VISIT_REFUSALS},
    choices={
        "aftersales.free_slots": FREE_SLOT_CHOICES,
        "aftersales.jobs": JOB_CHOICES,
        "aftersales.technicians": TECHNICIAN_CHOICES,
    },
    reference=ship_reference_lists,
    setup=_set_up,
)
