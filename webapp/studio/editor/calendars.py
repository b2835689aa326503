"""Working calendars as the panel offers them: by title and opening hours, not by the name that drawings write."""

from collections.abc import Mapping
from itertools import groupby

from babel.dates import format_time, get_day_names
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from engine.timers.calendars import Hours, WorkingCalendar, calendar_for, calendar_names
from webapp.core.feature import Text

TITLES: Mapping[str, Text] = {"sales": _l("Sales"), "service": _l("Service"), "office": _l("Office")}


def offered_calendars(session: Session, language: str) -> list[dict[str, str]]:
    """Every calendar as `value` and `name`, with the hours of those that have none of their own centre."""
    return [
        {"value": name, "name": f"{TITLES.get(name, name)} · {week_of(calendar_for(session, name, None), language)}"}
        for name in sorted(calendar_names(session))
    ]


def week_of(calendar: WorkingCalendar, language: str) -> str:
    """The opening hours of a usual week: days with the same hours in a row are told together."""
    names = get_day_names("abbreviated", context="stand-alone", locale=language)
    told = []
    for hours, days in groupby(range(7), key=lambda day: calendar.hours.get(day, ())):
        first, *rest = days
        if hours:
            last = f"–{names[rest[-1]]}" if rest else ""
            told.append(f"{names[first]}{last} {_spans(hours, language)}")
    return ", ".join(told)


def _spans(hours: Hours, language: str) -> str:
    return " ".join("–".join(format_time(at, "short", locale=language) for at in each) for each in hours)
