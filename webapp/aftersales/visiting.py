"""Visits as records: opened for a need, joined by later calls about it, received, and ended."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from webapp.aftersales import occupying
from webapp.aftersales.models import (
    OVER,
    SUBJECT,
    BrandStandard,
    NotBookedReason,
    ServiceVisit,
    VisitStatus,
    WaitOrLeave,
    Workshop,
)
from webapp.aftersales.reference import DEFAULT_STANDARD
from webapp.core import audit
from webapp.core.errors import NotFound, RuleViolation
from webapp.core.workflow import engine
from webapp.customers.models import Customer, Direction, Interaction, InteractionChannel
from webapp.customers.queries import customers_meant
from webapp.customers.services import add_interaction
from webapp.inquiries.models import Inquiry
from webapp.kit.beginnings import begins_with
from webapp.kit.identifiers import tidy_plate
from webapp.staff.models import Centre, User
from webapp.vehicles.models import CustomerCar
from webapp.vehicles.queries import get_brand_code
from webapp.vehicles.services import find_cars_of

ONE_NEED = timedelta(days=3)  # calls of one customer within it are about one need (specification §2.7)
SHORTEST_PLATE = 3
WRITTEN_LATER = timedelta(days=1)  # who came without a call may be written down so long after


@dataclass(frozen=True)
class Wish:
    """What is known when a visit is opened. `called`: the customer spoke up himself, which the funnel counts."""

    customer: Customer
    centre_id: int | None = None
    car: CustomerCar | None = None
    model_code: str | None = None
    inquiry: Inquiry | None = None
    walk_in: bool = False
    called: bool = True
    reminder: bool = False
    words: str = ""
    reasons: tuple[str, ...] = ()
    repeat_repair: bool = False
    repeats: ServiceVisit | None = None  # whose work is put right
    advisor_id: int | None = None  # whose the visit is from its start
    taken_by: int | None = None  # who talks to the customer now, and may book at once


def get_visit(session: Session, visit_id: int) -> ServiceVisit:
    """NotFound: visit_unknown."""
    visit = session.get(ServiceVisit, visit_id)
    if visit is None:
        raise NotFound("visit_unknown", f"There is no visit {visit_id}.")
    return visit


def get_visit_by_key(session: Session, business_key: str) -> ServiceVisit:
    """The visit of a case. NotFound: visit_unknown."""
    subject, _, number = business_key.rpartition(":")
    if subject != SUBJECT or not number.isdigit():
        raise NotFound("visit_unknown", f"{business_key} is no visit.")
    return get_visit(session, int(number))


def find_open_visit(session: Session, customer_id: int, *, now: datetime) -> ServiceVisit | None:
    """The visit that a call of this customer is about: one in work, or one asked for within the days of one need."""
    statement = (
        select(ServiceVisit)
        .where(ServiceVisit.customer_id == customer_id, ServiceVisit.status.not_in(sorted(OVER)))
        .order_by(ServiceVisit.opened_at.desc(), ServiceVisit.id.desc())
    )
    for visit in session.scalars(statement):
        waits = visit.status is VisitStatus.REQUESTED and visit.starts_at is None
        if not waits or visit.opened_at > now - ONE_NEED:
            return visit
    return None


def open_visit(session: Session, wish: Wish, *, actor_id: int | None, now: datetime) -> ServiceVisit:
    """Open a visit and its case, by the standard of the car's brand or of the centre.

    RuleViolation: centre_missing, when no centre is known at all.
    """
    centre_id = wish.centre_id or wish.customer.centre_id or _first_centre(session)
    car = wish.car or _only_car(session, wish.customer.id)
    standard = standard_for(session, centre_id, car.brand_code if car else get_brand_code(session, wish.model_code))
    visit = ServiceVisit(
        customer_id=wish.customer.id,
        car_id=car.id if car else None,
        centre_id=centre_id,
        inquiry_id=wish.inquiry.id if wish.inquiry else None,
        standard=standard,
        opened_at=now,
        status=VisitStatus.REQUESTED,
        reasons=list(wish.reasons),
        jobs=[],
        customer_words=wish.words,
        repeat_repair=wish.repeat_repair or wish.repeats is not None,
        repeats_id=wish.repeats.id if wish.repeats else None,
        walk_in=wish.walk_in,
        advisor_id=wish.advisor_id,
    )
    session.add(visit)
    session.flush()
    audit.record(session, action="aftersales.visit.opened", subject=visit.business_key, actor_id=actor_id, now=now)
    engine().start(
        session,
        standard,
        business_key=visit.business_key,
        payload=_payload(visit, wish, car),
        actor_id=actor_id,
        now=now,
        scope_id=centre_id,
        owner_id=wish.advisor_id,
    )
    return visit


def find_repeat(session: Session, visit: ServiceVisit) -> ServiceVisit | None:
    """The visit, not over yet, in which the work of this one is put right."""
    statement = select(ServiceVisit).where(
        ServiceVisit.repeats_id == visit.id, ServiceVisit.status.not_in(sorted(OVER))
    )
    return session.scalar(statement.order_by(ServiceVisit.id.desc()).limit(1))


def active_advisor(session: Session, visit: ServiceVisit) -> int | None:
    """The advisor of a visit if he is still at work here."""
    advisor = session.get(User, visit.advisor_id) if visit.advisor_id is not None else None
    return advisor.id if advisor is not None and advisor.active else None


def standard_for(session: Session, centre_id: int, brand_code: str | None) -> str:
    """The process that a visit follows: by the brand of the car, else by the centre."""
    by_brand = session.get(BrandStandard, brand_code) if brand_code else None
    if by_brand is not None:
        return by_brand.standard_code
    workshop = session.get(Workshop, centre_id)
    return workshop.standard_code if workshop else DEFAULT_STANDARD


def receive(visit: ServiceVisit, *, arrived_at: datetime, km: int, now: datetime) -> None:
    """The car is here. RuleViolation: arrived_in_future, arrived_before_call."""
    if arrived_at > now + timedelta(minutes=1):
        raise RuleViolation("arrived_in_future", "A car that has come came in the past.")
    if arrived_at < visit.opened_at - WRITTEN_LATER:
        raise RuleViolation("arrived_before_call", "A car comes after its visit was asked for.")
    visit.status, visit.arrived_at, visit.km, visit.closed_at = VisitStatus.ARRIVED, arrived_at, km, None


def note_contact(
    session: Session,
    visit: ServiceVisit,
    subject: str,
    result: str,
    comment: str = "",
    *,
    channel: InteractionChannel = InteractionChannel.CALL,
    next_at: datetime | None = None,
    actor_id: int | None,
    now: datetime,
) -> None:
    """A row in the chronicle of the customer: what was agreed about his visit."""
    add_interaction(
        session,
        customer_id=visit.customer_id,
        channel=channel,
        direction=Direction.IN if channel is InteractionChannel.VISIT else Direction.OUT,
        subject=f"visit.{subject}",
        at=now,
        result=result,
        comment=comment,
        next_at=next_at,
        employee_id=actor_id,
        case_key=visit.business_key,
    )


def not_book(visit: ServiceVisit, reason: NotBookedReason, *, now: datetime) -> None:
    visit.status, visit.not_booked_reason, visit.closed_at = VisitStatus.NOT_BOOKED, reason, now


def end_visit(session: Session, visit: ServiceVisit, status: VisitStatus, *, now: datetime) -> None:
    """Nothing more happens; its quarters are free."""
    if status.frees_slot:
        occupying.lock_visit(session, visit)
        occupying.free_visit(session, visit.id)
    visit.status, visit.closed_at = status, now


def stay_of(value: str | None) -> WaitOrLeave | None:
    return WaitOrLeave(value) if value else None


def count_calls(session: Session, case_key: str, subject: str, result: str, *, since: datetime | None) -> int:
    """How many contacts of this kind ended this way."""
    statement = select(func.count(Interaction.id)).where(
        Interaction.case_key == case_key, Interaction.subject == subject, Interaction.result == result
    )
    return session.scalar(statement if since is None else statement.where(Interaction.at >= since)) or 0


def _payload(visit: ServiceVisit, wish: Wish, car: CustomerCar | None) -> Mapping[str, object]:
    """What the drawing knows from its start; it stands under `visit_opened`."""
    inquiry = wish.inquiry
    return {
        "visit_id": visit.id,
        "customer_id": visit.customer_id,
        "car_id": visit.car_id,
        "model": car.model_code if car and car.model_code else wish.model_code,
        "channel": inquiry.channel.value if inquiry else "reminder" if wish.reminder else None,
        "source": inquiry.source_code if inquiry else None,
        "campaign": inquiry.campaign or None if inquiry else None,
        "reasons": list(wish.reasons),
        "walk_in": wish.walk_in,
        "called": wish.called and not wish.walk_in and not wish.reminder,
        "reminder": wish.reminder,
        "taken_by": wish.taken_by,
        "repeats": wish.repeats.business_key if wish.repeats else None,
    }


def _only_car(session: Session, customer_id: int) -> CustomerCar | None:
    cars = find_cars_of(session, customer_id)
    return cars[0] if len(cars) == 1 else None


def _first_centre(session: Session) -> int:
    found = session.scalar(
        select(Centre.id)
        .outerjoin(Workshop, Workshop.centre_id == Centre.id)
        .where(Centre.active)
        .order_by(Workshop.centre_id.is_(None), Centre.id)
        .limit(1)
    )
    if found is None:
        raise RuleViolation("centre_missing", "There is no centre that could serve the car.")
    return found


def visits_meant(text: str) -> Select[str] | None:
    """Business keys of the visits that this text means: by their customer, plate, VIN or number."""
    whose = customers_meant(text)
    number = text.rpartition("-")[2].strip()
    plate = tidy_plate(text)
    ways: list[ColumnElement[bool]] = [ServiceVisit.customer_id.in_(whose)] if whose is not None else []
    if number.isdecimal() and len(number) < 10:
        ways.append(ServiceVisit.id == int(number))
    if len(plate) >= SHORTEST_PLATE:
        tail = text.strip().upper()[::-1]
        named = or_(begins_with(CustomerCar.plate, plate), begins_with(CustomerCar.vin_tail, tail))
        ways.append(ServiceVisit.car_id.in_(select(CustomerCar.id).where(named)))
    return select(ServiceVisit.business_key).where(or_(*ways)) if ways else None
