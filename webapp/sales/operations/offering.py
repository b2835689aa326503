"""Offer, discount and reservation (S10 to S12)."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from engine.operations import Context, Effect, having
from webapp.core.errors import RuleViolation
from webapp.customers.models import InteractionChannel
from webapp.sales import following_up, offering, reserving
from webapp.sales.operations.common import (
    end_work,
    note,
    opening_day,
    opening_hours,
    operations,
    take_over,
    worksheet_of,
)
from webapp.sales.operations.tables import DISCOUNT_LEVEL, DISCOUNT_LIMITS, discount_level, own_discount

ANSWER_SOON = timedelta(hours=1)  # to a customer whose discount was refused


@operations.register
def record_straight_to_offer(context: Context, *, reason: str) -> dict[str, object]:
    """Note why the steps before the offer are passed over."""
    worksheet = take_over(context)
    end_work(context, worksheet)
    note(context, worksheet, "worksheet.straight_to_offer", "", reason, channel=InteractionChannel.NOTE)
    return {}


@operations.asking(**DISCOUNT_LIMITS)
@having(Effect.DISCOUNTS)
def record_offer(
    context: Context,
    *,
    outcome: str,
    lines: list[dict[str, Any]],
    variants: list[dict[str, Any]],
    valid_until: date,
    next_contact_at: datetime | None = None,
    comment: str | None = None,
) -> dict[str, object]:
    """Write the next version of the offer. Answers its `version`, `total_sum` and `discount_sum`."""
    session, worksheet = context.session, take_over(context)
    offer = offering.make_offer(
        session,
        worksheet,
        lines=lines,
        variants=variants,
        valid_until=valid_until,
        outcome=outcome,
        actor_id=context.actor_id,
        own_discount=lambda price: own_discount(context, price),
        today=opening_day(context),
        now=context.now,
    )
    next_at = None
    if outcome == "thinking":
        zone = opening_hours(context).zone
        next_at = offering.next_call_about(valid_until, agreed=next_contact_at, now=context.now, zone=zone)
        following_up.begin_round(session, worksheet, now=context.now, agreed=next_at)
    note(context, worksheet, "worksheet.offer", outcome, comment, channel=InteractionChannel.VISIT, next_at=next_at)
    return {"version": offer.version, "total_sum": offer.total, "discount_sum": offer.discount}


@operations.asking(**DISCOUNT_LEVEL)
@having(Effect.DISCOUNTS)
def record_discount_request(
    context: Context,
    *,
    outcome: str,
    requested_discount: Decimal | None = None,
    counter_step: str | None = None,
    next_contact_at: datetime | None = None,
    comment: str | None = None,
) -> dict[str, object]:
    """Note the discount that is asked for. Answers `level`: who may allow it, and its `percent`."""
    session, worksheet = context.session, take_over(context)
    found: dict[str, object] = {}
    if outcome == "agreed" and requested_discount is not None:
        request = offering.ask_discount(
            session,
            worksheet,
            requested=requested_discount,
            counter_step=counter_step or "",
            level_of=lambda price, percent: discount_level(context, price, percent),
            actor_id=context.actor_id,
            now=context.now,
        )
        found = {"level": request.level.value, "percent": request.percent}
    else:
        following_up.begin_round(session, worksheet, now=context.now, agreed=next_contact_at)
    note(
        context,
        worksheet,
        "worksheet.negotiation",
        outcome,
        comment,
        channel=InteractionChannel.VISIT,
        next_at=next_contact_at,
    )
    return found


@operations.register
@having(Effect.DISCOUNTS)
def record_discount_decision(
    context: Context, *, decision: str, approved: Decimal | None = None, approval_comment: str | None = None
) -> dict[str, object]:
    """Note how much discount is allowed, if any."""
    worksheet = worksheet_of(context)
    allowed = approved if decision == "approve" and approved is not None else Decimal()
    offering.decide_discount(context.session, worksheet, approved=allowed, actor_id=context.actor_id, now=context.now)
    if decision != "approve":
        soon = context.now + ANSWER_SOON
        following_up.begin_round(context.session, worksheet, now=context.now, agreed=soon)
    note(context, worksheet, "worksheet.discount", decision, approval_comment, channel=InteractionChannel.NOTE)
    return {}


@operations.register
def record_reservation(
    context: Context,
    *,
    vehicle: str,
    place: str,
    until: datetime,
    deposit: Decimal,
    vin: str | None = None,
    eta_days: int | None = None,
    comment: str | None = None,
) -> dict[str, object]:
    """Keep a car for the customer. Answers `elsewhere`: it must be brought, and `contract_by`."""
    worksheet = take_over(context)
    reserving.reserve(
        context.session,
        worksheet,
        vehicle=vehicle,
        vin=vin or "",
        place=place,
        until=until,
        deposit=deposit,
        actor_id=context.actor_id,
        now=context.now,
    )
    following_up.end_round(context.session, worksheet, now=context.now)
    note(context, worksheet, "worksheet.reservation", "", comment, channel=InteractionChannel.VISIT)
    return {
        "elsewhere": place in reserving.REMOTE_PLACES,
        "contract_by": reserving.contract_due(place, eta_days, now=context.now),
    }


@operations.register
@having(Effect.PAYS)
def record_deposit(
    context: Context,
    *,
    outcome: str,
    amount: Decimal | None = None,
    paid_on: date | None = None,
    document_no: str | None = None,
    comment: str | None = None,
) -> dict[str, object]:
    """Note the deposit. Without it the car is free again."""
    worksheet = worksheet_of(context)
    if outcome == "taken" and amount is not None:
        if paid_on is not None and paid_on > opening_day(context):
            raise RuleViolation("payment_in_future", "Money that has come in came today or earlier.")
        reserving.note_deposit(context.session, worksheet, amount)
    else:
        reserving.release(context.session, worksheet, now=context.now)
    text = "\n".join(filter(None, (document_no, comment)))
    note(context, worksheet, "worksheet.deposit", outcome, text, channel=InteractionChannel.NOTE)
    return {}


@operations.register
@having(Effect.PAYS)
def record_no_deposit_decision(context: Context, *, decision: str, comment: str | None = None) -> dict[str, object]:
    """Note whether a car may be kept without a deposit. The head decides."""
    worksheet = worksheet_of(context)
    if decision != "approve":
        reserving.release(context.session, worksheet, now=context.now)
    note(context, worksheet, "worksheet.no_deposit", decision, comment, channel=InteractionChannel.NOTE)
    return {}


@operations.register
def record_reservation_expiry(
    context: Context,
    *,
    decision: str,
    until: datetime | None = None,
    next_contact_at: datetime | None = None,
    comment: str | None = None,
) -> dict[str, object]:
    """Prolong the reservation, or let the car go. Then the customer is followed up."""
    session, worksheet = context.session, take_over(context)
    if decision == "prolong" and until is not None:
        reserving.prolong(session, worksheet, until=until, now=context.now)
    else:
        reserving.release(session, worksheet, now=context.now)
        following_up.begin_round(session, worksheet, now=context.now, agreed=next_contact_at)
    note(context, worksheet, "worksheet.reservation_expired", decision, comment, channel=InteractionChannel.NOTE)
    return {}
