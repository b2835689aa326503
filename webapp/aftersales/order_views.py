"""Pages of work orders: the list, and one order with its lines. They change through the steps of the visit alone.

Only what they cost us is written here: it is not for everybody who sees the steps.
"""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.aftersales import labels
from webapp.aftersales.costing import set_costs
from webapp.aftersales.models import OrderState, WorkOrder
from webapp.aftersales.order_queries import OrderFilter, count_orders, find_case, find_visible_order, list_orders
from webapp.aftersales.schemas import costs_form
from webapp.core.clock import now
from webapp.core.database import session
from webapp.core.formats import format_number
from webapp.core.forms import Form, read_form
from webapp.core.i18n import current_language
from webapp.core.permissions import actor_id, current_scope, require, scope_if_any
from webapp.core.requests import page_number

PAGE = 50

bp = Blueprint("aftersales_orders", __name__, url_prefix="/work-orders", template_folder="templates")


@bp.get("")
@require("aftersales.see")
def show_orders() -> str:
    """Work orders in reach, the newest first; the address of the page is the filter."""
    wanted, page = _filter(), page_number(request.args)
    scope = current_scope("aftersales.see")
    count = count_orders(session(), wanted, scope=scope)
    return render_template(
        "aftersales/orders.html",
        rows=list_orders(session(), wanted, scope=scope, limit=PAGE, offset=(page - 1) * PAGE),
        wanted=wanted,
        count=count,
        page=page,
        pages=-(-count // PAGE),
        labels=labels,
        filters={name: value for name, value in request.args.items() if name in {"q", "state"} and value},
    )


@bp.get("/<int:order_id>")
@require("aftersales.see")
def show_order(order_id: int) -> str:
    """One order: whose car, what is done to it, what it comes to."""
    return _order_page(order_id)


@bp.post("/<int:order_id>/costs")
@require("aftersales.see_costs")
def change_costs(order_id: int) -> ResponseReturnValue:
    """What parts and hours of the order cost us; an empty field: not known."""
    order = find_visible_order(session(), order_id, scope=current_scope("aftersales.see_costs")).order
    form = read_form(costs_form(order)())
    if not form.ok:
        return _order_page(order_id, form), 422
    set_costs(
        session(),
        order,
        parts={line.id: form.data[f"cost-{line.id}"] for line in order.part_lines if not line.own},
        hour_cost=form.data["hour_cost"],
        actor_id=actor_id(),
        now=now(),
    )
    flash(_("Saved."), "success")
    return redirect(url_for("aftersales_orders.show_order", order_id=order_id))


def _order_page(order_id: int, refused: Form | None = None) -> str:
    scope = current_scope("aftersales.see_costs" if refused else "aftersales.see")
    row = find_visible_order(session(), order_id, scope=scope)
    return render_template(
        "aftersales/order.html",
        order=row.order,
        car=row.car,
        labels=labels,
        case_id=find_case(session(), row.order, scope=scope_if_any("cases.see")),
        costs=refused or _known_costs(row.order) if _shows_costs(row.order) else None,
    )


def _shows_costs(order: WorkOrder) -> bool:
    """Whether the reader may know what this order costs us."""
    reach = scope_if_any("aftersales.see_costs") if order.state is not OrderState.CANCELLED else None
    return reach is not None and reach.covers(order.advisor_id, order.centre_id)


def _known_costs(order: WorkOrder) -> Form:
    known = {f"cost-{line.id}": line.unit_cost for line in order.part_lines}
    known["hour_cost"] = next((line.hour_cost for line in order.labour_lines), None)
    language = current_language()
    return Form(values={name: format_number(cost, language, 2) for name, cost in known.items() if cost is not None})


def _filter() -> OrderFilter:
    state = request.args.get("state", "")
    return OrderFilter(
        text=request.args.get("q", "").strip()[:120],
        state=OrderState(state) if state in set(OrderState) else None,
    )
