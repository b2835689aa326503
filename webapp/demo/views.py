"""How far the demo's history has been played, for the bar of every page."""

from flask import Blueprint, render_template

from webapp.core.config import settings
from webapp.core.database import session
from webapp.core.errors import NotFound
from webapp.core.permissions import signed_in
from webapp.demo.models import DemoProgress
from webapp.demo.progress import get_progress, share

ENOUGH = 286  # htmx: show the answer and ask no more

bp = Blueprint("demo", __name__, url_prefix="/demo", template_folder="templates")


@bp.get("/progress")
@signed_in
def show_progress() -> tuple[str, int]:
    """The bar, asked for again and again until the history is complete."""
    if not settings().demo:
        raise NotFound("demo_absent")
    growing = find_growing()
    return render_template("demo/_progress.html", growing=growing), 200 if growing else ENOUGH


def find_growing() -> DemoProgress | None:
    """The progress of a history that is being played; None outside the demo and when it is complete."""
    if not settings().demo:
        return None
    found = get_progress(session())
    return found if found is not None and share(found) < 1 else None
