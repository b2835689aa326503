"""What an installation starts with besides its tables: reference lists and working calendars."""

from datetime import datetime

from sqlalchemy.orm import Session

from engine.timers.calendars import calendar_names
from webapp.core import reference
from webapp.core.working_calendars import save_initial_calendars


def prepare(session: Session, *, now: datetime) -> None:
    """Add what is missing; what the dealer has changed stays as it is."""
    reference.ship_all(session)
    if not calendar_names(session) - {"default"}:
        save_initial_calendars(session, years=range(now.year - 1, now.year + 4))
