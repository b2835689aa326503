"""Cars whose next service falls due: found every night, each begins a visit by our reminder (C01)."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased

from engine.timers.calendars import calendar_for
from webapp.aftersales import visiting
from webapp.aftersales.models import Recommendation, RecommendationKind, ServiceVisit
from webapp.aftersales.visiting import Wish
from webapp.aftersales.workshop import CALENDAR
from webapp.customers.services import get_customer
from webapp.vehicles.models import CustomerCar
from webapp.vehicles.services import get_car

# days before the service at which we write, by standard (specification §2.2)
LEADS = {"service_ten_steps": 15}
USUAL_LEAD = 30
AT_ONCE = 200  # visits that one run opens; the rest follow with the next


def next_service_of(session: Session, car_id: int) -> date | None:
    """The day that was agreed at the last handover."""
    return session.scalar(
        select(Recommendation.by)
        .where(
            Recommendation.car_id == car_id,
            Recommendation.kind == RecommendationKind.NEXT_SERVICE,
            Recommendation.done_at.is_(None),
        )
        .order_by(Recommendation.id.desc())
        .limit(1)
    )


def open_due_visits(session: Session, *, now: datetime) -> int:
    """Open a visit for every car whose service is so near that we write; returns how many.

    No car is reminded of twice: a visit that was opened after the service was agreed settles it.
    """
    later = aliased(ServiceVisit)
    later_visit = exists().where(later.car_id == Recommendation.car_id, later.id > Recommendation.visit_id)
    statement = (
        select(Recommendation, ServiceVisit)
        .join(CustomerCar, CustomerCar.id == Recommendation.car_id)
        .join(ServiceVisit, ServiceVisit.id == Recommendation.visit_id)
        .where(
            Recommendation.kind == RecommendationKind.NEXT_SERVICE,
            Recommendation.done_at.is_(None),
            Recommendation.by <= now.date() + timedelta(days=USUAL_LEAD + 1),
            CustomerCar.until.is_(None),
            ~later_visit,
        )
        .order_by(Recommendation.by, Recommendation.id)
    )
    opened = 0
    for due, last in session.execute(statement).all():
        zone = ZoneInfo(calendar_for(session, CALENDAR, last.centre_id).zone)
        lead = LEADS.get(last.standard, USUAL_LEAD)
        if due.by is None or due.by - timedelta(days=lead) > now.astimezone(zone).date():
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
