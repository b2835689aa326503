"""Timers: when they are due, simulated time, cycles after downtime."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from engine.spiff import UnreadableTimer
from engine.spiff.timers import (
    Repetition,
    Span,
    after_firing,
    is_iso,
    read_due,
    read_moment,
    read_repetition,
    read_span,
)
from tests.engine.spiff.drawings import NOW, Answers, Walk, boundary, document, flows, node, simple, tasks, timer, walk

MOSCOW = ZoneInfo("Europe/Moscow")


def catch(text: str, kind: str = "timeDuration", answers: Answers | None = None) -> Walk:
    event = node("intermediateCatchEvent", "wait", timer(text, kind))
    return walk(document(simple("p", event, flows("start wait end"))), answers)


class TestReading:
    @pytest.mark.parametrize(
        ("text", "span"),
        [
            ("PT30M", Span(0, 0, timedelta(minutes=30))),
            ("P1Y2M", Span(14, 0, timedelta())),
            ("P2W", Span(0, 14, timedelta())),
            ("P1DT2H3M4.5S", Span(0, 1, timedelta(hours=2, minutes=3, seconds=4.5))),
        ],
    )
    def test_durations(self, text: str, span: Span) -> None:
        assert read_span(text) == span

    @pytest.mark.parametrize("text", ["", "P", "PT", "P1H", "30 minutes", "PT5", "-PT5M"])
    def test_refuses_what_is_no_duration(self, text: str) -> None:
        with pytest.raises(UnreadableTimer):
            read_span(text)

    def test_years_and_months_durations_of_feel_keep_their_calendar_meaning(self) -> None:
        class Months:
            months = 1

        assert read_due(Months(), datetime(2026, 1, 31, tzinfo=UTC), MOSCOW) == datetime(2026, 2, 28, tzinfo=UTC)

    @pytest.mark.parametrize(
        "value",
        ["2026-03-02T12:00:00+03:00", "2026-03-02T12:00:00", datetime(2026, 3, 2, 12), "2026-03-02T09:00:00Z", NOW],  # noqa: DTZ001,
    )
    def test_moments_without_a_zone_are_those_of_the_case(self, value: object) -> None:
        assert read_moment(value, MOSCOW) == NOW

    def test_dates_are_their_midnight(self) -> None:
        assert read_moment(date(2026, 3, 2), MOSCOW) == datetime(2026, 3, 1, 21, tzinfo=UTC)

    @pytest.mark.parametrize("text", ["PT1H", "2026-03-02", "2026-03-02T09:00:00Z", "R3/PT1H", "R/P1D"])
    def test_bare_iso_is_recognised(self, text: str) -> None:
        assert is_iso(text)

    @pytest.mark.parametrize("text", ['"PT1H"', 'duration("PT1H")', "due", "P", "now() + x"])
    def test_everything_else_is_feel(self, text: str) -> None:
        assert not is_iso(text)

    @pytest.mark.parametrize(
        ("text", "due", "left"),
        [
            ("R3/PT1H", NOW + timedelta(hours=1), 3),
            ("R/PT1H", NOW + timedelta(hours=1), None),
            ("R2/2026-03-05T09:00:00Z/P1D", NOW + timedelta(days=3), 2),
            ("R/P1D/2026-03-05T09:00:00Z", NOW + timedelta(days=1), 3),
            ("R2/P1D/2026-03-05T09:00:00Z", NOW + timedelta(days=1), 2),
            ("PT1H", NOW + timedelta(hours=1), None),
        ],
    )
    def test_repetitions(self, text: str, due: datetime, left: int | None) -> None:
        repetition = read_repetition(text, NOW, MOSCOW)

        assert (repetition.due(MOSCOW), repetition.left) == (due, left)

    @pytest.mark.parametrize("value", ["R3/", "R3/PT1H/P1D/P1D", None, 5, "R3/PT0S/2026-03-05T09:00:00Z"])
    def test_refuses_what_is_no_repetition(self, value: object) -> None:
        with pytest.raises(UnreadableTimer):
            read_repetition(value, NOW, MOSCOW)

    def test_years_of_downtime_are_counted_at_once(self) -> None:
        repetition = Repetition(NOW, Span(0, 0, timedelta(seconds=1)), None)

        following = after_firing(repetition, NOW + timedelta(days=3650), MOSCOW)

        assert following is not None
        assert following.due(MOSCOW) == NOW + timedelta(days=3650, seconds=1)


class TestCatchEvent:
    def test_waits_until_it_is_due(self) -> None:
        case = catch("PT2H")
        assert case.due == {"wait": NOW + timedelta(hours=2)}
        case.wait(hours=1, minutes=59)
        assert case.elements == []
        case.wait(minutes=1)

        assert (case.elements, case.case.completed()) == (["wait", "end"], True)

    def test_keeps_the_moment_it_was_given_first(self) -> None:
        answers = Answers({"pause": timedelta(hours=1)})
        case = catch("=pause", answers=answers)
        answers.answers["pause"] = timedelta(days=9)
        case.wait(minutes=5)

        assert case.due == {"wait": NOW + timedelta(hours=1)}
        assert answers.asked == ["pause"]

    @pytest.mark.parametrize(
        ("text", "value"),
        [("=due", NOW + timedelta(hours=3)), ('"PT3H"', "PT3H"), ("due", "2026-03-02T12:00:00Z")],
    )
    def test_reads_feel(self, text: str, value: object) -> None:
        case = catch(text, "timeDate", Answers({text.removeprefix("="): value}))

        assert case.due == {"wait": NOW + timedelta(hours=3)}

    def test_passes_at_once_when_its_moment_lies_behind(self) -> None:
        assert catch("2026-03-01T09:00:00Z", "timeDate").case.completed()

    def test_names_itself_when_its_value_is_no_time(self) -> None:
        with pytest.raises(UnreadableTimer) as problem:
            catch("=nothing", answers=Answers({"nothing": None}))

        assert (problem.value.element, problem.value.value) == ("wait", None)


class TestInterruptingTimer:
    def test_withdraws_its_task(self) -> None:
        body = simple("p", tasks("a", "b"), boundary("late", "a", timer("P1D")), flows("start a end", "late b end"))
        case = walk(document(body))
        case.wait(days=2)

        assert (case.open, case.elements, case.due) == (["b"], ["late"], {})

    def test_comes_too_late_when_the_task_is_completed_in_the_same_step(self) -> None:
        body = simple("p", tasks("a", "b"), boundary("late", "a", timer("P1D")), flows("start a end", "late b end"))
        case = walk(document(body))
        case.answers.now += timedelta(days=2)
        case.complete("a")

        assert case.case.completed()

    def test_the_earlier_of_two_wins_after_downtime(self) -> None:
        body = simple(
            "p",
            tasks("a", "b", "c"),
            boundary("second", "a", timer("PT2H")),
            boundary("first", "a", timer("PT1H")),
            flows("start a end", "first b end", "second c end"),
        )
        case = walk(document(body))
        case.wait(hours=5)

        assert (case.open, case.elements) == (["b"], ["first"])


class TestCycle:
    def reminding(self, text: str) -> Walk:
        body = simple(
            "p",
            tasks("a"),
            boundary("remind", "a", timer(text, "timeCycle"), interrupts=False),
            node("serviceTask", "mail"),
            node("endEvent", "sent"),
            flows("start a end", "remind mail sent"),
        )
        return walk(document(body))

    def test_fires_again_and_again_until_it_is_used_up(self) -> None:
        case = self.reminding("R3/PT1H")
        for turn in (1, 2, 3):
            assert case.due == {"remind": NOW + timedelta(hours=turn)}
            case.wait(hours=1)
            assert case.elements == ["remind", "mail", "sent"]
        assert case.due == {}
        case.wait(days=1)

        assert (case.elements, case.open) == ([], ["a"])

    def test_fires_once_after_downtime_and_keeps_its_rhythm(self) -> None:
        case = self.reminding("R/PT1H")
        case.wait(hours=5, minutes=20)

        assert case.elements == ["remind", "mail", "sent"]
        assert case.due == {"remind": NOW + timedelta(hours=6)}

    def test_missed_turns_count(self) -> None:
        case = self.reminding("R3/PT1H")
        case.wait(days=1)

        assert (case.elements, case.due) == (["remind", "mail", "sent"], {})

    def test_ends_with_its_activity(self) -> None:
        case = self.reminding("R/PT1H")
        case.wait(hours=1)
        case.complete("a")

        assert (case.case.completed(), case.due) == (True, {})

    def test_with_no_turn_never_fires(self) -> None:
        case = self.reminding("R0/PT1H")
        case.wait(days=1)

        assert (case.due, case.elements) == ({}, [])
