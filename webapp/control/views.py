"""The control board and its acts."""

from collections.abc import Mapping, Sequence

from flask import flash, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from marshmallow import fields
from werkzeug import Response

from webapp.control import figures, findings, queries, services
from webapp.control.causes import explain_deviation
from webapp.control.columns import OVERDUE, STUCK_TITLE, Columns, columns_for_reader
from webapp.control.figures import NOBODY, PersonFigures
from webapp.control.findings import DeviationRow, EscalationRow
from webapp.control.queries import Colleague, ControlRow, Filter
from webapp.control.reaching import bp, described, go_back, reach_of, where_back
from webapp.core import forms
from webapp.core.database import session
from webapp.core.forms import Form, FormSchema
from webapp.core.i18n import current_language
from webapp.core.permissions import actor_id, may, require
from webapp.core.steps import process_name, step_name
from webapp.core.workflow import current_actor, engine
from webapp.staff.queries import find_choosable

GROUPINGS = ("person", "step", "age")
AGE_TITLES = {
    "hour": _l("Up to an hour"),
    "day": _l("Up to a day"),
    "three_days": _l("One to three days"),
    "week": _l("Three to seven days"),
    "older": _l("Longer than a week"),
}


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
    reach = reach_of("control.see")
    columns = columns_for_reader(session())
    by = request.args.get("by") if request.args.get("by") in GROUPINGS else "person"
    wanted = Filter.of(
        columns,
        request.args.get("show", "overdue"),
        request.args.get("person", type=forms.number),
        request.args.get("process", ""),
        request.args.get("step", ""),
        request.args.get("age", ""),
    )
    people = figures.count_by_person(session(), reach, columns) if by == "person" else []
    steps = figures.count_by_step(session(), reach) if by == "step" else []
    ages = figures.count_by_age(session(), reach) if by == "age" else {}
    escalations = findings.find_escalations(session(), reach, _myself())
    deviations = findings.find_deviations(session(), reach, wanted.person) if wanted.show == "deviations" else []
    rows = queries.find_rows(session(), reach, wanted, columns) if wanted.show != "deviations" else []
    named: list[int | None] = [line.user_id for line in people]
    colleagues = queries.find_people(session(), named + _people_in(rows, escalations, deviations), reach.now)
    people.sort(key=lambda line: _standing(line, colleagues))
    total = _total(people)
    return render_template(
        "control/board.html",
        by=by,
        wanted=wanted,
        people=[line for line in people if not line.is_idle],
        total=total,
        steps=[(step, step_name(session(), step), process_name(session(), step.definition_id)) for step in steps],
        ages=ages,
        age_titles=AGE_TITLES,
        columns=list(columns),
        overdue=OVERDUE,
        rows=[described(row, colleagues, reach.now) for row in rows],
        takers=queries.find_takers(session(), rows) if may("control.change") else {},
        deviations=[(row, explain_deviation(row, colleagues, current_language())) for row in deviations],
        escalations=escalations,
        colleagues=colleagues,
        heading=_list_heading(columns, wanted, colleagues),
        stuck=total.stuck if by == "person" else figures.count_without_next_step(session(), reach),
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
    reach = reach_of("control.change")
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
    return go_back()


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
    reach = reach_of("control.change")
    cases = queries.reachable_instances(session(), reach, form.data["instance"])
    services.comment_cases(session(), engine(), cases, text=form.data["text"], actor_id=actor_id(), now=reach.now)
    answered = findings.reachable_deviations(session(), reach, request.form.getlist("deviation", type=forms.number))
    services.acknowledge(session(), engine(), answered, actor_id=actor_id(), now=reach.now)
    flash(
        ngettext("The comment stands in %(num)s case.", "The comment stands in %(num)s cases.", len(cases)), "success"
    )
    return go_back()


def _myself() -> list[int]:
    """The reader, and the absent for whom he stands in."""
    actor = current_actor()
    return [actor.user_id or 0, *actor.represents]


def _people_in(
    rows: Sequence[ControlRow], escalations: Sequence[EscalationRow], deviations: Sequence[DeviationRow]
) -> list[int | None]:
    """Everybody whom the lists name."""
    found: list[int | None] = [row.person_id for row in rows] + [row.person_id for row in escalations]
    found += [person for row in rows for person in row.circumstances.escalated_to]
    for row in deviations:
        found += [row.person_id, forms.read_number(row.payload.get("assignee"))]
    return found


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


def _list_heading(columns: Columns, wanted: Filter, colleagues: Mapping[int, Colleague]) -> str:
    """What the list shows, in words."""
    title = str(next((column.title for column in columns if column.name == wanted.show), STUCK_TITLE))
    if wanted.person == NOBODY:
        nobody = _("not taken by anybody")
        return f"{title}, {nobody}"
    name = colleagues.get(wanted.person or 0, Colleague()).name
    more = str(AGE_TITLES[wanted.age]) if wanted.age else name
    return f"{title}, {more}" if more else title


def _reassign_page(form: Form) -> str:
    reach = reach_of("control.change")
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
        next=where_back(),
    )


def _remark_page(form: Form, kind: str) -> str:
    reach = reach_of("control.change")
    tasks = request.values.getlist("task", type=forms.number)
    rows = queries.find_by_tasks(session(), reach, tasks)
    named = request.values.getlist("instance", type=forms.number)
    return render_template(
        "control/remark.html",
        form=form,
        deviations=request.values.getlist("deviation", type=forms.number),
        rows=rows,
        instances=sorted({row.instance_id for row in rows} | set(queries.reachable_instances(session(), reach, named))),
        next=where_back(),
    )
