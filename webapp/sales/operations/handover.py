"""The handover of the car (S18, S19), and how the care afterwards begins."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from engine.operations import Context
from webapp.core.errors import RuleViolation
from webapp.customers import consents
from webapp.customers.models import InteractionChannel
from webapp.customers.services import get_customer
from webapp.sales import aftercare, contracts, reserving, services
from webapp.sales.operations.common import check, note, opening_day, opening_hours, operations, take_over, worksheet_of
from webapp.sales.services import DeliveredCar
from webapp.sales.visit_plan import call_before_handover
from webapp.vehicles.services import CarFacts, record_bought_car

# how many lines each part of the checklist has in the form
CHECKLIST = {"docs": 7, "outside": 6, "inside": 8, "explained": 5}


@operations.register
def record_handover_appointment(
    context: Context,
    *,
    outcome: str,
    handover_at: datetime | None = None,
    who_comes: list[str] | None = None,
    wishes: list[str] | None = None,
    comment: str | None = None,
) -> dict[str, object]:
    """Note when the car is handed over."""
    worksheet = take_over(context)
    if handover_at is not None:
        if handover_at <= context.now:
            raise RuleViolation("visit_in_past", "A handover is agreed for the future.")
        if not opening_hours(context).is_open(handover_at):
            raise RuleViolation("visit_outside_hours", "The centre is closed at that time.")
    note(context, worksheet, "worksheet.handover_agreed", outcome, comment, next_at=handover_at)
    return {}


@operations.register
def plan_handover(context: Context, *, handover_at: datetime) -> dict[str, object]:
    """Work out when the customer is called before the handover. Answers `call_at`, null when it is too late."""
    return {"call_at": call_before_handover(handover_at, now=context.now, hours=opening_hours(context))}


@operations.register
def record_handover_call(context: Context, *, outcome: str, comment: str | None = None) -> dict[str, object]:
    """Note the call before the handover."""
    note(context, take_over(context), "worksheet.handover_call", outcome, comment)
    return {}


@operations.register
def record_handover_moved(context: Context, *, outcome: str, comment: str) -> dict[str, object]:
    """Note why the handover gets another time."""
    note(context, worksheet_of(context), "worksheet.handover_moved", outcome, comment)
    return {}


@operations.register
def record_handover(
    context: Context,
    *,
    outcome: str,
    refusal_reason: str | None = None,
    docs: list[str] | None = None,
    outside: list[str] | None = None,
    inside: list[str] | None = None,
    explained: list[str] | None = None,
    left_out: str | None = None,
    keys: Decimal | None = None,
    odometer: Decimal | None = None,
    fuel: Decimal | None = None,
    delivered_on: date | None = None,
    advisor_introduced: str | None = None,
    first_service_due: date | None = None,
    first_service_km: Decimal | None = None,
    warranty_until: date | None = None,
    advertising_channels: list[str] | None = None,
    satisfaction_quick: str | None = None,
    act: list[Any] | None = None,
    comment: str | None = None,
) -> dict[str, object]:
    """Hand over the car by the checklist. The sale, the customer's car and his consents are written."""
    session, worksheet = context.session, worksheet_of(context)
    if outcome != "delivered" or delivered_on is None:
        note(context, worksheet, "worksheet.sale", outcome, refusal_reason, channel=InteractionChannel.VISIT)
        return {}
    contract = contracts.get_contract(session, worksheet.id)
    ticked = {"docs": docs or [], "outside": outside or [], "inside": inside or [], "explained": explained or []}
    missing = sum(most - len(ticked[part]) for part, most in CHECKLIST.items())
    if missing and not left_out:
        raise RuleViolation("checklist_unfinished", f"{missing} lines are not ticked.", missing=missing)
    if first_service_due is not None and first_service_due <= delivered_on:
        raise RuleViolation("first_service_too_early", "The first service comes after the handover.")
    services.record_sale(
        session,
        worksheet,
        model_code=contract.model_code,
        price=contract.price,
        contract_number=contract.number,
        delivered_on=delivered_on,
        actor_id=context.actor_id,
        today=opening_day(context),
        now=context.now,
        car=DeliveredCar(
            vin=contract.vin,
            plate=contract.plate,
            odometer=_whole(odometer),
            first_service_due=first_service_due,
            first_service_km=_whole(first_service_km),
            warranty_until=warranty_until,
            policy_until=contract.policy_until,
        ),
    )
    customer = get_customer(session, worksheet.customer_id)
    record_bought_car(
        session,
        customer=customer,
        facts=CarFacts(
            vin=contract.vin,
            plate=contract.plate,
            model_code=contract.model_code,
            km=_whole(odometer),
            since=delivered_on,
        ),
        sale_key=worksheet.business_key,
        actor_id=context.actor_id,
        now=context.now,
    )
    reserving.release(session, worksheet, now=context.now)
    consents.agree_to_advertising(
        session,
        customer,
        advertising_channels or [],
        actor_id=context.actor_id,
        now=context.now,
    )
    note(context, worksheet, "worksheet.sale", outcome, left_out or comment, channel=InteractionChannel.VISIT)
    return {"missing": missing}


@operations.register
def record_not_accepted_decision(context: Context, *, decision: str, instruction: str) -> dict[str, object]:
    """Note what the head orders for a car that was not accepted."""
    check(context, worksheet_of(context), instruction)
    return {}


@operations.register
def begin_aftercare(context: Context) -> dict[str, object]:
    """Begin the care after the handover. It is a case of its own, that of the manager who sold the car."""
    worksheet = worksheet_of(context)
    aftercare.begin(
        context.session, worksheet, hours=opening_hours(context), actor_id=context.actor_id, now=context.now
    )
    return {}


def _whole(value: Decimal | None) -> int | None:
    return None if value is None else int(value)
