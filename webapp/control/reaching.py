"""What every page of the board begins with: its blueprint, whose rows it shows, and where it leads back to."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from flask import Blueprint, redirect, request, url_for
from werkzeug import Response

from webapp.control.causes import explain, plan_and_fact
from webapp.control.figures import Reach
from webapp.control.queries import Colleague, ControlRow
from webapp.core.clock import now
from webapp.core.feature import Text
from webapp.core.i18n import current_language, current_zone
from webapp.core.permissions import current_scope
from webapp.core.requests import local_path

bp = Blueprint("control", __name__, url_prefix="/control", template_folder="templates")


def reach_of(permission: str) -> Reach:
    """The rows of the permission at this moment, and when the reader's day began."""
    moment = now()
    local = moment.astimezone(current_zone())
    midnight: datetime = local.replace(hour=0, minute=0, second=0, microsecond=0)
    return Reach(current_scope(permission), moment, midnight)


def where_back() -> str:
    """The page that an act came from, else the board."""
    return local_path(request.values.get("next"), url_for("control.show_board"))


def go_back() -> Response:
    return redirect(where_back())


class Described(NamedTuple):
    """A row of a list with what is said about it."""

    row: ControlRow
    cause: Text
    plan: Text


def described(row: ControlRow, people: Mapping[int, Colleague], moment: datetime) -> Described:
    """In the reader's language and zone."""
    language = current_language()
    cause = explain(row, people, now=moment, language=language, zone=current_zone())
    return Described(row, cause, plan_and_fact(row, now=moment, language=language))
