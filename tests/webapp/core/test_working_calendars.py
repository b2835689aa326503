"""The calendars an installation starts with."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from engine.database import Database
from engine.timers.calendars import calendar_names
from webapp.core.working_calendars import initial_calendars, save_initial_calendars

CALENDARS = initial_calendars(range(2025, 2028))


@pytest.mark.parametrize(
    ("name", "at", "is_open"),
    [
        ("sales", "2026-01-01T12:00", False),
        ("sales", "2026-01-02T12:00", True),
        ("sales", "2026-03-08T20:59", True),
        ("service", "2026-03-08T08:00", True),
        ("service", "2026-03-08T20:00", False),
        ("office", "2026-01-02T12:00", False),
        ("office", "2026-03-09T12:00", False),  # for 8 March, a Sunday
        ("office", "2026-03-10T12:00", True),
        ("office", "2026-03-14T12:00", False),
        ("office", "2025-11-01T12:00", True),  # a Saturday worked for Monday 3 November
        ("office", "2025-11-03T12:00", False),
    ],
)
def test_keep_the_hours_of_the_trade_and_the_public_holidays(name: str, at: str, is_open: bool) -> None:
    moment = datetime.fromisoformat(at).replace(tzinfo=ZoneInfo("Europe/Moscow"))

    assert CALENDARS[name].is_open(moment) is is_open


def test_are_saved_for_everybody(sqlite_database: Database) -> None:
    with sqlite_database.write() as session:
        save_initial_calendars(session, years=range(2026, 2028))

        assert calendar_names(session) == {"sales", "service", "office"}
