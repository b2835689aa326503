"""What the panel of the editor offers is told in the reader's words."""

from datetime import time

import pytest
from flask import Flask
from flask_babel import force_locale
from sqlalchemy.orm import Session

from engine.timers.calendars import WorkingCalendar
from webapp.core.working_calendars import save_initial_calendars
from webapp.studio.editor.calendars import offered_calendars, week_of


def test_calendars_are_offered_by_title_and_hours(app: Flask, session: Session) -> None:
    save_initial_calendars(session, years=[2026])
    with app.test_request_context(), force_locale("ru"):
        offered = offered_calendars(session, "ru")
    assert offered == [
        {"value": "office", "name": "Офис · пн–пт 09:00–18:00"},
        {"value": "sales", "name": "Продажи · пн–вс 09:00–21:00"},
        {"value": "service", "name": "Сервис · пн–вс 08:00–20:00"},
    ]


@pytest.mark.parametrize(
    ("hours", "told"),
    [
        ({0: ((time(9), time(13)), (time(14), time(18)))}, "Mon 9:00 AM–1:00 PM 2:00 PM–6:00 PM"),
        (
            {0: ((time(9), time(0)),), 1: ((time(9), time(0)),), 3: ((time(9), time(0)),)},
            "Mon–Tue 9:00 AM–12:00 AM, Thu 9:00 AM–12:00 AM",
        ),
    ],
)
def test_a_week_is_told_by_days_of_the_same_hours(hours: dict[int, tuple], told: str) -> None:  # type: ignore[type-arg]
    assert week_of(WorkingCalendar("Europe/Moscow", hours), "en").replace("\u202f", " ") == told
