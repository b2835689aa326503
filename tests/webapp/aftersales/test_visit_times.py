"""The times around an agreed visit."""

from datetime import datetime

import pytest

from tests.dealer import moscow
from webapp.aftersales.quality_sample import is_checked
from webapp.aftersales.visit_times import half_way, is_kept, is_late_to_cancel, noon_after, times_of
from webapp.core.working_calendars import initial_calendars

HOURS = initial_calendars((2026,))["service"]
AT = moscow(5, 11)  # a Thursday


class TestTimes:
    def test_everything_is_ready_on_the_day_before(self) -> None:
        found = times_of(AT, now=moscow(2, 10), hours=HOURS)

        assert (found.parts_by, found.prepare_by, found.call_by) == (moscow(4, 12), moscow(4, 14), moscow(4, 18))
        assert (found.day_begins, found.missed_at) == (moscow(5, 8), moscow(5, 11, 30))
        assert found.call_needed
        assert not found.today

    @pytest.mark.parametrize(
        ("now", "needed", "today"),
        [
            (moscow(4, 17, 59), True, False),
            (moscow(4, 18), False, False),
            (moscow(5, 7, 59), False, False),
            (moscow(5, 8), False, True),
        ],
    )
    def test_after_six_of_the_day_before_nobody_is_reminded(self, now: datetime, needed: bool, today: bool) -> None:
        found = times_of(AT, now=now, hours=HOURS)

        assert (found.call_needed, found.today) == (needed, today)

    def test_what_should_have_been_done_still_has_half_an_hour(self) -> None:
        assert times_of(AT, now=moscow(4, 16), hours=HOURS).prepare_by == moscow(4, 16, 30)

    @pytest.mark.parametrize(("now", "late"), [(moscow(4, 17, 59), False), (moscow(4, 18), True), (moscow(5, 9), True)])
    def test_from_six_of_the_day_before_a_cancellation_is_late(self, now: datetime, late: bool) -> None:
        assert is_late_to_cancel(AT, now=now, hours=HOURS) is late

    @pytest.mark.parametrize(
        ("arrived", "kept"), [(moscow(5, 8), True), (moscow(5, 19), True), (moscow(4, 23, 59), False)]
    )
    def test_the_day_counts_and_not_the_minute(self, arrived: datetime, kept: bool) -> None:
        assert is_kept(AT, arrived, zone="Europe/Moscow") is kept

    def test_calls_are_due_at_noon(self) -> None:
        assert noon_after(moscow(5, 17), 3, hours=HOURS) == moscow(8, 12)

    def test_the_customer_hears_when_half_of_the_time_is_over(self) -> None:
        assert half_way(moscow(5, 11), moscow(5, 17)) == moscow(5, 14)
        assert half_way(moscow(5, 11), moscow(5, 10)) == moscow(5, 12)


class TestSample:
    def test_repeat_repairs_and_safety_are_always_checked(self) -> None:
        assert all(is_checked(number, reasons=["repair"], jobs=[], repeat=True) for number in range(10))
        assert all(is_checked(number, reasons=["recall"], jobs=[], repeat=False) for number in range(10))
        assert all(is_checked(number, reasons=["repair"], jobs=["brakes"], repeat=False) for number in range(10))

    def test_of_the_others_every_fifth(self) -> None:
        checked = [is_checked(number, reasons=["maintenance"], jobs=["oil"], repeat=False) for number in range(100)]

        assert sum(checked) == 20
