"""Facts that several slices know of customers, as statements: what was bought, who came, who was spoken to.

Each slice that sells or serves adds its select to the unions here; segments, the segments of the base and the
figures of campaigns read nothing else.
"""

from datetime import date
from decimal import Decimal

from sqlalchemy import Select, Subquery, and_, case, literal, or_, select, union_all

from webapp.aftersales.models import OrderKind, OrderState, ServiceVisit, WorkOrder
from webapp.aftersales.proceeds import AT_OUR_COST
from webapp.customers.models import CONTACT_CHANNELS, Interaction
from webapp.sales.models import Sale, Visit, Worksheet

CAR, WORK = "car", "work"


def commercial() -> Subquery:
    """Commercial activity (specification §3.2): customer_id, kind (a car or work), day, amount.

    Work is a closed order that somebody pays for, or one of warranty, which the customer does not pay: `amount` 0.
    """
    cars: Select[int, str, date, Decimal] = select(
        Worksheet.customer_id.label("customer_id"),
        literal(CAR).label("kind"),
        Sale.delivered_on.label("day"),
        Sale.price.label("amount"),
    ).join(Sale, Sale.worksheet_id == Worksheet.id)
    pays = WorkOrder.kind.in_([OrderKind.PAID, OrderKind.INSURANCE])
    work: Select[int, str, date, Decimal] = select(
        WorkOrder.customer_id,
        literal(WORK),
        WorkOrder.closed_on,
        case((pays, WorkOrder.total), else_=0),
    ).where(
        WorkOrder.state == OrderState.CLOSED,
        WorkOrder.closed_on.is_not(None),
        or_(WorkOrder.kind == OrderKind.WARRANTY, and_(WorkOrder.total > 0, WorkOrder.kind.not_in(AT_OUR_COST))),
    )
    return union_all(cars, work).subquery("commercial")


def visits() -> Subquery:
    """Who came and when: customer_id, at."""
    to_showroom = select(Worksheet.customer_id.label("customer_id"), Visit.at.label("at")).join(
        Visit, Visit.worksheet_id == Worksheet.id
    )
    to_workshop = select(ServiceVisit.customer_id.label("customer_id"), ServiceVisit.arrived_at.label("at")).where(
        ServiceVisit.arrived_at.is_not(None)
    )
    return union_all(to_showroom, to_workshop).subquery("visits")


def contacts() -> Subquery:
    """When somebody spoke with whom: customer_id, at."""
    return (
        select(Interaction.customer_id.label("customer_id"), Interaction.at.label("at"))
        .where(Interaction.channel.in_(CONTACT_CHANNELS))
        .subquery("contacts")
    )
