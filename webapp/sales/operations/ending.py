"""How a worksheet ends: sale, refusal, loss, and the head's review."""

from datetime import date, datetime
from decimal import Decimal

from engine.operations import Context
from webapp.customers.models import InteractionChannel
from webapp.sales import following_up, services
from webapp.sales.models import LostReason
from webapp.sales.operations.common import YES, check, end_work, note, operations, take_over, worksheet_of


@operations.register
def record_sale(
    context: Context,
    *,
    outcome: str,
    model: str | None = None,
    price: Decimal | None = None,
    contract_number: str | None = None,
    delivered_on: date | None = None,
    next_contact_at: datetime | None = None,
    comment: str | None = None,
) -> dict[str, object]:
    """Note the car that was handed over, or that the deal fell through."""
    session, worksheet = context.session, take_over(context)
    if outcome == "delivered" and model and price is not None and delivered_on is not None:
        services.record_sale(
            session,
            worksheet,
            model_code=model,
            price=price,
            contract_number=contract_number or "",
            delivered_on=delivered_on,
            actor_id=context.actor_id,
            now=context.now,
        )
    else:
        following_up.begin_round(session, worksheet, now=context.now, agreed=next_contact_at)
    note(context, worksheet, "worksheet.sale", outcome, comment, channel=InteractionChannel.VISIT)
    return {}


@operations.register
def record_refusal(
    context: Context,
    *,
    refusal_reason: str,
    allow_future_contact: str,
    competitor: str | None = None,
    competitor_price: Decimal | None = None,
    other_reason: str | None = None,
    comment: str | None = None,
) -> dict[str, object]:
    """Note why the customer said no."""
    session, worksheet = context.session, worksheet_of(context)
    services.record_refusal(
        session,
        worksheet,
        reason_code=refusal_reason,
        comment=other_reason or comment or "",
        competitor_code=competitor,
        competitor_price=competitor_price,
        may_contact_later=allow_future_contact == YES,
    )
    end_work(context, worksheet)
    note(context, worksheet, "worksheet.refused", "", other_reason or comment)
    return {}


@operations.register
def record_loss(context: Context, *, lost_reason: str, comment: str | None = None) -> dict[str, object]:
    """Note why the customer is gone."""
    worksheet = worksheet_of(context)
    services.lose(worksheet, LostReason(lost_reason))
    end_work(context, worksheet)
    note(context, worksheet, "worksheet.lost", lost_reason, comment, channel=InteractionChannel.NOTE)
    return {}


@operations.register
def record_refusal_review(
    context: Context,
    *,
    decision: str,
    next_contact_at: datetime | None = None,
    instruction: str | None = None,
    comment: str | None = None,
) -> dict[str, object]:
    """Note the head's decision. Answers `closing`: how the case ends if he confirms, refused or lost."""
    worksheet = worksheet_of(context)
    closing = "refused" if worksheet.refusal_code else "lost"
    if decision == "return":
        worksheet.clear_ending()
        following_up.begin_round(context.session, worksheet, now=context.now, agreed=next_contact_at)
    check(context, worksheet, instruction or comment)
    return {"closing": closing}
