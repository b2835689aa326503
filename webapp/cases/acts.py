"""What a person does on a case: complete, offer, postpone, hand over, note, correct. Each is one POST."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from marshmallow import Schema, fields
from werkzeug import Response

from engine.errors import BusinessError, NotAllowed, StaleState, TaskClosed, UnknownDefinition, UnknownTask
from engine.history.recording import EventKind
from engine.human_tasks.form_values import FormInvalid
from engine.instances.commands import StepResult
from engine.instances.saving import new_command_key
from webapp.cases import services, starting
from webapp.cases.labels import POSTPONE_REASONS
from webapp.cases.page import load_page
from webapp.cases.postponing import MORNING, require_possible
from webapp.cases.too_late import give_back
from webapp.cases.views import NO_ERRORS, render_case, render_start
from webapp.cases.walking import BOARD, carried
from webapp.core.clock import now
from webapp.core.database import keep_despite_refusal, session
from webapp.core.engine_errors import explain
from webapp.core.errors import RuleViolation
from webapp.core.formats import format_when
from webapp.core.forms import FormSchema, choice, day, number, read_form, text, whole_number
from webapp.core.i18n import current_language, current_zone
from webapp.core.permissions import actor_id, current_scope, require
from webapp.core.requests import local_path
from webapp.core.undo import flash_undoable
from webapp.core.workflow import current_actor, engine, reading
from webapp.kit.files import keep

bp = Blueprint("case_acts", __name__, template_folder="templates")

NOT_FIELDS = frozenset({"csrf_token", "command_key", "boundary", "back"})


class PostponeIn(FormSchema):
    """When the task comes back, and why."""

    until = day(required=True)
    at = fields.Time(load_default=MORNING)
    reason = choice(tuple(POSTPONE_REASONS))
    comment = text(500)


class DelegateIn(FormSchema):
    """To whom a task goes."""

    to = whole_number(required=True, error_messages={"required": _l("Choose a colleague.")})
    comment = text(500)
    with_case = fields.Boolean(load_default=False)


class SkipIn(FormSchema):
    """Why a step is not needed."""

    reason = text(200, required=True, shortest=3)


class ContactIn(FormSchema):
    """A contact that happened."""

    channel = choice(tuple(services.CHANNELS))
    direction = choice(("in", "out"))
    result = text(1000, required=True, shortest=2)


class StartIn(FormSchema):
    """Which process begins, and what it is about."""

    process = text(120, required=True)
    subject = text(120, required=True)
    centre_id = whole_number(load_default=None)


class CommentIn(FormSchema):
    """A comment for colleagues."""

    text = text(1000, required=True, shortest=1)


@bp.post("/cases/start")
@require("cases.add")
def start_case() -> ResponseReturnValue:
    """Begin a case of a process that starts by hand, and go to its first step."""
    form = read_form(StartIn())
    if form.ok:
        try:
            instance_id = starting.start_case(
                session(),
                form.data["process"],
                subject=form.data["subject"],
                centre_id=form.data["centre_id"],
                command_key=command_key(),
                reach=current_scope("cases.add"),
                actor_id=actor_id(),
                now=now(),
            )
        except RuleViolation as refusal:
            form.refuse("centre_id", explain(refusal))
        else:
            flash(_("Started."), "success")
            return redirect(url_for("cases.show_case", instance_id=instance_id))
    session().rollback()
    return render_start(form), 422


@bp.post("/tasks/<int:task_id>/complete")
@require("cases.change")
def complete_task(task_id: int) -> ResponseReturnValue:
    """Submit the form of a step; a refused form is shown again with everything that was typed."""
    typed = typed_values()
    try:
        result = engine().complete(
            session(), task_id, typed, actor=current_actor(), reading=reading(), command_key=command_key(task_id)
        )
    except FormInvalid as refusal:
        return _show_again(task_id, typed, refusal.errors)
    except (TaskClosed, NotAllowed) as refusal:
        return give_back(session(), refusal, task_id, typed)
    except BusinessError as refusal:
        return _refused(refusal, task_id, typed)
    keep(session(), result.instance_id, typed)
    return _go_on(result)


@bp.post("/tasks/<int:task_id>/offers/<boundary>")
@require("cases.change")
def take_offer(task_id: int, boundary: str) -> ResponseReturnValue:
    """Press a button that the drawing offers on the task, such as «Refused»."""
    typed = typed_values()
    try:
        result = engine().take_offer(
            session(),
            task_id,
            boundary,
            typed,
            actor=current_actor(),
            reading=reading(),
            command_key=command_key(task_id),
        )
    except FormInvalid as refusal:
        return _show_again(task_id, typed, refusal.errors, boundary=boundary)
    except (TaskClosed, NotAllowed) as refusal:
        return give_back(session(), refusal, task_id, typed, boundary)
    except BusinessError as refusal:
        return _refused(refusal, task_id, typed, boundary)
    keep(session(), result.instance_id, typed)
    return _go_on(result)


@bp.post("/tasks/<int:task_id>/postpone")
@require("cases.change")
def postpone_task(task_id: int) -> Response:
    form = _read(PostponeIn())
    until = datetime.combine(form["until"], form["at"], tzinfo=current_zone())
    require_possible(until, now=now())
    engine().postpone(
        session(),
        task_id,
        until=until,
        reason=form["reason"],
        comment=form["comment"] or "",
        actor=current_actor(),
        now=now(),
    )
    flash_undoable(
        _("Postponed until %(time)s.", time=format_when(until, now(), current_language(), current_zone())),
        url_for("case_acts.recall_tasks"),
        {"task": [task_id]},
    )
    return _back()


@bp.post("/tasks/recall")
@require("cases.change")
def recall_tasks() -> Response:
    """Undo: tasks that were just postponed are due again as they were."""
    for task_id in request.form.getlist("task", type=number):
        engine().recall(session(), task_id, actor=current_actor(), now=now())
    flash(_("Undone. The task is where it was."), "success")
    return _back()


@bp.post("/tasks/<int:task_id>/delegate")
@require("cases.change")
def delegate_task(task_id: int) -> Response:
    form = _read(DelegateIn())
    name = services.require_colleague(session(), form["to"])
    if form["with_case"]:
        services.require_passing_on(session(), task_id)
    engine().delegate(
        session(),
        task_id,
        to=form["to"],
        comment=form["comment"] or "",
        actor=current_actor(),
        now=now(),
        with_case=form["with_case"],
    )
    flash(_("Handed over to %(name)s.", name=name), "success")
    return _back(services.case_of(session(), task_id))


@bp.post("/tasks/<int:task_id>/claim")
@require("cases.change")
def claim_task(task_id: int) -> Response:
    engine().claim(session(), task_id, actor=current_actor(), now=now())
    return _back()


@bp.post("/tasks/<int:task_id>/release")
@require("cases.change")
def release_task(task_id: int) -> Response:
    engine().release(session(), task_id, actor=current_actor(), now=now())
    flash(_("Given back. Everybody with this role sees it again."), "success")
    return _back(services.case_of(session(), task_id))


@bp.post("/tasks/<int:task_id>/skip")
@require("cases.change")
def skip_task(task_id: int) -> Response:
    form = _read(SkipIn())
    result = engine().skip(
        session(), task_id, reason=form["reason"], actor=current_actor(), now=now(), command_key=command_key()
    )
    return _go_on(result)


@bp.post("/tasks/<int:task_id>/draft")
@require("cases.change")
def save_draft(task_id: int) -> ResponseReturnValue:
    """Keep what is typed on an open step, for this person, until it is submitted."""
    services.save_draft(
        session(), task_id, typed_values(), boundary=request.args.get("boundary"), actor=current_actor(), at=now()
    )
    return "", 204


@bp.post("/cases/<int:instance_id>/contacts")
@require("cases.change")
def note_contact(instance_id: int) -> Response:
    form = _read(ContactIn())
    services.note_contact(session(), instance_id, actor_id=actor_id(), at=now(), **form)
    flash(_("The contact is noted."), "success")
    return _back(instance_id)


@bp.post("/cases/<int:instance_id>/comments")
@require("cases.change")
def comment(instance_id: int) -> Response:
    form = _read(CommentIn())
    services.require_case(session(), instance_id)
    payload = {"text": form["text"]}
    engine().note(session(), instance_id, EventKind.COMMENTED, payload, actor_id=actor_id(), now=now())
    return _back(instance_id)


@bp.post("/cases/<int:instance_id>/answers/<element>")
@require("cases.change")
def correct_answer(instance_id: int, element: str) -> ResponseReturnValue:
    """Change an earlier answer; the old one stays in the log."""
    services.require_case(session(), instance_id)
    typed = typed_values()
    reason = str(typed.pop("correction_reason", ""))[:200]
    try:
        engine().correct_answer(
            session(), instance_id, element, typed, reason=reason, actor=current_actor(), reading=reading()
        )
    except FormInvalid as refusal:
        return _correct_again(instance_id, element, typed, reason, refusal.errors)
    except RuleViolation as refusal:
        return _correct_again(instance_id, element, typed, reason, sentence=explain(refusal))
    keep(session(), instance_id, typed)
    flash(_("Corrected. The earlier answer stays in the chronicle."), "success")
    return redirect(url_for("cases.show_case", instance_id=instance_id))


def _correct_again(
    instance_id: int,
    element: str,
    typed: Mapping[str, Any],
    reason: str,
    errors: Mapping[str, str] | None = None,
    *,
    sentence: str = "",
) -> ResponseReturnValue:
    """The correction once more, with what was typed and what is wrong with it."""
    session().rollback()
    page = services.load_correction(session(), instance_id, element, typed, errors or {})
    return render_template("cases/correct.html", page=page, reason=reason, refusal=sentence), 422


def typed_values() -> dict[str, Any]:
    """Everything typed into a step's form: texts, and lists where a name came several times."""
    names = [name for name in request.form if name not in NOT_FIELDS]
    lists = {name: request.form.getlist(name) for name in names}
    return {name: values[0] if len(values) == 1 else values for name, values in lists.items()}


