"""Choosing, showing and driving a car, and appraising the customer's own (S05 to S08)."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from engine.operations import Context
from webapp.core.errors import RuleViolation
from webapp.customers.models import InteractionChannel
from webapp.sales import following_up, services, trying
from webapp.sales.limits import LIMITS
from webapp.sales.operations.common import note, opening_day, operations, take_over, worksheet_of
from webapp.sales.trying import AppraisedCar, Driver, Ride, TradeInPrice
from webapp.vehicles.queries import get_model_name


@operations.register
def record_choice(
    context: Context, *, candidates: list[dict[str, Any]], primary: int, comment: str | None = None
) -> dict[str, object]:
    """Note the cars that were proposed. Answers the chosen one: `model`, `configuration`, `vehicle`, `place` …

    `vehicle` names it for the papers and the workshop: the model's name with what was written of the trim.
    """
    worksheet = take_over(context)
    if not 1 <= primary <= len(candidates):
        raise RuleViolation("choice_unknown", "No such car in the list.", most=len(candidates))
    chosen = candidates[primary - 1]
    services.record_wanted_model(context.session, worksheet, chosen["model"])
    note(context, worksheet, "worksheet.choice", "", comment, channel=InteractionChannel.VISIT)
    known = {name: chosen.get(name) for name in ("model", "configuration", "place", "price", "eta_days")}
    model = get_model_name(context.session, chosen["model"])
    return {**known, "vehicle": ", ".join(filter(None, (model, chosen.get("configuration"))))}


@operations.register
def record_presentation(
    context: Context,
    *,
    outcome: str,
    reaction: str | None = None,
    liked: str | None = None,
    disliked: str | None = None,
    drive_at: datetime | None = None,
) -> dict[str, object]:
    """Note how the car was received."""
    text = "\n".join(filter(None, (liked, disliked)))
    worksheet = take_over(context)
    result = reaction or outcome
    note(context, worksheet, "worksheet.presentation", result, text, channel=InteractionChannel.VISIT, next_at=drive_at)
    return {}


@operations.register
def record_test_drive(
    context: Context,
    *,
    outcome: str,
    new_slot_at: datetime | None = None,
    slot_at: datetime | None = None,
    minutes: str | None = None,
    demo_car: str | None = None,
    licence_number: str | None = None,
    licence_expiry: date | None = None,
    driver_age: int | None = None,
    experience_years: int | None = None,
    route: str | None = None,
    odo_start: int | None = None,
    odo_end: int | None = None,
    agreement: list[dict[str, Any]] | None = None,
    result: str | None = None,
    remarks: str | None = None,
    damage_note: str | None = None,
) -> dict[str, object]:
    """Write down the test drive, or that there was none."""
    worksheet = take_over(context)
    if outcome in {"done", "damage"}:
        today = opening_day(context)
        trying.record_test_drive(
            context.session,
            worksheet,
            Driver(licence_number or "", licence_expiry or today, driver_age or 0, experience_years or 0),
            Ride(
                at=slot_at or context.now,
                minutes=int(minutes or 30),
                demo_car=demo_car or "",
                route=route or "",
                odometer_start=odo_start or 0,
                odometer_end=odo_end or 0,
                agreement=str(agreement[0].get("file", "")) if agreement else "",
                result=result or "",
                remarks=remarks or "",
                damage=damage_note or "",
            ),
            actor_id=context.actor_id,
            today=today,
            now=context.now,
        )
    elif new_slot_at is not None:
        _require_future(new_slot_at, context.now)
    told = f"drive_{result}" if outcome == "done" else outcome
    channel = InteractionChannel.VISIT if outcome in {"done", "damage"} else InteractionChannel.NOTE
    note(context, worksheet, "worksheet.test_drive", told, remarks, channel=channel, next_at=new_slot_at)
    return {}


@operations.register
def record_absent_driver_call(
    context: Context,
    *,
    outcome: str,
    new_slot_at: datetime | None = None,
    next_contact_at: datetime | None = None,
    comment: str | None = None,
) -> dict[str, object]:
    """Note why the customer did not come to the test drive. What was agreed instead is noted too."""
    worksheet = take_over(context)
    if new_slot_at is not None:
        _require_future(new_slot_at, context.now)
    if outcome in {"later", "not_reached"}:
        following_up.begin_round(context.session, worksheet, now=context.now, agreed=next_contact_at)
    at = new_slot_at or next_contact_at
    note(context, worksheet, "worksheet.absent_driver", outcome, comment, next_at=at)
    return {}


@operations.register
def record_damage_review(
    context: Context, *, decision: str, repair_cost: Decimal | None = None, comment: str | None = None
) -> dict[str, object]:
    """Note who bears the damage of a test drive."""
    worksheet = worksheet_of(context)
    trying.decide_damage(context.session, worksheet, decision=decision, cost=repair_cost)
    note(context, worksheet, "worksheet.damage", "", comment, channel=InteractionChannel.NOTE)
    return {}


@operations.register
def record_appraisal(
    context: Context,
    *,
    outcome: str,
    vin: str,
    brand: str,
    model: str,
    year: int,
    mileage: int,
    owners: int,
    pts: str,
    legal: list[str],
    market_price: Decimal,
    margin: Decimal,
    offer_price: Decimal,
    valid_until: date,
    plate: str | None = None,
    service_history: str | None = None,
    accidents: str | None = None,
    paint: list[dict[str, Any]] | None = None,
    tech: list[dict[str, Any]] | None = None,
    tyres_mm: Decimal | None = None,
    customer_expectation: Decimal | None = None,
    photos: list[dict[str, Any]] | None = None,
    reject_reason: str | None = None,
) -> dict[str, object]:
    """Write what the customer's own car is worth. Answers `over_limit`: the head must stand for the price."""
    worksheet = worksheet_of(context)
    details: dict[str, object] = {
        "pts": pts,
        "service_history": service_history,
        "accidents": accidents,
        "paint": paint,
        "tech": tech,
        "tyres_mm": tyres_mm,
        "legal": legal,
        "photos": photos,
    }
    car = AppraisedCar(vin, plate or "", brand, model, year, mileage, owners, details)
    repairs = [Decimal(str(row.get("repair_cost") or 0)) for row in tech or []]
    price = TradeInPrice(market_price, repairs, margin, offer_price)
    trying.record_appraisal(
        context.session,
        worksheet,
        car,
        price,
        valid_until=valid_until,
        expectation=customer_expectation,
        outcome=outcome,
        reject_reason=reject_reason or "",
        actor_id=context.actor_id,
        today=opening_day(context),
        now=context.now,
    )
    note(context, worksheet, "worksheet.appraisal", outcome, reject_reason, channel=InteractionChannel.VISIT)
    return {"over_limit": price.needs_approval, "calculated": price.calculated, "limit": LIMITS.tradein_deviation}


@operations.register
def record_appraisal_review(
    context: Context, *, decision: str, approved_price: Decimal | None = None, comment: str | None = None
) -> dict[str, object]:
    """Note the head's word on a trade-in price beyond the limit."""
    worksheet = worksheet_of(context)
    if decision == "approve" and approved_price is not None:
        trying.approve_appraisal(context.session, worksheet, approved_price, actor_id=context.actor_id)
    note(context, worksheet, "worksheet.appraisal_review", "", comment, channel=InteractionChannel.NOTE)
    return {}


def _require_future(at: datetime, now: datetime) -> None:
    if at <= now:
        raise RuleViolation("drive_in_past", "A test drive is agreed for the future.")
