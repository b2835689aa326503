"""What visits bring: the total of each work order that somebody pays for, when it was closed."""

from typing import Any

from sqlalchemy import Numeric, Select, String, cast, literal, null, select

from webapp.aftersales.models import SUBJECT, OrderKind, OrderState, WorkOrder

AT_OUR_COST = (OrderKind.INTERNAL, OrderKind.GOODWILL)


def visit_money() -> Select[*tuple[Any, ...]]:
    """Business key, moment, revenue and gross profit; the profit is null: costs of parts and hours are not kept."""
    return select(
        (literal(f"{SUBJECT}:") + cast(WorkOrder.visit_id, String)).label("business_key"),
        WorkOrder.closed_at.label("at"),
        WorkOrder.total.label("revenue"),
        cast(null(), Numeric(14, 2)).label("profit"),
    ).where(WorkOrder.state == OrderState.CLOSED, WorkOrder.kind.not_in(AT_OUR_COST))
