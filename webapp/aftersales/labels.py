"""How the codes of the workshop read on screen."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp

from webapp.aftersales.models import LineStatus, OrderKind, OrderState, PartOrigin, VisitReason, VisitStatus
from webapp.core.feature import Text

STATUSES: Mapping[VisitStatus, Text] = {
    VisitStatus.REQUESTED: _l("Wants to come"),
    VisitStatus.BOOKED: _l("Booked"),
    VisitStatus.CONFIRMED: _l("Confirmed"),
    VisitStatus.ARRIVED: _l("Here"),
    VisitStatus.IN_WORK: _l("In work"),
    VisitStatus.WAITING_APPROVAL: _l("Waits for approval"),
    VisitStatus.READY: _l("Ready to be fetched"),
    VisitStatus.DONE: _lp("visit", "Handed over"),
    VisitStatus.CANCELLED_BY_CUSTOMER: _l("Cancelled by the customer"),
    VisitStatus.CANCELLED_BY_US: _l("Cancelled by us"),
    VisitStatus.NOT_BOOKED: _l("Not booked"),
    VisitStatus.NO_SHOW: _l("Did not come"),
}
HERE_UNBOOKED = _l("Here without an appointment")
REASONS: Mapping[VisitReason, Text] = {
    VisitReason.MAINTENANCE: _l("Maintenance"),
    VisitReason.DIAGNOSTICS: _l("Diagnostics"),
    VisitReason.REPAIR: _l("Repair"),
    VisitReason.WARRANTY: _l("Warranty"),
    VisitReason.RECALL: _l("Recall"),
    VisitReason.BODY: _l("Body repair"),
    VisitReason.TYRES: _l("Tyres"),
    VisitReason.ACCESSORIES: _l("Accessories"),
    VisitReason.OTHER: _l("Other"),
}
ORDER_STATES: Mapping[OrderState, Text] = {
    OrderState.AGREED: _lp("work", "Agreed"),
    OrderState.IN_WORK: _l("In work"),
    OrderState.DONE: _l("Work is done"),
    OrderState.CLOSED: _l("Closed"),
    OrderState.CANCELLED: _lp("work order", "Cancelled"),
}
ORDER_TONES: Mapping[OrderState, str] = {
    OrderState.AGREED: "idle",
    OrderState.IN_WORK: "warn",
    OrderState.DONE: "good",
    OrderState.CLOSED: "good",
    OrderState.CANCELLED: "idle",
}
ORDER_KINDS: Mapping[OrderKind, Text] = {
    OrderKind.PAID: _l("Paid by the customer"),
    OrderKind.WARRANTY: _l("Warranty"),
    OrderKind.RECALL: _l("Recall"),
    OrderKind.INTERNAL: _l("Internal"),
    OrderKind.GOODWILL: _l("Goodwill"),
    OrderKind.INSURANCE: _lp("work order", "Insurance"),
}
LINE_STATUSES: Mapping[LineStatus, Text] = {
    LineStatus.AGREED: _lp("work", "Agreed"),
    LineStatus.ASKED: _l("Waits for the answer"),
    LineStatus.DECLINED: _lp("work", "Declined"),
}
PART_ORIGINS: Mapping[PartOrigin, Text] = {
    PartOrigin.ORIGINAL: _l("Original"),
    PartOrigin.EQUIVALENT: _l("Equivalent"),
    PartOrigin.USED: _l("Used"),
}
UNITS: Mapping[str, Text] = {
    "piece": _l("piece"),
    "litre": _l("litre"),
    "kg": _l("kg"),
    "set": _l("set"),
    "metre": _l("metre"),
}
SUBJECTS: Mapping[str, Text] = {
    "visit.booking": _l("Booking of a service visit"),
    "visit.moved": _l("Service visit moved"),
    "visit.cancelled": _l("Service visit cancelled"),
    "visit.early": _l("Came before the agreed time"),
    "visit.parts": _l("Parts for the visit"),
    "visit.preparation": _l("Preparation of the visit"),
    "visit.delay": _l("Call about a delay"),
    "visit.day_before": _l("Reminder on the day before"),
    "visit.reception": _l("Reception of the car"),
    "visit.absentee": _l("Call after a missed appointment"),
    "visit.inspection": _l("Joint inspection"),
    "visit.order": _l("Work order"),
    "visit.dispatch": _l("Distribution of work"),
    "visit.work": _l("Work on the car"),
    "visit.extra_work": _l("Agreement on extra work"),
    "visit.parts_wait": _l("Waiting for parts"),
    "visit.new_time": _l("New promised time"),
    "visit.progress": _l("Call about the work"),
    "visit.quality": _l("Quality control"),
    "visit.return": _l("Preparation of the return"),
    "visit.ready_call": _l("Call: the car is ready"),
    "visit.payment": _l("Payment of the order"),
    "visit.handover": _l("Handover after service"),
    "visit.follow_up": _l("Call after the visit"),
    "visit.complaint": _l("Complaint about the service"),
    "visit.service_reminder": _l("Letter: the service falls due"),
    "visit.service_call": _l("Invitation to the service"),
}
RESULTS: Mapping[str, Text] = {
    "booked": _l("Booked"),
    "ready": _lp("visit", "Everything is prepared"),
    "later": _lp("service", "Later"),
    "refused": _lp("service", "Does not want it"),
    "callback": _l("We call back"),
    "no_free_time": _l("No free time"),
    "price": _l("Price"),
    "no_parts": _l("No parts"),
    "distance": _l("Too far"),
    "just_asking": _l("Only asked"),
    "other": _l("Other"),
    "customer": _l("By the customer"),
    "us": _l("By us"),
    "plans_changed": _l("Plans changed"),
    "fixed_elsewhere": _l("Done elsewhere"),
    "works_again": _l("The fault is gone"),
    "complete": _l("All on stock"),
    "ordered": _l("Something is ordered"),
    "missing": _l("Something cannot be had"),
    "none_needed": _l("None needed"),
    "parts_missing": _l("Parts are missing"),
    "reschedule": _l("Another time is needed"),
    "comes": _l("Comes as agreed"),
    "no_address": _l("No address to write to"),
    "rebook": _l("Books another time"),
    "still_coming": _l("On the way"),
    "assigned": _l("Assigned"),
    "order_agreed": _lp("work", "Agreed"),
    "order_declined": _lp("work", "Declined"),
    "extra_approved": _lp("work", "Approved"),
    "extra_declined": _lp("work", "Declined"),
    "extra_no_answer": _lp("work", "No answer"),
    "parts_arrived": _l("The parts are here"),
    "parts_later": _l("The parts come later"),
    "car_ready": _l("The car is ready"),
    "extra_work": _l("Extra work found"),
    "waiting_parts": _l("Waits for parts"),
    "told": _l("Told by phone"),
    "passed": _l("Passed"),
    "rework": _l("Rework"),
    "paid": _l("Everything is paid"),
    "part": _l("Paid in part"),
    "deferred": _l("Pays later by contract"),
    "handed_over": _lp("visit", "Handed over"),
    "serviced_elsewhere": _l("Serviced elsewhere"),
    "time": _l("No free time"),
    "quality": _l("Quality"),
    "friend": _l("Somebody he knows"),
    **{f"score_{score}": _l("Score %(score)s of 5", score=score) for score in range(1, 6)},
}
