"""Booking: slots are held, booked, moved and given back. Two visits never have the same quarter of a resource.

Each function is one act and none commits. The lock of the workshop makes one centre's bookings follow one another, so
that the hours of a day are counted right; the table of occupied quarters refuses an overlap whatever happens.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.timers.calendars import calendar_for
from webapp.aftersales import occupying
from webapp.aftersales.models import AWAITED, HERE, ServiceResource, ServiceVisit, SlotHold, VisitStatus, WaitOrLeave
from webapp.aftersales.needs import Needs, needs_of
from webapp.aftersales.plan import Besides, read_plan
from webapp.aftersales.refusals import Refused, Wish, refusal_of
from webapp.aftersales.slot import Slot, read_slot
from webapp.aftersales.slots import SPAN_DAYS, find_free_slots
from webapp.aftersales.taking import Taking, taking_of
from webapp.aftersales.workshop import CALENDAR, get_workshop
from webapp.core import audit
from webapp.core.errors import Conflict, DomainError, NotFound

__all__ = [
    "HOLD_FOR",
    "Slot",
    "book",
    "cancel_booking",
    "find_free_slots",
    "find_hold",
    "hold_slot",
    "move_booking",
    "prolong_hold",
    "read_slot",
    "release_hold",
    "slot_of",
]

HOLD_FOR = timedelta(minutes=5)
NO_ALTERNATIVE = "–"


def hold_slot(
    session: Session,
    slot: Slot,
    *,
    user_id: int,
    now: datetime,
    needs: Needs | None = None,
    waits: bool = False,
    besides: ServiceVisit | None = None,
) -> SlotHold:
    """Keep a slot for five minutes; what the person held before is given up. `besides`: the visit that is to move.

    Conflict and RuleViolation as of `book`.
    """
    centre_id = _centre_of(session, slot)
    get_workshop(session, centre_id, lock=True)
    occupying.sweep(session, centre_id, now=now)
    for earlier in session.scalars(select(SlotHold.id).where(SlotHold.held_by == user_id)).all():
        occupying.free_hold(session, earlier)
    free = Besides(visit_id=besides.id if besides is not None else None)
    wish = Wish(slot, needs, waits=waits)
    try:
        with session.begin_nested():
            taking = _check(session, centre_id, wish, free, now)
            hold = SlotHold(
                centre_id=centre_id,
                starts_at=slot.starts_at,
                ends_at=taking.ends_at,
                bay_id=slot.bay_id,
                advisor_id=slot.advisor_id,
                courtesy_car_id=slot.courtesy_car_id,
                hours=slot.hours,
                held_by=user_id,
                made_at=now,
                expires_at=now + HOLD_FOR,
            )
            session.add(hold)
            session.flush()
            own = _own_quarters(session, besides)
            if not occupying.occupy(session, set(taking.quarters) - own, hold_id=hold.id):
                raise Refused("slot_taken")
    except Refused as refused:
        raise _explain(session, centre_id, wish, free, refused, now) from refused
    return hold


def find_hold(session: Session, hold_id: int, *, user_id: int, now: datetime) -> SlotHold | None:
    """The person's hold while it lasts."""
    hold = session.scalar(select(SlotHold).where(SlotHold.id == hold_id, SlotHold.held_by == user_id))
    return hold if hold is not None and hold.expires_at > now else None


def prolong_hold(session: Session, hold_id: int, *, user_id: int, now: datetime) -> SlotHold:
    """Five minutes more from now. NotFound: hold_gone, when it has run out."""
    hold = find_hold(session, hold_id, user_id=user_id, now=now)
    if hold is None:
        raise NotFound("hold_gone", f"Hold {hold_id} has run out.")
    hold.expires_at = now + HOLD_FOR
    return hold


def release_hold(session: Session, hold_id: int, *, user_id: int) -> None:
    """Give the slot back; one that has run out is no error."""
    if session.scalar(select(SlotHold.id).where(SlotHold.id == hold_id, SlotHold.held_by == user_id)) is not None:
        occupying.free_hold(session, hold_id)


def book(
    session: Session,
    visit: ServiceVisit,
    slot: Slot,
    *,
    hold: SlotHold | None = None,
    actor_id: int | None,
    now: datetime,
) -> ServiceVisit:
    """Give the slot to the visit; the hold of whoever books is used up. The visit's jobs say which bay it needs.

    Conflict: visit_not_bookable, and with `alternative` (the next free time as text) slot_taken, bay_taken,
    advisor_taken, advisor_away, reception_taken, courtesy_taken, waiting_full, day_full;
    RuleViolation: slot_in_past, slot_outside_hours, bay_unknown, bay_unfit, advisor_unknown, workshop_missing.
    """
    occupying.lock_visit(session, visit)
    if not _may_be_booked(visit):
        raise Conflict("visit_not_bookable", f"Visit {visit.id} is {visit.status}.")
    _take(session, visit, slot, hold=hold or _hold_of(session, visit.centre_id, actor_id, now), now=now)
    if visit.status is not VisitStatus.ARRIVED:
        visit.status = VisitStatus.BOOKED
    visit.booked_at, visit.booked_by, visit.closed_at, visit.not_booked_reason = now, actor_id, None, None
    _record(session, "aftersales.visit.booked", visit, actor_id, now)
    return visit


def move_booking(
    session: Session,
    visit: ServiceVisit,
    slot: Slot,
    *,
    hold: SlotHold | None = None,
    actor_id: int | None,
    now: datetime,
) -> ServiceVisit:
    """Another slot instead of the booked one, which stays when the other is not free. It must be confirmed anew.

    Conflict: visit_not_booked, and as of `book`.
    """
    occupying.lock_visit(session, visit)
    if visit.status not in AWAITED:
        raise Conflict("visit_not_booked", f"Visit {visit.id} is {visit.status}.")
    before = visit.starts_at
    _take(session, visit, slot, hold=hold or _hold_of(session, visit.centre_id, actor_id, now), now=now)
    if visit.starts_at != before:
        visit.status = VisitStatus.BOOKED
        visit.moved_count += 1
    _record(session, "aftersales.visit.moved", visit, actor_id, now, before=before)
    return visit


