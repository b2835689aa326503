"""A workshop for browser tests: its people, its bays, and visits that are booked already."""

from datetime import datetime

from tests.browser.showroom import CENTRE, Showroom
from webapp.aftersales import booking
from webapp.aftersales.models import ResourceKind, ServiceVisit, VisitStatus, WaitOrLeave
from webapp.aftersales.needs import needs_of
from webapp.aftersales.reference import LARGE_WORKSHOP
from webapp.aftersales.setting_up import furnish_workshop
from webapp.aftersales.slot import Slot
from webapp.aftersales.workshop import find_resources
from webapp.customers.names import split_name
from webapp.customers.services import CustomerFacts, create_customer
from webapp.vehicles.services import CarFacts, record_car

SERVICE_PEOPLE = {
    "dispatcher": ("Оксана Пирогова", "service_dispatcher", CENTRE),
    "foreman": ("Борис Левин", "foreman", CENTRE),
    "advisor": ("Виктор Носов", "service_advisor", CENTRE),
    "advisor2": ("Кирилл Реутов", "service_advisor", CENTRE),
    "advisor3": ("Лилия Амирова", "service_advisor", CENTRE),
    "technician": ("Павел Сухов", "technician", CENTRE),
}


def open_workshop(showroom: Showroom, *, technicians: int = 8) -> None:
    """Seven bays, three advisors, a dispatcher."""
    showroom.hire(SERVICE_PEOPLE)
    with showroom.write() as session:
        furnish_workshop(
            session, showroom.centres["North"], bays=LARGE_WORKSHOP, technicians=technicians, now=showroom.clock.now()
        )


def book_visit(
    showroom: Showroom,
    name: str,
    starts_at: datetime,
    *,
    job: str = "maintenance_30",
    bay: str = "Lift 1",
    advisor: str = "advisor",
    plate: str = "",
    status: VisitStatus = VisitStatus.BOOKED,
) -> int:
    """A visit that stands on the calendar, without a case; its number."""
    now = showroom.clock.now()
    with showroom.write() as session:
        centre = showroom.centres["North"]
        split = split_name(name)
        customer = create_customer(
            session,
            CustomerFacts(last_name=split.last, first_name=split.first, middle_name=split.middle, centre_id=centre),
            actor_id=None,
            now=now,
        )
        car = None
        if plate:
            facts = CarFacts(plate=plate, model_code="nordis_terra", km=29_000)
            car = record_car(session, customer=customer, facts=facts, actor_id=None, now=now)
        needs = needs_of(session, [job])
        visit = ServiceVisit(
            customer_id=customer.id,
            car_id=car.id if car else None,
            centre_id=centre,
            standard="service_seven_processes",
            opened_at=now,
            jobs=[job],
            reasons=list(needs.reasons),
            wait_or_leave=WaitOrLeave.LEAVE,
            hours=needs.hours,
        )
        session.add(visit)
        session.flush()
        bays = {each.name_en: each.id for each in find_resources(session, centre) if each.kind is ResourceKind.BAY}
        slot = Slot(starts_at, bays[bay], showroom.people[advisor], needs.hours, needs.express)
        booking.book(session, visit, slot, actor_id=showroom.people["dispatcher"], now=now)
        visit.status = status
        return visit.id
