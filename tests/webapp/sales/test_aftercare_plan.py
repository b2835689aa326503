"""When a customer is called after the handover, what a survey amounts to, and what is paid by when."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.timers.calendars import DEFAULT_CALENDAR
from tests.dealer import moscow
from webapp.sales.aftercare_plan import (
    Occasion,
    Reminder,
    call_again,
    list_reminders,
    next_reminder,
    noon_of,
    plan_first_month,
)
from webapp.sales.payment_plan import Instalment, standing
from webapp.sales.survey_score import is_unhappy, satisfaction_index

SOLD = date(2026, 3, 2)
DAYS = st.dates(date(2024, 1, 1), date(2034, 12, 31))
AMOUNTS = st.decimals(Decimal("0.01"), Decimal(9_999_999), places=2)


class TestFirstMonth:
    def test_days_are_counted_where_the_centre_is(self) -> None:
        late = moscow(2, 20, 30)  # half past eight in the evening
        plan = plan_first_month(late, hours=DEFAULT_CALENDAR)

        assert plan.thank_at == late + timedelta(hours=2)
        assert [plan.call_at, plan.survey_at] == [moscow(3, 12), moscow(9, 12)]
        assert plan.month_call_at == moscow(1, 12, month=4)

    @given(st.integers(-1_000_000, 2_000_000))
    def test_the_steps_follow_each_other_at_noon(self, minutes: int) -> None:
        plan = plan_first_month(moscow(1, 0) + timedelta(minutes=minutes), hours=DEFAULT_CALENDAR)
        moments = [plan.call_at, plan.survey_at, plan.month_call_at]

        assert all(earlier < later for earlier, later in pairwise(moments))
        assert all(DEFAULT_CALENDAR.is_open(moment) for moment in moments)

    @pytest.mark.parametrize(("attempts", "again"), [(1, moscow(2, 14)), (2, moscow(2, 14)), (3, None), (4, None)])
    def test_three_attempts_are_enough(self, attempts: int, again: datetime | None) -> None:
        assert call_again(attempts, now=moscow(2, 10), hours=DEFAULT_CALENDAR) == again

    def test_an_attempt_in_the_evening_is_repeated_in_the_morning(self) -> None:
        assert call_again(1, now=moscow(2, 19), hours=DEFAULT_CALENDAR) == moscow(3, 9)

    def test_noon_of_an_open_day(self) -> None:
        assert noon_of(SOLD, DEFAULT_CALENDAR) == moscow(2, 12)


class TestReminders:
    def test_without_dates_there_are_two_anniversaries_and_the_proposal(self) -> None:
        assert list_reminders(SOLD, warranty_until=None, policy_until=None) == [
            Reminder(Occasion.ANNIVERSARY, SOLD + timedelta(days=365)),
            Reminder(Occasion.ANNIVERSARY, SOLD + timedelta(days=730)),
            Reminder(Occasion.TRADE_IN, SOLD + timedelta(days=1065)),
        ]

    def test_birthdays_and_the_first_service_twice(self) -> None:
        found = list_reminders(SOLD, service_due=SOLD + timedelta(days=360), born=date(1988, 2, 29))

        assert [(each.occasion, each.day) for each in found] == [
            (Occasion.SERVICE, SOLD + timedelta(days=330)),
            (Occasion.SERVICE, SOLD + timedelta(days=353)),
            (Occasion.BIRTHDAY, date(2027, 2, 28)),
            (Occasion.ANNIVERSARY, SOLD + timedelta(days=365)),
            (Occasion.BIRTHDAY, date(2028, 2, 29)),
            (Occasion.ANNIVERSARY, SOLD + timedelta(days=730)),
            (Occasion.TRADE_IN, SOLD + timedelta(days=1065)),
        ]

    def test_of_two_on_one_day_the_weightier_is_taken(self) -> None:
        anniversary = SOLD + timedelta(days=365)
        found = list_reminders(
            SOLD, warranty_until=anniversary + timedelta(days=60), policy_until=anniversary + timedelta(days=30)
        )

        assert found[0] == Reminder(Occasion.POLICY, anniversary)

    @given(DAYS, *[st.none() | DAYS] * 3, st.none() | st.dates(date(1930, 1, 1), date(2008, 12, 31)))
    def test_one_thing_a_day_in_order_and_the_proposal_last(
        self, sold: date, warranty: date | None, policy: date | None, service: date | None, born: date | None
    ) -> None:
        found = list_reminders(sold, warranty_until=warranty, policy_until=policy, service_due=service, born=born)

        assert all(earlier.day < later.day for earlier, later in pairwise(found))
        assert found[-1] == Reminder(Occasion.TRADE_IN, sold + timedelta(days=1065))
        assert found[0].day > sold + timedelta(days=30)

    @given(DAYS, st.none() | DAYS)
    def test_walking_from_one_to_the_next_meets_each_once(self, sold: date, policy: date | None) -> None:
        reminders, met, after = list_reminders(sold, warranty_until=None, policy_until=policy), [], None
        while (found := next_reminder(reminders, after=after)) is not None:
            met.append(found)
            after = found.day

        assert met == reminders


class TestSurvey:
    @pytest.mark.parametrize(
        ("scores", "csi"),
        [({}, None), ({"overall": 5}, "100.0"), ({"overall": 1}, "20.0"), ({"a": 5, "b": 4, "c": 4}, "86.7")],
    )
    def test_the_index_is_the_mean_of_what_was_answered(self, scores: dict[str, int], csi: str | None) -> None:
        assert satisfaction_index(scores) == (None if csi is None else Decimal(csi))

    def test_a_weighty_question_counts_more(self) -> None:
        assert satisfaction_index({"a": 5, "b": 1}, {"a": 3}) == Decimal("80.0")

    @given(st.dictionaries(st.text(min_size=1), st.integers(1, 5), min_size=1))
    def test_the_index_lies_between_its_answers(self, scores: dict[str, int]) -> None:
        index = satisfaction_index(scores)

        assert index is not None
        assert min(scores.values()) * 20 - Decimal("0.05") <= index <= max(scores.values()) * 20 + Decimal("0.05")

    @pytest.mark.parametrize(
        ("scores", "nps", "unhappy"),
        [({"a": 4}, 7, False), ({"a": 3}, 10, True), ({"a": 5}, 6, True), ({"a": 5}, None, False), ({}, 0, True)],
    )
    def test_three_or_less_or_a_detractor_is_unhappy(
        self, scores: dict[str, int], nps: int | None, unhappy: bool
    ) -> None:
        assert is_unhappy(scores, nps) is unhappy


class TestPayment:
    SCHEDULE = (
        Instalment(SOLD, Decimal(100), "deposit"),
        Instalment(SOLD + timedelta(days=10), Decimal(900)),
        Instalment(SOLD + timedelta(days=5), Decimal(500)),
    )

    @pytest.mark.parametrize(
        ("paid", "balance", "due"),
        [(0, 1500, 0), (99, 1401, 0), (100, 1400, 5), (600, 900, 10), (1499, 1, 10), (1500, 0, 10), (1600, -100, 10)],
    )
    def test_money_covers_the_lines_by_their_dates(self, paid: int, balance: int, due: int) -> None:
        found = standing(self.SCHEDULE, Decimal(paid))

        assert (found.balance, found.due) == (balance, SOLD + timedelta(days=due))
        assert found.overdue_on == found.due + timedelta(days=5)

    def test_when_the_head_gives_time_the_next_day_decides_again(self) -> None:
        until = SOLD + timedelta(days=20)
        found = standing(self.SCHEDULE, Decimal(100), waits_until=until)

        assert (found.due, found.overdue_on) == (until, until + timedelta(days=1))

    @given(st.lists(st.tuples(DAYS, AMOUNTS), min_size=1, max_size=8), AMOUNTS)
    def test_whatever_the_schedule_paid_and_balance_make_the_sum(
        self, lines: list[tuple[date, Decimal]], paid: Decimal
    ) -> None:
        schedule = [Instalment(due, amount) for due, amount in lines]
        found = standing(schedule, paid)

        assert found.paid + found.balance == found.payable == sum(amount for _, amount in lines)
        assert found.due in {due for due, _ in lines}
        covered = sum((line.amount for line in schedule if line.due < found.due), Decimal())
        assert covered <= paid
