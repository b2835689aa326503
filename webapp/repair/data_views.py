"""Editing what the document of a case says: by the form of its step, or value by value."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug import Response

from engine import case_data
from engine.definitions.model import Element
from engine.errors import BusinessError
from engine.human_tasks.form_values import FormInvalid
from engine.instances.saving import new_command_key
from webapp.cases.page import reader
from webapp.cases.queries import CaseRecord
from webapp.core.database import session
from webapp.core.errors import NotFound
from webapp.core.i18n import current_zone, local_now
from webapp.core.permissions import require
from webapp.core.requests import local_path
from webapp.core.workflow import describe_cases, engine, reading
from webapp.kit.form_view import for_browser
from webapp.repair import places, values
from webapp.repair.causes import explain_repair
from webapp.repair.fields import choices_of, common_labels, form_of, labels_of
from webapp.repair.reaching import bp, posted_act, require_repairable, revision_of, status_for
from webapp.staff.zones import zone_name

NOT_FIELDS = frozenset({"csrf_token", "command_key", "rev", "reason", "next"})


@dataclass(frozen=True)
class Group:
    """What one element of the drawing has left in the document."""

    key: str
    name: str
    by_form: bool
    labels: Mapping[str, str]  # what its fields are called
    rows: Sequence[values.Known]
    choices: Mapping[tuple[str, str], str]  # by field and value, what its form calls them

    def shown(self, row: values.Known, zone: ZoneInfo) -> str:
        """The value in words where its form has some."""
        if isinstance(row.value, bool):
            return str(_("Yes") if row.value else _("No"))
        return self.choices.get((row.field, row.text(zone))) or row.text(zone)


@bp.get("/cases/<int:instance_id>/repair/data")
@require("repair.change")
def show_data(instance_id: int) -> str:
    """Everything the case knows, each with a way to change it."""
    return _data_page(require_repairable(session(), instance_id))


@bp.post("/cases/<int:instance_id>/repair/data")
@require("repair.change")
def set_value(instance_id: int) -> ResponseReturnValue:
    """Set one value."""
    require_repairable(session(), instance_id)
    element, path = places.read_key(request.form.get("place", "")[:500])
    field = request.form.get("field", "").strip()[:60]
    try:
        value = values.read_value(request.form.get("kind", ""), request.form.get("value", ""), current_zone())
        _require_named(require_repairable(session(), instance_id), element, path, field)
        engine().repair.edit_values(session(), instance_id, element, path, {field: value}, posted_act())
    except BusinessError as refusal:
        session().rollback()
        case = require_repairable(session(), instance_id)
        return _data_page(case, refusal=explain_repair(refusal, case.definition), typed=request.form), status_for(
            refusal
        )
    return _saved(instance_id)


@bp.get("/cases/<int:instance_id>/repair/answers")
@require("repair.change")
def show_answers(instance_id: int) -> str:
    """The answers of a step in its own form, also those that decided the way."""
    return _answers_page(require_repairable(session(), instance_id), request.args.get("place", ""))


@bp.post("/cases/<int:instance_id>/repair/answers")
@require("repair.change")
def change_answers(instance_id: int) -> ResponseReturnValue:
    """Keep the answers as they have been changed."""
    case = require_repairable(session(), instance_id)
    key = request.args.get("place", "")
    element, path = places.read_key(key[:500])
    names = [name for name in request.form if name not in NOT_FIELDS]
    lists = {name: request.form.getlist(name) for name in names}
    typed = {name: found[0] if len(found) == 1 else found for name, found in lists.items()}
    try:
        engine().repair.edit_answers(session(), instance_id, element, path, typed, reading(), posted_act())
    except FormInvalid as refusal:
        session().rollback()
        return _answers_page(case, key, typed=typed, errors=refusal.errors), 422
    except BusinessError as refusal:
        session().rollback()
        told = explain_repair(refusal, case.definition)
        return _answers_page(case, key, typed=typed, refusal=told), status_for(refusal)
    return _saved(instance_id)


def _saved(instance_id: int) -> Response:
    flash(_("The data of the case have been changed."), "success")
    back = url_for("repair.show_data", instance_id=instance_id)
    return redirect(local_path(request.values.get("next"), back))


def _require_named(case: CaseRecord, element: str, path: Sequence[str], field: str) -> None:
    """A value needs a name, and an element that the drawing or the document knows."""
    model, calls = case.definition.place(path)
    known = case_data.view(case.document, calls)
    if not field.isidentifier() or not (element in model.elements or element in known):
        raise NotFound("element_unknown", f"There is no {element}.{field}.")


def _data_page(case: CaseRecord, *, refusal: str = "", typed: Mapping[str, str] | None = None) -> str:
    asked = typed or {"place": request.args.get("place", ""), "field": request.args.get("field", "")}
    groups = _groups(case)
    known = {(group.key, row.field): row for group in groups for row in group.rows}
    now_there = known.get((asked["place"], asked["field"]))
    if typed is None and now_there is not None:
        asked = {**asked, "kind": now_there.kind, "value": now_there.text(current_zone())}
    return render_template(
        "repair/data.html",
        case=case,
        title=describe_cases(session(), [case.business_key])[case.business_key].title,
        groups=groups,
        places=_all_places(case, groups),
        kinds=values.KINDS,
        zone=current_zone(),
        zone_text=zone_name(current_zone().key),
        asked=asked,
        asked_label=next((each.labels.get(asked["field"], "") for each in groups if each.key == asked["place"]), ""),
        refusal=refusal,
        next=local_path(request.values.get("next"), ""),
        rev=revision_of(session(), case.instance_id),
        key=new_command_key(),
    )


def _groups(case: CaseRecord) -> list[Group]:
    """By element, in the order of the document; what stands in called processes after the process's own."""
    calls_known = {calls for calls, _element in case.definition.nodes()}
    common = common_labels(session(), case.definition)
    groups = []
    for calls in sorted(calls_known, key=lambda each: (len(each), each)):
        here = _at(case.document, calls)
        inside = frozenset(each[-1] for each in calls_known if each[:-1] == calls and each)
        rows: dict[str, list[values.Known]] = {}
        for row in values.known_values(here, calls, inside):
            rows.setdefault(row.element, []).append(row)
        for element, found in rows.items():
            form = form_of(session(), case.definition, element, calls)
            hidden = form.personal_keys if form is not None else frozenset()
            shown = [row for row in found if row.field not in hidden]
            name = _name_of(case, element, calls)
            labels = {**common, **labels_of(form)}
            groups.append(Group(places.key_of(element, calls), name, form is not None, labels, shown, choices_of(form)))
    return groups


