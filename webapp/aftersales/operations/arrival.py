"""The car comes, or does not (C05, C06)."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from engine.operations import Context
from webapp.aftersales import booking, prefilling, recommending, visiting
from webapp.aftersales.models import AWAITED, VisitStatus
from webapp.aftersales.operations.changing import call_off
from webapp.aftersales.operations.common import (
    NO_ANSWER,
    YES,
    note,
    opening_hours,
    operations,
    record_vehicle,
    unanswered,
    visit_of,
)
from webapp.aftersales.visit_times import LATE_AFTER, is_kept
from webapp.core.errors import RuleViolation
from webapp.customers.models import InteractionChannel

MOST_CALLS = 3


@operations.register
def record_reception(
    context: Context,
    *,
    arrived_at: datetime,
    km: int,
    km_lower: bool = False,
    car_plate: str | None = None,
    car_vin: str | None = None,
    car_model: str | None = None,
    car_name: str | None = None,
    reasons: list[str] | None = None,
    customer_words: str | None = None,
    wait_or_leave: str | None = None,
    repeat_repair: str | None = None,
    valuables: str | None = None,
    comment: str | None = None,
) -> dict[str, object]:
    """Take the car over. Answers `appointed`: he had an appointment, and `kept`: he came on its day."""
    visit = visit_of(context)
    appointed = visit.starts_at is not None and not visit.walk_in
    visiting.receive(visit, arrived_at=arrived_at, km=km, now=context.now)
    zone = opening_hours(context).zone
    kept = visit.starts_at is not None and appointed and is_kept(visit.starts_at, arrived_at, zone=zone)
    car = record_vehicle(context, visit, plate=car_plate, vin=car_vin, model=car_model, name=car_name)
    if car is not None:
        if not km_lower and car.had_run(km, by=arrived_at):
            raise RuleViolation("odometer_below", f"{car.km} km were read before.", known=car.km)
        car.read_odometer(km, at=arrived_at)
    visit.reasons = reasons or visit.reasons
    visit.customer_words = customer_words or visit.customer_words
    visit.wait_or_leave = visiting.stay_of(wait_or_leave) or visit.wait_or_leave
    visit.repeat_repair = repeat_repair == YES
    if visit.advisor_id is None:
        visit.advisor_id = context.actor_id
    if visit.advisor_id is not None:
        context.case.set_owner(visit.advisor_id)
    text = "\n".join(filter(None, (valuables, comment)))
    note(context, visit, "reception", "arrived", text, channel=InteractionChannel.VISIT)
    return {"appointed": appointed, "kept": kept}


@operations.register
def release_slot(context: Context) -> dict[str, object]:
    """Free the time of a customer who did not come. Half an hour has passed without the car."""
    visit = visit_of(context)
    if visit.status in AWAITED:
        booking.cancel_booking(
            context.session, visit, status=VisitStatus.NO_SHOW, actor_id=context.actor_id, now=context.now
        )
        note(context, visit, "reception", "no_show", None, channel=InteractionChannel.NOTE)
    return {}


@operations.register
def record_absentee(
    context: Context,
    *,
    outcome: str,
    expected_at: datetime | None = None,
    reason: str | None = None,
    comment: str | None = None,
) -> dict[str, object]:
    """Note why the customer did not come. Answers `retry`, `called_by`, and `missed_at` when he is on the way."""
    visit = visit_of(context)
    retry = outcome == NO_ANSWER and unanswered(context, "absentee", since=visit.booked_at) + 1 < MOST_CALLS
    missed_at = None
    if outcome == "still_coming":
        if expected_at is None or expected_at <= context.now:
            raise RuleViolation("expected_in_past", "He is expected at a time that lies ahead.")
        missed_at = expected_at + LATE_AFTER
    elif outcome == "cancelled":
        call_off(context, visit)
    note(context, visit, "absentee", reason or outcome, comment, next_at=expected_at)
    return {"retry": retry, "missed_at": missed_at, "called_by": context.actor_id}


@operations.register
def record_inspection(
    context: Context, *, findings: list[dict[str, Any]] | None = None, comment: str | None = None
) -> dict[str, object]:
    """Keep what the inspection found. Agreed now it is proposed for the order, put off it becomes a recommendation."""
    visit = visit_of(context)
    visit.agreed = prefilling.agreed_now(findings or [])
    for row in findings or []:
        if row.get("decision") != prefilling.NOW:
            later: date | None = row.get("later_on")
            price: Decimal | None = row.get("price")
            text = row.get("job") or row["item"]
            recommending.recommend(context.session, visit, text, by=later, price=price)
    note(context, visit, "inspection", "done", comment, channel=InteractionChannel.VISIT)
    return {}
