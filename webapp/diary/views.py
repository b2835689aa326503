"""My day: what waits for the person, in the order in which it presses."""

from datetime import datetime, timedelta

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from marshmallow import fields
from werkzeug import Response

from engine.human_tasks.assignment import Actor
from webapp.cases.labels import POSTPONE_REASONS
from webapp.cases.postponing import LONGEST
from webapp.core import forms
from webapp.core.clock import now
from webapp.core.database import session
from webapp.core.errors import RuleViolation
from webapp.core.formats import format_duration
from webapp.core.forms import Form, FormSchema
from webapp.core.i18n import current_language, current_zone
from webapp.core.permissions import actor_id, require
from webapp.core.requests import is_htmx, local_path
from webapp.core.undo import flash_undoable
from webapp.core.workflow import current_actor, engine
from webapp.diary import queries, services
from webapp.diary.day import Day, DayTask, Visit, sort_tasks
from webapp.diary.refusals import DATE_REFUSALS
from webapp.diary.visits import find_visits
from webapp.staff.roles import BY_NAME

bp = Blueprint("diary", __name__, url_prefix="/diary", template_folder="templates")

FOLLOWING = 3  # shown at the side in focus mode


class PostponeForm(FormSchema):
    """The dialog: which tasks, why, until when."""

    task = fields.List(forms.whole_number(), required=True)
    reason = forms.choice(list(POSTPONE_REASONS))
    when = forms.choice([*services.PRESETS, services.OTHER_DATE])
    day = forms.day(load_default=None)
    comment = forms.text(500)


@bp.get("/")
@require("diary.see")
def show_day() -> str:
    """The page of the day."""
    day, actor = _day()
    return render_template(
        "diary/day.html",
        day=day,
        actor=actor,
        done=queries.count_done(session(), actor_id(), now=now(), zone=current_zone()),
        sentence=_sentence(day),
        moment=now(),
    )


@bp.get("/focus")
@require("diary.see")
def show_focus() -> str:
    """One task and nothing else."""
    day, actor = _day()
    ordered = [*day.leads, *day.ordered()] if day.leads and not day.leads[0].is_late(now()) else day.ordered()
    wanted = request.args.get("task", type=forms.number)
    chosen = next((task for task in ordered if task.id == wanted), ordered[0] if ordered else None)
    position = ordered.index(chosen) if chosen else 0
    following = [*ordered[position + 1 :], *ordered[:position]]
    return render_template(
        "diary/focus.html",
        task=chosen,
        following=following[:FOLLOWING],
        left=len(ordered),
        done=queries.count_done(session(), actor_id(), now=now(), zone=current_zone()),
        visit=_next_visit(day),
        actor=actor,
        moment=now(),
    )


@bp.get("/postpone")
@require("diary.see")
def ask_postpone() -> str:
    """Why and until when; as a fragment inside the dialog, as a page without scripts."""
    ids = request.args.getlist("task", type=forms.number)
    if request.args.get("all") == "overdue":
        ids = queries.find_overdue_ids(session(), current_actor(), now=now())
    return _postpone_page(Form(values={"task": ids, "when": "tomorrow"}), ids)


@bp.post("/postpone")
@require("diary.see")
def postpone() -> Response | tuple[str, int]:
    """Put the tasks to sleep until the morning that was chosen."""
    form = forms.read_form(PostponeForm())
    until = _chosen_moment(form)
    if until is None:
        ids = request.form.getlist("task", type=forms.number)
        return _postpone_page(form, ids), 422
    moved = services.postpone_tasks(
        session(),
        engine(),
        form.data["task"],
        until=until,
        reason=form.data["reason"],
        comment=form.data["comment"] or "",
        actor=current_actor(),
        now=now(),
    )
    if moved.done:
        flash_undoable(
            ngettext("%(num)s task is put off.", "%(num)s tasks are put off.", len(moved.done)),
            url_for("case_acts.recall_tasks"),
            {"task": moved.done},
        )
    if moved.refused:
        flash(
            ngettext(
                "%(num)s task was closed or taken by somebody else meanwhile.",
                "%(num)s tasks were closed or taken by somebody else meanwhile.",
                len(moved.refused),
            ),
            "warning",
        )
    return redirect(local_path(request.form.get("next"), url_for("diary.show_day")))


