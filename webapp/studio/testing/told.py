"""The trail of a test run in words, and what would have been sent or done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from flask_babel import force_locale, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from engine.definitions.model import Element
from engine.history.recording import EventKind
from engine.human_tasks.forms import Form
from engine.operations import Operation
from engine.sandbox import Act, Do, Standing
from engine.sandbox.outside import Call
from engine.sandbox.standing import Happening, Told
from engine.timers.models import DueKind
from engine.timers.reminders import HEAD, OWNER
from webapp.cases.chronicle import ICONS
from webapp.cases.labels import outcome_text
from webapp.core import formats
from webapp.core.feature import Text
from webapp.core.operation_names import operation_title, parameter_title
from webapp.kit.form_view import FormReader
from webapp.staff.roles import BY_NAME
from webapp.studio.testing.acting import shown_value

SAID: Mapping[EventKind, Text] = {
    EventKind.CASE_OPENED: _l("The case begins"),
    EventKind.CASE_CLOSED: _l("The case ends"),
    EventKind.TASK_CREATED: _l("Opens: %(step)s"),
    EventKind.TASK_COMPLETED: _l("Done: %(step)s"),
    EventKind.TASK_SKIPPED: _l("Not needed: %(step)s"),
    EventKind.TASK_CANCELLED: _l("Withdrawn: %(step)s"),
    EventKind.OFFER_TAKEN: _l("Pressed: %(step)s"),
    EventKind.MILESTONE_ENTERED: _l("Reached: %(step)s"),
    EventKind.MESSAGE_RECEIVED: _l("Arrived: %(step)s"),
    EventKind.TIMER_FIRED: _l("Time is up: %(step)s"),
    EventKind.DECISION_MADE: _l("Decided: %(step)s"),
    EventKind.LINES_LEFT_OUT: _l("Lines left out: %(step)s"),
}
OUTSIDE = frozenset({EventKind.MESSAGE_SENT, EventKind.REMINDED, EventKind.ESCALATED})
MORE_ICONS = {
    EventKind.TASK_CREATED: "arrow-right",
    EventKind.TASK_CANCELLED: "x",
    EventKind.MESSAGE_RECEIVED: "mail",
}
TRIED = {
    Do.START: _l("Start"),
    Do.COMPLETE: _l("Do the step"),
    Do.OFFER: _l("Press a button"),
    Do.SKIP: _l("Not needed"),
    Do.WAIT: _l("Move the clock"),
    Do.MESSAGE: _l("A message arrives"),
    Do.ANSWER: _l("Choose an answer"),
}


@dataclass(frozen=True)
class Line:
    """One line of the trail, or one thing that would have been done. `act` counts from 1."""

    act: int
    at: datetime
    icon: str
    title: str
    text: str = ""
    tone: str = ""
    pairs: Sequence[tuple[str, str]] = field(default_factory=tuple)


def element_name(element: Element | None, language: str) -> str:
    return "" if element is None else element.name.in_language(language) or element.id


def trail_of(standing: Standing, reader: FormReader, forms: Mapping[str, Form]) -> list[Line]:
    """What has happened, the newest first. `forms`: those of the drawings, by key."""
    lines = [_line(each, reader, forms) for each in standing.trail if each.kind in SAID]
    return list(reversed(lines))


def effects_of(standing: Standing, reader: FormReader, operations: Mapping[str, Operation]) -> list[Line]:
    """What would have been done, sent or told to somebody, the newest first."""
    found = [_called(each, standing, reader, operations) for each in standing.calls]
    found += [_outside(each, reader) for each in standing.trail if each.kind in OUTSIDE]
    found += [
        Line(each.act, standing.now, "send", _("Would send: %(what)s", what=each.channel), each.recipient)
        for each in standing.sent
        if standing.now is not None
    ]
    found.sort(key=lambda line: (line.act, line.at), reverse=True)
    return found


def act_name(act: Act) -> str:
    return str(TRIED[act.do])


def told_in_words(told: Told, language: str) -> str:
    """Who would be told of an open step."""
    if told.kind is DueKind.REMINDER:
        return str(_("Reminder"))
    return str(_("Escalation to: %(who)s", who=person_name(told.target)))


def person_name(target: str) -> str:
    """The target of an escalation, or a role, in words."""
    if target == HEAD:
        return str(_("the head"))
    if target == OWNER:
        return str(_("who owns the case"))
    role = BY_NAME.get(target)
    return str(role.title) if role is not None else target


def value_text(value: object, reader: FormReader) -> str:
    """A value of a call in words; contexts and lists as a number of parts."""
    if isinstance(value, datetime):
        return formats.format_moment(value, reader.language, reader.zone)
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if isinstance(value, Mapping | list):
        return str(ngettext("%(num)s part", "%(num)s parts", len(value)))
    if isinstance(value, date):
        return formats.format_day(value, reader.language, reader.zone)
    return shown_value(value, reader.zone)[:200]


def _line(event: Happening, reader: FormReader, forms: Mapping[str, Form]) -> Line:
    name = element_name(event.element, reader.language)
    icon = MORE_ICONS.get(event.kind) or ICONS.get(event.kind.value, "circle")
    tone = {EventKind.CASE_CLOSED: "flag"}.get(event.kind, "")
    return Line(event.act, event.at, icon, str(SAID[event.kind]) % {"step": name}, _detail(event, reader, forms), tone)


def _detail(event: Happening, reader: FormReader, forms: Mapping[str, Form]) -> str:
    payload: Mapping[str, Any] = event.payload
    if event.kind is EventKind.CASE_CLOSED:
        return outcome_text(str(payload.get("outcome") or ""))
    if event.kind is EventKind.TASK_CREATED and payload.get("due") is not None:
        return str(_("due %(time)s", time=formats.format_moment(payload["due"], reader.language, reader.zone)))
    if event.kind is EventKind.TASK_SKIPPED:
        return str(payload.get("reason", ""))
    if event.kind is EventKind.DECISION_MADE:
        value = payload.get("value")
        shown = value if not isinstance(value, Mapping) else ", ".join(f"{k}: {v}" for k, v in value.items())
        return value_text(shown, reader)
    if event.kind in (EventKind.TASK_COMPLETED, EventKind.OFFER_TAKEN) and event.element is not None:
        form = forms.get(event.element.form or "")
        answers = reader.answers(form, {"outcome": payload.get("values", {}).get("outcome")}) if form else []
        return next((answer.text for answer in answers), "")
    return ""


def operation_words(operation: Operation | None, language: str) -> str:
    """What an operation is called: in words where they are known in this language, else its name."""
    if operation is None:
        return ""
    title = operation_title(operation)
    with force_locale("en"):
        is_foreign = language != "en" and title == operation_title(operation)
    return operation.name if is_foreign else title


def _called(call: Call, standing: Standing, reader: FormReader, operations: Mapping[str, Operation]) -> Line:
    name = element_name(standing.definition.find(call.element), reader.language)
    title = operation_words(operations.get(call.operation), reader.language) or call.operation
    pairs = [(parameter_title(name), value_text(value, reader)) for name, value in call.arguments.items()]
    answer = ", ".join(f"{parameter_title(name)} = {value_text(value, reader)}" for name, value in call.answer.items())
    text = (
        _("fails with %(code)s", code=call.error) if call.error else answer and _("answers %(values)s", values=answer)
    )
    said = [(label, value) for label, value in pairs if value]
    tone = "bad" if call.error else ""
    return Line(call.act, call.at, "settings", f"{name}: {title}" if name else title, str(text), tone, said)


def _outside(event: Happening, reader: FormReader) -> Line:
    name = element_name(event.element, reader.language)
    if event.kind is EventKind.MESSAGE_SENT:
        title, icon = _("Would send the message “%(name)s”", name=event.payload.get("message", "")), "send"
    elif event.kind is EventKind.REMINDED:
        title, icon = _("Would remind: %(step)s", step=name), "bell"
    else:
        who = person_name(str(event.payload.get("to", "")))
        title, icon = _("Would tell %(who)s: %(step)s", who=who, step=name), "user-exclamation"
    return Line(event.act, event.at, icon, str(title), "", "warn" if event.kind is EventKind.ESCALATED else "")
