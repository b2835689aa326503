"""The car comes from a remote stock (specification §1.4), and is made ready (S16)."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from engine.operations import Context
from webapp.core.errors import RuleViolation
from webapp.customers.models import InteractionChannel
from webapp.sales import contracts, reserving
from webapp.sales.operations.common import note, opening_hours, operations, worksheet_of

TOLD_FROM_DAYS = 2  # a move of the date by more than one day is told to the customer
INSPECT_AFTER = timedelta(days=1)


@operations.register
def record_availability(context: Context, *, outcome: str, comment: str | None = None) -> dict[str, object]:
    """Note whether the holder of the car confirmed it."""
    note(context, worksheet_of(context), "worksheet.supply", outcome, comment, channel=InteractionChannel.NOTE)
    return {}


@operations.register
def record_transport(
    context: Context, *, load_planned: date, eta: date, comment: str | None = None
) -> dict[str, object]:
    """Note the ordered transport. Answers `planned_eta`, and when it was `noted_at`."""
    if eta < load_planned:
        raise RuleViolation("eta_before_loading", "The car arrives after it is loaded.")
    return {"planned_eta": eta, "noted_at": context.now}


@operations.register
def record_loading(
    context: Context,
    *,
    outcome: str,
    eta: date,
    loaded_on: date | None = None,
    load_planned: date | None = None,
    comment: str | None = None,
) -> dict[str, object]:
    """Note whether the car was loaded. Answers when that was `noted_at`."""
    begins = load_planned if outcome == "not_loaded" else loaded_on
    if begins is not None and eta < begins:
        raise RuleViolation("eta_before_loading", "The car arrives after it is loaded.")
    note(context, worksheet_of(context), "worksheet.loading", outcome, comment, channel=InteractionChannel.NOTE)
    return {"noted_at": context.now}


@operations.register
def record_transit(
    context: Context,
    *,
    outcome: str,
    arrived_on: date | None = None,
    eta: date | None = None,
    reason: str | None = None,
    comment: str | None = None,
) -> dict[str, object]:
    """Note that the car has arrived, or its new date. Answers when that was `noted_at`."""
    note(
        context, worksheet_of(context), "worksheet.transit", outcome, reason or comment, channel=InteractionChannel.NOTE
    )
    return {"noted_at": context.now}


@operations.register
def compare_eta(context: Context, *, known: date | None, expected: date | None) -> dict[str, object]:
    """Compare the expected arrival with what was known. Answers `eta`, `tell` (moved over a day), `noted_at`."""
    eta = expected or known
    moved = abs((expected - known).days) if expected is not None and known is not None else 0
    return {"eta": eta, "moved_days": moved, "tell": moved >= TOLD_FROM_DAYS, "noted_at": context.now}


@operations.register
def record_arrival(
    context: Context,
    *,
    outcome: str,
    vin: str,
    damages: list[Any] | None = None,
    comment: str | None = None,
) -> dict[str, object]:
    """Note in what state the car arrived. It must be the one that is kept; without a VIN so far it has one now."""
    session, worksheet = context.session, worksheet_of(context)
    kept = reserving.find_reservation(session, worksheet.id)
    if kept is not None and not kept.vin:
        reserving.exchange(session, worksheet, vehicle=kept.vehicle, vin=vin, place=kept.place)
        contracts.exchange_car(session, worksheet, vin, actor_id=context.actor_id, now=context.now)
    contract = contracts.find_contract(session, worksheet.id)
    if contract is not None and contract.vin != vin:
        raise RuleViolation("vin_differs", f"The contract names {contract.vin}.", expected=contract.vin)
    note(context, worksheet, "worksheet.arrival", outcome, comment, channel=InteractionChannel.NOTE)
    return {"damaged_parts": len(damages or [])}


@operations.register
def record_claim(context: Context, *, outcome: str, claim_no: str, comment: str | None = None) -> dict[str, object]:
    """Note the claim for a damaged car. Whether the customer still gets this one is noted too."""
    note(context, worksheet_of(context), "worksheet.claim", outcome, comment, channel=InteractionChannel.NOTE)
    return {}


@operations.register
def conclude_supply(context: Context, *, outcome: str, ready_on: date | None = None) -> dict[str, object]:
    """End the supply. Answers `outcome`, and `pdi_at`: the next working day after arrival or repair."""
    hours = opening_hours(context)
    arrived = context.now if ready_on is None else max(context.now, hours.closing_of(ready_on))
    answer: dict[str, object] = {"outcome": outcome}
    if outcome == "arrived":
        answer["pdi_at"] = hours.add(arrived, INSPECT_AFTER)
    note(context, worksheet_of(context), "worksheet.supply", outcome, None, channel=InteractionChannel.NOTE)
    return answer


@operations.register
def record_pdi(
    context: Context,
    *,
    outcome: str,
    transport_protection: str,
    fluids: str,
    battery: str,
    tyres: str,
    brakes: str,
    underbody: str,
    lights: str,
    electrics: str,
    software: str,
    paint: str,
    interior: str,
    road_test: str,
    completeness: str,
    washing: str,
    battery_v: Decimal,
    odometer: Decimal,
    defects: list[Any] | None = None,
    comment: str | None = None,
) -> dict[str, object]:
    """Note the inspection before the handover. Ready only without a defect, and a defect is named."""
    states = (
        *(transport_protection, fluids, battery, tyres, brakes, underbody, lights),
        *(electrics, software, paint, interior, road_test, completeness, washing),
    )
    if outcome == "ready" and "defect" in states:
        raise RuleViolation("pdi_defect_open", "A line of the checklist still says: defect.")
    if outcome == "defect" and "defect" not in states:
        raise RuleViolation("pdi_defect_unmarked", "No line of the checklist says: defect.")
    note(context, worksheet_of(context), "worksheet.pdi", outcome, comment, channel=InteractionChannel.NOTE)
    return {}


@operations.register
def record_repair_order(
    context: Context, *, workshop: str, order_no: str, ready_at: datetime, comment: str | None = None
) -> dict[str, object]:
    """Note who puts the defect right, and by when."""
    if ready_at <= context.now:
        raise RuleViolation("ready_in_past", "The new date lies ahead.")
    note(context, worksheet_of(context), "worksheet.repair", workshop, comment, channel=InteractionChannel.NOTE)
    return {}
