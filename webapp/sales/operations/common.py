"""What all operations of a worksheet share: its record, its calendar, its row in the chronicle."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from engine.operations import Context, OperationSet
from engine.timers.calendars import WorkingCalendar, calendar_for
from webapp.customers.models import Direction, InteractionChannel
from webapp.customers.services import add_interaction
from webapp.sales import following_up, queries, reserving, services, visits
from webapp.sales.models import AppointmentStatus, Worksheet

CALENDAR = "sales"
YES = "yes"

operations = OperationSet("sales")


def worksheet_of(context: Context) -> Worksheet:
    return queries.get_worksheet_by_key(context.session, context.case.business_key)


def take_over(context: Context) -> Worksheet:
    """The worksheet; who works on one that is nobody's becomes its manager."""
    worksheet = worksheet_of(context)
    if context.case.owner_id is None and context.actor_id is not None:
        context.case.set_owner(context.actor_id)
    owner = context.case.owner_id
    if owner is not None and owner != worksheet.manager_id:
        services.hand_over(context.session, worksheet, owner)
    return worksheet


def opening_hours(context: Context) -> WorkingCalendar:
    return calendar_for(context.session, CALENDAR, context.case.scope_id)


def opening_day(context: Context) -> date:
    """Today, where the centre is."""
    return context.now.astimezone(ZoneInfo(opening_hours(context).zone)).date()


def agree_visit(context: Context, worksheet: Worksheet, at: datetime) -> None:
    visits.agree_visit(
        context.session, worksheet, at, hours=opening_hours(context), actor_id=context.actor_id, now=context.now
    )


def end_work(context: Context, worksheet: Worksheet) -> None:
    visits.call_off(context.session, worksheet, AppointmentStatus.CANCELLED)
    following_up.end_round(context.session, worksheet, now=context.now)
    reserving.release(context.session, worksheet, now=context.now)


def check(context: Context, worksheet: Worksheet, instruction: str | None) -> None:
    if context.actor_id is not None:
        worksheet.check(by=context.actor_id, at=context.now, instruction=instruction or "")


def note(
    context: Context,
    worksheet: Worksheet,
    subject: str,
    result: str,
    comment: str | None,
    *,
    channel: InteractionChannel = InteractionChannel.CALL,
    next_at: datetime | None = None,
) -> None:
    add_interaction(
        context.session,
        customer_id=worksheet.customer_id,
        channel=channel,
        direction=Direction.IN if channel is InteractionChannel.VISIT else Direction.OUT,
        subject=subject,
        at=context.now,
        result=result,
        comment=comment or "",
        next_at=next_at,
        employee_id=context.actor_id,
        case_key=context.case.business_key,
    )
