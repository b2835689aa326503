"""The list of incidents, and trying a failed step again."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug import Response

from webapp.control import incidents
from webapp.control.reaching import bp, reach_of
from webapp.core.clock import now
from webapp.core.database import session
from webapp.core.permissions import require
from webapp.core.workflow import engine

INCIDENT_KINDS = {"send": _l("A message to the outside"), "timer": _l("A timer or a reminder")}


@bp.get("/incidents")
@require("control.incidents")
def list_incidents() -> str:
    """Steps that failed for a technical reason."""
    resolved = request.args.get("show") == "resolved"
    rows = incidents.find_incidents(session(), reach_of("control.incidents"), resolved=resolved)
    return render_template("control/incidents.html", rows=rows, resolved=resolved, kinds=INCIDENT_KINDS)


@bp.post("/incidents/<int:incident_id>/retry")
@require("control.incidents")
def retry_incident(incident_id: int) -> Response:
    """Try the step again at once."""
    found = incidents.get_incident_id(session(), reach_of("control.incidents"), incident_id)
    if engine().repair.retry(session(), found, now=now(), actor_id=current_user.id):
        flash(_("The step went through."), "success")
    else:
        flash(_("It failed again. The reason below is the newest."), "warning")
    return redirect(url_for("control.list_incidents"))
