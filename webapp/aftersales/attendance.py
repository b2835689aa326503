"""Who comes of those who are booked, by weekday: counted at night, and read when a day is promised.

An appointment counts when its day is over and it was kept, missed, or called off too late; moved ones count on the
last day alone (specification §2.7).
"""

from collections import Counter
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from engine.timers.calendars import WorkingCalendar, calendar_for
from webapp.aftersales.models import Attendance, ServiceVisit, VisitStatus, Workshop
from webapp.aftersales.visit_times import is_kept, is_late_to_cancel
from webapp.aftersales.workshop import CALENDAR

COUNTED = timedelta(days=182)
PLANNED = (VisitStatus.NOT_BOOKED, VisitStatus.CANCELLED_BY_US)  # ended otherwise than by the customer's absence


def count_attendance(session: Session, *, now: datetime) -> None:
    """Count the past half year of every workshop anew."""
    for centre_id in session.scalars(select(Workshop.centre_id)).all():
        booked, kept = _count(session, centre_id, now)
        session.execute(delete(Attendance).where(Attendance.centre_id == centre_id))
        session.add_all(
            Attendance(centre_id=centre_id, weekday=weekday, booked=number, kept=kept[weekday])
            for weekday, number in sorted(booked.items())
        )


def _count(session: Session, centre_id: int, now: datetime) -> tuple[Counter[int], Counter[int]]:
    hours = calendar_for(session, CALENDAR, centre_id)
    zone = ZoneInfo(hours.zone)
    until = datetime.combine(now.astimezone(zone).date(), datetime.min.time(), zone)
    rows = session.execute(
        select(ServiceVisit.starts_at, ServiceVisit.arrived_at, ServiceVisit.closed_at, ServiceVisit.status).where(
            ServiceVisit.centre_id == centre_id,
            ServiceVisit.starts_at >= until - COUNTED,
            ServiceVisit.starts_at < until,
            ServiceVisit.status.not_in(PLANNED),
            ServiceVisit.walk_in.is_(False),
        )
    )
    booked, kept = Counter[int](), Counter[int]()
    for starts_at, arrived_at, closed_at, status in rows:
        if starts_at is None or _was_called_off(starts_at, closed_at, status, hours):
            continue
        weekday = starts_at.astimezone(zone).weekday()
        booked[weekday] += 1
        kept[weekday] += arrived_at is not None and is_kept(starts_at, arrived_at, zone=hours.zone)
    return booked, kept


def _was_called_off(
    starts_at: datetime, closed_at: datetime | None, status: VisitStatus, hours: WorkingCalendar
) -> bool:
    """In good time: then nobody was expected."""
    if status is not VisitStatus.CANCELLED_BY_CUSTOMER:
        return False
    return closed_at is None or not is_late_to_cancel(starts_at, now=closed_at, hours=hours)
