"""What visits bring: the total of each work order that somebody pays for, when it was closed."""

from typing import Any

from sqlalchemy import Select, String, and_, cast, literal, select

from webapp.aftersales.models import SUBJECT, OrderKind, OrderState, WorkOrder

AT_OUR_COST = (OrderKind.INTERNAL, OrderKind.GOODWILL)
# without tax; null while the cost of a line is not known
GROSS_PROFIT = WorkOrder.total - WorkOrder.tax - WorkOrder.cost
PAID_FOR = and_(WorkOrder.state == OrderState.CLOSED, WorkOrder.kind.not_in(AT_OUR_COST))


def visit_money() -> Select[*tuple[Any, ...]]:
    """Business key, moment, revenue and gross profit, without tax; null while the cost of a line is not known."""
    return select(
        (literal(f"{SUBJECT}:") + cast(WorkOrder.visit_id, String)).label("business_key"),
        WorkOrder.closed_at.label("at"),
        WorkOrder.total.label("revenue"),
        GROSS_PROFIT.label("profit"),
    ).where(PAID_FOR)
