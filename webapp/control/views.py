"""The control board and its acts."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from marshmallow import fields
from werkzeug import Response

from webapp.control import figures, queries, services
from webapp.control.causes import cause_of
from webapp.control.figures import NOBODY, PersonFigures, Reach
from webapp.control.queries import Colleague, Filter
from webapp.core import forms
from webapp.core.clock import now
from webapp.core.database import session
from webapp.core.forms import Form, FormSchema
from webapp.core.i18n import current_language, current_zone
from webapp.core.permissions import actor_id, current_scope, may, require
from webapp.core.requests import local_path
from webapp.core.steps import process_name, step_name
from webapp.core.workflow import current_actor, engine
from webapp.staff.queries import find_choosable

bp = Blueprint("control", __name__, url_prefix="/control", template_folder="templates")

GROUPINGS = ("person", "step", "age")
SALES = "sales.see"
AGE_TITLES = {
    "hour": _l("Up to an hour"),
    "day": _l("Up to a day"),
    "three_days": _l("One to three days"),
    "week": _l("Three to seven days"),
    "older": _l("Longer than a week"),
}
PROBLEM_TITLES = {
    "open": _l("Open cases"),
    "overdue": _l("Overdue"),
    "silent": _l("Hot, no contact"),
    "postponed": _l("Postponed"),
    "refusals": _l("Refusals to confirm"),
    "deviations": _l("Passed over, 30 days"),
    "stuck": _l("Without a next step"),
}
INCIDENT_KINDS = {"send": _l("A message to the outside"), "timer": _l("A timer or a reminder")}
WORTH_A_LOOK = {"overdue": (1, 5), "silent": (1, 3), "postponed": (10, 30), "refusals": (1, 5), "deviations": (3, 8)}


class ReassignForm(FormSchema):
    """To whom, and why."""

    task = fields.List(forms.whole_number(), required=True)
    to = forms.whole_number(required=True)
    comment = forms.text(500, required=True)
    with_case = fields.Boolean(load_default=False)


class RemarkForm(FormSchema):
    """A comment, or an instruction with the check."""

    instance = fields.List(forms.whole_number(), required=True)
    text = forms.text(1000, required=True)


@bp.get("/")
@require("control.see")
def show_board() -> str:
    """People, steps or ages above; below, the list that a figure was counted from."""
    reach = _reach("control.see")
    by = request.args.get("by") if request.args.get("by") in GROUPINGS else "person"
    wanted = Filter.of(
        request.args.get("show", "overdue"),
        request.args.get("person", type=forms.number),
        request.args.get("process", ""),
        request.args.get("step", ""),
        request.args.get("age", ""),
    )
    people = figures.count_by_person(session(), reach, with_sales=may(SALES)) if by == "person" else []
    steps = figures.count_by_step(session(), reach) if by == "step" else []
    ages = figures.count_by_age(session(), reach) if by == "age" else {}
    rows = queries.find_rows(session(), reach, wanted)
    colleagues = queries.find_people(
        session(), [line.user_id for line in people] + [row.person_id for row in rows], reach.now
    )
    people.sort(key=lambda line: _standing(line, colleagues))
    language, zone = current_language(), current_zone()
    return render_template(
        "control/board.html",
        by=by,
        wanted=wanted,
        people=[line for line in people if not line.is_idle],
        total=_total(people),
        steps=[(step, step_name(session(), step), process_name(session(), step.definition_id)) for step in steps],
        ages=ages,
        age_titles=AGE_TITLES,
        problems=_problems(),
        titles=PROBLEM_TITLES,
        thresholds=WORTH_A_LOOK,
        rows=rows,
        causes=[
            cause_of(row, colleagues.get(row.person_id or 0, Colleague()), now=reach.now, language=language, zone=zone)
            for row in rows
        ],
        colleagues=colleagues,
        heading=_list_heading(wanted, colleagues),
        stuck=_total(people).stuck if by == "person" else figures.count_without_next_step(session(), reach),
        limit=queries.LIMIT,
        moment=reach.now,
        nobody=NOBODY,
        may_change=may("control.change"),
    )


@bp.get("/reassign")
@require("control.change")
def ask_reassign() -> str:
    """Which steps would go to whom: the preview."""
    return _reassign_page(Form(values={"task": request.args.getlist("task", type=forms.number), "with_case": True}))


@bp.post("/reassign")
@require("control.change")
def reassign() -> Response | tuple[str, int]:
    """Hand the chosen steps to one colleague."""
    form = forms.read_form(ReassignForm())
    if not form.ok:
        return _reassign_page(form), 422
    reach = _reach("control.change")
    chosen = [row.task_id for row in queries.find_by_tasks(session(), reach, form.data["task"]) if row.task_id]
    moved = services.reassign_tasks(
        session(),
        engine(),
        chosen,
        to=form.data["to"],
        comment=form.data["comment"],
        with_case=form.data["with_case"],
        actor=current_actor(),
        now=reach.now,
    )
    if moved.done:
        flash(ngettext("%(num)s step is handed over.", "%(num)s steps are handed over.", len(moved.done)), "success")
    left = len(form.data["task"]) - len(moved.done)
    if left:
        text = ngettext("%(num)s step was closed meanwhile.", "%(num)s steps were closed meanwhile.", left)
        flash(text, "warning")
    return _back()


@bp.get("/comment")
@require("control.change")
def ask_comment() -> str:
    """A remark for the chronicle of the chosen cases."""
    return _remark_page(Form(), "comment")


@bp.post("/comment")
@require("control.change")
def comment() -> Response | tuple[str, int]:
    """Write the remark."""
    form = forms.read_form(RemarkForm())
    if not form.ok:
        return _remark_page(form, "comment"), 422
    reach = _reach("control.change")
    cases = queries.reachable_instances(session(), reach, form.data["instance"])
    services.comment_cases(session(), engine(), cases, text=form.data["text"], actor_id=actor_id(), now=reach.now)
    flash(
        ngettext("The comment stands in %(num)s case.", "The comment stands in %(num)s cases.", len(cases)), "success"
    )
    return _back()


@bp.post("/check")
@require("control.change")
def check() -> Response:
    """Mark the chosen cases as looked at today."""
    reach = _reach("control.change")
    cases = queries.reachable_instances(session(), reach, _chosen_instances(reach))
    instruction = " ".join(request.form.get("text", "").split())[:1000]
    services.check_cases(session(), engine(), cases, instruction=instruction, actor_id=actor_id(), now=reach.now)
    flash(ngettext("%(num)s case is marked as checked.", "%(num)s cases are marked as checked.", len(cases)), "success")
    return _back()


@bp.get("/incidents")
@require("control.incidents")
def list_incidents() -> str:
    """Steps that failed for a technical reason."""
    resolved = request.args.get("show") == "resolved"
    rows = queries.find_incidents(session(), _reach("control.incidents"), resolved=resolved)
    return render_template("control/incidents.html", rows=rows, resolved=resolved, kinds=INCIDENT_KINDS)


@bp.post("/incidents/<int:incident_id>/retry")
@require("control.incidents")
def retry_incident(incident_id: int) -> Response:
    """Try the step again at once."""
    found = queries.get_incident_id(session(), _reach("control.incidents"), incident_id)
    if engine().retry(session(), found, now=now()):
        flash(_("The step went through."), "success")
    else:
        flash(_("It failed again. The reason below is the newest."), "warning")
    return redirect(url_for("control.list_incidents"))


def _reach(permission: str) -> Reach:
    moment = now()
    local = moment.astimezone(current_zone())
    midnight: datetime = local.replace(hour=0, minute=0, second=0, microsecond=0)
    return Reach(current_scope(permission), moment, midnight)


def _problems() -> Sequence[str]:
    """Columns of the board; what only the sales slice knows is for who may see it."""
    return [name for name in figures.PROBLEMS if name != "silent" or may(SALES)]


def _standing(line: PersonFigures, colleagues: Mapping[int, Colleague]) -> tuple[bool, int, str]:
    """Who needs the head most comes first, what nobody has last."""
    return line.user_id is None, -line.counts["overdue"], colleagues.get(line.user_id or 0, Colleague()).name


def _total(people: Sequence[PersonFigures]) -> PersonFigures:
    total = PersonFigures(None)
    for line in people:
        for name, number in line.counts.items():
            total.counts[name] += number
        total.stuck += line.stuck
        total.looks += line.looks
        total.checked += line.checked
        total.done += line.done
        total.done_in_time += line.done_in_time
    return total


def _list_heading(wanted: Filter, colleagues: Mapping[int, Colleague]) -> str:
    """What the list shows, in words."""
    title = str(PROBLEM_TITLES[wanted.show])
    if wanted.person == NOBODY:
        nobody = _("not taken by anybody")
        return f"{title}, {nobody}"
    name = colleagues.get(wanted.person or 0, Colleague()).name
    more = str(AGE_TITLES[wanted.age]) if wanted.age else name
    return f"{title}, {more}" if more else title


def _chosen_instances(reach: Reach) -> list[int]:
    """Cases named directly, or by their tasks."""
    named = request.values.getlist("instance", type=forms.number)
    tasks = request.form.getlist("task", type=forms.number)
    return named or [row.instance_id for row in queries.find_by_tasks(session(), reach, tasks)]


def _reassign_page(form: Form) -> str:
    reach = _reach("control.change")
    ids = form.values.get("task") or request.form.getlist("task", type=forms.number)
    chosen = [each for each in map(forms.read_number, ids) if each is not None]
    rows = queries.find_by_tasks(session(), reach, chosen)
    return render_template(
        "control/reassign.html",
        form=form,
        rows=rows,
        people=queries.find_people(session(), [row.person_id for row in rows], reach.now),
        colleagues=[(user.id, user.name) for user in find_choosable(session())],
        moment=reach.now,
        next=_where_back(),
    )


def _remark_page(form: Form, kind: str) -> str:
    reach = _reach("control.change")
    tasks = request.values.getlist("task", type=forms.number)
    rows = queries.find_by_tasks(session(), reach, tasks)
    named = request.values.getlist("instance", type=forms.number)
    return render_template(
        "control/remark.html",
        form=form,
        rows=rows,
        instances=sorted({row.instance_id for row in rows} | set(queries.reachable_instances(session(), reach, named))),
        next=_where_back(),
    )


def _where_back() -> str:
    return local_path(request.values.get("next"), url_for("control.show_board"))


def _back() -> Response:
    return redirect(_where_back())
