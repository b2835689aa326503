"""Pages of campaigns."""

from flask import Blueprint, render_template

from webapp.core.permissions import require

bp = Blueprint("campaigns", __name__, url_prefix="/campaigns", template_folder="templates")


@bp.get("")
@require("campaigns.see")
def list_campaigns() -> str:
    return render_template("campaigns/list.html")
