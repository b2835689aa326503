"""What was done in our workshops to a car, and for a customer: for their cards."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from webapp.aftersales.board_queries import find_cars, find_cases, find_job_names, find_orders
from webapp.aftersales.board_work import titles_of
from webapp.aftersales.labels import STATUSES
from webapp.aftersales.models import OrderState, ServiceVisit, VisitStatus
from webapp.aftersales.reminders import next_service_of
from webapp.core.i18n import current_language
from webapp.core.permissions import RowScope, current_scope, may, scope_if_any
from webapp.vehicles.models import CustomerCar

MOST = 20
MONEY = ("aftersales.see_costs", "funnel.see_money")  # who may know either sees on a customer's card what he paid


@dataclass(frozen=True)
class PastVisit:
    """One visit; `at`: when the car came, or was to come. `price` in roubles, once the order is closed."""

    at: datetime
    work: str
    status: VisitStatus
    km: int | None
    price: Decimal | None
    instance_id: int | None  # where its page opens for who asks
    car: str
    car_id: int | None


def load_panel(session: Session, car_id: int) -> Mapping[str, object]:
    """The visits of the car whose card is open, as far as they are in reach."""
    visits = find_visits_of(
        session,
        car_id,
        language=current_language(),
        scope=current_scope("aftersales.see"),
        reach=scope_if_any("cases.see"),
    )
    due = next_service_of(session, car_id)
    return {"visits": visits, "statuses": STATUSES, "most": MOST, "due": due}


def load_customer_panel(session: Session, customer_id: int) -> Mapping[str, object]:
    """The visits of the customer whose card is open, as far as they are in reach, with any of his cars."""
    visits = _past(
        session,
        select(ServiceVisit).where(ServiceVisit.customer_id == customer_id),
        language=current_language(),
        scope=current_scope("aftersales.see"),
        reach=scope_if_any("cases.see"),
    )
    return {"visits": visits, "statuses": STATUSES, "most": MOST, "money_seen": any(map(may, MONEY))}


def find_visits_of(
    session: Session, car_id: int, *, language: str, scope: RowScope, reach: RowScope | None
) -> Sequence[PastVisit]:
    """The newest visits of a car, also those with earlier owners, whom its VIN tells. `scope`: over visits."""
    vin = select(CustomerCar.vin).where(CustomerCar.id == car_id).scalar_subquery()
    same = select(CustomerCar.id).where(or_(CustomerCar.id == car_id, CustomerCar.vin == vin))
    wanted = select(ServiceVisit).where(ServiceVisit.car_id.in_(same))
    return _past(session, wanted, language=language, scope=scope, reach=reach)


def _past(
    session: Session, wanted: Select[ServiceVisit], *, language: str, scope: RowScope, reach: RowScope | None
) -> Sequence[PastVisit]:
    at = func.coalesce(ServiceVisit.arrived_at, ServiceVisit.starts_at, ServiceVisit.opened_at)
    newest = wanted.order_by(at.desc(), ServiceVisit.id.desc()).limit(MOST)
    limited = scope.limit(newest, owner=ServiceVisit.advisor_id, scope=ServiceVisit.centre_id)
    visits = session.scalars(limited).unique().all()
    if not visits:
        return []
    jobs, cars = find_job_names(session, visits, language), find_cars(session, visits)
    cases = find_cases(session, visits, reach=reach)
    orders = find_orders(session, visits)
    found = []
    for visit in visits:
        case, order = cases.get(visit.id), orders.get(visit.id)
        car = cars.get(visit.car_id) if visit.car_id is not None else None
        found.append(
            PastVisit(
                visit.arrived_at or visit.starts_at or visit.opened_at,
                ", ".join(titles_of(visit, jobs, order)) or visit.customer_words,
                visit.status,
                visit.km,
                order.payable if order and order.state is OrderState.CLOSED else None,
                case.instance_id if case and case.in_reach else None,
                car.name if car else "",
                car.id if car else None,
            )
        )
    return found
