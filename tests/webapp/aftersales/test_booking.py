"""Booking, moving, cancelling and holding a slot, and every reason to refuse."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from tests.webapp.aftersales.shop import START, Shop, at
from webapp.aftersales import booking
from webapp.aftersales.booking import Slot
from webapp.aftersales.models import BayType, Occupancy, ServiceResource, ServiceVisit, VisitStatus, WaitOrLeave
from webapp.aftersales.workshop import get_workshop
from webapp.core.errors import Conflict, DomainError, NotFound, RuleViolation
from webapp.staff.models import Absence


def book(shop: Shop, visit: ServiceVisit, slot: Slot, *, now: datetime = START) -> None:
    booking.book(shop.session, visit, slot, actor_id=None, now=now)  # nobody's hold is used up


def refused(shop: Shop, visit: ServiceVisit, slot: Slot, *, now: datetime = START) -> DomainError:
    with pytest.raises(DomainError) as caught:
        book(shop, visit, slot, now=now)
    assert visit.starts_at is None
    assert quarters(shop, visit) == 0
    return caught.value


def quarters(shop: Shop, visit: ServiceVisit) -> int:
    statement = select(func.count()).where(Occupancy.visit_id == visit.id)
    return shop.session.scalar(statement) or 0


def find(shop: Shop, *, hours: str = "1.6", since: datetime = START, limit: int = 3, **more: object) -> list[Slot]:
    found = booking.find_free_slots(
        shop.session,
        centre_id=shop.centre_id,
        bay_type=BayType.LIFT2,
        hours=Decimal(hours),
        since=since,
        limit=limit,
        now=START,
        **more,  # type: ignore[arg-type]
    )
    return list(found)


class TestBooking:
    def test_takes_the_advisor_for_half_an_hour_the_reception_bay_and_then_the_lift(self, shop: Shop) -> None:
        visit = shop.visit("maintenance_30")
        book(shop, visit, shop.slot(visit, at(11)))
        assert (visit.status, visit.starts_at, visit.ends_at) == (VisitStatus.BOOKED, at(11), at(13, 30))
        taken = shop.session.execute(
            select(ServiceResource.name_en, func.count(), func.min(Occupancy.quarter))
            .join(Occupancy, Occupancy.resource_id == ServiceResource.id)
            .group_by(ServiceResource.name_en)
        ).all()
        assert {name: (count, first) for name, count, first in taken} == {
            "Viktor Nosov": (2, at(11)),
            "Reception": (2, at(11)),
            "Lift 1": (8, at(11, 30)),
        }

    def test_of_a_short_job_takes_the_advisor_for_a_quarter(self, shop: Shop) -> None:
        visit = shop.visit("oil")
        book(shop, visit, shop.slot(visit, at(11)))
        assert visit.ends_at == at(12)  # a quarter, then 0.69 hours in the bay

    def test_keeps_a_courtesy_car_until_half_an_hour_after_the_return(self, shop: Shop) -> None:
        visit, later = shop.visit(), shop.visit()
        slot = shop.slot(visit, at(11))
        with_car = Slot(slot.starts_at, slot.bay_id, slot.advisor_id, slot.hours, False, shop.courtesy_cars[0])
        book(shop, visit, with_car)
        after = Slot(at(13), shop.bays["Lift 2"], shop.advisors[1], slot.hours, False, shop.courtesy_cars[0])
        error = refused(shop, later, after)
        assert error.code == "courtesy_taken"
        book(shop, later, Slot(at(14), after.bay_id, after.advisor_id, after.hours, False, shop.courtesy_cars[0]))

    def test_of_what_is_booked_is_refused(self, shop: Shop) -> None:
        visit = shop.visit()
        book(shop, visit, shop.slot(visit, at(11)))
        with pytest.raises(Conflict, match="booked"):
            book(shop, visit, shop.slot(visit, at(14)))

    def test_of_longer_work_than_a_day_goes_on_in_the_morning(self, shop: Shop) -> None:
        visit = shop.visit("clutch", "suspension", "maintenance_60", "brakes")  # 11.2 hours, 12.88 in the bay
        book(shop, visit, shop.slot(visit, at(11)))
        assert visit.ends_at == at(12, 30, day=3)


class TestRefusals:
    def test_name_the_next_free_time(self, shop: Shop) -> None:
        first, second = shop.visit(), shop.visit()
        book(shop, first, shop.slot(first, at(11)))
        error = refused(shop, second, shop.slot(second, at(11), advisor=1))
        assert error.code == "bay_taken"
        assert error.details["alternative"] == "02.03.2026 11:30"  # the reception bay is free again
        free = booking.read_slot(str(error.details["alternative_slot"]), hours=Decimal("1.6"))
        book(shop, second, free)

    @pytest.mark.parametrize(
        ("hour", "bay", "advisor", "code"),
        [
            (9, "Lift 1", 0, "slot_in_past"),
            (19, "Lift 1", 0, "slot_outside_hours"),
            (22, "Lift 1", 0, "slot_outside_hours"),
            (12, "Diagnostics", 0, "bay_unfit"),
            (14, "Lift 2", 0, "advisor_taken"),
            (14, "Lift 2", 1, "reception_taken"),
        ],
    )
    def test_say_what_stands_in_the_way(self, shop: Shop, hour: int, bay: str, advisor: int, code: str) -> None:
        first, second = shop.visit(), shop.visit()
        book(shop, first, shop.slot(first, at(14)))
        assert refused(shop, second, shop.slot(second, at(hour), bay=bay, advisor=advisor)).code == code

    def test_tell_that_the_advisor_is_away(self, shop: Shop) -> None:
        shop.session.add(Absence(user_id=shop.advisors[0], starts_at=at(0, day=3), ends_at=at(0, day=4)))
        visit = shop.visit()
        assert refused(shop, visit, shop.slot(visit, at(11, day=3))).code == "advisor_away"
        assert find(shop, since=at(8, day=3), limit=1, advisor_id=shop.advisors[0])[0].starts_at == at(8, day=4)

    def test_tell_of_a_full_day_but_a_guest_in_the_door_is_served_from_the_reserve(self, shop: Shop) -> None:
        get_workshop(shop.session, shop.centre_id).technicians = 1  # 8 h × 0.85: 6.8, of them 5.44 by appointment
        first, second = shop.visit("clutch"), shop.visit("brakes")
        book(shop, first, shop.slot(first, at(11)))
        wanted = shop.slot(second, at(12), bay="Lift 2", advisor=1)
        error = refused(shop, second, wanted)
        assert (error.code, error.details["free"]) == ("day_full", "0.4")
        assert error.details["alternative"] == "03.03.2026 08:00"
        second.walk_in = True
        book(shop, second, wanted)

    def test_admit_two_waiting_customers_of_one_advisor(self, shop: Shop) -> None:
        for minute, bay in ((0, "Lift 1"), (30, "Lift 2")):
            visit = shop.visit(stay=WaitOrLeave.WAIT)
            book(shop, visit, shop.slot(visit, at(11, minute), bay=bay))
        third = shop.visit(stay=WaitOrLeave.WAIT)
        assert refused(shop, third, shop.slot(third, at(12), bay="Lift 3")).code == "waiting_full"
        third.wait_or_leave = WaitOrLeave.LEAVE
        book(shop, third, shop.slot(third, at(12), bay="Lift 3"))

    @pytest.mark.parametrize("text", ["", "now/1/2", "2026-03-02T11:00/1/2", "2026-03-02T11:00Z/1", "x/y/z"])
    def test_of_what_is_no_slot(self, text: str) -> None:
        with pytest.raises(RuleViolation) as caught:
            booking.read_slot(text, hours=Decimal(1))
        assert caught.value.code == "slot_unreadable"


class TestMoving:
    def test_frees_the_old_quarters_and_counts(self, shop: Shop) -> None:
        visit, other = shop.visit(), shop.visit()
        book(shop, visit, shop.slot(visit, at(11)))
        visit.status = VisitStatus.CONFIRMED
        booking.move_booking(shop.session, visit, shop.slot(visit, at(15)), actor_id=None, now=START)
        assert (visit.starts_at, visit.moved_count, visit.status) == (at(15), 1, VisitStatus.BOOKED)
        book(shop, other, shop.slot(other, at(11)))

    def test_by_a_quarter_is_not_hindered_by_oneself(self, shop: Shop) -> None:
        visit = shop.visit()
        book(shop, visit, shop.slot(visit, at(11)))
        booking.move_booking(shop.session, visit, shop.slot(visit, at(11, 15)), actor_id=None, now=START)
        assert (visit.starts_at, quarters(shop, visit)) == (at(11, 15), 12)

    def test_that_is_refused_leaves_everything_as_it_was(self, shop: Shop) -> None:
        visit, other = shop.visit(), shop.visit()
        book(shop, visit, shop.slot(visit, at(11)))
        book(shop, other, shop.slot(other, at(14), advisor=1))
        with pytest.raises(Conflict, match="bay_taken"):
            booking.move_booking(shop.session, visit, shop.slot(visit, at(14, 30)), actor_id=None, now=START)
        assert (visit.starts_at, visit.moved_count, quarters(shop, visit)) == (at(11), 0, 12)

    def test_needs_a_booking(self, shop: Shop) -> None:
        visit = shop.visit()
        with pytest.raises(Conflict) as caught:
            booking.move_booking(shop.session, visit, shop.slot(visit, at(11)), actor_id=None, now=START)
        assert caught.value.code == "visit_not_booked"


class TestCancelling:
    def test_frees_the_slot_for_somebody_else_and_the_visit_may_be_booked_anew(self, shop: Shop) -> None:
        visit, other = shop.visit(), shop.visit()
        book(shop, visit, shop.slot(visit, at(11)))
        booking.cancel_booking(shop.session, visit, status=VisitStatus.CANCELLED_BY_CUSTOMER, actor_id=None, now=START)
        assert (visit.closed_at, quarters(shop, visit), visit.starts_at) == (START, 0, at(11))
        book(shop, other, shop.slot(other, at(11)))
        book(shop, visit, shop.slot(visit, at(14)))
        assert (visit.status, visit.closed_at) == (VisitStatus.BOOKED, None)

    def test_is_too_late_when_the_car_is_here(self, shop: Shop) -> None:
        visit = shop.visit()
        visit.status = VisitStatus.IN_WORK
        with pytest.raises(Conflict):
            booking.cancel_booking(shop.session, visit, status=VisitStatus.NO_SHOW, actor_id=None, now=START)


class TestHolding:
    def test_keeps_the_slot_for_the_person_who_books_it(self, shop: Shop) -> None:
        visit, other = shop.visit(), shop.visit()
        slot = shop.slot(visit, at(11))
        hold = booking.hold_slot(shop.session, slot, user_id=shop.dispatcher, now=START)
        assert refused(shop, other, slot).code == "bay_taken"
        booking.book(shop.session, visit, slot, hold=hold, actor_id=shop.dispatcher, now=START)
        assert (visit.starts_at, quarters(shop, visit)) == (at(11), 12)
        assert booking.find_hold(shop.session, hold.id, user_id=shop.dispatcher, now=START) is None

    def test_ends_after_five_minutes_unless_it_is_prolonged(self, shop: Shop) -> None:
        visit = shop.visit()
        slot = shop.slot(visit, at(11))
        hold = booking.hold_slot(shop.session, slot, user_id=shop.dispatcher, now=START)
        later = START + timedelta(minutes=4)
        booking.prolong_hold(shop.session, hold.id, user_id=shop.dispatcher, now=later)
        assert refused(shop, visit, slot, now=START + timedelta(minutes=8)).code == "bay_taken"
        gone = START + timedelta(minutes=9)
        with pytest.raises(NotFound):
            booking.prolong_hold(shop.session, hold.id, user_id=shop.dispatcher, now=gone)
        book(shop, visit, slot, now=gone)

    def test_of_another_slot_gives_the_first_back(self, shop: Shop) -> None:
        visit = shop.visit()
        for hour in (11, 14):
            booking.hold_slot(shop.session, shop.slot(visit, at(hour)), user_id=shop.dispatcher, now=START)
        book(shop, visit, shop.slot(visit, at(11)))

    def test_is_given_back_by_hand_but_not_by_others(self, shop: Shop) -> None:
        visit = shop.visit()
        slot = shop.slot(visit, at(11))
        hold = booking.hold_slot(shop.session, slot, user_id=shop.dispatcher, now=START)
        booking.release_hold(shop.session, hold.id, user_id=shop.advisors[0])
        assert refused(shop, visit, slot).code == "bay_taken"
        booking.release_hold(shop.session, hold.id, user_id=shop.dispatcher)
        book(shop, visit, slot)


class TestSearching:
    def test_proposes_times_that_differ_and_levels_the_load(self, shop: Shop) -> None:
        visit = shop.visit()
        book(shop, visit, shop.slot(visit, at(10)))
        found = find(shop, apart=True)
        assert [each.starts_at for each in found] == [at(10, 30), at(12, 30), at(14, 30)]
        assert found[0].advisor_id == shop.advisors[1]

    def test_goes_on_to_the_next_day_when_no_bay_has_room(self, shop: Shop) -> None:
        assert [each.starts_at for each in find(shop, hours="8", since=at(12), limit=1)] == [at(8, day=3)]

    def test_finds_only_what_can_be_booked(self, shop: Shop) -> None:
        for _ in range(25):  # five days of a workshop whose lifts fill up
            (found,) = find(shop, limit=1)
            book(shop, shop.visit(), found)
        assert found.starts_at.date() > START.date()
