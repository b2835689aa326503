"""The state of the system: a page for the administrator, and an address for monitors."""

from pathlib import Path

from flask import Blueprint, abort, jsonify, render_template, request
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from sqlalchemy.exc import SQLAlchemyError
from werkzeug import Response

from engine.errors import DatabaseBusy
from webapp.admin import health, labels, metrics
from webapp.admin.health import Check
from webapp.core.clock import now
from webapp.core.config import settings
from webapp.core.database import database, session
from webapp.core.permissions import public, require
from webapp.core.scheduler import own_jobs

bp = Blueprint("admin", __name__, template_folder="templates")


@bp.get("/system")
@require("admin.see")
def show_system() -> str:
    """Every part with what was found."""
    checks = health.examine(session(), own_jobs(), Path(settings().data_dir), now=now())
    return render_template(
        "admin/system.html",
        checks=checks,
        is_well=health.is_well(checks),
        waiting=health.count_warnings(checks),
        labels=labels,
    )


@bp.get("/health")
@public
def show_health() -> tuple[Response, int]:
    """200 while all is well, else 503. Says no more than that: anybody may ask."""
    try:
        checks = _examine_apart()
    except (SQLAlchemyError, DatabaseBusy):
        return jsonify(status="bad"), 503
    well = health.is_well(checks)
    return jsonify(status="ok" if well else "bad"), 200 if well else 503


@bp.get("/metrics")
@public
def show_metrics() -> Response:
    """For Prometheus, who has the token or asks from a listed address; for all others there is nothing here."""
    if not metrics.may_ask(settings(), request.remote_addr, request.headers.get("Authorization", "")):
        abort(404)
    with database().read() as apart:
        found = metrics.registry(apart, own_jobs(), now=now())
    return Response(generate_latest(found), content_type=CONTENT_TYPE_PLAIN_0_0_4)


def _examine_apart() -> list[Check]:
    """In a unit of its own, so that a database which does not answer is no failure of the page."""
    with database().read() as apart:
        return health.examine(apart, own_jobs(), Path(settings().data_dir), now=now())