@bp.post("/tasks/<int:task_id>/claim")
@require("diary.see")
def claim(task_id: int) -> Response:
    """Take a task of one's role and open its case."""
    engine().claim(session(), task_id, actor=current_actor(), now=now())
    tasks = queries.find_served(session(), current_actor(), [task_id])
    if not tasks:
        abort(404)
    return redirect(url_for("cases.show_case", instance_id=tasks[0].instance_id, task=task_id))


@bp.post("/tasks/<int:task_id>/release")
@require("diary.see")
def release(task_id: int) -> Response:
    """Give a task back to everybody of its role."""
    engine().release(session(), task_id, actor=current_actor(), now=now())
    flash(_("The task is free again for everybody of its role."), "success")
    return redirect(local_path(request.form.get("next"), url_for("diary.show_day")))


@bp.get("/tasks/<int:task_id>/why")
@require("diary.see")
def explain(task_id: int) -> str:
    """Why the task is this person's."""
    actor = current_actor()
    tasks = queries.find_served(session(), actor, [task_id])
    if not tasks:
        abort(404)
    return render_template(
        "diary/why_text.html" if is_htmx() else "diary/why.html",
        task=tasks[0],
        role=BY_NAME[tasks[0].role].title if tasks[0].role in BY_NAME else tasks[0].role,
        reasons=queries.find_reasons(session(), tasks[0], actor),
    )


def _day() -> tuple[Day, Actor]:
    actor, moment = current_actor(), now()
    tasks = queries.find_tasks(session(), actor, now=moment)
    visits = find_visits(session(), actor, now=moment, zone=current_zone())
    return sort_tasks(tasks, now=moment, zone=current_zone(), visits=visits), actor


def _sentence(day: Day) -> str:
    """The first line of the page: how much, and what comes next."""
    parts = []
    if day.leads:
        parts.append(ngettext("%(num)s waits for an answer", "%(num)s wait for an answer", len(day.leads)))
    if day.overdue_count:
        parts.append(_("%(count)s overdue", count=day.overdue_count))
    if day.soon_count and day.boundary:
        until = day.boundary.astimezone(current_zone()).strftime("%H:%M")
        parts.append(_("%(count)s before %(time)s", count=day.soon_count, time=until))
    if day.later_count:
        parts.append(_("%(count)s later", count=day.later_count))
    text = ", ".join(parts) + "." if parts else _("Nothing is due today.")
    text = text[0].upper() + text[1:]
    visit = _next_visit(day)
    if visit:
        ahead = max(timedelta(minutes=1), visit.at - now())
        if ahead < timedelta(hours=2):
            text += " " + _("Next visit in %(time)s.", time=format_duration(ahead, current_language()))
    return text


def _next_visit(day: Day) -> Visit | None:
    return next((visit for visit in day.visits if visit.at >= now()), None)


def _chosen_moment(form: Form) -> datetime | None:
    """When the tasks come back; None, with the reason in the form, when that is not a possible moment."""
    if not form.ok:
        return None
    try:
        return services.postponed_until(form.data["when"], form.data["day"], now=now(), zone=current_zone())
    except RuleViolation as error:
        form.refuse("day", str(DATE_REFUSALS[error.code]))
        return None


def _postpone_page(form: Form, ids: list[int]) -> str:
    tasks: list[DayTask] = queries.find_served(session(), current_actor(), ids)
    today = now().astimezone(current_zone()).date()
    return render_template(
        "diary/postpone_form.html" if is_htmx() else "diary/postpone.html",
        form=form,
        tasks=tasks,
        reasons=list(POSTPONE_REASONS.items()),
        next=local_path(request.args.get("next") or request.form.get("next"), url_for("diary.show_day")),
        earliest=today + timedelta(days=1),
        latest=today + LONGEST - timedelta(days=1),
    )
