"""Pages of work orders: the list, and one order with its lines. They change through the steps of the visit alone."""

from flask import Blueprint, render_template, request

from webapp.aftersales import labels
from webapp.aftersales.models import OrderState
from webapp.aftersales.order_queries import OrderFilter, count_orders, find_case, find_visible_order, list_orders
from webapp.core.database import session
from webapp.core.permissions import current_scope, require, scope_if_any
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
    row = find_visible_order(session(), order_id, scope=current_scope("aftersales.see"))
    return render_template(
        "aftersales/order.html",
        order=row.order,
        car=row.car,
        labels=labels,
        case_id=find_case(session(), row.order, scope=scope_if_any("cases.see")),
    )


def _filter() -> OrderFilter:
    state = request.args.get("state", "")
    return OrderFilter(
        text=request.args.get("q", "").strip()[:120],
        state=OrderState(state) if state in set(OrderState) else None,
    )
