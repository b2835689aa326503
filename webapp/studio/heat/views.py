"""The page of the heat map."""

from flask import Blueprint, render_template, request

from webapp.core.clock import now
from webapp.core.database import session
from webapp.core.i18n import current_zone
from webapp.core.permissions import require
from webapp.kit.periods import PERIODS
from webapp.studio.access import whole_group
from webapp.studio.heat.address import BEFORE, OWN, YEAR, read_asked
from webapp.studio.heat.measures import FAMILIES, of_family
from webapp.studio.heat.page import LISTED, load_map, period_title

bp = Blueprint("heat", __name__, template_folder="../templates")


@bp.get("/processes/<key>/map")
@require("studio.see")
def show_map(key: str) -> str:
    """A drawing coloured by one measure; the address of the page is what it shows."""
    whole_group("studio.see")
    today = now().astimezone(current_zone()).date()
    asked = read_asked(request.args, key=key, today=today)
    return render_template(
        "studio/heat/map.html",
        page=load_map(session(), asked),
        families={name: (text, of_family(name)) for name, text in FAMILIES.items()},
        periods=PERIODS,
        period_title=period_title,
        listed=LISTED,
        besides=(BEFORE, YEAR, OWN),
    )
