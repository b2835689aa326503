"""What the scheduler's process does for the workshop again and again."""

from webapp.aftersales import attendance
from webapp.aftersales.reminders import open_due_visits
from webapp.core.clock import now
from webapp.core.database import database


def remind_of_service() -> None:
    """Cars whose service falls due begin a visit by our reminder."""
    with database().write() as session:
        open_due_visits(session, now=now())


def count_attendance() -> None:
    """How many of those who are booked come, by weekday."""
    with database().write() as session:
        attendance.count_attendance(session, now=now())
