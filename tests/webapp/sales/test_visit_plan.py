"""The times around a visit: confirmed the day before, missing half an hour after."""

from datetime import datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.timers.calendars import DEFAULT_CALENDAR, WorkingCalendar
from tests.dealer import START, moscow
from webapp.sales.visit_plan import call_before_handover, may_call_again, plan_agreed, plan_walk_in


@pytest.mark.parametrize(
    ("visit", "now", "calls", "expected"),
    [
        (moscow(5, 15), moscow(2, 10), 0, moscow(4, 17)),
        (moscow(2, 18), moscow(2, 10), 0, moscow(2, 16)),
        (moscow(2, 11), moscow(2, 10), 0, moscow(2, 10)),  # too near: at once
        (moscow(3, 15), moscow(2, 19), 0, moscow(3, 13)),  # the evening has passed
        (moscow(3, 10), moscow(2, 19), 0, moscow(3, 9)),  # eight o'clock is closed
        (moscow(5, 15), moscow(4, 17), 1, moscow(5, 13)),
        (moscow(5, 15), moscow(5, 13), 1, moscow(5, 14)),
    ],
)
def test_the_confirming_call_has_its_time(visit: datetime, now: datetime, calls: int, expected: datetime) -> None:
    plan = plan_agreed(visit, calls=calls, now=now, hours=DEFAULT_CALENDAR)

    assert (plan.confirm_by, plan.missed_at, plan.here) == (expected, visit + timedelta(minutes=30), False)


def test_a_guest_who_stands_here_is_greeted_within_minutes() -> None:
    plan = plan_walk_in(now=START)

    assert (plan.visit_at, plan.here) == (START + timedelta(minutes=5), True)


def test_another_call_fits_while_an_hour_is_left() -> None:
    assert may_call_again(moscow(2, 12, 1), now=moscow(2, 11))
    assert not may_call_again(moscow(2, 12), now=moscow(2, 11))


@settings(max_examples=150)
@given(
    ahead=st.timedeltas(timedelta(minutes=1), timedelta(days=40)),
    hour=st.integers(0, 24 * 30),
    calls=st.integers(0, 3),
)
def test_the_call_lies_between_now_and_the_visit(ahead: timedelta, hour: int, calls: int) -> None:
    now = START + timedelta(hours=hour)

    plan = plan_agreed(now + ahead, calls=calls, now=now, hours=DEFAULT_CALENDAR)

    assert now <= plan.confirm_by <= plan.visit_at < plan.missed_at


@pytest.mark.parametrize(
    ("handover", "now", "expected"),
    [
        (moscow(6, 12), moscow(4, 12), moscow(5, 17)),
        (moscow(6, 12), moscow(5, 16, 59), moscow(5, 17)),
        (moscow(6, 12), moscow(5, 17), None),  # the evening has come
        (moscow(6, 18), moscow(6, 9), None),  # agreed for today
    ],
)
def test_the_call_before_a_handover_is_the_evening_before_or_never(
    handover: datetime, now: datetime, expected: datetime | None
) -> None:
    assert call_before_handover(handover, now=now, hours=DEFAULT_CALENDAR) == expected


def test_a_closed_evening_puts_the_call_to_the_opening_of_the_day() -> None:
    weekdays = WorkingCalendar("Europe/Moscow", {day: ((time(9), time(18)),) for day in range(5)})
    monday, friday = moscow(9, 12), moscow(6, 12)

    assert call_before_handover(monday, now=friday, hours=weekdays) == moscow(9, 9)
    assert call_before_handover(moscow(9, 9), now=friday, hours=weekdays) is None
