"""What the values of a case are called: by the form that asked for them, else by the words of the dealer."""

from collections.abc import Iterator, Mapping, Sequence

from flask_babel import lazy_pgettext as _lp
from sqlalchemy.orm import Session

from engine.definitions.store import Definition
from engine.human_tasks.forms.model import Form
from webapp.core.feature import Text
from webapp.core.i18n import current_language
from webapp.core.workflow import engine

# what cases begin with, and what steps without people return: no form asks for it
KNOWN: Mapping[str, Text] = {
    "again": _lp("case data", "Another attempt is needed"),
    "again_at": _lp("case data", "Next attempt at"),
    "allowed": _lp("case data", "Contact is allowed"),
    "answer_within": _lp("case data", "To be answered within"),
    "answered": _lp("case data", "Was answered"),
    "answers_until": _lp("case data", "Answers count until"),
    "appointed": _lp("case data", "Had an appointment"),
    "at": _lp("case data", "At"),
    "attempt": _lp("case data", "Attempt"),
    "audience": _lp("case data", "People in the segment"),
    "balance": _lp("case data", "Still to be paid"),
    "call_at": _lp("case data", "To be called at"),
    "called": _lp("case data", "Called by phone"),
    "called_by": _lp("case data", "To be called by"),
    "campaign": _lp("case data", "Campaign"),
    "channel": _lp("case data", "Channel"),
    "complaint": _lp("case data", "There is a complaint"),
    "contract_by": _lp("case data", "Contract by"),
    "cost": _lp("case data", "Cost"),
    "csi": _lp("case data", "Satisfaction"),
    "customer_id": _lp("case data", "Customer, by number"),
    "day": _lp("case data", "Day"),
    "due": _lp("case data", "Due"),
    "due_at": _lp("case data", "Due at"),
    "elsewhere": _lp("case data", "Must be brought from elsewhere"),
    "eta": _lp("case data", "Expected arrival"),
    "exhausted": _lp("case data", "No attempt is left"),
    "gone": _lp("case data", "The car is no longer his"),
    "half_way_at": _lp("case data", "Half of the work is over at"),
    "handed_to": _lp("case data", "Handed to"),
    "head": _lp("case data", "Head"),
    "inquiry_id": _lp("case data", "Inquiry, by number"),
    "kept": _lp("case data", "Came on the day"),
    "late": _lp("case data", "Late"),
    "level": _lp("case data", "Who may allow it"),
    "limit_reached": _lp("case data", "The limit of attempts is reached"),
    "missed_at": _lp("case data", "Counts as missed at"),
    "model": _lp("case data", "Model"),
    "month_call_at": _lp("case data", "Call after a month at"),
    "next_at": _lp("case data", "Next contact at"),
    "needs_by": _lp("case data", "Needs to be known by"),
    "noted_at": _lp("case data", "Noted at"),
    "occasion": _lp("case data", "Occasion"),
    "outcome": _lp("case data", "Outcome"),
    "over_limit": _lp("case data", "Over the limit"),
    "overdue_at": _lp("case data", "Overdue at"),
    "paid": _lp("case data", "Paid"),
    "payable": _lp("case data", "Payable"),
    "pdi_at": _lp("case data", "Pre-delivery inspection at"),
    "percent": _lp("case data", "Per cent"),
    "planned_eta": _lp("case data", "Planned arrival"),
    "reminder": _lp("case data", "Reminder"),
    "retry": _lp("case data", "Another call fits"),
    "roi": _lp("case data", "Return in per cent"),
    "sent": _lp("case data", "Sent"),
    "source": _lp("case data", "Source"),
    "subject": _lp("case data", "Subject"),
    "survey_at": _lp("case data", "Survey at"),
    "taken_by": _lp("case data", "Taken by"),
    "tell": _lp("case data", "The customer must be told"),
    "thank_at": _lp("case data", "To be thanked at"),
    "to": _lp("case data", "For whom"),
    "total": _lp("case data", "Total"),
    "vehicle": _lp("case data", "Car"),
    "visit": _lp("case data", "Visit"),
    "vehicle_id": _lp("case data", "Car, by number"),
    "visit_id": _lp("case data", "Visit, by number"),
    "visit_at": _lp("case data", "Visit at"),
    "walk_in": _lp("case data", "Came without an appointment"),
    "within_limit": _lp("case data", "Within what was agreed"),
    "worksheet_id": _lp("case data", "Worksheet, by number"),
}


def labels_of(form: Form | None) -> dict[str, str]:
    """What a form calls its fields, in the reader's language."""
    if form is None:
        return {}
    language = current_language()
    return {key: item.label.in_language(language) for key, item in form.fields.items() if item.label}


def choices_of(form: Form | None) -> dict[tuple[str, str], str]:
    """What a form calls the values that may be chosen, by field and value."""
    if form is None:
        return {}
    language = current_language()
    return {
        (key, option.value): option.label.in_language(language)
        for key, item in form.fields.items()
        for option in item.options
    }


def form_of(session: Session, definition: Definition, element_id: str, calls: Sequence[str]) -> Form | None:
    model, _calls = definition.place(calls)
    element = model.elements.get(element_id)
    return engine().store.form(session, element.form).form if element is not None and element.form else None


def common_labels(session: Session, definition: Definition) -> dict[str, str]:
    """What is known of a name wherever it stands: the label that every form of the process gives it, else the words.

    A name that forms call differently is left to the form it came from.
    """
    told: dict[str, set[str]] = {}
    for form in _forms(session, definition):
        for key, label in labels_of(form).items():
            told.setdefault(key, set()).add(label)
    return {key: str(text) for key, text in KNOWN.items()} | {
        key: next(iter(found)) for key, found in told.items() if len(found) == 1
    }


def _forms(session: Session, definition: Definition) -> Iterator[Form]:
    for key in sorted({element.form for _calls, element in definition.nodes() if element.form}):
        yield engine().store.form(session, key).form