def command_key(task_id: int | None = None) -> str:
    """The key that the page was rendered with: submitting it twice is doing it once.

    On a task it counts for this task and this person alone: whatever else comes with the same key is another command.
    """
    posted = request.form.get("command_key", "")[:64]
    if not posted or task_id is None:
        return posted or new_command_key()
    return hashlib.sha256(f"{actor_id()}:{task_id}:{posted}".encode()).hexdigest()


def _read(schema: Schema) -> Mapping[str, Any]:
    form = read_form(schema)
    if not form.ok:
        raise RuleViolation("form_incomplete", sentence=next(iter(form.errors.values())))
    return form.data


def _show_again(
    task_id: int,
    typed: Mapping[str, Any],
    errors: Mapping[str, str] = NO_ERRORS,
    *,
    boundary: str | None = None,
    sentence: str = "",
) -> ResponseReturnValue:
    """The same page with what was typed and what is wrong; the draft is kept although the step was refused.

    `sentence`: the rule of the trade that refuses the whole, where no single field is wrong.
    """
    session().rollback()
    services.save_draft(session(), task_id, typed, boundary=boundary, actor=current_actor(), at=now())
    keep_despite_refusal()
    page = load_page(
        session(),
        services.case_of(session(), task_id),
        wanted_task=task_id,
        typed=typed,
        errors=errors,
        boundary=boundary,
    )
    return render_case(page, "step", errors=errors, boundary=boundary, refusal=sentence), 422


