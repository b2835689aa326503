"""Pages of the steps: how long they wait and take, which ways cases go, and the cases behind a figure."""

from collections.abc import Mapping

from flask import Blueprint, render_template, request
from werkzeug import Response

from engine.analytics.figures import Clock
from engine.definitions.store import Definition
from webapp.core.clock import now
from webapp.core.database import session
from webapp.core.errors import NotFound
from webapp.core.i18n import current_zone
from webapp.core.permissions import current_scope, may, require
from webapp.core.workflow import current_actor
from webapp.funnel import step_labels as labels
from webapp.funnel.step_address import CLOSE, StepsAsked, read_steps_asked
from webapp.funnel.step_export import tables_of
from webapp.funnel.step_queries import StepsPage, choose_process, load_steps, load_visits
from webapp.funnel.tables import write_csv, write_workbook
from webapp.kit.periods import PERIODS

bp = Blueprint("steps", __name__, template_folder="templates")

SEE = "funnel.see"
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.get("/funnel/steps")
@require(SEE)
def show_steps() -> str:
    """The figures of every step; the address of the page is its filter."""
    page = _load()
    if page is None:
        return render_template("funnel/steps_none.html")
    return render_template(
        "funnel/steps.html",
        page=page,
        labels=labels,
        periods=PERIODS,
        picture=labels.curve_picture(page),
        in_hours=page.asked.clock is Clock.OPEN,
        until_close=page.asked.curve == CLOSE,
    )


@bp.get("/funnel/steps/cases")
@require(SEE)
def list_visits() -> str:
    """The visits behind one figure."""
    asked, live = _asked()
    if asked is None:
        return render_template("funnel/steps_none.html")
    return render_template(
        "funnel/step_cases.html",
        found=load_visits(session(), asked, live, current_scope(SEE)),
        labels=labels,
        way_back=request.args.get("map", "") if may("studio.see") else "",
    )


@bp.get("/funnel/steps/export")
@require(SEE)
def export_steps() -> Response:
    """The tables of the page: all of them as a workbook (?format=xlsx), or that of the steps as CSV."""
    page = _load()
    if page is None:
        raise NotFound("funnel_empty")
    tables, name = tables_of(page), f"steps-{page.asked.process}"
    if request.args.get("format") == "xlsx":
        return _download(f"{name}.xlsx", write_workbook(tables), WORKBOOK)
    return _download(f"{name}.csv", write_csv(tables[0]), "text/csv")


def _load() -> StepsPage | None:
    asked, live = _asked()
    return None if asked is None else load_steps(session(), asked, live, current_scope(SEE))


def _asked() -> tuple[StepsAsked | None, Mapping[str, Definition]]:
    roles = {role for role, _ in current_actor().roles}
    definition, live = choose_process(session(), request.args.get("process", ""), roles, current_scope(SEE))
    if definition is None:
        return None, live
    today = now().astimezone(current_zone()).date()
    return read_steps_asked(request.args, process=definition.key, today=today), live


def _download(name: str, content: str | bytes, mimetype: str) -> Response:
    return Response(content, mimetype=mimetype, headers={"Content-Disposition": f'attachment; filename="{name}"'})
