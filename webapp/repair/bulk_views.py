"""One act on many incidents: those of a cause or an element are tried again together."""

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug import Response

from engine.errors import NotAllowed
from webapp.core.clock import now
from webapp.core.database import session
from webapp.core.forms import number
from webapp.core.permissions import actor_id, current_scope, require
from webapp.core.workflow import engine
from webapp.repair import incidents
from webapp.repair.incidents import read_asked
from webapp.repair.reaching import bp

AT_ONCE = 50  # what a request may take on without the page waiting for long
ALL = "all"


@bp.post("/incidents/retry")
@require("repair.see")
def retry_incidents() -> Response:
    """Try the ticked ones again, or all that fit what the list was narrowed to; each is recorded for itself."""
    asked = read_asked(request.form)
    reach = current_scope("repair.see")
    ticked = None if request.form.get("which") == ALL else request.form.getlist("incident", type=number)
    found, whole = incidents.find_open(session(), reach, asked, ticked=ticked, limit=AT_ONCE)
    went = [through for each in found if (through := _retry(each)) is not None]
    if not found:
        flash(_("Tick the incidents that are to be tried again."), "warning")
    else:
        flash(_told(went.count(True), went.count(False), whole - len(found)), "success" if all(went) else "warning")
    return redirect(url_for("repair.list_incidents", **asked.parameters()))


def _retry(incident_id: int) -> bool | None:
    """None: a colleague has resolved it in this moment, or an earlier one of the row has."""
    try:
        return engine().repair.retry(session(), incident_id, now=now(), actor_id=actor_id())
    except NotAllowed:
        return None


def _told(through: int, failed: int, left: int) -> str:
    parts = [
        ngettext("%(num)s step went through.", "%(num)s steps went through.", through),
        ngettext("%(num)s failed again.", "%(num)s failed again.", failed) if failed else "",
        ngettext(
            "%(num)s is left: at most %(most)s are tried at once.",
            "%(num)s are left: at most %(most)s are tried at once.",
            left,
            most=AT_ONCE,
        )
        if left
        else "",
    ]
    return " ".join(filter(None, parts))
