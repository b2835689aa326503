"""What the refusals of booking and of the workshop's set-up say to a person."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from webapp.core.feature import Text

BOOKING_REFUSALS: Mapping[str, Text] = {
    "workshop_missing": _l("This centre has no workshop yet. Set up its bays and advisors first."),
    "slot_unreadable": _l("Choose one of the proposed times."),
    "slot_in_past": _l("This time has already passed. Choose a later one."),
    "slot_outside_hours": _l(
        "The work would not be done within the opening hours. The next free time: %(alternative)s."
    ),
    "bay_unknown": _l("This bay is not in use. Choose another one."),
    "bay_unfit": _l("This bay is not fitted out for the work. Choose another one."),
    "advisor_unknown": _l("This advisor is not on the calendar. Choose another one."),
    "slot_taken": _l("Somebody has just taken this time. The next free time: %(alternative)s."),
    "bay_taken": _l("The bay is taken at that time. The next free time: %(alternative)s."),
    "advisor_taken": _l("%(advisor)s receives another customer then. The next free time: %(alternative)s."),
    "advisor_away": _l("%(advisor)s is away on that day. The next free time: %(alternative)s."),
    "reception_taken": _l("The reception bay is taken at that time. The next free time: %(alternative)s."),
    "courtesy_taken": _l("No courtesy car is free for that time. The next free time for the work: %(alternative)s."),
    "waiting_full": _l(
        "%(most)s customers of %(advisor)s wait in the lounge then. The next free time: %(alternative)s."
    ),
    "day_full": _l(
        "On that day %(free)s norm hours are left for appointments, the rest is kept for visits without one. "
        "The next free time: %(alternative)s."
    ),
    "job_unknown": _l("Choose the work from the list."),
    "visit_not_bookable": _l("This visit has a time already, or the car has been here."),
    "visit_not_booked": _l("Only a booked visit can be moved, before the car is here."),
    "visit_already_booked": _l("This customer is booked for %(when)s already. Move that visit instead."),
    "visit_not_yours": _l("Somebody else is booking this visit. Open its case to see who."),
    "service_process_missing": _l("No service process is published. Ask the owner of the processes."),
    "hold_gone": _l("The time was kept for five minutes and is free again. Choose it once more."),
    "resource_unknown": _l("This bay, advisor or car does not exist, or is not visible to you."),
    "resource_unnamed": _l("Give it a name."),
    "resource_in_use": _l("Visits are booked here. Move them first, then switch it off."),
    "bay_type_missing": _l("Choose what the bay is fitted out for."),
    "advisor_missing": _l("Choose a person. New people get the role of service advisor first."),
    "advisor_twice": _l("%(name)s is on a calendar already."),
    "standard_unknown": _l("Choose a standard from the list."),
}
