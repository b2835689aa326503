"""The contact plan: its days by temperature, retries, what was agreed, and when it gives up."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.timers.calendars import WorkingCalendar
from webapp.sales.follow_up_plan import Attempt, is_lost, plan_next, planned_days
from webapp.sales.temperature import Temperature

MOSCOW = ZoneInfo("Europe/Moscow")
HOURS = WorkingCalendar("Europe/Moscow", dict.fromkeys(range(7), ((time(9), time(21)),)))
BEGAN = datetime(2026, 3, 2, 15, 0, tzinfo=MOSCOW)  # a Monday


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=MOSCOW)


def days(*offsets: int) -> list[date]:
    return [BEGAN.date() + timedelta(days=offset) for offset in offsets]


class TestDays:
    @pytest.mark.parametrize(
        ("temperature", "expected"),
        [
            (Temperature.HOT, days(1, 3, 5, 7)),
            (Temperature.WARM, days(1, 4, 10, 20, 30)),
            (Temperature.COOL, days(3, 14, 30, 60, 90)),
            (Temperature.COLD, [date(2026, month, 16) for month in range(3, 9)]),
        ],
    )
    def test_each_temperature_has_its_rhythm(self, temperature: Temperature, expected: list[date]) -> None:
        assert planned_days(temperature, BEGAN.date()) == expected

    def test_monthly_contacts_keep_within_short_months(self) -> None:
        assert planned_days(Temperature.COLD, date(2027, 1, 17))[:3] == [
            date(2027, 1, 31),
            date(2027, 2, 28),
            date(2027, 3, 31),
        ]


class TestNext:
    @pytest.mark.parametrize(("talked", "expected"), [(0, at(3, 12)), (1, at(6, 12)), (2, at(12, 12)), (3, at(22, 12))])
    def test_talks_move_on_along_the_plan(self, talked: int, expected: datetime) -> None:
        attempts = [Attempt(BEGAN + timedelta(minutes=n), True) for n in range(talked)]

        planned = plan_next(temperature=Temperature.WARM, began=BEGAN, attempts=attempts, now=BEGAN, hours=HOURS)

        assert (planned.at, planned.attempt, planned.exhausted) == (expected, talked + 1, False)

    def test_an_unknown_temperature_counts_as_warm(self) -> None:
        unknown = plan_next(temperature=None, began=BEGAN, attempts=[], now=BEGAN, hours=HOURS)

        assert unknown == plan_next(temperature=Temperature.WARM, began=BEGAN, attempts=[], now=BEGAN, hours=HOURS)

    def test_a_planned_day_that_has_passed_becomes_tomorrow(self) -> None:
        planned = plan_next(temperature=Temperature.HOT, began=BEGAN, attempts=[], now=at(9, 10), hours=HOURS)

        assert planned.at == at(10, 12)

    def test_a_closed_day_moves_to_the_next_open_one(self) -> None:
        holiday = WorkingCalendar("Europe/Moscow", HOURS.hours, closed=frozenset({date(2026, 3, 3), date(2026, 3, 4)}))

        planned = plan_next(temperature=Temperature.HOT, began=BEGAN, attempts=[], now=BEGAN, hours=holiday)

        assert planned.at == at(5, 12)

    def test_not_reached_is_tried_again_four_hours_later_the_same_day(self) -> None:
        attempts = [Attempt(at(3, 12), False)]

        planned = plan_next(temperature=Temperature.HOT, began=BEGAN, attempts=attempts, now=at(3, 12), hours=HOURS)

        assert (planned.at, planned.attempt) == (at(3, 16), 2)

    def test_not_reached_twice_a_day_is_tried_the_next_day(self) -> None:
        attempts = [Attempt(at(3, 12), False), Attempt(at(3, 16), False)]

        planned = plan_next(temperature=Temperature.HOT, began=BEGAN, attempts=attempts, now=at(3, 16), hours=HOURS)

        assert planned.at == at(4, 12)

    def test_not_reached_in_the_evening_is_tried_the_next_day(self) -> None:
        attempts = [Attempt(at(3, 18), False)]

        planned = plan_next(temperature=Temperature.HOT, began=BEGAN, attempts=attempts, now=at(3, 18), hours=HOURS)

        assert planned.at == at(4, 12)

    def test_what_was_agreed_wins_over_the_plan(self) -> None:
        planned = plan_next(
            temperature=Temperature.HOT, began=BEGAN, attempts=[], agreed=at(20, 18, 30), now=BEGAN, hours=HOURS
        )

        assert planned.at == at(20, 18, 30)

    def test_an_agreed_time_at_night_moves_to_the_opening(self) -> None:
        planned = plan_next(
            temperature=Temperature.HOT, began=BEGAN, attempts=[], agreed=at(20, 23), now=BEGAN, hours=HOURS
        )

        assert planned.at == at(21, 9)

    def test_the_plan_is_used_up_after_its_last_talk(self) -> None:
        attempts = [Attempt(at(day, 12), True) for day in (3, 5, 7, 9)]

        used_up = plan_next(temperature=Temperature.HOT, began=BEGAN, attempts=attempts, now=at(9, 12), hours=HOURS)
        allowed = plan_next(
            temperature=Temperature.HOT, began=BEGAN, attempts=attempts, extra=1, now=at(9, 12), hours=HOURS
        )

        assert (used_up.exhausted, allowed.exhausted) == (True, False)


class TestGivingUp:
    def test_five_in_a_row_on_four_days_are_enough(self) -> None:
        silent = [Attempt(at(*when), False) for when in ((3, 12), (3, 16), (4, 12), (5, 12), (6, 12))]

        assert is_lost(silent, "Europe/Moscow")
        assert not is_lost(silent[:4], "Europe/Moscow")

    def test_five_on_three_days_are_not(self) -> None:
        silent = [Attempt(at(*when), False) for when in ((3, 12), (3, 16), (4, 12), (4, 16), (5, 12))]

        assert not is_lost(silent, "Europe/Moscow")

    def test_a_talk_between_begins_the_count_anew(self) -> None:
        attempts = [Attempt(at(day, 12), day == 5) for day in range(2, 10)]

        assert not is_lost(attempts, "Europe/Moscow")

    def test_days_are_those_of_the_centre(self) -> None:
        # 23:30 and 00:30 in Moscow are one day in London
        moments = [at(3, 23, 30), at(4, 0, 30), at(5, 12), at(6, 12), at(6, 16)]

        assert is_lost([Attempt(moment, False) for moment in moments], "Europe/Moscow")
        assert not is_lost([Attempt(moment, False) for moment in moments], "Europe/London")


moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)).map(lambda naive: naive.replace(tzinfo=UTC))  # noqa: DTZ001  # the zone is added


@settings(max_examples=150, deadline=None)
@given(
    temperature=st.sampled_from([None, *Temperature]),
    began=moments,
    passed=st.lists(st.tuples(st.timedeltas(timedelta(0), timedelta(days=30)), st.booleans()), max_size=12),
    agreed=st.none() | moments,
    extra=st.integers(0, 3),
)
def test_the_next_contact_always_lies_ahead_in_opening_hours(
    temperature: Temperature | None,
    began: datetime,
    passed: list[tuple[timedelta, bool]],
    agreed: datetime | None,
    extra: int,
) -> None:
    attempts, now = [], began
    for pause, reached in passed:
        now += pause
        attempts.append(Attempt(now, reached))

    planned = plan_next(
        temperature=temperature, began=began, attempts=attempts, extra=extra, agreed=agreed, now=now, hours=HOURS
    )

    assert planned.at > now
    assert HOURS.is_open(planned.at)
    assert planned.attempt == len(attempts) + 1
    assert planned.exhausted == (
        sum(reached for _, reached in passed)
        >= len(planned_days(temperature or Temperature.WARM, began.date())) + extra
    )


@settings(max_examples=100, deadline=None)
@given(began=moments, temperature=st.sampled_from(list(Temperature)))
def test_talking_every_time_uses_the_plan_up_in_order(began: datetime, temperature: Temperature) -> None:
    attempts: list[Attempt] = []
    now = began
    while not (
        planned := plan_next(temperature=temperature, began=began, attempts=attempts, now=now, hours=HOURS)
    ).exhausted:
        assert planned.at > now
        now = planned.at
        attempts.append(Attempt(now, True))

    assert len(attempts) == len(planned_days(temperature, began.date()))
