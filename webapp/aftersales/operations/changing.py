"""An agreed visit that is moved or called off."""

from engine.operations import Context
from webapp.aftersales import booking, visiting
from webapp.aftersales.models import AWAITED, ServiceVisit, VisitStatus
from webapp.aftersales.operations.common import lead_by_advisor, note, opening_hours, operations, slot_for, visit_of
from webapp.aftersales.visit_times import is_late_to_cancel
from webapp.core.errors import Conflict


@operations.register
def move_appointment(
    context: Context, *, slot: str, moved_by: str | None = None, comment: str | None = None
) -> dict[str, object]:
    """Give the visit another time. The one it had is free."""
    visit = visit_of(context)
    move(context, visit, slot)
    note(context, visit, "moved", moved_by or "customer", comment, next_at=visit.starts_at)
    return {}


@operations.register
def record_cancellation(
    context: Context, *, reason: str, cancelled_by: str | None = None, comment: str | None = None
) -> dict[str, object]:
    """Call the visit off. Answers `late`: after six in the evening of the day before."""
    visit = visit_of(context)
    late = call_off(context, visit, by_us=cancelled_by == "us")
    note(context, visit, "cancelled", reason, comment)
    return {"late": late}


@operations.register
def record_early_arrival(context: Context, *, comment: str | None = None) -> dict[str, object]:
    """Note that the customer came early. He stands at the desk before anybody expected him."""
    note(context, visit_of(context), "early", "arrived", comment)
    return {}


def move(context: Context, visit: ServiceVisit, text: str | None) -> None:
    """To another slot; a visit whose time was released, or that has none yet, is booked anew."""
    if visit.status in AWAITED:
        slot = slot_for(context, visit, text)
        booking.move_booking(context.session, visit, slot, actor_id=context.actor_id, now=context.now)
    elif visit.starts_at is not None:
        slot = slot_for(context, visit, text)
        booking.book(context.session, visit, slot, actor_id=context.actor_id, now=context.now)
    else:
        raise Conflict("visit_not_booked", f"Visit {visit.id} has no time yet.")
    lead_by_advisor(context, visit)


def call_off(context: Context, visit: ServiceVisit, *, by_us: bool = False) -> bool:
    """End the visit without the car; returns whether it came too late to spare the appointment."""
    late = (
        not by_us
        and visit.status in AWAITED
        and visit.starts_at is not None
        and is_late_to_cancel(visit.starts_at, now=context.now, hours=opening_hours(context))
    )
    status = VisitStatus.CANCELLED_BY_US if by_us else VisitStatus.CANCELLED_BY_CUSTOMER
    visiting.end_visit(context.session, visit, status, now=context.now)
    return late
