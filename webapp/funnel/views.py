"""Pages of the funnel: the bars of one process, and the cases behind a figure."""

from collections.abc import Mapping, Sequence

from flask import Blueprint, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from werkzeug import Response
from werkzeug.utils import redirect

from engine.definitions.store import Definition
from webapp.core.database import session
from webapp.core.errors import NotFound
from webapp.core.feature import Text
from webapp.core.permissions import current_scope, require
from webapp.core.workflow import current_actor
from webapp.funnel import comparing, sides
from webapp.funnel.chips import chips as find_chips
from webapp.funnel.choosing import choose_definition, find_measured
from webapp.funnel.export import about_table, tables_of
from webapp.funnel.labels import FIGURES, STATES, dimensions_of
from webapp.funnel.queries import FunnelPage, filters_of, load_cases, load_page, read_asked
from webapp.funnel.tables import Table, write_csv, write_workbook
from webapp.funnel.trend import Step, TrendPage, load_trend, picture_of, stretch_name, trend_table
from webapp.kit.periods import PERIODS

bp = Blueprint("funnel", __name__, template_folder="templates")

SEE = "funnel.see"
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
STEPS: Mapping[Step, Text] = {Step.WEEK: _l("By week"), Step.MONTH: _l("By month")}


@bp.get("/funnel")
@require(SEE)
def show_funnel() -> str:
    """The bars; the address of the page is its filter."""
    page = _load()
    if page is None:
        return render_template("funnel/none.html")
    return render_template(
        "funnel/funnel.html",
        page=page,
        chips=find_chips(page),
        groupings=comparing.groupings(page),
        groups=comparing.compare(page),
        reasons=comparing.reasons(page),
        culprit=comparing.culprit(page),
        periods=PERIODS,
        states=STATES,
        figures=FIGURES,
        dimensions=dimensions_of(page.labels.definition)[:-1],
        part_of=sides.part_of,
    )


@bp.get("/funnel/cases")
@require(SEE)
def list_cases() -> str:
    """The cases behind one figure."""
    definition, _measured = _choose()
    if definition is None:
        return render_template("funnel/none.html")
    asked = read_asked(request.args, definition)
    labels, cases = load_cases(session(), asked, definition, current_scope(SEE))
    return render_template(
        "funnel/cases.html",
        asked=asked,
        labels=labels,
        cases=cases,
        figures=FIGURES,
        dimensions=dimensions_of(definition)[:-1],
    )


@bp.get("/funnel/export")
@require(SEE)
def export_table() -> Response:
    """The tables of the page: all of them as a workbook (?format=xlsx), or that of the bars as CSV."""
    page = _load()
    if page is None:
        raise NotFound("funnel_empty")
    return _file(f"funnel-{page.asked.process}", tables_of(page))


@bp.get("/funnel/trend")
@require(SEE)
def show_trend() -> str:
    """The course of one figure over the period."""
    page = _load_trend()
    if page is None:
        return render_template("funnel/none.html")
    return render_template(
        "funnel/trend.html",
        page=page,
        picture=picture_of(page),
        name_of=lambda point: stretch_name(point, page.step),
        periods=PERIODS,
        steps=STEPS,
    )


@bp.get("/funnel/trend/export")
@require(SEE)
def export_trend() -> Response:
    """The points of the curve, as a workbook (?format=xlsx) or CSV."""
    page = _load_trend()
    if page is None:
        raise NotFound("funnel_empty")
    return _file(f"trend-{page.asked.process}", [trend_table(page), about_table(page.asked, page.labels, [])])


@bp.get("/funnel/compare")
@require(SEE)
def compare_funnels() -> str | Response:
    """Several funnels side by side; the form's fields become one more of them."""
    measured = find_measured(session())
    parts = sides.read_parts(request.args)
    if "add" in request.args and len(parts) < sides.MOST:
        return redirect(url_for("funnel.compare_funnels", f=[*parts, sides.added_part(request.args)]))
    found = sides.load_sides(session(), parts, measured, current_scope(SEE))
    if not found:
        return render_template("funnel/none.html") if not measured else redirect(url_for("funnel.show_funnel"))
    return render_template(
        "funnel/sides.html",
        sides=found,
        parts=parts,
        choices=sides.choices_of(found[-1], measured) if len(parts) < sides.MOST else [],
    )


def _file(name: str, tables: Sequence[Table]) -> Response:
    if request.args.get("format") == "xlsx":
        return _download(f"{name}.xlsx", write_workbook(tables), WORKBOOK)
    return _download(f"{name}.csv", write_csv(tables[0]), "text/csv")


def _download(name: str, content: str | bytes, mimetype: str) -> Response:
    return Response(content, mimetype=mimetype, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _load_trend() -> TrendPage | None:
    definition, _measured = _choose()
    if definition is None:
        return None
    asked = read_asked(request.args, definition)
    what, step = request.args.get("what", ""), request.args.get("step", "")
    return load_trend(session(), asked, definition, filters_of(asked, current_scope(SEE)), what=what, step=step)


def _load() -> FunnelPage | None:
    definition, measured = _choose()
    if definition is None:
        return None
    return load_page(session(), read_asked(request.args, definition), definition, measured, current_scope(SEE))


def _choose() -> tuple[Definition | None, dict[str, Definition]]:
    """The process of the page, and all that have a funnel."""
    roles = {role for role, _ in current_actor().roles}
    return choose_definition(session(), request.args.get("process", ""), roles, current_scope(SEE))
