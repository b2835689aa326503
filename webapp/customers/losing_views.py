"""The mark «lost» on the card of a customer."""

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug import Response

from webapp.core.clock import now
from webapp.core.database import session
from webapp.core.permissions import actor_id, require
from webapp.customers import losing
from webapp.customers.consents import is_stopped
from webapp.customers.models import LostReason
from webapp.customers.sight import visible_customer

LONGEST_COMMENT = 2000

bp = Blueprint("customer_losing", __name__, url_prefix="/customers", template_folder="templates")


@bp.post("/<int:customer_id>/lost")
@require("customers.change")
def mark_lost(customer_id: int) -> Response:
    """With the reason, which must be chosen."""
    customer = visible_customer(customer_id, "customers.change")
    reason = request.form.get("reason", "")
    if reason in set(LostReason):
        losing.mark_lost(session(), customer, LostReason(reason), comment=_comment(), actor_id=actor_id(), now=now())
        flash(_("Marked as lost."), "success")
    else:
        flash(_("Choose why the customer does not come again."), "warning")
    return redirect(url_for("customers.show_customer", customer_id=customer.id))


@bp.post("/<int:customer_id>/not-lost")
@require("customers.change")
def unmark_lost(customer_id: int) -> Response:
    customer = visible_customer(customer_id, "customers.change")
    losing.unmark_lost(session(), customer, comment=_comment(), actor_id=actor_id(), now=now())
    flash(_("The mark is taken away."), "success")
    if is_stopped(session(), customer):
        flash(
            _("The addresses stay on the stop list. If the customer wants our letters, say so under Consents."), "info"
        )
    return redirect(url_for("customers.show_customer", customer_id=customer.id))


def _comment() -> str:
    return request.form.get("comment", "").strip()[:LONGEST_COMMENT]
