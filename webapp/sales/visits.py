"""Visits of a worksheet: agreed, confirmed, moved, missed, and those that really took place."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from engine.timers.calendars import WorkingCalendar
from webapp.core import events
from webapp.core.errors import RuleViolation
from webapp.inquiries.models import Purpose
from webapp.sales import queries
from webapp.sales.follow_up_plan import OpeningHours
from webapp.sales.models import Appointment, AppointmentStatus, Visit, Worksheet
from webapp.sales.visit_plan import VisitPlan, may_call_again, plan_agreed, plan_walk_in

NEEDS_OF_WALK_IN = timedelta(hours=1)


@dataclass(frozen=True)
class GuestReceived:
    """Published when somebody is in the showroom."""

    worksheet: Worksheet
    visit: Visit
    at: datetime


def agree_visit(
    session: Session, worksheet: Worksheet, at: datetime, *, hours: OpeningHours, actor_id: int | None, now: datetime
) -> Appointment:
    """Agree on a time; an open appointment of the worksheet is moved, or was missed.

    RuleViolation: visit_in_past, visit_outside_hours, visit_slot_taken.
    """
    if at <= now:
        raise RuleViolation("visit_in_past", "A visit is agreed for the future.")
    if not hours.is_open(at):
        raise RuleViolation("visit_outside_hours", "The centre is closed at that time.")
    if worksheet.manager_id is not None and queries.is_slot_taken(
        session, worksheet.manager_id, at, besides=worksheet.id
    ):
        raise RuleViolation("visit_slot_taken", "The manager has another guest at that time.")
    earlier = queries.find_open_appointment(session, worksheet.id)
    if earlier is not None:
        earlier.close(AppointmentStatus.MOVED if earlier.at > now else AppointmentStatus.MISSED)
    appointment = Appointment(
        worksheet_id=worksheet.id, manager_id=worksheet.manager_id, at=at, made_by=actor_id, made_at=now
    )
    session.add(appointment)
    session.flush()
    return appointment


def plan_visit(session: Session, worksheet: Worksheet, *, hours: OpeningHours, now: datetime) -> VisitPlan:
    """The times around the agreed visit; without one the guest is here now."""
    appointment = queries.find_open_appointment(session, worksheet.id)
    if appointment is None:
        return plan_walk_in(now=now)
    return plan_agreed(appointment.at, calls=appointment.calls, now=now, hours=hours)


def confirm_visit(session: Session, worksheet: Worksheet, *, companions: list[str], prepare: list[str]) -> None:
    """The customer said that he comes."""
    if appointment := queries.find_open_appointment(session, worksheet.id):
        appointment.confirm(companions=companions, prepare=prepare)


def note_unanswered_call(session: Session, worksheet: Worksheet, *, now: datetime) -> bool:
    """Nobody took the confirmation call; returns whether another one still fits before the visit."""
    appointment = queries.find_open_appointment(session, worksheet.id)
    if appointment is None:
        return False
    appointment.calls += 1
    return may_call_again(appointment.at, now=now)


def call_off(session: Session, worksheet: Worksheet, status: AppointmentStatus) -> None:
    """The agreed visit will not take place, or did not."""
    if appointment := queries.find_open_appointment(session, worksheet.id):
        appointment.close(status)


def receive_guest(
    session: Session,
    worksheet: Worksheet,
    *,
    purpose: Purpose,
    first: bool,
    companions: int,
    arrived_on: str,
    looked_only: bool,
    handed_to: int | None,
    actor_id: int | None,
    now: datetime,
) -> Visit:
    """Somebody is here: the appointment is kept, the visit is written."""
    appointment = queries.find_open_appointment(session, worksheet.id)
    if appointment is not None:
        appointment.close(AppointmentStatus.ARRIVED)
    visit = Visit(
        worksheet_id=worksheet.id,
        appointment_id=appointment.id if appointment else None,
        at=now,
        centre_id=worksheet.centre_id,
        purpose=purpose,
        first=first,
        companions=companions,
        arrived_on=arrived_on,
        looked_only=looked_only,
        received_by=actor_id,
        handed_to=handed_to,
    )
    session.add(visit)
    events.publish(GuestReceived(worksheet, visit, now), session=session)
    return visit


def needs_due(*, appointed: bool, hours: WorkingCalendar, now: datetime) -> datetime:
    """When the needs of a guest are to be known: within an hour, or the same day when he came as agreed (S04)."""
    if not appointed:
        return hours.add(now, NEEDS_OF_WALK_IN)
    zone = ZoneInfo(hours.zone)
    return max(hours.closing_of(now.astimezone(zone).date()), hours.add(now, NEEDS_OF_WALK_IN))
