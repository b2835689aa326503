"""The chronicle: the log of a case and the contacts with its customer as sentences, newest first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from engine import case_data
from engine.definitions.store import Definition
from engine.history.models import HistoryEvent
from engine.history.recording import DEVIATION, Deviation
from engine.human_tasks.forms import Form
from webapp.cases.decisions_told import decision_told, table_told
from webapp.cases.labels import POSTPONE_REASONS, outcome_text
from webapp.cases.repairs_told import REPAIRS, repair_told, resolution_told, values_told
from webapp.core import formats
from webapp.customers import labels
from webapp.customers.models import InteractionChannel
from webapp.kit.answers import Answer, lines_in_words
from webapp.kit.form_view import FormReader

ICONS = {
    "case_opened": "phone-incoming",
    "task_completed": "check",
    "task_skipped": "minus",
    "lines_left_out": "minus",
    "milestone_entered": "target",
    "offer_taken": "circle-x",
    "decision_made": "table",
    "task_postponed": "clock-pause",
    "task_woken": "clock",
    "task_recalled": "arrow-back-up",
    "task_delegated": "user-share",
    "case_moved": "user-share",
    "task_claimed": "user-check",
    "task_released": "user",
    "timer_fired": "clock",
    "reminded": "bell",
    "escalated": "user-exclamation",
    "answer_corrected": "edit",
    "commented": "message",
    "instructed": "message",
    "deviation_seen": "checks",
    "escalation_answered": "user-check",
    "contact_noted": "phone",
    "case_closed": "flag",
    "case_reopened": "refresh",
    "incident_opened": "alert-triangle",
    "incident_resolved": "circle-check",
    "definition_changed": "git-branch",
    "case_digested": "history",
    "step_moved": "route",
    "element_passed_over": "minus",
    "data_edited": "edit",
    "case_cancelled": "x",
    "case_restarted": "refresh",
    "milestone_taken_back": "target",
}
SILENT = {
    "task_created",
    "operation_called",
    "case_moved",
    "task_cancelled",
    "message_received",
    "message_sent",
}


@dataclass(frozen=True)
class Entry:
    """One line. `kind` is what the filter knows: contacts, steps, people, system."""

    icon: str
    title: str
    text: str
    at: datetime
    by: int | None
    kind: str
    tone: str = ""
    details: Sequence[Answer] = field(default_factory=tuple)


def entry_of(
    event: HistoryEvent,
    definition: Definition,
    forms: Mapping[str, Form],
    reader: FormReader,
    names: Mapping[int, str],
    said: Mapping[Any, str],
) -> Entry | None:
    """The sentence for an event of the log; None for what only machines care about.

    `said`: what was noted of a contact, by the id of the row in the customer's chronicle.
    """
    payload = case_data.load(event.payload) if event.payload else {}
    if event.kind in SILENT and not (event.kind == "case_moved" and "from" in payload):
        return None
    element = definition.find(event.element) if event.element else None
    step = element.name.in_language(reader.language) if element else (event.element or "")
    if event.kind == "milestone_taken_back":
        marked = definition.model.milestone_names.get(event.milestone or "")
        step = marked.in_language(reader.language) if marked else (event.milestone or "")
    title, text = _sentence(event, payload, step, definition, reader, names, said)
    details: Sequence[Answer] = ()
    if event.kind in {"task_completed", "offer_taken"} and element and element.form and element.form in forms:
        form = forms[element.form]
        values = payload.get("values", {})
        answers = reader.answers(form, values)
        text = next((answer.text for answer in answers if answer.key == "outcome"), text)
        details = [answer for answer in answers if answer.key != "outcome"]
    deviates = event.kind == "offer_taken" and "deviation" in payload
    if deviates:
        text = ". ".join(filter(None, (text, _("Deviation from the process"))))
    if payload.get(DEVIATION) == Deviation.STRANGER:
        owner = names.get(int(payload.get("assignee") or 0), "")
        text = ". ".join(filter(None, (text, _("The step belonged to %(name)s", name=owner) if owner else "")))
    if event.kind == "data_edited":
        known = forms.get(element.form or "") if element else None
        details = values_told(payload) if known is None else _corrected(known, payload, reader)
    if event.kind == "answer_corrected" and element and element.form in forms and element.form:
        details = _corrected(forms[element.form], payload, reader)
    if "late_by" in payload and isinstance(payload["late_by"], timedelta):
        text = ". ".join(filter(None, (text, _lateness(payload["late_by"], reader.language))))
    return Entry(
        icon="minus" if deviates else ICONS.get(event.kind, "circle"),
        title=title,
        text=text,
        at=event.at,
        by=event.actor_id,
        kind=_KINDS.get(event.kind, "system"),
        tone="warn" if deviates else _TONES.get(event.kind, ""),
        details=details,
    )


def _lateness(span: timedelta, language: str) -> str:
    if formats.is_moment(span):
        return str(_("Less than a minute late"))
    return str(_("Late by %(time)s", time=formats.format_duration(span, language)))


def _corrected(form: Form, payload: Mapping[str, Any], reader: FormReader) -> list[Answer]:
    """What stands now, and under it what stood before."""
    found = []
    for key in form.fields:
        for label, name in (("%(field)s", "after"), (_l("%(field)s, before"), "before")):
            for answer in reader.answers(form, {key: payload.get(name, {}).get(key)}):
                found.append(replace(answer, label=str(label) % {"field": answer.label}))
    return found


_TONES = {
    **dict.fromkeys(REPAIRS, "warn"),
    "lines_left_out": "warn",
    "escalated": "bad",
    "incident_opened": "bad",
    "offer_taken": "bad",
}
_KINDS = {
    **dict.fromkeys(REPAIRS, "people"),
    "task_completed": "steps",
    "task_skipped": "steps",
    "lines_left_out": "steps",
    "offer_taken": "steps",
    "milestone_entered": "steps",
    "case_opened": "steps",
    "case_closed": "steps",
    "answer_corrected": "steps",
    "commented": "people",
    "instructed": "people",
    "deviation_seen": "people",
    "escalation_answered": "people",
    "contact_noted": "contacts",
    "task_delegated": "people",
    "case_moved": "people",
    "task_claimed": "people",
    "task_released": "people",
    "task_postponed": "people",
    "task_recalled": "people",
}


def _sentence(
    event: HistoryEvent,
    payload: Mapping[str, Any],
    step: str,
    definition: Definition,
    reader: FormReader,
    names: Mapping[int, str],
    said: Mapping[Any, str],
) -> tuple[str, str]:
    kind = event.kind
    if kind in {"task_completed", "offer_taken", "timer_fired"}:
        return step, ""
    if kind == "decision_made":
        table = table_told(payload, reader)
        title = _("%(step)s: decided by the table “%(table)s”", step=step, table=table) if table else step
        return title, decision_told(payload, reader)
    if kind == "case_opened":
        return _("Case opened"), ""
    if kind == "case_closed":
        return _("Case closed"), outcome_text(payload.get("outcome"))
    if kind in REPAIRS:
        return repair_told(kind, payload, step, definition, reader.language)
    if kind == "milestone_entered":
        return _("Reached: %(milestone)s", milestone=step), ""
    if kind == "task_skipped":
        return _("Not needed: %(step)s", step=step), str(payload.get("reason", ""))
    if kind == "lines_left_out":
        return _("Left out: %(lines)s", lines=lines_in_words(payload["lines"], reader.language)), str(payload["reason"])
    if kind == "task_postponed":
        until = formats.format_moment(payload["until"], reader.language, reader.zone)
        reason = str(POSTPONE_REASONS.get(payload.get("reason", ""), payload.get("reason", "")))
        comment = str(payload.get("comment") or "")
        return _("Postponed until %(time)s", time=until), ". ".join(part for part in (reason, comment) if part)
    if kind == "task_woken":
        return _("Due again: %(step)s", step=step), ""
    if kind == "task_recalled":
        return _("Postponing undone: %(step)s", step=step), ""
    if kind == "task_delegated":
        to = names.get(int(payload.get("to") or 0), "")
        return _("Handed over to %(name)s", name=to), str(payload.get("comment") or "")
    if kind == "case_moved":
        to = names.get(int(payload.get("owner") or 0), "–")
        return _("Responsible now: %(name)s", name=to), str(payload.get("comment") or "")
    if kind == "task_claimed":
        return _("Taken: %(step)s", step=step), ""
    if kind == "task_released":
        return _("Given back: %(step)s", step=step), ""
    if kind == "reminded":
        return _("Reminder: %(step)s", step=step), ""
    if kind == "escalated":
        to = ", ".join(names.get(int(each), "") for each in payload.get("recipients", []))
        return _("Escalated: %(step)s", step=step), to
    if kind == "answer_corrected":
        return _("Corrected: %(step)s", step=step), str(payload.get("reason") or "")
    if kind == "commented":
        return _("Comment"), str(payload.get("text", ""))
    if kind == "instructed":
        return _("Instruction"), str(payload.get("text", ""))
    if kind == "escalation_answered":
        return _("Answer to the escalation"), str(payload.get("text", ""))
    if kind == "deviation_seen":
        return _("Deviation acknowledged"), ""
    if kind == "contact_noted":
        channel = labels.CHANNELS[InteractionChannel(payload["channel"])]
        text = said.get(payload.get("interaction"), str(payload.get("result", "")))
        return _("Contact: %(channel)s", channel=channel), text
    if kind == "incident_opened":
        return _("A step failed and will be tried again"), ""
    if kind == "incident_resolved":
        return resolution_told(payload)
    if kind == "case_digested":
        last = formats.format_moment(payload["last"], reader.language, reader.zone)
        text = ngettext("%(num)s entry until %(time)s", "%(num)s entries until %(time)s", payload["events"], time=last)
        return _("Details were summed up"), text
    if kind == "definition_changed":
        return _("The process was changed: version %(number)s from here on", number=payload["to"]), ""
    return kind, ""


def people_in(events: Sequence[HistoryEvent]) -> set[int]:
    """Ids of everybody the chronicle will name."""
    found = {event.actor_id for event in events if event.actor_id is not None}
    for event in events:
        if event.kind in {"task_delegated", "case_moved", "escalated", "task_completed"} and event.payload:
            payload = case_data.load(event.payload)
            named = [payload.get("to"), payload.get("owner"), payload.get("assignee"), *payload.get("recipients", [])]
            found |= {int(each) for each in named if _is_number(each)}
    return found


def _is_number(value: object) -> bool:
    return isinstance(value, int) or (isinstance(value, str) and value.isdigit())
