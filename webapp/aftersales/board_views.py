"""The page of the board of the day."""

from collections.abc import Callable, Sequence

from flask import Blueprint, render_template, request
from sqlalchemy.orm import Session

from webapp.aftersales import board_labels
from webapp.aftersales.board import COLUMNS, Look, read_board
from webapp.aftersales.board_queries import day_of, listen_to_day
from webapp.aftersales.queries import find_workshops
from webapp.core.clock import now
from webapp.core.database import session
from webapp.core.forms import number
from webapp.core.i18n import current_language, local_now
from webapp.core.permissions import RowScope, actor_id, current_identity, current_scope, require, scope_if_any
from webapp.core.requests import is_htmx
from webapp.staff.models import Centre

TOPIC = "service_board"

bp = Blueprint("service_board", __name__, url_prefix="/service", template_folder="templates")


@bp.get("/board")
@require("aftersales.see")
def show_board() -> str:
    """One centre's day: ?centre=, ?whose=mine, ?open=<column>. A script of the page asks for the board alone."""
    scope = current_scope("aftersales.see")
    centres = find_workshops(session(), scope)
    wanted = request.args.get("centre", type=number)
    centre = next((each for each in centres if each.id == wanted), None) or _home(centres, scope)
    opened = frozenset(request.args.getlist("open")) & COLUMNS.keys()
    look = Look(_people(), current_language(), request.args.get("whose") == "mine", opened)
    board = centre and read_board(session(), centre.id, look, scope=scope, reach=scope_if_any("cases.see"), now=now())
    return render_template(
        "aftersales/_board.html" if is_htmx() and board else "aftersales/board.html",
        board=board,
        centre=centre,
        centres=centres,
        look=look,
        today=local_now(),
        labels=board_labels,
        topic=TOPIC,
    )


def follow_board(scope: RowScope) -> Callable[[Session], object]:
    """What an open board is compared by, from the day on which it was opened."""
    return listen_to_day(scope, *day_of(local_now()))


def _home(centres: Sequence[Centre], scope: RowScope) -> Centre | None:
    """The first centre in which the person works, else the first there is."""
    return next((each for each in centres if each.id in scope.held_in), centres[0] if centres else None)


def _people() -> frozenset[int]:
    """The person, and those he stands in for."""
    identity = current_identity()
    return frozenset({actor_id()}) | (identity.actor().represents if identity else frozenset())
