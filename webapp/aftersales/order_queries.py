"""What the pages of work orders ask."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVarTuple

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, joinedload

from engine.instances.models import ProcessInstance
from webapp.aftersales.models import OrderState, ServiceVisit, WorkOrder
from webapp.aftersales.visiting import SHORTEST_PLATE
from webapp.core.errors import NotFound
from webapp.core.permissions import RowScope
from webapp.customers.queries import customers_meant
from webapp.kit.identifiers import tidy_plate
from webapp.vehicles.models import CustomerCar

Columns = TypeVarTuple("Columns")


@dataclass(frozen=True)
class OrderFilter:
    """What somebody looks for: a name, plate or number, and a state; empty fields ask for nothing."""

    text: str = ""
    state: OrderState | None = None


@dataclass(frozen=True)
class OrderRow:
    """An order with its car, in a list."""

    order: WorkOrder
    car: CustomerCar | None


def list_orders(
    session: Session, wanted: OrderFilter, *, scope: RowScope, limit: int, offset: int
) -> Sequence[OrderRow]:
    """Orders in reach, the newest first. One statement beside the lines."""
    statement = (
        _wanted(select(WorkOrder, CustomerCar), wanted, scope)
        .options(
            joinedload(WorkOrder.customer),
            joinedload(WorkOrder.advisor),
            joinedload(CustomerCar.model),
        )
        .order_by(WorkOrder.opened_at.desc(), WorkOrder.id.desc())
        .limit(limit)
        .offset(offset)
    )
    return [OrderRow(order, car) for order, car in session.execute(statement).unique()]


def count_orders(session: Session, wanted: OrderFilter, *, scope: RowScope, at_most: int = 10_000) -> int:
    """How many there are; stops counting at `at_most`."""
    statement = _wanted(select(WorkOrder.id), wanted, scope).limit(at_most)
    return session.scalar(select(func.count()).select_from(statement.subquery())) or 0


def find_visible_order(session: Session, order_id: int, *, scope: RowScope) -> OrderRow:
    """NotFound: order_unknown, also for one that is out of reach."""
    statement = (
        _wanted(select(WorkOrder, CustomerCar), OrderFilter(), scope)
        .where(WorkOrder.id == order_id)
        .options(
            joinedload(WorkOrder.customer),
            joinedload(WorkOrder.advisor),
            joinedload(WorkOrder.technician),
            joinedload(WorkOrder.visit),
            joinedload(CustomerCar.model),
        )
    )
    found = session.execute(statement).unique().one_or_none()
    if found is None:
        raise NotFound("order_unknown", f"There is no work order {order_id}.")
    return OrderRow(*found)


def find_case(session: Session, order: WorkOrder, *, scope: RowScope | None) -> int | None:
    """The case of the order's visit, if the person may see it."""
    if scope is None:
        return None
    statement = (
        select(ProcessInstance.id)
        .join(ServiceVisit, ServiceVisit.business_key == ProcessInstance.business_key)
        .where(ServiceVisit.id == order.visit_id)
    )
    return session.scalar(
        scope.limit(statement, owner=ProcessInstance.owner_id, scope=ProcessInstance.scope_id).limit(1)
    )


def _wanted(statement: Select[*Columns], wanted: OrderFilter, scope: RowScope) -> Select[*Columns]:
    found = statement.select_from(WorkOrder).outerjoin(CustomerCar, CustomerCar.id == WorkOrder.car_id)
    found = scope.limit(found, owner=WorkOrder.advisor_id, scope=WorkOrder.centre_id)
    if wanted.state is not None:
        found = found.where(WorkOrder.state == wanted.state)
    if not wanted.text:
        return found
    whose, plate = customers_meant(wanted.text), tidy_plate(wanted.text)
    number = wanted.text.rpartition("-")[2].strip()
    ways: list[ColumnElement[bool]] = [WorkOrder.customer_id.in_(whose)] if whose is not None else []
    if number.isdecimal() and len(number) < 10:
        ways.append(WorkOrder.id == int(number))
    if len(plate) >= SHORTEST_PLATE:
        ways.append(CustomerCar.plate.startswith(plate))
    return found.where(or_(*ways)) if ways else found.where(WorkOrder.id.is_(None))
