"""The sale that a car came from, for its card."""

from dataclasses import dataclass

from sqlalchemy import false, select
from sqlalchemy.orm import Session

from engine.instances.models import ProcessInstance
from webapp.core.case_sight import case_within
from webapp.core.permissions import RowScope
from webapp.core.workflow import describe_cases
from webapp.vehicles.models import CustomerCar


@dataclass(frozen=True)
class SaleOfCar:
    """How the case of the sale is called; `in_reach`: whether its page opens for who asks."""

    title: str
    instance_id: int
    in_reach: bool


def find_sale(session: Session, car: CustomerCar, *, reach: RowScope | None) -> SaleOfCar | None:
    """The case in which we sold this car. `reach`: on which cases somebody may look."""
    if not car.sale_key:
        return None
    row = session.execute(
        select(ProcessInstance.id)
        .add_columns((false() if reach is None else case_within(reach)).label("in_reach"))
        .where(ProcessInstance.business_key == car.sale_key)
        .order_by(ProcessInstance.id)
        .limit(1)
    ).first()
    if row is None:
        return None
    label = describe_cases(session, [car.sale_key])[car.sale_key]
    return SaleOfCar(label.detail or label.title, row.id, bool(row.in_reach))
