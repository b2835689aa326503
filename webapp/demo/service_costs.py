"""What the parts of an order cost the dealer: the parts store knows it before the car goes back."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from webapp.aftersales.costing import set_costs
from webapp.aftersales.order_sums import round2
from webapp.aftersales.order_writing import find_order

SHARES = [Decimal(share) / 100 for share in (68, 71, 74, 76, 79)]  # of the price without tax, by the order's number


def know_costs(session: Session, visit_id: int, *, now: datetime) -> None:
    """Enter the purchase prices. No die is cast for them: the rest of the history stays as it was."""
    order = find_order(session, visit_id)
    if order is None or not order.part_lines:
        return
    share = SHARES[order.id % len(SHARES)] * 100 / (100 + order.tax_rate)
    set_costs(
        session,
        order,
        parts={line.id: round2(line.price * share) for line in order.part_lines},
        hour_cost=next((line.hour_cost for line in order.labour_lines), None),
        actor_id=None,
        now=now,
    )
