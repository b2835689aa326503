"""Due times, reminders and escalations: the grammar of a drawing and the moments that follow from it."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import BusinessError
from engine.timers.calendars import DEFAULT_CALENDAR, WorkingCalendar
from engine.timers.iso import YearsMonths, parse_duration
from engine.timers.reminders import (
    EscalationRule,
    PlannedEscalation,
    parse_escalations,
    parse_reminders,
    plan_due,
    plan_escalations,
    plan_reminders,
)

MOSCOW = ZoneInfo("Europe/Moscow")
OFFICE = WorkingCalendar("Europe/Moscow", dict.fromkeys(range(5), ((time(9), time(18)),)))
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def moscow(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of March 2026, whose 2nd is a Monday."""
    return datetime(2026, 3, day, hour, minute, tzinfo=MOSCOW)


def no_expression(text: str) -> object:
    raise AssertionError(f"nothing to evaluate in a duration: {text}")


class TestDuration:
    @pytest.mark.parametrize(
        ("text", "duration"),
        [
            ("PT30M", 30 * MINUTE),
            ("-PT10M", -10 * MINUTE),
            ("PT0S", timedelta(0)),
            ("P1DT2H", timedelta(days=1, hours=2)),
            ("P2W", timedelta(days=14)),
            ("PT1.5S", timedelta(seconds=1.5)),
            ("P1Y6M", YearsMonths(18)),
            ("-P1M", YearsMonths(-1)),
        ],
    )
    def test_is_read(self, text: str, duration: timedelta | YearsMonths) -> None:
        assert parse_duration(text) == duration

    @pytest.mark.parametrize("text", ["", "P", "PT", "P1", "30M", "P1H", "PT1D", "P1M1D", "PT1,5S", "P99999999999D"])
    def test_is_refused(self, text: str) -> None:
        with pytest.raises(BusinessError) as refusal:
            parse_duration(text)

        assert refusal.value.code == "duration_unreadable"


class TestDue:
    def test_is_working_time_from_the_creation(self) -> None:
        due = plan_due("PT30M", created=moscow(2, 17, 50), calendar=OFFICE, evaluate=no_expression)

        assert due == moscow(3, 9, 20)

    @pytest.mark.parametrize(
        ("value", "due"),
        [
            (None, None),
            (datetime(2026, 3, 7, 20, 0, tzinfo=UTC), datetime(2026, 3, 7, 20, 0, tzinfo=UTC)),  # an appointment stays
            (datetime(2026, 3, 7, 20, 0), moscow(7, 20)),  # noqa: DTZ001  # FEEL without a zone
            (date(2026, 3, 4), moscow(4, 18)),
            (date(2026, 3, 7), moscow(9, 18)),
            (timedelta(hours=9), moscow(3, 10)),
            (YearsMonths(1), datetime(2026, 4, 2, 10, tzinfo=MOSCOW)),
        ],
    )
    def test_may_come_from_an_expression(self, value: object, due: datetime | None) -> None:
        seen = []

        def evaluate(text: str) -> object:
            seen.append(text)
            return value

        assert plan_due("= visit.at", created=moscow(2, 10), calendar=OFFICE, evaluate=evaluate) == due
        assert seen == ["visit.at"]

    @pytest.mark.parametrize("text", [None, "", "  "])
    def test_may_be_absent(self, text: str | None) -> None:
        assert plan_due(text, created=moscow(2, 10), calendar=OFFICE, evaluate=no_expression) is None

    @pytest.mark.parametrize(
        ("text", "value", "code"),
        [
            ("tomorrow", None, "due_unreadable"),
            ("-PT5M", None, "due_unreadable"),
            ("=x", "soon", "due_not_a_time"),
            ("=x", datetime(9999, 1, 1, tzinfo=UTC), "due_too_far"),
        ],
    )
    def test_is_refused_with_a_code(self, text: str, value: object, code: str) -> None:
        with pytest.raises(BusinessError) as refusal:
            plan_due(text, created=moscow(2, 10), calendar=OFFICE, evaluate=lambda _: value)

        assert refusal.value.code == code


