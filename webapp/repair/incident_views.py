"""The list of incidents, one of them, and what can be done about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp

from engine import case_data
from engine.definitions.model import Element
from engine.definitions.parsing import strip_feel
from engine.errors import BusinessError, EngineError
from engine.feel import compile_expression
from engine.human_tasks.models import path_of
from engine.incidents import Incident, Resolution
from webapp.cases.queries import CaseRecord
from webapp.core.clock import now
from webapp.core.database import session
from webapp.core.engine_errors import explain
from webapp.core.errors import NotFound
from webapp.core.feature import Text
from webapp.core.i18n import current_language, current_zone
from webapp.core.permissions import actor_id, current_scope, may, require
from webapp.core.workflow import describe_cases, engine
from webapp.repair import incidents, places, values
from webapp.repair.causes import in_words, message_of
from webapp.repair.incidents import Show, read_asked
from webapp.repair.reaching import LONGEST_REASON, bp, require_repairable, status_for
from webapp.staff.queries import names_of

INCIDENT_KINDS: Mapping[str, Text] = {
    "send": _l("A message to the outside"),
    "timer": _l("A timer or a reminder"),
}
RESOLUTIONS: Mapping[Resolution, Text] = {
    Resolution.RETRIED: _l("went through"),
    Resolution.SKIPPED: _l("passed over"),
    Resolution.GIVEN_UP: _l("given up"),
    Resolution.OVERTAKEN: _l("no longer needed"),
}
OUTCOMES: Mapping[Resolution, Text] = {
    Resolution.RETRIED: _l("The step went through when it was tried again."),
    Resolution.SKIPPED: _l("The step was passed over: the case has gone on without it."),
    Resolution.GIVEN_UP: _l(
        "It is not tried any more, but nothing was mended: what the step had to do was not done, and the case stays "
        "where it stood."
    ),
    Resolution.OVERTAKEN: _l(
        "It was no longer needed: the step had been done by then, or the case was cancelled or began anew."
    ),
}
NOT_SENT = _l("It is not tried any more, but nothing was mended: the message was not sent.")
SHOWS: Mapping[Show, Text] = {
    Show.OPEN: _l("Unresolved"),
    Show.GIVEN_UP: _lp("incidents", "Given up"),
    Show.RESOLVED: _l("Resolved"),
}
TIMES: Mapping[str, Text] = {"due": _l("Due"), "reminders": _l("Reminders"), "escalate": _l("Escalation")}
ROWS = 4  # of values that a step passed over would have returned


@dataclass(frozen=True)
class Input:
    """What the failed step was given: as drawn, and what it comes to now."""

    name: str
    drawn: str
    value: str
    place: str = ""  # the element of the document that it reads, as a form sends it


@bp.get("/incidents")
@require("repair.see")
def list_incidents() -> str:
    """Steps that failed for a technical reason, and why, the most frequent cause first."""
    asked = read_asked(request.args)
    reach = current_scope("repair.see")
    choices = incidents.find_choices(session(), reach, show=asked.show)
    return render_template(
        "repair/incidents.html",
        asked=asked,
        rows=incidents.find_incidents(session(), reach, asked),
        causes=incidents.find_causes(session(), reach, asked),
        choices=choices,
        names=_names(choices),
        kinds=INCIDENT_KINDS,
        resolutions=RESOLUTIONS,
        shows=SHOWS,
    )


def _names(choices: Sequence[tuple[str, str]]) -> dict[str, str]:
    """What processes and their elements are called, by process and by `process/element`."""
    store, language = engine().store, current_language()
    found = {each.key: each.model.name.in_language(language) for each in store.live(session())}
    for process, element in choices:
        drawn = store.once(session(), process, element) if process and element else None
        if drawn is not None:
            found[f"{process}/{element}"] = drawn.name.in_language(language) or element
    return found


@bp.get("/incidents/<int:incident_id>")
@require("repair.see")
def show_incident(incident_id: int) -> str:
    """Why it failed, with what data, how often, and what can be done."""
    return _page(_incident(incident_id))


@bp.post("/incidents/<int:incident_id>/retry")
@require("repair.see")
def retry_incident(incident_id: int) -> ResponseReturnValue:
    """Try the step again at once."""
    found = _incident(incident_id)
    try:
        went_through = engine().repair.retry(session(), found.id, now=now(), actor_id=actor_id())
    except BusinessError as refusal:
        return _again(incident_id, refusal)
    if went_through:
        flash(_("The step went through."), "success")
    else:
        flash(_("It failed again. The reason below is the newest."), "warning")
    return redirect(url_for("repair.show_incident", incident_id=incident_id))


@bp.post("/incidents/<int:incident_id>/give-up")
@require("repair.see")
def give_up_incident(incident_id: int) -> ResponseReturnValue:
    """Try it no more."""
    found = _incident(incident_id)
    reason = request.form.get("reason", "")[:LONGEST_REASON]
    try:
        engine().repair.give_up(session(), found.id, reason=reason, now=now(), actor_id=actor_id())
    except BusinessError as refusal:
        return _again(incident_id, refusal)
    flash(_("It is not tried any more. The case stays where it is."), "success")
    return redirect(url_for("repair.show_incident", incident_id=incident_id))


@bp.post("/incidents/<int:incident_id>/skip")
@require("repair.change")
def skip_incident(incident_id: int) -> ResponseReturnValue:
    """Go on without the automatic step that failed, with the values it would have returned."""
    found = _incident(incident_id)
    if found.instance_id is not None:
        require_repairable(session(), found.instance_id)
    reason = request.form.get("reason", "")[:LONGEST_REASON]
    try:
        typed = _typed_values()
        went_on = engine().repair.pass_over(
            session(), found.id, values=typed, reason=reason, now=now(), actor_id=actor_id()
        )
    except BusinessError as refusal:
        return _again(incident_id, refusal)
    if went_on:
        flash(_("The step was passed over, the case has gone on."), "success")
    else:
        flash(_("It failed again. The reason below is the newest."), "warning")
    return redirect(url_for("repair.show_incident", incident_id=incident_id))


def _incident(incident_id: int) -> Incident:
    return incidents.get_incident(session(), current_scope("repair.see"), incident_id)


def _typed_values() -> dict[str, object]:
    """Rows of a name, a kind and a value; those without a name are left out."""
    names, kinds, typed = (request.form.getlist(each) for each in ("name", "kind", "value"))
    return {
        name.strip()[:60]: values.read_value(kind, text, current_zone())
        for name, kind, text in zip(names, kinds, typed, strict=False)
        if name.strip()
    }


def _again(incident_id: int, refusal: BusinessError) -> ResponseReturnValue:
    session().rollback()
    return _page(_incident(incident_id), refusal=explain(refusal)), status_for(refusal)


def _page(incident: Incident, *, refusal: str = "") -> str:
    case = _case_of(incident)
    path = path_of(incident.failed_path)
    element = incident.failed_element or incident.element
    attempts = incidents.attempts_of(session(), incident.id)
    people = {each.actor_id for each in attempts} | {incident.resolved_by}
    place = "" if case is None or element is None else places.name_at(case.definition, element, path)
    return render_template(
        "repair/incident.html",
        incident=incident,
        words=in_words(incident.cause, kind=incident.kind),
        message=message_of(incident.cause),
        step=place or INCIDENT_KINDS.get(incident.kind, ""),
        asked_for="" if case is None or not incident.element else places.name_at(case.definition, incident.element, ()),
        case=case,
        title=None if case is None else describe_cases(session(), [case.business_key])[case.business_key].title,
        inputs=[] if case is None or element is None else _inputs(case, element, path),
        skips=case is not None and may("repair.change") and _is_skippable(incident),
        attempts=attempts,
        names=names_of(session(), {person for person in people if person is not None}),
        next_at=incidents.next_attempt(session(), incident.id),
        outcome=_outcome(incident),
        kinds=values.KINDS,
        rows=range(ROWS),
        refusal=refusal,
    )


def _outcome(incident: Incident) -> Text:
    """What became of it."""
    if incident.resolution is None:
        return ""
    unsent = incident.resolution is Resolution.GIVEN_UP and incident.kind == "send"
    return NOT_SENT if unsent else OUTCOMES[incident.resolution]


def _case_of(incident: Incident) -> CaseRecord | None:
    """The case, for who may mend it; the others read its name in the list."""
    if incident.instance_id is None or not may("repair.change"):
        return None
    try:
        return require_repairable(session(), incident.instance_id)
    except NotFound:
        return None


def _is_skippable(incident: Incident) -> bool:
    return incident.resolved_at is None and engine().repair.skippable(session(), incident.id)


def _inputs(case: CaseRecord, element_id: str, path: tuple[str, ...]) -> list[Input]:
    """What the drawing gives the step, as it comes out with the data of now."""
    model, calls = case.definition.place(path)
    element = model.elements.get(element_id)
    if element is None:
        return []
    drawn = {**element.inputs, **(element.call.inputs if element.call is not None else {}), **_times(element)}
    known = {**case_data.view(case.document, calls), "case": {"key": case.business_key, "owner": case.owner_id}}
    return [
        Input(name, source, _comes_to(source, known, now()), _read_place(source, known, path))
        for name, source in drawn.items()
    ]


def _times(element: Element) -> dict[str, str]:
    """What a timer and the clock of a step are drawn with."""
    drawn = {str(text): element.properties.get(name, "") for name, text in TIMES.items()}
    drawn[str(_("Timer"))] = element.timer or ""
    return {name: source for name, source in drawn.items() if source}


def _comes_to(source: str, known: Mapping[str, Any], at: datetime) -> str:
    if not source.startswith("="):
        return source
    try:
        return values.written(compile_expression(strip_feel(source) or "null").evaluate(known, now=at), current_zone())
    except EngineError:
        return str(_("cannot be worked out"))


def _read_place(source: str, known: Mapping[str, Any], path: tuple[str, ...]) -> str:
    """The element of the document that the expression names first, to be edited."""
    named = source.removeprefix("=").strip().partition(".")[0].strip()
    return places.key_of(named, path) if isinstance(known.get(named), Mapping) and named != "case" else ""
