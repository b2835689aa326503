"""The list of cases and the board: the same filter, read from the address of the page."""

from dataclasses import replace
from typing import Any

from flask import Response, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from webapp.cases import board, chips, exporting, listing, saved_views, services, starting
from webapp.cases.chips import SORT_TITLES
from webapp.cases.filtering import CaseFilter, read_filter
from webapp.cases.labels import OUTCOMES
from webapp.cases.moving import Decision, decide_move
from webapp.cases.queries import CaseRecord
from webapp.cases.seeing import mark_seen
from webapp.cases.views import bp as bp
from webapp.cases.walking import BOARD, walk_parameters
from webapp.core.clock import now
from webapp.core.database import session
from webapp.core.i18n import current_language, current_zone
from webapp.core.permissions import actor_id, current_scope, may, require
from webapp.core.requests import is_htmx
from webapp.core.streaming import streamed
from webapp.core.workflow import current_actor, describe_cases
from webapp.staff.roles import ROLES

SHARE = "cases.share"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.get("/cases")
@require("cases.see")
def list_cases() -> ResponseReturnValue:
    """Cases in reach, filtered; the address of the page is the filter. Without one: where this person begins."""
    if not request.args:
        default = saved_views.find_default(session(), current_actor())
        if default is not None:
            return redirect(_address(default.board, saved_views.read_saved(default)))
    asked, reach = read_filter(request.args), current_scope("cases.see")
    page = listing.load_list(session(), asked, reach, reader=actor_id())
    found = chips.find_chips(session(), asked, reach)
    return render_template(
        "cases/list.html",
        page=page,
        asked=asked,
        chips=found,
        hidden=[] if page.rows else chips.hiding(session(), asked, reach, found),
        titles=chips.column_titles(session(), asked),
        startable=starting.something_starts(session()),
        walk_parameters=walk_parameters,
        **_frame(asked, board=False),
    )


@bp.get("/cases/board")
@require("cases.see")
def show_board() -> ResponseReturnValue:
    """The cases of one process in columns by milestone."""
    asked, reach = read_filter(request.args), current_scope("cases.see")
    definition = board.choose_process(session(), asked, reach)
    if definition is None:
        return render_template("cases/board.html", board=None, asked=asked, chips=[], **_frame(asked, board=True))
    asked = replace(asked, processes=(definition.key,), state="late" if asked.state == "late" else "open")
    return render_template(
        "cases/board.html",
        board=board.load_board(session(), definition, asked, reach, reader=actor_id()),
        asked=asked,
        chips=chips.find_chips(session(), asked, reach, board=True),
        BOARD=BOARD,
        **_frame(asked, board=True),
    )


@bp.get("/cases/board/column")
@require("cases.see")
def show_column() -> ResponseReturnValue:
    """Further cards of one column; without scripts the list shows them all."""
    asked, reach = read_filter(request.args), current_scope("cases.see")
    definition = board.choose_process(session(), asked, reach)
    name = request.args.get("column", "")
    column = board.load_column(session(), definition, asked, name, reach, reader=actor_id()) if definition else None
    if column is None or definition is None:
        return redirect(url_for("cases.show_board", **asked.parameters()))
    columns = board.columns_of(definition, asked)
    return render_template("cases/_cards.html", column=column, columns=columns, asked=asked, BOARD=BOARD)


@bp.get("/cases/<int:instance_id>/move/<column>")
@require("cases.change")
def move_card(instance_id: int, column: str) -> ResponseReturnValue:
    """Where the process lets the case be brought there: the form of that step. Else the reason, and nothing happens."""
    case = services.require_case(session(), instance_id)
    decision = decide_move(session(), case, column, current_actor())
    back = request.args.get(BOARD, "")[:2000]
    if not decision.reason:
        address = _step_address(case, decision, back)
        return Response(status=204, headers={"HX-Redirect": address}) if is_htmx() else redirect(address)
    label = describe_cases(session(), [case.business_key])[case.business_key]
    template = "cases/_refused.html" if is_htmx() else "cases/refused.html"
    work_on = _step_address(case, decision, back) if decision.task else ""
    page = render_template(template, decision=decision, label=label, work_on=work_on, back=back, case=case)
    return page, 422


@bp.post("/cases/<int:instance_id>/seen")
@require("cases.see")
def note_seen(instance_id: int) -> ResponseReturnValue:
    """The person has the case before him: its row in lists stands back until something happens in it."""
    if services.is_case_in_sight(session(), instance_id):
        mark_seen(session(), instance_id, reader=actor_id(), at=now())
    return "", 204


@bp.get("/cases/export.csv")
@require("cases.export")
def export_cases() -> Response:
    """The list as the page shows it, all of its pages, line by line as it is read."""
    table = _table()
    lines = streamed(lambda reading: exporting.write_csv(reading, table))
    headers = {"Content-Disposition": 'attachment; filename="cases.csv"', "Cache-Control": "no-store"}
    return Response(lines, mimetype="text/csv; charset=utf-8", headers=headers)


@bp.get("/cases/export.xlsx")
@require("cases.export")
def export_workbook() -> Response:
    """The same as an Excel workbook."""
    workbook = exporting.write_workbook(session(), _table())
    answer = send_file(workbook, mimetype=XLSX, as_attachment=True, download_name="cases.xlsx")
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.get("/cases/views/<int:view_id>")
@require("cases.see")
def open_view(view_id: int) -> ResponseReturnValue:
    """The link of a saved view, one's own or one offered to one's role; the reader's reach decides what he sees."""
    view = saved_views.get_view(session(), view_id, current_actor())
    return redirect(_address(view.board, saved_views.read_saved(view)))


def _table() -> exporting.Table:
    asked = read_filter(request.args)
    titles = chips.column_titles(session(), asked)
    language, zone = current_language(), current_zone()
    return exporting.Table(asked, current_scope("cases.export"), titles, actor_id(), language, zone)


def _address(board: bool, asked: CaseFilter) -> str:
    return url_for("cases.show_board" if board else "cases.list_cases", **asked.parameters())


def _step_address(case: CaseRecord, decision: Decision, back: str) -> str:
    wanted: dict[str, Any] = {"task": decision.task, "outcome": decision.outcome, "offer": decision.boundary}
    return url_for("cases.show_case", instance_id=case.instance_id, **wanted, board=back or None)


def _frame(asked: CaseFilter, *, board: bool) -> dict[str, object]:
    """What both pages show around their cases."""
    views = saved_views.list_views(session(), current_actor())
    return {
        "views": views,
        "view": saved_views.current(views, asked),
        "state_texts": chips.state_texts(),
        "sorts": SORT_TITLES,
        "outcomes": OUTCOMES,
        "endpoint": "cases.show_board" if board else "cases.list_cases",
        "is_board": board,
        "roles": [(role.name, role.title) for role in ROLES] if may(SHARE) else [],
        "view_address": _address,
    }
