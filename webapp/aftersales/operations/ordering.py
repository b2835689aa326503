"""The work order and its payment (C07, C12)."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from engine.operations import Context, Effect, having
from webapp.aftersales import order_writing, visiting
from webapp.aftersales.models import HiddenDefects, OrderKind, VisitStatus
from webapp.aftersales.operations.common import local_day, note, operations, visit_of
from webapp.aftersales.order_writing import Agreement
from webapp.core.errors import RuleViolation
from webapp.customers.models import InteractionChannel


@operations.register
@having(Effect.DISCOUNTS)
def record_order(
    context: Context,
    *,
    outcome: str,
    reason: str | None = None,
    kind: str | None = None,
    labour: list[dict[str, Any]] | None = None,
    parts: list[dict[str, Any]] | None = None,
    promised_at: datetime | None = None,
    extra_limit: Decimal | None = None,
    hidden_defects: str | None = None,
    approved_by: str | None = None,
    comment: str | None = None,
) -> dict[str, object]:
    """Write the work order, or end the visit. The customer agreed to it; answers `order_id` and `total`."""
    visit = visit_of(context)
    if outcome == "declined" or promised_at is None:
        visiting.end_visit(context.session, visit, VisitStatus.CANCELLED_BY_CUSTOMER, now=context.now)
        note(context, visit, "order", reason or "order_declined", comment, channel=InteractionChannel.VISIT)
        return {}
    agreement = Agreement(
        kind=OrderKind(kind or OrderKind.PAID),
        promised_at=promised_at,
        approved_by=approved_by or "signature",
        extra_limit=extra_limit or Decimal(0),
        hidden_defects=HiddenDefects(hidden_defects or HiddenDefects.CALL_ME),
    )
    order = order_writing.write_order(
        context.session,
        visit,
        agreement,
        labour=labour or [],
        parts=parts or [],
        actor_id=context.actor_id,
        now=context.now,
        today=local_day(context),
    )
    note(context, visit, "order", "order_agreed", comment, channel=InteractionChannel.VISIT, next_at=promised_at)
    return {"order_id": order.id, "total": order.total}


@operations.register
@having(Effect.PAYS)
def record_payment(
    context: Context,
    *,
    outcome: str,
    amount: Decimal | None = None,
    pay_method: str | None = None,
    document_no: str | None = None,
    contract_no: str | None = None,
    deferred_until: date | None = None,
    comment: str | None = None,
) -> dict[str, object]:
    """Note the payment of the order. It closes when nothing is left, or a company pays later. Answers `balance`."""
    visit = visit_of(context)
    order = order_writing.get_order(context.session, visit.id)
    if outcome == "deferred" and deferred_until is not None:
        order_writing.defer(
            context.session,
            order,
            contract_no=contract_no or "",
            until=deferred_until,
            actor_id=context.actor_id,
            now=context.now,
        )
    else:
        paid = amount or Decimal(0)
        if outcome == "paid" and paid < order.balance:
            raise RuleViolation("payment_too_small", "Something is still to be paid.", balance=f"{order.balance:.2f}")
        if outcome == "part" and paid >= order.balance:
            raise RuleViolation("payment_is_whole", "With this sum everything is paid.")
        order_writing.pay(context.session, order, paid, actor_id=context.actor_id, now=context.now)
    note(context, visit, "payment", outcome, comment, channel=InteractionChannel.VISIT)
    return {"balance": order.balance}
