"""Random bookings, moves, cancellations and holds: never two in one quarter, and what is given back is free again."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.database import Database, make_database
from tests.webapp.aftersales.shop import START, Shop, open_shop
from webapp.aftersales import booking, occupying
from webapp.aftersales.booking import Slot
from webapp.aftersales.models import AWAITED, BayType, Occupancy, ServiceVisit, SlotHold, VisitStatus, WaitOrLeave
from webapp.aftersales.needs import needs_of
from webapp.aftersales.workshop import open_hours
from webapp.core.errors import DomainError

JOBS = ("oil", "maintenance_30", "clutch", "noise")
FITTING = (("Lift 1", BayType.LIFT2), ("Lift 2", BayType.LIFT2), ("Diagnostics", BayType.DIAGNOSTICS))
ACTS = ("book", "move", "cancel", "hold", "wait", "find")

acts = st.lists(
    st.tuples(
        st.sampled_from(ACTS),
        st.integers(0, 5),  # which visit, which person
        st.integers(0, 20),  # quarters from now
        st.integers(0, 2),  # which bay
        st.integers(0, 2),  # which advisor
    ),
    min_size=8,
    max_size=30,
)


@pytest.fixture(scope="module")
def shops(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """One database for all examples; each undoes what it has done."""
    path = tmp_path_factory.mktemp("shop") / "shop.sqlite"
    shutil.copyfile(sqlite_template, path)
    database = make_database(f"sqlite:///{path}")
    yield database
    database.close()


@contextmanager
def undone(database: Database) -> Iterator[Session]:
    with database.session(write=True) as session:
        yield session
        session.rollback()


def check(shop: Shop, now: datetime) -> None:
    """What must hold after every act."""
    session = shop.session
    session.flush()
    mine: dict[int, list[tuple[int, datetime]]] = {}
    for resource, quarter, visit in session.execute(
        select(Occupancy.resource_id, Occupancy.quarter, Occupancy.visit_id)
    ):
        if visit is not None:
            mine.setdefault(visit, []).append((resource, quarter))
    promised: dict[object, Decimal] = {}
    counted: dict[object, int] = {}
    for visit in session.scalars(select(ServiceVisit)):
        taken = mine.pop(visit.id, [])
        if visit.status not in AWAITED:
            assert taken == []
            continue
        assert visit.starts_at is not None
        assert visit.ends_at is not None
        in_bay = sorted(quarter for resource, quarter in taken if resource == visit.bay_id)
        assert in_bay[-1] + timedelta(minutes=15) == visit.ends_at
        assert len(in_bay) * 15 >= float(visit.hours) * 60 * 1.15
        day = visit.starts_at.date()
        promised[day] = promised.get(day, Decimal(0)) + visit.hours
        counted[day] = counted.get(day, 0) + 1
    assert mine == {}
    bookable = open_hours(session, shop.centre_id).on(START.date())
    assert all(hours <= bookable or counted[day] == 1 for day, hours in promised.items())


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(acts=acts)
def test_nobody_ever_has_the_quarter_of_another(shops: Database, acts: list[tuple[str, int, int, int, int]]) -> None:
    with undone(shops) as session:
        shop, now = open_shop(session, technicians=1), START
        visits = [
            shop.visit(JOBS[number % 4], stay=WaitOrLeave.WAIT if number % 2 else WaitOrLeave.LEAVE)
            for number in range(6)
        ]
        people = [shop.dispatcher, *shop.advisors]
        for act, number, quarters, bay, advisor in acts:
            visit, user = visits[number], people[number % 4]
            needs = needs_of(session, visit.jobs)
            starts_at = START + timedelta(minutes=15 * quarters)
            fits = [name for name, each in FITTING if each is needs.bay_type]
            slot = Slot(starts_at, shop.bays[fits[bay % len(fits)]], shop.advisors[advisor], needs.hours, needs.express)
            hold = session.scalar(select(SlotHold).where(SlotHold.held_by == user, SlotHold.expires_at > now))
            with suppress(DomainError):
                if act == "book":
                    booking.book(session, visit, slot, hold=hold, actor_id=user, now=now)
                elif act == "move":
                    booking.move_booking(session, visit, slot, hold=hold, actor_id=user, now=now)
                elif act == "cancel":
                    before = booking.slot_of(session, visit) if visit.status in AWAITED else None
                    booking.cancel_booking(
                        session, visit, status=VisitStatus.CANCELLED_BY_CUSTOMER, actor_id=user, now=now
                    )
                    if before is not None and before.starts_at >= now:  # what was given back is free again
                        booking.book(session, visit, before, actor_id=user, now=now)
                        assert visit.status is VisitStatus.BOOKED
                        occupying.free_visit(session, visit.id)
                        visit.status = VisitStatus.CANCELLED_BY_US
                elif act == "hold":
                    booking.hold_slot(session, slot, user_id=user, now=now, needs=needs)
                elif act == "wait":
                    now += timedelta(minutes=quarters)
                else:
                    found = booking.find_free_slots(
                        session, centre_id=shop.centre_id, bay_type=needs.bay_type, hours=needs.hours,
                        since=starts_at, limit=1, now=now, express=needs.express, waits=number % 2 == 1,
                    )  # fmt: skip
                    other = shop.visit(JOBS[number % 4], stay=visit.wait_or_leave or WaitOrLeave.LEAVE)
                    booking.book(session, other, found[0], actor_id=user, now=now)
                    assert other.starts_at == found[0].starts_at
            check(shop, now)
