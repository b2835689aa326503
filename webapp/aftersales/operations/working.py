"""The work on the car, and who checks it (C08 to C10)."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from engine.operations import Context
from webapp.aftersales import order_writing, recommending
from webapp.aftersales.models import LineStatus, OrderState, ServiceVisit, VisitStatus, WorkOrder
from webapp.aftersales.operations.common import NO_ANSWER, note, operations, visit_of
from webapp.aftersales.quality_sample import is_checked
from webapp.aftersales.visit_times import half_way
from webapp.core.errors import Conflict, RuleViolation
from webapp.customers.models import InteractionChannel

HOURS_A_DAY = 24
TELL_FROM = 30 * 60  # seconds by which the promised time may move before the customer is told


@operations.register
def record_assignment(
    context: Context, *, technician: str, start_at: datetime, finish_at: datetime, comment: str | None = None
) -> dict[str, object]:
    """Give the work to a technician. Answers `technician_id`."""
    if finish_at <= start_at:
        raise RuleViolation("work_ends_before_begin", "Work ends after it begins.")
    visit, order = _of(context)
    order.technician_id = int(technician)
    note(context, visit, "dispatch", "assigned", comment, channel=InteractionChannel.NOTE)
    return {"technician_id": order.technician_id}


@operations.register
def plan_work(context: Context) -> dict[str, object]:
    """Begin the work. Answers `half_way_at`: when the customer hears how it goes."""
    visit, order = _of(context)
    order_writing.proceed(order, OrderState.IN_WORK)
    visit.status = VisitStatus.IN_WORK
    return {"half_way_at": half_way(context.now, order.promised_at)}


@operations.register
def record_work(
    context: Context,
    *,
    outcome: str,
    clocked_hours: Decimal | None = None,
    extra: list[dict[str, Any]] | None = None,
    missing_parts: str | None = None,
    comment: str | None = None,
) -> dict[str, object]:
    """Note how the work stands. Answers `within_limit`: the extra work was agreed to beforehand."""
    visit, order = _of(context)
    within = False
    if outcome == "done":
        _require_workable(order, clocked_hours or Decimal(0), context.now)
        order.clocked_hours += clocked_hours or Decimal(0)
        order_writing.proceed(order, OrderState.DONE)
    elif outcome == "extra_work":
        asked = order_writing.ask_for_extra(
            context.session, order, extra or [], actor_id=context.actor_id, now=context.now
        )
        within = order_writing.is_within_limit(order, asked)
        if within:
            order_writing.settle_extra(
                context.session, order, approved=True, promised_at=None, actor_id=context.actor_id, now=context.now
            )
        else:
            visit.status = VisitStatus.WAITING_APPROVAL
    text = "\n".join(filter(None, (missing_parts, comment)))
    note(context, visit, "work", outcome, text, channel=InteractionChannel.NOTE)
    return {"within_limit": within}


@operations.register
def record_approval(
    context: Context,
    *,
    outcome: str,
    promised_at: datetime | None = None,
    later_on: date | None = None,
    comment: str | None = None,
) -> dict[str, object]:
    """Note what the customer says about the extra work. What he declines is recommended for later."""
    visit, order = _of(context)
    if outcome != NO_ANSWER:
        _require_future(promised_at, context.now)
        settled = order_writing.settle_extra(
            context.session,
            order,
            approved=outcome == "approved",
            promised_at=promised_at,
            actor_id=context.actor_id,
            now=context.now,
        )
        for line in settled:
            if line.status is LineStatus.DECLINED:
                price = line.sums(order.vat).total
                recommending.recommend(context.session, visit, line.title, by=later_on, price=price)
        visit.status = VisitStatus.IN_WORK
        visit.promised_at = order.promised_at
    note(context, visit, "extra_work", f"extra_{outcome}", comment, next_at=promised_at)
    return {}


@operations.register
def record_parts_wait(
    context: Context,
    *,
    outcome: str,
    expected_at: datetime | None = None,
    promised_at: datetime | None = None,
    comment: str | None = None,
) -> dict[str, object]:
    """Note whether the parts are here. Answers `tell`: the promised time moves by more than half an hour."""
    visit, order = _of(context)
    tell = False
    if outcome == "later" and promised_at is not None:
        _require_future(promised_at, context.now)
        tell = abs((promised_at - order.promised_at).total_seconds()) > TELL_FROM
        order.promised_at = visit.promised_at = promised_at
    channel = InteractionChannel.NOTE
    note(context, visit, "parts_wait", f"parts_{outcome}", comment, channel=channel, next_at=expected_at)
    return {"tell": tell}


@operations.register
def record_new_promise(context: Context, *, outcome: str, comment: str | None = None) -> dict[str, object]:
    """Note that the customer was told of the new time."""
    visit = visit_of(context)
    note(context, visit, "new_time", outcome, comment, next_at=visit.promised_at)
    return {}


@operations.register
def record_progress(context: Context, *, outcome: str, comment: str | None = None) -> dict[str, object]:
    """Note that the customer was told how the work goes."""
    note(context, visit_of(context), "progress", outcome, comment)
    return {}


@operations.register
def plan_quality(context: Context) -> dict[str, object]:
    """Work out whether the work is checked. Answers `needed`: somebody else checks the car before it goes back."""
    visit = visit_of(context)
    return {"needed": is_checked(visit.id, reasons=visit.reasons, jobs=visit.jobs, repeat=visit.repeat_repair)}


@operations.register
def record_quality(
    context: Context,
    *,
    outcome: str,
    rework_reason: str | None = None,
    km_start: int | None = None,
    km_end: int | None = None,
    comment: str | None = None,
) -> dict[str, object]:
    """Note what the check of the work found. Whoever did the work does not check it."""
    visit, order = _of(context)
    if context.actor_id is not None and context.actor_id == order.technician_id:
        raise Conflict("controller_did_the_work", "The technician does not check his own work.")
    if km_start is not None and km_end is not None and km_end < km_start:
        raise RuleViolation("road_test_reversed", "The odometer after the drive is below that before it.")
    text = "\n".join(filter(None, (rework_reason, comment)))
    note(context, visit, "quality", outcome, text, channel=InteractionChannel.NOTE)
    return {}


def _of(context: Context) -> tuple[ServiceVisit, WorkOrder]:
    visit = visit_of(context)
    return visit, order_writing.get_order(context.session, visit.id)


def _require_workable(order: WorkOrder, hours: Decimal, now: datetime) -> None:
    """More hours than the days since the order was written hold are a slip of the keyboard."""
    most = HOURS_A_DAY * ((now - order.opened_at).days + 1)
    if order.clocked_hours + hours > most:
        raise RuleViolation("hours_impossible", f"{hours} hours do not fit.", most=most - order.clocked_hours)


def _require_future(moment: datetime | None, now: datetime) -> None:
    if moment is not None and moment <= now:
        raise RuleViolation("promised_in_past", "The car is promised for a time that lies ahead.")
