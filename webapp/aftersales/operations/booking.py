"""How a visit begins, and when it is agreed (C02)."""

from datetime import datetime
from decimal import Decimal

from engine.operations import Context
from webapp.aftersales import booking, visiting
from webapp.aftersales.estimating import estimate_of
from webapp.aftersales.models import AWAITED, HERE, NotBookedReason, ResourceKind, ServiceVisit
from webapp.aftersales.needs import needs_of
from webapp.aftersales.operations.common import (
    YES,
    lead_by_advisor,
    note,
    opening_hours,
    operations,
    record_vehicle,
    slot_for,
    visit_of,
)
from webapp.aftersales.slot import Slot
from webapp.aftersales.visit_times import VisitTimes, times_of, times_of_walk_in
from webapp.aftersales.workshop import find_resources
from webapp.core.errors import Conflict


@operations.register
def apply_standard(
    context: Context, *, reminder_first: int, reminder_second: int, follow_up_days: int, courtesy: str
) -> dict[str, object]:
    """Apply the rules of the standard. Days before a service, days until the last call, courtesy car.

    `courtesy`: long_job, long_warranty, pick_up or always.
    """
    return {
        "reminder_first": reminder_first,
        "reminder_second": reminder_second,
        "follow_up_days": follow_up_days,
        "courtesy": courtesy,
    }


@operations.register
def plan_visit(context: Context) -> dict[str, object]:
    """Work out what comes next and the times around the visit.

    Answers `state`: to_book, booked, today or here; `starts_at`, `parts_by`, `prepare_by`, `call_by`, `call_needed`,
    `day_begins`, `missed_at`, and `advisor`.
    """
    visit = visit_of(context)
    times = _times(context, visit)
    if visit.status in HERE or (visit.walk_in and visit.starts_at is None):
        state = "here"
    elif visit.status in AWAITED:
        state = "today" if times.today else "booked"
    else:
        state = "to_book"
    return {
        "state": state,
        "starts_at": times.starts_at,
        "parts_by": times.parts_by,
        "prepare_by": times.prepare_by,
        "call_by": times.call_by,
        "call_needed": times.call_needed,
        "day_begins": times.day_begins,
        "missed_at": times.missed_at,
        "advisor": visit.advisor_id,
    }


@operations.register
def record_booking(
    context: Context,
    *,
    outcome: str,
    callback_at: datetime | None = None,
    not_booked_reason: str | None = None,
    car_plate: str | None = None,
    car_vin: str | None = None,
    car_model: str | None = None,
    car_name: str | None = None,
    km: int | None = None,
    reasons: list[str] | None = None,
    customer_words: str | None = None,
    repeat_repair: str | None = None,
    wait_or_leave: str | None = None,
    jobs: list[str] | None = None,
    hours: Decimal | None = None,
    courtesy_car: str | None = None,
    pick_up: str | None = None,
    pick_up_address: str | None = None,
    slot: str | None = None,
    comment: str | None = None,
) -> dict[str, object]:
    """Book the visit. Writes what the customer needs, and gives him the time; answers `booked_by`."""
    visit = visit_of(context)
    if outcome == "booked":
        _record_need(
            context,
            visit,
            km=km,
            reasons=reasons or [],
            words=customer_words or "",
            jobs=jobs or [],
            hours=hours,
        )
        record_vehicle(context, visit, plate=car_plate, vin=car_vin, model=car_model, name=car_name)
        visit.repeat_repair = repeat_repair == YES
        visit.wait_or_leave = visiting.stay_of(wait_or_leave)
        visit.pick_up_address = (pick_up_address or "") if pick_up == YES else ""
        _book(context, visit, slot_for(context, visit, slot), courtesy_car=courtesy_car == YES)
        lead_by_advisor(context, visit)
    elif outcome == "not_booked":
        visiting.not_book(visit, NotBookedReason(not_booked_reason or "other"), now=context.now)
    result = not_booked_reason or outcome
    note(context, visit, "booking", result, comment, next_at=visit.starts_at if outcome == "booked" else callback_at)
    return {"booked_by": context.actor_id}


def _record_need(
    context: Context,
    visit: ServiceVisit,
    *,
    km: int | None,
    reasons: list[str],
    words: str,
    jobs: list[str],
    hours: Decimal | None,
) -> None:
    visit.km, visit.reasons, visit.customer_words, visit.jobs = km, reasons, words, jobs
    visit.hours = hours or needs_of(context.session, jobs).hours
    named = estimate_of(context.session, visit.centre_id, jobs)
    visit.estimate = named.total if named else None


def _book(context: Context, visit: ServiceVisit, slot: Slot, *, courtesy_car: bool) -> None:
    """Give the slot to the visit; with a courtesy car, the first that is free then."""
    if not courtesy_car:
        booking.book(context.session, visit, slot, actor_id=context.actor_id, now=context.now)
        return
    cars = [each for each in find_resources(context.session, visit.centre_id) if each.kind is ResourceKind.COURTESY_CAR]
    for number, car in enumerate(cars, 1):
        with_car = Slot(slot.starts_at, slot.bay_id, slot.advisor_id, slot.hours, slot.express, car.id)
        try:
            booking.book(context.session, visit, with_car, actor_id=context.actor_id, now=context.now)
            return
        except Conflict as refused:
            if refused.code != "courtesy_taken" or number == len(cars):
                raise
    raise Conflict("courtesy_taken", "No courtesy car is free.", alternative="–")


def _times(context: Context, visit: ServiceVisit) -> VisitTimes:
    if visit.starts_at is None or visit.status not in AWAITED:
        return times_of_walk_in(now=context.now)
    return times_of(visit.starts_at, now=context.now, hours=opening_hours(context))
