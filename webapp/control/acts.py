"""What a head does with one click: remind, give a free step to somebody, check, acknowledge, answer."""

from flask import flash, request
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug import Response

from webapp.control import findings, queries, services
from webapp.control.figures import Reach
from webapp.control.reaching import bp, go_back, reach_of
from webapp.core import forms
from webapp.core.database import session
from webapp.core.errors import NotFound, RuleViolation
from webapp.core.permissions import actor_id, require
from webapp.core.workflow import current_actor, engine

LONGEST_TEXT = 1000


@bp.post("/check")
@require("control.change")
def check() -> Response:
    """Mark the chosen cases as looked at today; what is written goes with it as an instruction."""
    reach = reach_of("control.change")
    cases = queries.reachable_instances(session(), reach, _chosen_instances(reach))
    services.check_cases(session(), engine(), cases, instruction=_text(), actor_id=actor_id(), now=reach.now)
    flash(ngettext("%(num)s case is marked as checked.", "%(num)s cases are marked as checked.", len(cases)), "success")
    return go_back()


@bp.post("/remind")
@require("control.change")
def remind() -> Response:
    """Remind whoever has the chosen steps, now."""
    reach = reach_of("control.change")
    chosen = _chosen_tasks(reach)
    report = services.remind_of_tasks(session(), engine(), chosen, actor=current_actor(), now=reach.now)
    if report.done:
        text = ngettext("%(num)s reminder has been sent.", "%(num)s reminders have been sent.", len(report.done))
        flash(text, "success")
    if len(report.done) < len(chosen) or not chosen:
        flash(_("The step was closed meanwhile."), "warning")
    return go_back()


@bp.post("/give")
@require("control.change")
def give() -> Response:
    """Give a step that nobody has taken to somebody of its role."""
    reach = reach_of("control.change")
    to = request.values.get("to", type=forms.number)
    wanted = _wanted_tasks()
    rows = [row for row in queries.find_by_tasks(session(), reach, wanted) if row.is_free]
    takers = queries.find_takers(session(), rows)
    chosen = [row.task_id for row in rows if row.task_id and to in dict(takers[row.role, row.scope_id])]
    if to is None or not chosen:
        raise RuleViolation("step_not_free", "The step is taken, or the colleague does not have its role.")
    report = services.reassign_tasks(
        session(), engine(), chosen, to=to, comment="", with_case=False, actor=current_actor(), now=reach.now
    )
    if report.done:
        flash(ngettext("%(num)s step is handed over.", "%(num)s steps are handed over.", len(report.done)), "success")
    if report.refused:
        flash(_("The step was closed meanwhile."), "warning")
    return go_back()


@bp.post("/deviations/seen")
@require("control.change")
def acknowledge() -> Response:
    """The head has looked at these deviations."""
    reach = reach_of("control.change")
    numbers = request.args.getlist("deviation", type=forms.number)
    numbers = numbers or request.form.getlist("deviation", type=forms.number)
    by_case = findings.reachable_deviations(session(), reach, numbers)
    seen = services.acknowledge(session(), engine(), by_case, actor_id=actor_id(), now=reach.now)
    text = ngettext("%(num)s deviation is acknowledged.", "%(num)s deviations are acknowledged.", seen)
    flash(text, "success" if seen else "warning")
    return go_back()


@bp.post("/escalations/<int:seq>/answer")
@require("control.change")
def answer_escalation(seq: int) -> Response:
    """Answer an escalation that reached this person; the answer stands in the case and on its step."""
    reach = reach_of("control.change")
    actor = current_actor()
    found = findings.find_escalations(session(), reach, [actor.user_id or 0, *actor.represents], seq=seq)
    if not found:
        raise NotFound("escalation_unknown", f"Escalation {seq} is answered, or it is somebody else's.")
    text = _text()
    if not text:
        raise RuleViolation("answer_empty", "Write what is to be done.")
    services.answer_escalation(session(), engine(), found[0], text=text, actor_id=actor_id(), now=reach.now)
    flash(_("Answered. The answer stands on the step and in the chronicle."), "success")
    return go_back()


def _text() -> str:
    return " ".join(request.form.get("text", "").split())[:LONGEST_TEXT]


def _wanted_tasks() -> list[int]:
    """Of a row's own button, which names them in its address; else the rows that are ticked."""
    return request.args.getlist("task", type=forms.number) or request.form.getlist("task", type=forms.number)


def _chosen_tasks(reach: Reach) -> list[int]:
    wanted = _wanted_tasks()
    return [row.task_id for row in queries.find_by_tasks(session(), reach, wanted) if row.task_id]


def _chosen_instances(reach: Reach) -> list[int]:
    """Cases named directly, or by their tasks."""
    named = request.values.getlist("instance", type=forms.number)
    tasks = request.form.getlist("task", type=forms.number)
    return named or [row.instance_id for row in queries.find_by_tasks(session(), reach, tasks)]
