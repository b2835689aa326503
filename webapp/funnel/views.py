"""Pages of the funnel: the bars of one process, and the cases behind a figure."""

from flask import Blueprint, Response, render_template, request

from webapp.core.database import session
from webapp.core.errors import NotFound
from webapp.core.permissions import current_scope, require
from webapp.funnel import comparing
from webapp.funnel.chips import chips as find_chips
from webapp.funnel.export import write_csv
from webapp.funnel.labels import FIGURES, PERIODS, STATES, dimensions_of
from webapp.funnel.queries import FunnelPage, choose_definition, load_cases, load_page, read_asked

bp = Blueprint("funnel", __name__, template_folder="templates")

SEE = "funnel.see"


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
    )


@bp.get("/funnel/cases")
@require(SEE)
def list_cases() -> str:
    """The cases behind one figure."""
    definition, _measured = choose_definition(session(), request.args.get("process", ""))
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
    """The table of the page as CSV."""
    page = _load()
    if page is None:
        raise NotFound("funnel_empty")
    name = f"funnel-{page.asked.process}.csv"
    return Response(
        write_csv(page),
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _load() -> FunnelPage | None:
    definition, measured = choose_definition(session(), request.args.get("process", ""))
    if definition is None:
        return None
    return load_page(session(), read_asked(request.args, definition), definition, measured, current_scope(SEE))