class TestReminders:
    def plan(self, text: str | None, due: datetime | None) -> list[datetime]:
        return plan_reminders(text, created=moscow(2, 10), due=due, calendar=OFFICE)

    def test_stand_before_at_and_after_the_due_moment(self) -> None:
        assert self.plan("-PT10M, PT0S,P1D", moscow(2, 12)) == [moscow(2, 11, 50), moscow(2, 12), moscow(3, 12)]

    def test_reach_back_over_the_night_in_working_time(self) -> None:
        assert self.plan("-PT30M", moscow(3, 9, 10)) == [moscow(2, 17, 40)]

    def test_before_the_creation_are_dropped(self) -> None:
        assert self.plan("-P1D, -PT10M", moscow(2, 12)) == [moscow(2, 11, 50)]

    def test_leave_one_at_the_creation_when_all_are_before_it(self) -> None:
        assert self.plan("-PT30M, -PT20M", moscow(2, 10, 15)) == [moscow(2, 10)]

    def test_at_a_due_moment_outside_working_time_stay_there(self) -> None:
        assert self.plan("PT0S", moscow(7, 20)) == [moscow(7, 20)]

    def test_before_a_due_moment_outside_working_time_do_not_pass_it(self) -> None:
        assert self.plan("-P1D", moscow(7, 20)) == [moscow(7, 20)]

    @pytest.mark.parametrize(("text", "due"), [(None, moscow(2, 12)), ("", moscow(2, 12)), ("PT0S", None)])
    def test_are_none_without_offsets_or_without_a_due_moment(self, text: str | None, due: datetime | None) -> None:
        assert self.plan(text, due) == []

    @pytest.mark.parametrize("text", ["PT10M PT0S", "PT10M,", "10 minutes", ","])
    def test_are_refused_with_a_code(self, text: str) -> None:
        with pytest.raises(BusinessError) as refusal:
            parse_reminders(text)

        assert refusal.value.code == "reminders_unreadable"

    @given(
        st.lists(st.sampled_from(["-P1M", "-P2D", "-PT90M", "-PT10M", "PT0S", "PT5M", "P1D"]), min_size=1),
        st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 1), timezones=st.just(UTC)),  # noqa: DTZ001
        st.timedeltas(-timedelta(days=3), timedelta(days=90)),
    )
    def test_are_ordered_different_and_never_before_the_creation(
        self, offsets: list[str], created: datetime, allowed: timedelta
    ) -> None:
        planned = plan_reminders(", ".join(offsets), created=created, due=created + allowed, calendar=OFFICE)

        assert planned
        assert planned == sorted(set(planned))
        assert planned[0] >= created
        assert len(planned) <= len(set(offsets))


class TestEscalations:
    def plan(self, text: str, due: datetime, created: datetime | None = None) -> list[tuple[datetime, str]]:
        planned = plan_escalations(text, created=created or moscow(2, 10), due=due, calendar=OFFICE)
        return [(escalation.at, escalation.target) for escalation in planned]

    def test_are_read_as_drawn(self) -> None:
        assert parse_escalations("150% min PT1H max P1D to head; P2D to sales_head") == (
            EscalationRule("head", share=150, least=HOUR, most=timedelta(days=1)),
            EscalationRule("sales_head", offset=timedelta(days=2)),
        )

    def test_lie_half_of_the_allowed_time_behind_the_due_moment(self) -> None:
        assert self.plan("150% min PT1H max P1D to head", moscow(2, 14)) == [(moscow(2, 16), "head")]

    def test_keep_the_shortest_distance(self) -> None:
        assert self.plan("150% min PT1H max P1D to head", moscow(2, 10, 30)) == [(moscow(2, 11, 30), "head")]

    def test_keep_the_longest_distance(self) -> None:
        assert self.plan("150% min PT1H max P1D to head", moscow(13, 10)) == [(moscow(16, 10), "head")]

    def test_count_the_share_in_working_time(self) -> None:
        five_days_and_a_half_later = moscow(9, 10) + timedelta(hours=4, minutes=30)

        assert self.plan("150% to head", five_days_and_a_half_later) == [(moscow(12, 12, 15), "head")]

    def test_may_lie_before_the_due_moment(self) -> None:
        assert self.plan("50% to head; 80% min PT1H to head", moscow(2, 14)) == [
            (moscow(2, 12), "head"),
            (moscow(2, 13), "head"),
        ]

    def test_before_the_due_moment_keep_the_longest_distance(self) -> None:
        assert self.plan("50% max PT30M to head", moscow(2, 14)) == [(moscow(2, 13, 30), "head")]

    def test_never_precede_the_creation(self) -> None:
        assert self.plan("-P5D to head", moscow(2, 14)) == [(moscow(2, 10), "head")]

    def test_come_in_order_of_time_whatever_the_drawing_says(self) -> None:
        assert self.plan("P2D to sales_head; PT0S to head", moscow(2, 14)) == [
            (moscow(2, 14), "head"),
            (moscow(4, 14), "sales_head"),
        ]

    def test_of_a_task_that_was_late_when_it_came_keep_the_shortest_distance(self) -> None:
        assert self.plan("150% min PT1H to head", moscow(2, 9)) == [(moscow(2, 10), "head")]

    def test_are_none_without_a_due_moment(self) -> None:
        assert plan_escalations("P1D to head", created=moscow(2, 10), due=None, calendar=OFFICE) == []

    @pytest.mark.parametrize(
        "text",
        [
            "150%",
            "150% head",
            "to head",
            "P1D to",
            "P1D to Head",
            "P1D max P1D min P2D to head",
            "150% min PT2H max PT1H to head",
            "P1 to head",
            "PT1H to a; ",
        ],
    )
    def test_are_refused_with_a_code(self, text: str) -> None:
        with pytest.raises(BusinessError) as refusal:
            parse_escalations(text)

        assert refusal.value.code == "escalate_unreadable"

    @given(
        st.integers(100, 300),
        st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 1), timezones=st.just(UTC)),  # noqa: DTZ001
        st.timedeltas(timedelta(0), timedelta(days=60)),
    )
    def test_respect_both_bounds(self, share: int, created: datetime, allowed: timedelta) -> None:
        due = DEFAULT_CALENDAR.next_open(created + allowed)
        (planned,) = plan_escalations(
            f"{share}% min PT1H max P1D to head", created=created, due=due, calendar=DEFAULT_CALENDAR
        )

        assert DEFAULT_CALENDAR.add(due, HOUR) <= planned.at <= DEFAULT_CALENDAR.add(due, timedelta(days=1))
        assert planned == PlannedEscalation(planned.at, "head")
