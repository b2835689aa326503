"""A workshop in a test: a centre with its bays and people on an own database, without pages."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count

from sqlalchemy.orm import Session

from tests.dealer import MOSCOW, START, moscow
from webapp.aftersales import reference
from webapp.aftersales.models import BayType, ResourceKind, ServiceVisit, WaitOrLeave
from webapp.aftersales.needs import needs_of
from webapp.aftersales.reference import LARGE_WORKSHOP, BayPlan
from webapp.aftersales.setting_up import furnish_workshop
from webapp.aftersales.slot import Slot
from webapp.aftersales.workshop import find_resources
from webapp.core.working_calendars import save_initial_calendars
from webapp.customers.services import CustomerFacts, create_customer
from webapp.staff.models import Centre, RoleGrant, User
from webapp.vehicles.reference import ship_reference_lists as ship_brands

__all__ = ["MONDAY", "MOSCOW", "START", "Shop", "moscow", "open_shop"]

MONDAY = START.astimezone(MOSCOW).date()  # 2 March 2026, ten o'clock
ADVISORS = ("Viktor Nosov", "Kirill Reutov", "Lilia Amirova")


@dataclass
class Shop:
    """Ids of what stands in it."""

    session: Session
    centre_id: int
    advisors: list[int]
    dispatcher: int
    bays: dict[str, int] = field(default_factory=dict)
    courtesy_cars: list[int] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def visit(
        self, *jobs: str, stay: WaitOrLeave = WaitOrLeave.LEAVE, walk_in: bool = False, now: datetime = START
    ) -> ServiceVisit:
        """A need that has just been told of."""
        facts = CustomerFacts(last_name=f"Guest {next(self._numbers)}")
        customer = create_customer(self.session, facts, actor_id=None, now=now)
        codes = list(jobs or ("maintenance_30",))
        made = ServiceVisit(
            customer_id=customer.id,
            centre_id=self.centre_id,
            standard="service_seven_processes",
            opened_at=now,
            jobs=codes,
            wait_or_leave=stay,
            walk_in=walk_in,
            hours=needs_of(self.session, codes).hours,
        )
        self.session.add(made)
        self.session.flush()
        return made

    def slot(self, visit: ServiceVisit, starts_at: datetime, *, bay: str = "Lift 1", advisor: int = 0) -> Slot:
        needs = needs_of(self.session, visit.jobs)
        return Slot(starts_at, self.bays[bay], self.advisors[advisor], needs.hours, needs.express)


def open_shop(
    session: Session, *, bays: Sequence[BayPlan] = LARGE_WORKSHOP, technicians: int | None = 8, now: datetime = START
) -> Shop:
    """Everything that booking needs, in the caller's transaction."""
    save_initial_calendars(session, years=(2026, 2027))
    ship_brands(session)
    reference.ship_reference_lists(session)
    centre = Centre(name="North")
    session.add(centre)
    session.flush()
    people = [_person(session, name, "service_advisor", centre.id) for name in ADVISORS]
    dispatcher = _person(session, "Oksana Pirogova", "service_dispatcher", centre.id)
    furnish_workshop(session, centre.id, bays=bays, technicians=technicians, now=now)
    resources = find_resources(session, centre.id)
    return Shop(
        session,
        centre.id,
        people,
        dispatcher,
        {each.name_en: each.id for each in resources if each.kind is ResourceKind.BAY},
        [each.id for each in resources if each.kind is ResourceKind.COURTESY_CAR],
    )


def _person(session: Session, name: str, role: str, centre_id: int) -> int:
    key = name.split()[-1].lower()
    user = User(email=f"{key}@example.com", name=name, fs_uniquifier=key, created_at=START, grants=[], overrides=[])
    user.grants.append(RoleGrant(role=role, centre_id=centre_id))
    session.add(user)
    session.flush()
    return user.id


def work_bays() -> list[BayType]:
    """Kinds of bays in which the jobs that ship are done."""
    return sorted({job.bay_type for job in reference.JOBS.values()})


def at(hour: int, minute: int = 0, *, day: int = 2) -> datetime:
    """A moment of March 2026 by the centre's clocks."""
    return moscow(day, hour, minute).astimezone(UTC)
