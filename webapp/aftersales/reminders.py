"""Cars whose next service falls due: found every night, each begins a visit by our reminder (C01)."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session, aliased

from engine.timers.calendars import calendar_for
from webapp.aftersales import visiting
from webapp.aftersales.models import Recommendation, RecommendationKind, ServiceVisit
from webapp.aftersales.next_service import INTERVAL_KM, NextService, Reading, predict
from webapp.aftersales.visiting import Wish
from webapp.aftersales.workshop import CALENDAR
from webapp.customers.services import get_customer
from webapp.vehicles.models import CustomerCar
from webapp.vehicles.services import get_car

# days before the service at which we write, by standard (specification §2.2)
LEADS = {"service_ten_steps": 15}
USUAL_LEAD = 30
AT_ONCE = 200  # visits that one run opens; the rest follow with the next


def next_service_of(session: Session, car_id: int) -> NextService | None:
    """When the service that was agreed at the last handover is expected to fall due."""
    statement = select(Recommendation, ServiceVisit.km).join(ServiceVisit, ServiceVisit.id == Recommendation.visit_id)
    found = session.execute(
        statement.where(
            Recommendation.car_id == car_id,
            Recommendation.kind == RecommendationKind.NEXT_SERVICE,
            Recommendation.done_at.is_(None),
            Recommendation.by.is_not(None),
        )
        .order_by(Recommendation.id.desc())
        .limit(1)
    ).first()
    if found is None:
        return None
    due, km = found
    return _predict(due, km, _readings(session, select(CustomerCar.id).where(CustomerCar.id == car_id)).get(car_id, ()))


def open_due_visits(session: Session, *, now: datetime) -> int:
    """Open a visit for every car whose service is expected so soon that we write; returns how many.

    No car is reminded of twice: a visit that was opened after the service was agreed settles it.
    """
    opened = 0
    waiting = _find_agreed(session)
    cars = select(Recommendation.car_id).where(
        Recommendation.kind == RecommendationKind.NEXT_SERVICE, Recommendation.done_at.is_(None)
    )
    readings = _readings(session, cars)
    expected = [(_predict(due, last.km, readings.get(due.car_id, ())).on, due, last) for due, last in waiting]
    today: dict[int, date] = {}
    for on, due, last in sorted(expected, key=lambda each: (each[0], each[1].id)):
        if last.centre_id not in today:
            zone = ZoneInfo(calendar_for(session, CALENDAR, last.centre_id).zone)
            today[last.centre_id] = now.astimezone(zone).date()
        if on - timedelta(days=LEADS.get(last.standard, USUAL_LEAD)) > today[last.centre_id]:
            continue
        wish = Wish(
            customer=get_customer(session, last.customer_id),
            centre_id=last.centre_id,
            car=get_car(session, due.car_id),
            called=False,
            reminder=True,
            reasons=("maintenance",),
        )
        visiting.open_visit(session, wish, actor_id=None, now=now)
        opened += 1
        if opened == AT_ONCE:
            break
    return opened


def _find_agreed(session: Session) -> list[tuple[Recommendation, ServiceVisit]]:
    """The services that were agreed and to which nobody has come yet, with the visit that agreed on them."""
    later = aliased(ServiceVisit)
    later_visit = exists().where(later.car_id == Recommendation.car_id, later.id > Recommendation.visit_id)
    statement = (
        select(Recommendation, ServiceVisit)
        .join(CustomerCar, CustomerCar.id == Recommendation.car_id)
        .join(ServiceVisit, ServiceVisit.id == Recommendation.visit_id)
        .where(
            Recommendation.kind == RecommendationKind.NEXT_SERVICE,
            Recommendation.done_at.is_(None),
            Recommendation.by.is_not(None),
            CustomerCar.until.is_(None),
            ~later_visit,
        )
    )
    return [(due, last) for due, last in session.execute(statement).unique()]


def _predict(due: Recommendation, km_then: int | None, readings: Iterable[Reading]) -> NextService:
    """`km_then`: the mileage when it was agreed, from which the usual interval counts where none was named."""
    if due.by is None:
        raise ValueError(f"Recommendation {due.id} names no day.")
    km = due.km if due.km is not None else km_then + INTERVAL_KM if km_then is not None else None
    return predict(NextService(due.by, km), readings)


def _readings(session: Session, cars: Select[int]) -> Mapping[int, list[Reading]]:
    """What the odometers said: at every reception, and when somebody asked last."""
    at_reception = select(ServiceVisit.car_id, ServiceVisit.arrived_at, ServiceVisit.km).where(
        ServiceVisit.car_id.in_(cars), ServiceVisit.arrived_at.is_not(None), ServiceVisit.km.is_not(None)
    )
    asked = select(CustomerCar.id, CustomerCar.km_at, CustomerCar.km).where(
        CustomerCar.id.in_(cars), CustomerCar.km_at.is_not(None), CustomerCar.km.is_not(None)
    )
    found: dict[int, list[Reading]] = {}
    for statement in (at_reception, asked):
        for car_id, at, km in session.execute(statement):
            if car_id is not None and at is not None and km is not None:  # as the statements say
                found.setdefault(car_id, []).append(Reading(at.date(), km))
    return found