def _name_of(case: CaseRecord, key: str, calls: Sequence[str]) -> str:
    """What the element is called that answers under this name."""
    model, _calls = case.definition.place(calls)
    answers = (each.id for each in model.elements.values() if key in _answer_names(each))
    return places.name_at(case.definition, key if key in model.elements else next(answers, key), calls)


def _answer_names(element: Element) -> tuple[str | None, ...]:
    return (element.result_variable, element.call.result_variable if element.call is not None else None)


def _all_places(case: CaseRecord, groups: Sequence[Group]) -> list[tuple[str, str]]:
    """Where a value may be set: what has left something, then the steps without people that have not."""
    found = {group.key: group.name for group in groups}
    for calls, element in case.definition.nodes():
        if element.call is not None or element.decision is not None:
            named = element.call.result_variable if element.call is not None else element.result_variable
            key = places.key_of(named or element.id, calls)
            found.setdefault(key, places.name_at(case.definition, element.id, calls))
    return list(found.items())


def _at(document: Mapping[str, Any], calls: Sequence[str]) -> Mapping[str, Any]:
    found: Any = document
    for call in calls:
        found = found.get(call) if isinstance(found, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def _answers_page(
    case: CaseRecord,
    key: str,
    *,
    typed: Mapping[str, Any] | None = None,
    errors: Mapping[str, str] | None = None,
    refusal: str = "",
) -> str:
    element_id, path = places.read_key(key[:500])
    _model, calls = case.definition.place(path)
    form, given = form_of(session(), case.definition, element_id, path), _at(case.document, calls).get(element_id)
    if form is None or not isinstance(given, Mapping):
        raise NotFound("answer_unknown", f"Nothing was answered at {element_id}.")
    known = case_data.view(case.document, calls)
    shown = reader(session(), case.instance_id)
    return render_template(
        "repair/answers.html",
        case=case,
        title=describe_cases(session(), [case.business_key])[case.business_key].title,
        name=places.name_at(case.definition, element_id, path),
        place=key,
        widgets=shown.widgets(
            form, given if typed is None else typed, errors or {}, known, local_now(), without=form.personal_keys
        ),
        errors=errors or {},
        context=for_browser({**known, "case": {"key": case.business_key}}),
        refusal=refusal,
        reason=request.form.get("reason", ""),
        next=local_path(request.values.get("next"), ""),
        rev=revision_of(session(), case.instance_id),
        key=new_command_key(),
    )
