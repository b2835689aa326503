"""The case page and the list of cases: the same for every process."""

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.instances.saving import new_command_key
from webapp.cases import services, starting
from webapp.cases.labels import POSTPONE_REASONS
from webapp.cases.page import CasePage, load_page
from webapp.cases.papers import load_papers
from webapp.cases.queries import get_case
from webapp.cases.steps import done_elements
from webapp.cases.walking import carried, load_walk
from webapp.core.clock import now
from webapp.core.database import session
from webapp.core.forms import Form, number
from webapp.core.i18n import current_zone
from webapp.core.page import return_to
from webapp.core.permissions import current_scope, require
from webapp.core.workflow import current_actor, engine
from webapp.staff.queries import find_choosable

bp = Blueprint("cases", __name__, template_folder="templates")

SOON = (1, 3, 7)  # days from today to which a task is put off in one click
VIEWS = ("step", "diagram", "known", "chronicle")
NO_ERRORS: Mapping[str, str] = MappingProxyType({})


@bp.get("/cases/start")
@require("cases.add")
def show_start() -> str:
    """What can be started by hand."""
    processes = starting.list_startable(session())
    asked = request.args.get("process", "")
    first = next((each.key for each in processes if each.key == asked or len(processes) == 1), "")
    return render_start(Form(values={"process": first}))


def render_start(form: Form) -> str:
    """The page with the processes, or with the one of the address; without any it says what one would need."""
    processes = starting.list_startable(session())
    return render_template(
        "cases/start.html",
        form=form,
        key=form.values.get("command_key") or new_command_key(),
        wanted=next((each for each in processes if each.key == request.args.get("process")), None),
        processes=[(each.key, each.name) for each in processes],
        centres=starting.list_centres(session(), current_scope("cases.add")),
    )


@bp.get("/cases/<int:instance_id>")
@require("cases.see")
def show_case(instance_id: int) -> str:
    """Where the case is, what to do now, and everything known so far."""
    view = request.args.get("view", "step")
    outcome = request.args.get("outcome", "")[:60]
    page = load_page(session(), instance_id, wanted_task=request.args.get("task", type=number), outcome=outcome)
    return render_case(page, view if view in VIEWS else "step", opened=request.args.get("offer", ""))


def render_case(
    page: CasePage,
    view: str,
    *,
    errors: Mapping[str, str] = NO_ERRORS,
    boundary: str | None = None,
    refusal: str = "",
    opened: str = "",
) -> str:
    """The page of a case; `errors`, `boundary`, `refusal`: of a refused submission; `opened`: an offer to begin with.

    `errors` are codes by field, `refusal` is a sentence about the whole.
    """
    instance_id, kept = page.case.instance_id, carried()
    return_to(url_for("cases.show_case", instance_id=instance_id, task=page.task.id if page.task else None, **kept))
    return render_template(
        "cases/case.html",
        page=page,
        view=view,
        is_drawn=view == "diagram" and services.is_drawn(session(), page.case),
        errors=errors,
        boundary=boundary,
        refusal=refusal,
        opened=boundary or opened,
        kept=kept,
        walk=load_walk(session(), instance_id, kept, current_scope("cases.see")),
        key=new_command_key(),
        may_repair=services.may_repair(page.case),
        may_pass_on=services.may_pass_on(page.case.owner_id, page.case.scope_id),
        colleagues=find_choosable(session()) if page.task and page.serves else (),
        reasons=POSTPONE_REASONS,
        channels=services.CHANNELS,
        directions=services.DIRECTIONS,
        papers=load_papers(session(), page.case),
        days={days: (now().astimezone(current_zone()) + timedelta(days=days)).date() for days in SOON},
    )


@bp.get("/cases/<int:instance_id>/correct/<element>")
@require("cases.change")
def show_correction(instance_id: int, element: str) -> str:
    """The answers of an earlier step, to be corrected."""
    page = services.load_correction(session(), instance_id, element)
    return render_template("cases/correct.html", page=page, reason="")


@bp.get("/tasks/<int:task_id>/complete")
@bp.get("/tasks/<int:task_id>/offers/<_boundary>")
@require("cases.change")
def show_task(task_id: int, _boundary: str = "") -> ResponseReturnValue:
    """The address of a refused form, opened again by a restored tab: the step is on the page of its case."""
    return redirect(url_for("cases.show_case", instance_id=services.case_of(session(), task_id), task=task_id))


@bp.get("/cases/<int:instance_id>/drawing")
@require("cases.see")
def show_drawing(instance_id: int) -> Response:
    """The drawing of this case's version as BPMN, for the viewer."""
    case = get_case(session(), engine().store, instance_id, reach=current_scope("cases.see"), actor=current_actor())
    return Response(services.xml_of(session(), case), mimetype="application/xml")


@bp.get("/cases/<int:instance_id>/marks")
@require("cases.see")
def show_marks(instance_id: int) -> ResponseReturnValue:
    """Which elements have been passed and where the case is, by element id."""
    case = get_case(session(), engine().store, instance_id, reach=current_scope("cases.see"), actor=current_actor())
    done, here = done_elements(case)
    return jsonify(done=sorted(done), here=sorted(here))