def cancel_booking(
    session: Session, visit: ServiceVisit, *, status: VisitStatus, actor_id: int | None, now: datetime
) -> None:
    """The visit ends without the car having come, by this status; its quarters are free at once.

    Conflict: visit_not_bookable when the car is or was here.
    """
    if not status.frees_slot:
        raise ValueError(f"{status} does not end a booking")
    occupying.lock_visit(session, visit)
    if visit.status in HERE or visit.status is VisitStatus.DONE:
        raise Conflict("visit_not_bookable", f"Visit {visit.id} is {visit.status}.")
    occupying.free_visit(session, visit.id)
    visit.status, visit.closed_at = status, now
    _record(session, "aftersales.visit.cancelled", visit, actor_id, now, status=status.value)


def slot_of(session: Session, visit: ServiceVisit) -> Slot | None:
    """What the visit has booked."""
    if visit.starts_at is None or visit.bay_id is None or visit.advisor_id is None:
        return None
    express = needs_of(session, visit.jobs).express
    return Slot(visit.starts_at, visit.bay_id, visit.advisor_id, visit.hours, express, visit.courtesy_car_id)


def _may_be_booked(visit: ServiceVisit) -> bool:
    """A visit that has no slot, also one that was given up, and who stands in the door without an appointment."""
    if visit.status is VisitStatus.ARRIVED:
        return visit.walk_in and visit.starts_at is None
    return visit.status is VisitStatus.REQUESTED or visit.status.frees_slot


def _hold_of(session: Session, centre_id: int, user_id: int | None, now: datetime) -> SlotHold | None:
    """What the person keeps while he talks to the customer: it must not stand in his own way."""
    if user_id is None:
        return None
    statement = select(SlotHold).where(SlotHold.held_by == user_id, SlotHold.centre_id == centre_id)
    return session.scalar(statement.where(SlotHold.expires_at > now).limit(1))


def _take(session: Session, visit: ServiceVisit, slot: Slot, *, hold: SlotHold | None, now: datetime) -> None:
    get_workshop(session, visit.centre_id, lock=True)
    occupying.sweep(session, visit.centre_id, now=now)
    free = Besides(visit.id, hold.id if hold is not None else None)
    needs = needs_of(session, visit.jobs)
    waits = visit.wait_or_leave is WaitOrLeave.WAIT
    wish = Wish(slot, needs, waits=waits, walk_in=visit.walk_in)
    try:
        with session.begin_nested():
            occupying.free_visit(session, visit.id)
            if hold is not None:
                occupying.free_hold(session, hold.id)
            taking = _check(session, visit.centre_id, wish, free, now)
            if not occupying.occupy(session, taking.quarters, visit_id=visit.id):
                raise Refused("slot_taken")
    except Refused as refused:
        raise _explain(session, visit.centre_id, wish, free, refused, now) from refused
    visit.starts_at, visit.ends_at = slot.starts_at, taking.ends_at
    visit.bay_id, visit.advisor_id = slot.bay_id, slot.advisor_id
    visit.courtesy_car_id, visit.hours = slot.courtesy_car_id, slot.hours
    session.flush()


def _check(session: Session, centre_id: int, wish: Wish, free: Besides, now: datetime) -> Taking:
    """What the slot takes. Raises Refused when something stands in its way."""
    zone = ZoneInfo(calendar_for(session, CALENDAR, centre_id).zone)
    day = wish.slot.starts_at.astimezone(zone).date()
    plan = read_plan(session, centre_id, day, SPAN_DAYS, now=now, besides=free)
    if refused := refusal_of(plan, wish, now=now):
        raise refused
    return taking_of(plan, wish.slot)


def _explain(
    session: Session, centre_id: int, wish: Wish, free: Besides, refused: Refused, now: datetime
) -> DomainError:
    """The refusal with the next free time as centre's clocks show it."""
    found: Sequence[Slot] = ()
    if wish.needs is not None and not refused.is_wrong:
        found = find_free_slots(
            session,
            centre_id=centre_id,
            bay_type=wish.needs.bay_type,
            hours=wish.slot.hours,
            since=max(wish.slot.starts_at, now),
            limit=1,
            now=now,
            express=wish.slot.express,
            waits=wish.waits,
            besides=free,
        )
    zone = ZoneInfo(calendar_for(session, CALENDAR, centre_id).zone)
    alternative = f"{found[0].starts_at.astimezone(zone):%d.%m.%Y %H:%M}" if found else NO_ALTERNATIVE
    return refused.as_error(alternative=alternative, alternative_slot=found[0].text if found else "")


def _own_quarters(session: Session, visit: ServiceVisit | None) -> set[tuple[int, datetime]]:
    return set() if visit is None else occupying.quarters_of_visit(session, visit.id)


def _centre_of(session: Session, slot: Slot) -> int:
    bay = session.get(ServiceResource, slot.bay_id)
    if bay is None:
        raise NotFound("bay_unknown", f"There is no bay {slot.bay_id}.")
    return bay.centre_id


def _record(
    session: Session, action: str, visit: ServiceVisit, actor_id: int | None, now: datetime, **more: object
) -> None:
    audit.record(
        session,
        action=action,
        subject=visit.business_key,
        actor_id=actor_id,
        now=now,
        starts_at=visit.starts_at,
        bay=visit.bay_id,
        advisor=visit.advisor_id,
        **more,
    )
