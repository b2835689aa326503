"""What work orders cost us: the purchase prices of their parts, and what a norm hour of the workshop costs."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from webapp.aftersales.models import OrderState, WorkOrder, Workshop
from webapp.core import audit
from webapp.core.errors import Conflict


def find_hour_cost(session: Session, centre_id: int) -> Decimal | None:
    """Of a norm hour, without tax; None while the workshop does not say it."""
    workshop = session.get(Workshop, centre_id)
    return workshop.hour_cost if workshop else None


def set_costs(
    session: Session,
    order: WorkOrder,
    *,
    parts: Mapping[int, Decimal | None],
    hour_cost: Decimal | None,
    actor_id: int | None,
    now: datetime,
) -> None:
    """Write purchase prices by the ids of part lines, and the cost of a norm hour of this order; None: not known.

    Also after it was closed: what the supplier takes is often known later, and the customer's papers do not name it.
    Conflict: order_cancelled.
    """
    if order.state is OrderState.CANCELLED:
        raise Conflict("order_cancelled", f"Work order {order.id} is cancelled.")
    for line in order.part_lines:
        line.unit_cost = parts.get(line.id, line.unit_cost)
    for work in order.labour_lines:
        work.hour_cost = hour_cost
    order.add_up()
    session.flush()
    audit.record(
        session,
        action="aftersales.order.costed",
        subject=f"aftersales.order:{order.id}",
        actor_id=actor_id,
        now=now,
        cost=None if order.cost is None else f"{order.cost:.2f}",
    )
