"""The sales slice: worksheets, from the first wish to the car that is handed over."""

from flask import Flask
from flask_babel import lazy_gettext as _l

from webapp.core.feature import Feature, Permission
from webapp.customers.labels import register_chronicle
from webapp.inquiries.services import InquiryRegistered
from webapp.sales.cases import describe_worksheets, worksheet_facts, worksheet_values
from webapp.sales.labels import RESULTS, SUBJECTS
from webapp.sales.listeners import follow_owner, open_worksheet
from webapp.sales.models import SUBJECT
from webapp.sales.operations import operations
from webapp.sales.queries import COMPETITOR_CHOICES, MANAGER_CHOICES, REFUSAL_REASON_CHOICES, worksheets_meant
from webapp.sales.reference import ship_reference_lists


def _set_up(app: Flask) -> None:
    register_chronicle(app, subjects=SUBJECTS, results=RESULTS)


SALES = Feature(
    name="sales",
    permissions=(
        Permission("sales.see", _l("See worksheets")),
        Permission("sales.change", _l("Work on worksheets")),
    ),
    operations=operations,
    listeners=((InquiryRegistered, open_worksheet),),
    step_listeners=(follow_owner,),
    case_labels={SUBJECT: describe_worksheets},
    case_finders=(worksheets_meant,),
    case_facts={SUBJECT: worksheet_facts},
    case_values={SUBJECT: worksheet_values},
    refusals={
        "worksheet_unknown": _l("This worksheet does not exist, or is not visible to you."),
        "model_unknown": _l("Choose a model from the list."),
        "visit_outside_hours": _l("The centre is closed at that time. Choose a time within its opening hours."),
        "visit_slot_taken": _l("The manager expects another guest within half an hour of that time."),
        "appointment_closed": _l("This visit has already taken place or was cancelled."),
        "customer_unreachable": _l("The card has neither phone nor e-mail. Add one, then save the needs."),
        "budget_reversed": _l("The budget ends below its beginning. Swap the two amounts."),
        "priorities_too_many": _l("Choose at most %(most)s priorities."),
        "refusal_reason_unknown": _l("Choose a reason from the list."),
        "delivered_in_future": _l("The day of delivery lies ahead. Record the sale when the car is handed over."),
    },
    choices={
        "sales.refusal_reasons": REFUSAL_REASON_CHOICES,
        "sales.competitors": COMPETITOR_CHOICES,
        "sales.managers": MANAGER_CHOICES,
    },
    reference=ship_reference_lists,
    setup=_set_up,
)
