"""The reminder that a service falls due (C01)."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from engine.operations import Context, Effect, having
from webapp.aftersales import letters, visiting
from webapp.aftersales.models import NotBookedReason, VisitStatus
from webapp.aftersales.operations.common import (
    NO_ANSWER,
    local_day,
    note,
    opening_hours,
    operations,
    unanswered,
    visit_of,
)
from webapp.aftersales.reminders import next_service_of
from webapp.aftersales.visit_times import noon_after
from webapp.core.errors import RuleViolation
from webapp.customers.models import InteractionChannel
from webapp.vehicles.services import get_car, part_with

MOST_CALLS = 3
LATER = "later"


@operations.register
@having(Effect.SENDS)
def write_reminder(context: Context, *, first: int, second: int) -> dict[str, object]:
    """Write that the service falls due. Answers `call_at`: so many days before the service as `second` says."""
    visit = visit_of(context)
    expected = next_service_of(context.session, visit.car_id) if visit.car_id else None
    due = expected.on if expected else None
    sent = letters.write_of_service(context.session, visit, due=due, now=context.now)
    result = "written" if sent else "no_address"
    note(context, visit, "service_reminder", result, None, channel=InteractionChannel.EMAIL)
    hours = opening_hours(context)
    soon = noon_after(context.now, 0 if not sent else 1, hours=hours)
    if due is None:
        return {"call_at": max(soon, context.now)}
    zone = ZoneInfo(hours.zone)
    day = datetime.combine(due - timedelta(days=second), datetime.min.time(), zone)
    return {"call_at": max(noon_after(day, 0, hours=hours), soon, context.now)}


@operations.register
def record_service_call(
    context: Context,
    *,
    outcome: str,
    later_on: date | None = None,
    elsewhere_reason: str | None = None,
    current_km: int | None = None,
    comment: str | None = None,
) -> dict[str, object]:
    """Note what the customer says to the invitation. Answers `again` with `again_at`, and `called_by`."""
    visit = visit_of(context)
    car = get_car(context.session, visit.car_id) if visit.car_id else None
    if current_km is not None and car is not None:
        car.read_odometer(current_km, at=context.now)
        visit.km = current_km
    again_at = None
    if outcome == LATER:
        if later_on is None or later_on <= local_day(context):
            raise RuleViolation("call_again_in_past", "The next call lies ahead.")
        again_at = noon_after(context.now, (later_on - local_day(context)).days, hours=opening_hours(context))
    elif outcome == NO_ANSWER and unanswered(context, "service_call") + 1 < MOST_CALLS:
        again_at = noon_after(context.now, 1, hours=opening_hours(context))
    elif outcome != "booked":
        if outcome == "sold_car" and car is not None and car.alive:
            part_with(context.session, car, on=local_day(context), actor_id=context.actor_id, now=context.now)
        visit.not_booked_reason = NotBookedReason.OTHER
        visiting.end_visit(context.session, visit, VisitStatus.NOT_BOOKED, now=context.now)
    note(context, visit, "service_call", elsewhere_reason or outcome, comment, next_at=again_at)
    return {"again": again_at is not None, "again_at": again_at, "called_by": context.actor_id}
