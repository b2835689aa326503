"""What is done with a task: complete, offer, skip, claim, release, postpone, delegate. Each is one POST."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from flask import Response, jsonify
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from engine.human_tasks.form_values import FormInvalid
from engine.human_tasks.models import HumanTask, path_of
from engine.instances.commands import StepResult
from webapp.api.repeating import command_key
from webapp.api.shapes import Done, TaskDone
from webapp.api.task_shapes import DelegateIn, PostponeIn, SkipIn, ValuesIn
from webapp.api.tasks import require_visible, resource
from webapp.cases.page import reader
from webapp.cases.postponing import require_possible
from webapp.cases.queries import get_case
from webapp.cases.services import require_colleague, require_passing_on
from webapp.core.clock import now
from webapp.core.database import session
from webapp.core.errors import FieldsRefused
from webapp.core.i18n import local_now
from webapp.core.permissions import current_scope, require
from webapp.core.workflow import current_actor, engine, reading
from webapp.kit.files import keep
from webapp.kit.widgets import Widget

CHANGE = "cases.change"


@resource.act(
    "/tasks/<int:task_id>/complete", TaskDone, body=ValuesIn, summary=_l("Complete a task with the values of its form")
)
@require(CHANGE)
def complete_task(body: Mapping[str, Any], task_id: int) -> Response:
    """What the form refuses comes back in its own words, by field."""
    require_visible(task_id, CHANGE)
    values = body["values"]
    try:
        result = engine().complete(
            session(),
            task_id,
            values,
            actor=current_actor(),
            reading=reading(),
            command_key=command_key(f"task:{task_id}"),
        )
    except FormInvalid as refusal:
        raise _refused(task_id, refusal, values) from refusal
    keep(session(), result.instance_id, values)
    return _answer(task_id, result)


@resource.act(
    "/tasks/<int:task_id>/offers/<offer>",
    TaskDone,
    body=ValuesIn,
    summary=_l("Take an offer of a task, such as the refusal of a customer"),
)
@require(CHANGE)
def take_offer(body: Mapping[str, Any], task_id: int, offer: str) -> Response:
    """Fire what the drawing offers as a button."""
    require_visible(task_id, CHANGE)
    values = body["values"]
    try:
        result = engine().take_offer(
            session(),
            task_id,
            offer,
            values,
            actor=current_actor(),
            reading=reading(),
            command_key=command_key(f"offer:{task_id}:{offer}"),
        )
    except FormInvalid as refusal:
        raise _refused(task_id, refusal, values, offer) from refusal
    keep(session(), result.instance_id, values)
    return _answer(task_id, result)


@resource.act("/tasks/<int:task_id>/skip", TaskDone, body=SkipIn, summary=_l("Mark a task as not needed"))
@require(CHANGE)
def skip_task(body: Mapping[str, Any], task_id: int) -> Response:
    """Where the drawing allows it; it is recorded as a deviation."""
    require_visible(task_id, CHANGE)
    result = engine().skip(
        session(),
        task_id,
        reason=body["reason"],
        actor=current_actor(),
        now=now(),
        command_key=command_key(f"skip:{task_id}"),
    )
    return _answer(task_id, result)


@resource.act("/tasks/<int:task_id>/claim", Done, summary=_l("Take a task that nobody has"))
@require(CHANGE)
def claim_task(task_id: int) -> dict[str, int]:
    """Claiming one's own task again changes nothing."""
    case_id = require_visible(task_id, CHANGE)
    engine().claim(session(), task_id, actor=current_actor(), now=now())
    return {"case_id": case_id}


@resource.act("/tasks/<int:task_id>/release", Done, summary=_l("Give a task back to everybody of its role"))
@require(CHANGE)
def release_task(task_id: int) -> dict[str, int]:
    """Everybody with the role sees it again."""
    case_id = require_visible(task_id, CHANGE)
    engine().release(session(), task_id, actor=current_actor(), now=now())
    return {"case_id": case_id}


@resource.act("/tasks/<int:task_id>/postpone", Done, body=PostponeIn, summary=_l("Put a task off until a moment"))
@require(CHANGE)
def postpone_task(body: Mapping[str, Any], task_id: int) -> dict[str, int]:
    """At most a year; it is due at that moment."""
    case_id = require_visible(task_id, CHANGE)
    require_possible(body["until"], now=now())
    engine().postpone(session(), task_id, actor=current_actor(), now=now(), **body)
    return {"case_id": case_id}


@resource.act("/tasks/<int:task_id>/delegate", Done, body=DelegateIn, summary=_l("Hand a task to a colleague"))
@require(CHANGE)
def delegate_task(body: Mapping[str, Any], task_id: int) -> dict[str, int]:
    """`with_case`: the colleague leads the case from here on as well."""
    case_id = require_visible(task_id, CHANGE)
    require_colleague(session(), body["to"])
    if body["with_case"]:
        require_passing_on(session(), task_id)
    engine().delegate(session(), task_id, actor=current_actor(), now=now(), **body)
    return {"case_id": case_id}


def _answer(task_id: int, result: StepResult) -> Response:
    """202 when the step is to be tried again by itself."""
    answer = jsonify(
        task_id=task_id,
        case_id=result.instance_id,
        next_tasks=list(result.next_tasks),
        outcome=result.outcome,
        incident_id=result.incident_id,
    )
    answer.status_code = 200 if result.incident_id is None else 202
    return answer


def _refused(task_id: int, refusal: FormInvalid, values: Mapping[str, Any], offer: str | None = None) -> FieldsRefused:
    """The sentences of the form for the codes of the engine; a name that the form does not have is drawn nowhere."""
    task = session().get_one(HumanTask, task_id)
    reach = current_scope(CHANGE)
    record = get_case(session(), engine().store, task.instance_id, reach=reach, actor=current_actor())
    offered = next(
        (each for each in record.definition.offers_at(task.element, path_of(task.path)) if each.id == offer), None
    )
    key = (offered.form if offered else record.element(task).form) or ""
    form = engine().store.form(session(), key).form
    shown = reader(session(), record.instance_id)
    widgets = shown.widgets(form, values, refusal.errors, record.known_at(task), local_now())
    sentences = {widget.key: widget.error for widget in _each(widgets) if widget.error}
    sentences |= {name: _("Unknown field.") for name, code in refusal.errors.items() if code == "unknown_field"}
    return FieldsRefused("form_invalid", {name: [sentences.get(name) or code] for name, code in refusal.errors.items()})


def _each(widgets: Iterable[Widget]) -> Iterator[Widget]:
    """With those in groups and in the rows of lists."""
    for widget in widgets:
        yield widget
        yield from _each(widget.children)
        for row in widget.rows:
            yield from _each(row)
