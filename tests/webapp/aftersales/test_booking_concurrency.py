"""Fifty people book the same slot at the same moment: one has it, the others are told the next free time."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from engine.database import Database
from tests.webapp.aftersales.shop import START, at, open_shop
from webapp.aftersales import booking, occupying, visiting
from webapp.aftersales.booking import Slot
from webapp.aftersales.models import Occupancy, ServiceVisit, VisitStatus
from webapp.core.errors import Conflict

PEOPLE = 50
TOGETHER = 16  # connections at once; the database has twenty


@pytest.fixture
def prepared(database: Database) -> tuple[list[int], Slot]:
    """Fifty visits and the slot that all of them want."""
    with database.write() as session:
        shop = open_shop(session)
        visits = [shop.visit() for _ in range(PEOPLE)]
        return [visit.id for visit in visits], shop.slot(visits[0], at(11))


def test_one_of_fifty_has_the_slot_and_the_others_hear_of_the_next(
    database: Database, prepared: tuple[list[int], Slot]
) -> None:
    visits, slot = prepared
    ready = Barrier(TOGETHER)

    def want(number: int) -> str:
        if number < TOGETHER:
            ready.wait()
        with database.write() as session:
            visit = session.get_one(ServiceVisit, visits[number])
            try:
                booking.book(session, visit, slot, actor_id=None, now=START)
            except Conflict as refusal:
                return f"{refusal.code} {refusal.details['alternative']}"
            return "booked"

    with ThreadPoolExecutor(TOGETHER) as pool:
        answers = sorted(pool.map(want, range(PEOPLE)))
    assert answers == ["bay_taken 02.03.2026 11:30"] * (PEOPLE - 1) + ["booked"]
    with database.read() as session:
        booked = session.scalars(select(ServiceVisit).where(ServiceVisit.status == VisitStatus.BOOKED)).all()
        assert len(booked) == 1
        assert session.scalar(select(func.count()).where(Occupancy.visit_id == booked[0].id)) == 12
        assert session.scalar(select(func.count()).select_from(Occupancy)) == 12


def test_the_table_alone_admits_one_even_if_nobody_took_the_lock(
    database: Database, prepared: tuple[list[int], Slot]
) -> None:
    visits, slot = prepared
    quarters = [(slot.bay_id, at(11) + timedelta(minutes=15 * number)) for number in range(8)]
    ready = Barrier(TOGETHER)

    def take(number: int) -> bool:
        ready.wait()
        with database.session(write=True) as session:
            won = occupying.occupy(session, reversed(quarters), visit_id=visits[number])
            if won:
                session.commit()
            return won

    with ThreadPoolExecutor(TOGETHER) as pool:
        assert sorted(pool.map(take, range(TOGETHER))) == [False] * (TOGETHER - 1) + [True]


def test_a_second_owner_of_a_quarter_is_refused_by_the_database(
    database: Database, prepared: tuple[list[int], Slot]
) -> None:
    visits, slot = prepared
    statement = text("INSERT INTO service_occupancy (resource_id, quarter, visit_id) VALUES (:bay, :at, :visit)")
    rows = [{"bay": slot.bay_id, "at": "2026-03-02 08:00:00.000000", "visit": visit} for visit in visits[:2]]
    with database.session(write=True) as session:
        session.execute(statement, rows[0])
        with pytest.raises(IntegrityError):
            session.execute(statement, rows[1])


@pytest.mark.parametrize("first", ["cancelled", "moved"])
def test_who_moves_and_who_cancels_a_visit_at_once_leave_no_time_that_nobody_uses(
    postgresql_database: Database, first: str
) -> None:
    with postgresql_database.write() as session:
        shop = open_shop(session)
        visit = shop.visit()
        booking.book(session, visit, shop.slot(visit, at(11)), actor_id=None, now=START)
        number, later = visit.id, shop.slot(visit, at(14))

    def cancel(session: Session, visit: ServiceVisit) -> None:
        visiting.end_visit(session, visit, VisitStatus.CANCELLED_BY_CUSTOMER, now=START)

    def move(session: Session, visit: ServiceVisit) -> None:
        booking.move_booking(session, visit, later, actor_id=None, now=START)

    acts = [cancel, move] if first == "cancelled" else [move, cancel]
    begun = Barrier(2)

    def follow() -> str:
        with postgresql_database.write() as session:
            visit = session.get_one(ServiceVisit, number)
            begun.wait()
            try:
                acts[1](session, visit)
            except Conflict as refusal:
                return refusal.code
            return "done"

    with ThreadPoolExecutor(1) as pool:
        with postgresql_database.write() as session:
            acts[0](session, session.get_one(ServiceVisit, number))
            session.flush()
            second = pool.submit(follow)
            begun.wait()
        answer = second.result(timeout=20)

    assert answer == ("visit_not_booked" if first == "cancelled" else "done")
    with postgresql_database.read() as session:
        assert session.get_one(ServiceVisit, number).status is VisitStatus.CANCELLED_BY_CUSTOMER
        assert session.scalar(select(func.count()).select_from(Occupancy)) == 0
