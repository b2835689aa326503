"""What worksheets bring: the price of each car that was handed over, when its handover was recorded."""

from typing import Any

from sqlalchemy import Numeric, Select, String, cast, literal, null, select

from webapp.sales.models import SUBJECT, Sale

GROSS_PROFIT = cast(null(), Numeric(14, 2))  # what a car cost is not known here


def worksheet_money() -> Select[*tuple[Any, ...]]:
    """Business key, moment, revenue and gross profit."""
    return select(
        (literal(f"{SUBJECT}:") + cast(Sale.worksheet_id, String)).label("business_key"),
        Sale.recorded_at.label("at"),
        Sale.price.label("revenue"),
        GROSS_PROFIT.label("profit"),
    )