def _refused(
    refusal: BusinessError, task_id: int, typed: Mapping[str, Any], boundary: str | None = None
) -> ResponseReturnValue:
    """The page again under what a rule of the trade or of the engine says, such as that a time is too far away.

    What is not there, and what another act has changed, has a page of its own.
    """
    if isinstance(refusal, UnknownTask | UnknownDefinition | StaleState):
        raise refusal
    return _show_again(task_id, typed, boundary=boundary, sentence=explain(refusal))


def _go_on(result: StepResult) -> Response:
    """Where the work goes on: the next step of this case if it is this person's, else his day; the board, if he came
    from there. The case keeps its place in the list it was opened from.
    """
    kept = carried()
    if result.incident_id is not None:
        flash(
            _("This step could not be carried out just now. What you typed is kept, and it will be tried again."),
            "danger",
        )
        return redirect(url_for("cases.show_case", instance_id=result.instance_id, **kept))
    if BOARD in kept:
        flash(_("Done."), "success")
        return redirect(f"{url_for('cases.show_board')}?{kept[BOARD]}#case-{result.instance_id}")
    following = services.next_task(session(), result, current_actor())
    if following is not None:
        flash(_("Done. Here is the next step."), "success")
        return redirect(url_for("cases.show_case", instance_id=result.instance_id, task=following, **kept))
    flash(_("Done."), "success")
    if not services.is_case_in_sight(session(), result.instance_id):
        return redirect("/")
    return redirect(url_for("cases.show_case", instance_id=result.instance_id, **kept))


def _back(instance_id: int | None = None) -> Response:
    """To the page the act came from, which it names itself; only within the application.

    Home, when the act has put the case out of this person's sight.
    """
    if instance_id is not None and not services.is_case_in_sight(session(), instance_id):
        return redirect("/")
    home = "/" if instance_id is None else url_for("cases.show_case", instance_id=instance_id)
    return redirect(local_path(request.form.get("back"), home))
