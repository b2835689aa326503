"""The working calendars an installation starts with (specification §0.4); later they are edited as data."""

from collections.abc import Iterable
from datetime import date, time

import holidays
from sqlalchemy.orm import Session

from engine.timers.calendars import Hours, WorkingCalendar, save_calendar

ZONE = "Europe/Moscow"
EVERY_DAY = range(7)
MONDAY_TO_FRIDAY = range(5)


def initial_calendars(years: Iterable[int]) -> dict[str, WorkingCalendar]:
    """Sales and service work daily but on 1 January; the office keeps the public holidays of these years."""
    public = holidays.country_holidays("RU", years=years)
    new_year = frozenset(date(year, 1, 1) for year in years)
    office_day = _hours(9, 18)
    return {
        "sales": WorkingCalendar(ZONE, dict.fromkeys(EVERY_DAY, _hours(9, 21)), new_year),
        "service": WorkingCalendar(ZONE, dict.fromkeys(EVERY_DAY, _hours(8, 20)), new_year),
        "office": WorkingCalendar(
            ZONE,
            dict.fromkeys(MONDAY_TO_FRIDAY, office_day),
            frozenset(public),
            dict.fromkeys(public.weekend_workdays, office_day),  # Saturdays worked in exchange for a free day
        ),
    }


def save_initial_calendars(session: Session, *, years: Iterable[int]) -> None:
    """Write them for every centre that has no calendar of its own."""
    for name, calendar in initial_calendars(years).items():
        save_calendar(session, name=name, scope_id=None, calendar=calendar)


def _hours(opens: int, closes: int) -> Hours:
    return ((time(opens), time(closes)),)
