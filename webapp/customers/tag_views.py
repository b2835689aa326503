"""Tags on the card of a customer."""

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug import Response

from webapp.core import audit
from webapp.core.clock import now
from webapp.core.database import session
from webapp.core.permissions import actor_id, require
from webapp.customers.sight import visible_customer
from webapp.customers.tags import read_tags, set_tags

bp = Blueprint("customer_tags", __name__, url_prefix="/customers", template_folder="templates")


@bp.post("/<int:customer_id>/tags")
@require("customers.change")
def change_tags(customer_id: int) -> Response:
    """Replace the tags by those of one line, separated by commas."""
    customer = visible_customer(customer_id, "customers.change")
    set_tags(session(), customer.id, read_tags(request.form.get("tags", "")))
    audit.record(
        session(),
        action="customers.customer.tagged",
        subject=f"customers.customer:{customer.id}",
        actor_id=actor_id(),
        now=now(),
    )
    flash(_("Saved."), "success")
    return redirect(url_for("customers.show_customer", customer_id=customer.id))
