"""How a worksheet ends without a sale: refusal, loss, and the head's review."""

from datetime import datetime
from decimal import Decimal

from engine.operations import Context
from webapp.customers.models import InteractionChannel
from webapp.sales import following_up, services
from webapp.sales.models import LostReason
from webapp.sales.operations.common import YES, check, end_work, note, operations, worksheet_of


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
    """Note the head's decision on a refusal. Answers `closing`: how the case ends if he confirms, refused or lost."""
    worksheet = worksheet_of(context)
    closing = "refused" if worksheet.refusal_code else "lost"
    if decision == "return":
        worksheet.clear_ending()
        following_up.begin_round(context.session, worksheet, now=context.now, agreed=next_contact_at)
    check(context, worksheet, instruction or comment)
    return {"closing": closing}
