"""What the values of a case are called: by the form that asked for them, else by the words of the dealer."""

from collections.abc import Iterator, Mapping, Sequence

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from engine.definitions.store import Definition
from engine.human_tasks.forms.model import Form
from webapp.core.feature import Text
from webapp.core.i18n import current_language
from webapp.core.workflow import engine

# what cases begin with, and what steps without people return: no form asks for it
KNOWN: Mapping[str, Text] = {
    "again": _l("Another attempt is needed"),
    "again_at": _l("Next attempt at"),
    "allowed": _l("Contact is allowed"),
    "answer_within": _l("To be answered within"),
    "answered": _l("Was answered"),
    "answers_until": _l("Answers count until"),
    "appointed": _l("Had an appointment"),
    "at": _l("At"),
    "attempt": _l("Attempt"),
    "audience": _l("People in the segment"),
    "balance": _l("Still to be paid"),
    "call_at": _l("To be called at"),
    "called": _l("Called by phone"),
    "called_by": _l("To be called by"),
    "campaign": _l("Campaign"),
    "channel": _l("Channel"),
    "complaint": _l("There is a complaint"),
    "contract_by": _l("Contract by"),
    "cost": _l("Cost"),
    "csi": _l("Satisfaction"),
    "day": _l("Day"),
    "due": _l("Due"),
    "due_at": _l("Due at"),
    "elsewhere": _l("Must be brought from elsewhere"),
    "eta": _l("Expected arrival"),
    "exhausted": _l("No attempt is left"),
    "gone": _l("The car is no longer his"),
    "half_way_at": _l("Half of the work is over at"),
    "handed_to": _l("Handed to"),
    "head": _l("Head"),
    "kept": _l("Came on the day"),
    "late": _l("Late"),
    "level": _l("Who may allow it"),
    "limit_reached": _l("The limit of attempts is reached"),
    "missed_at": _l("Counts as missed at"),
    "model": _l("Model"),
    "month_call_at": _l("Call after a month at"),
    "next_at": _l("Next contact at"),
    "needs_by": _l("Needs to be known by"),
    "noted_at": _l("Noted at"),
    "occasion": _l("Occasion"),
    "outcome": _l("Outcome"),
    "over_limit": _l("Over the limit"),
    "overdue_at": _l("Overdue at"),
    "paid": _l("Paid"),
    "payable": _l("Payable"),
    "pdi_at": _l("Pre-delivery inspection at"),
    "percent": _l("Per cent"),
    "planned_eta": _l("Planned arrival"),
    "reminder": _l("Reminder"),
    "retry": _l("Another call fits"),
    "roi": _l("Return in per cent"),
    "sent": _l("Sent"),
    "source": _l("Source"),
    "subject": _l("Subject"),
    "survey_at": _l("Survey at"),
    "taken_by": _l("Taken by"),
    "tell": _l("The customer must be told"),
    "thank_at": _l("To be thanked at"),
    "to": _l("For whom"),
    "total": _l("Total"),
    "vehicle": _l("Car"),
    "visit": _l("Visit"),
    "visit_at": _l("Visit at"),
    "walk_in": _l("Came without an appointment"),
    "within_limit": _l("Within what was agreed"),
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
