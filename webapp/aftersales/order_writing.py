"""Work orders: written when the customer agrees, longer by what he agrees to later, paid and closed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.aftersales.models import (
    HiddenDefects,
    LabourLine,
    LineStatus,
    OrderKind,
    OrderState,
    PartLine,
    PartOrigin,
    ServiceVisit,
    WorkOrder,
)
from webapp.core import audit
from webapp.core.errors import Conflict, NotFound, RuleViolation
from webapp.customers.models import CustomerKind
from webapp.kit.vat import general_rate

ZERO = Decimal(0)
LARGEST = Decimal("999999999.99")  # of one order, in roubles


@dataclass(frozen=True)
class Agreement:
    """What the customer agreed to, beside the lines."""

    kind: OrderKind
    promised_at: datetime
    approved_by: str
    extra_limit: Decimal = ZERO
    hidden_defects: HiddenDefects = HiddenDefects.CALL_ME


def find_order(session: Session, visit_id: int) -> WorkOrder | None:
    return session.scalar(select(WorkOrder).where(WorkOrder.visit_id == visit_id))


def get_order(session: Session, visit_id: int) -> WorkOrder:
    """NotFound: order_missing."""
    order = find_order(session, visit_id)
    if order is None:
        raise NotFound("order_missing", f"Visit {visit_id} has no work order.")
    return order


def write_order(
    session: Session,
    visit: ServiceVisit,
    agreement: Agreement,
    *,
    labour: Sequence[Mapping[str, Any]],
    parts: Sequence[Mapping[str, Any]],
    actor_id: int | None,
    now: datetime,
    today: date,
) -> WorkOrder:
    """Write the order with the lines of the form; told again before it is closed, the lines are those of the new form.

    RuleViolation: promised_in_past, order_without_lines, order_too_large; Conflict: order_closed.
    """
    if agreement.promised_at <= now:
        raise RuleViolation("promised_in_past", "The car is promised for a time that lies ahead.")
    if not labour and not parts:
        raise RuleViolation("order_without_lines", "An order has at least one line.")
    order = find_order(session, visit.id)
    if order is None:
        order = WorkOrder(visit_id=visit.id, opened_at=now, paid=ZERO, labour_lines=[], part_lines=[])
        session.add(order)
    require_open(order)
    order.centre_id, order.customer_id, order.car_id = visit.centre_id, visit.customer_id, visit.car_id
    order.advisor_id, order.km, order.customer_words = visit.advisor_id, visit.km, visit.customer_words
    order.kind, order.promised_at, order.approved_by = agreement.kind, agreement.promised_at, agreement.approved_by
    order.extra_limit, order.hidden_defects = agreement.extra_limit, agreement.hidden_defects
    order.tax_rate, order.state = general_rate(today), OrderState.AGREED
    order.labour_lines = [_labour(row, place) for place, row in enumerate(labour, 1)]
    order.part_lines = [_part(row, place) for place, row in enumerate(parts, 1)]
    order.add_up()
    _require_payable(order.total)
    visit.promised_at = agreement.promised_at
    session.flush()
    record(session, order, "agreed", actor_id=actor_id, now=now)
    return order


def ask_for_extra(
    session: Session, order: WorkOrder, lines: Sequence[Mapping[str, Any]], *, actor_id: int | None, now: datetime
) -> Decimal:
    """Add what was found during the work, not yet agreed; returns what it comes to.

    RuleViolation: order_too_large; Conflict: order_closed.
    """
    require_open(order)
    asked = Decimal("0.00")
    for row in lines:
        line: LabourLine | PartLine
        if row["kind"] == "labour":
            line = _labour(row, len(order.labour_lines) + 1)
            order.labour_lines.append(line)
        else:
            line = _part(row, len(order.part_lines) + 1)
            order.part_lines.append(line)
        line.extra, line.status = True, LineStatus.ASKED
        asked += line.sums(order.vat).total
    _require_payable(order.total + asked)
    session.flush()
    record(session, order, "extra_asked", actor_id=actor_id, now=now, asked=asked)
    return asked


def is_within_limit(order: WorkOrder, asked: Decimal) -> bool:
    """Whether the customer has agreed beforehand: to so much in all, extra work that was agreed already included."""
    if order.hidden_defects is not HiddenDefects.DO_UP_TO_LIMIT:
        return False
    used = sum(
        (line.sums(order.vat).total for line in _extra(order) if line.status is LineStatus.AGREED), Decimal("0.00")
    )
    return used + asked <= order.extra_limit


def settle_extra(
    session: Session,
    order: WorkOrder,
    *,
    approved: bool,
    promised_at: datetime | None,
    actor_id: int | None,
    now: datetime,
) -> Sequence[LabourLine | PartLine]:
    """The customer has answered what was asked; returns these lines. Conflict: order_closed."""
    require_open(order)
    asked = [line for line in _extra(order) if line.status is LineStatus.ASKED]
    for line in asked:
        line.status = LineStatus.AGREED if approved else LineStatus.DECLINED
    order.add_up()
    if promised_at is not None:
        order.promised_at = promised_at
    session.flush()
    record(session, order, "extra_approved" if approved else "extra_declined", actor_id=actor_id, now=now)
    return asked


def proceed(order: WorkOrder, state: OrderState) -> None:
    """The next state of the work. Conflict: order_closed."""
    require_open(order)
    order.state = state


def pay(session: Session, order: WorkOrder, amount: Decimal, *, actor_id: int | None, now: datetime) -> None:
    """Money has come in; the order closes when nothing is left.

    RuleViolation: payment_above_balance, payment_missing.
    """
    require_open(order)
    if amount > order.balance:
        raise RuleViolation("payment_above_balance", "More than is to be paid.", balance=f"{order.balance:.2f}")
    if amount == ZERO and order.balance:
        raise RuleViolation("payment_missing", "Nothing was paid.")
    order.paid += amount
    record(session, order, "paid", actor_id=actor_id, now=now, amount=amount)
    if order.balance == ZERO:
        close(session, order, actor_id=actor_id, now=now)


def defer(
    session: Session, order: WorkOrder, *, contract_no: str, until: date, actor_id: int | None, now: datetime
) -> None:
    """A company pays later by its contract: the order closes with what is still to be paid.

    RuleViolation: deferred_for_company.
    """
    require_open(order)
    if order.customer.kind is CustomerKind.PERSON:
        raise RuleViolation("deferred_for_company", "Only a company with a contract pays later.")
    order.contract_no, order.deferred_until = contract_no, until
    close(session, order, actor_id=actor_id, now=now)


def close(session: Session, order: WorkOrder, *, actor_id: int | None, now: datetime) -> None:
    proceed(order, OrderState.CLOSED)
    order.closed_at = now
    record(session, order, "closed", actor_id=actor_id, now=now, total=order.total)


def require_open(order: WorkOrder) -> None:
    """Conflict: order_closed."""
    if order.state is not None and order.state.is_final:
        raise Conflict("order_closed", f"Work order {order.id} is {order.state}.")


def record(
    session: Session, order: WorkOrder, act: str, *, actor_id: int | None, now: datetime, **more: object
) -> None:
    """A line in the audit log."""
    audit.record(
        session,
        action=f"aftersales.order.{act}",
        subject=f"aftersales.order:{order.id}",
        actor_id=actor_id,
        now=now,
        **more,
    )


def _require_payable(total: Decimal) -> None:
    """A larger one is a slip of the keyboard, and more than its column keeps."""
    if total > LARGEST:
        raise RuleViolation("order_too_large", f"{total} is no sum of an order.", most=LARGEST)


def _extra(order: WorkOrder) -> list[LabourLine | PartLine]:
    lines: list[LabourLine | PartLine] = [*order.labour_lines, *order.part_lines]
    return [line for line in lines if line.extra]


def _labour(row: Mapping[str, Any], place: int) -> LabourLine:
    return LabourLine(
        position=place,
        status=LineStatus.AGREED,
        code=row.get("code") or "",
        title=row["title"],
        hours=Decimal(row["hours"]),
        rate=Decimal(row["rate"]),
        qty=Decimal(row.get("qty") or 1),
        discount=Decimal(row.get("discount") or 0),
        extra=False,
    )


def _part(row: Mapping[str, Any], place: int) -> PartLine:
    return PartLine(
        position=place,
        status=LineStatus.AGREED,
        article=row.get("article") or "",
        title=row["title"],
        maker=row.get("maker") or "",
        origin=PartOrigin(row.get("origin") or PartOrigin.ORIGINAL),
        own=row.get("own") == "yes",
        unit=row.get("unit") or "piece",
        qty=Decimal(row["qty"]),
        price=Decimal(row["price"]),
        discount=Decimal(row.get("discount") or 0),
        extra=False,
    )
