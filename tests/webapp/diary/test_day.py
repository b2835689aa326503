"""Sorting a day: the places of tasks, the next one, clocks, and the first sentence of a prompt."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from webapp.diary.day import DayTask, part_ends, sort_tasks

MOSCOW = ZoneInfo("Europe/Moscow")
NOON = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def task(number: int, due: timedelta | None, *, allowed: timedelta = 2 * DAY, prompt: str = "") -> DayTask:
    due_at = None if due is None else NOON + due
    return DayTask(
        id=number,
        instance_id=number,
        step="Call",
        customer="Ada",
        detail="",
        prompt=prompt,
        role="sales_manager",
        created_at=(due_at or NOON) - allowed,
        due_at=due_at,
        assignee_id=1,
        owner_id=1,
    )


@pytest.mark.parametrize(
    ("dues", "expected"),
    [
        ([-HOUR, 20 * MINUTE, 5 * HOUR], 2),  # what can still be on time goes before what is late already
        ([-HOUR, 40 * MINUTE], 1),
        ([-2 * HOUR, -3 * HOUR], 2),  # the longest overdue first
        ([5 * HOUR, 3 * HOUR], 2),
        ([2 * DAY], None),  # tomorrow is not next
        ([None], 1),
    ],
)
def test_the_next_task(dues: list[timedelta | None], expected: int | None) -> None:
    day = sort_tasks([task(number, due) for number, due in enumerate(dues, 1)], now=NOON, zone=MOSCOW)

    assert (day.next and day.next.id) == expected


def test_today_ends_at_the_persons_own_midnight() -> None:
    late = task(1, 11 * HOUR + 30 * MINUTE)  # half past eleven in the evening in Moscow, the next day in Vladivostok
    far = ZoneInfo("Asia/Vladivostok")

    here = sort_tasks([late], now=NOON, zone=MOSCOW)
    there = sort_tasks([late], now=NOON, zone=far)

    assert (here.later_count, here.upcoming) == (1, [])
    assert (there.later_count, [day.isoformat() for day, _ in there.upcoming]) == (0, ["2026-03-03"])


@pytest.mark.parametrize(("hour", "ends"), [(0, 13), (12, 13), (13, 18), (17, 18), (18, None), (23, None)])
def test_a_day_has_parts(hour: int, ends: int | None) -> None:
    found = part_ends(datetime(2026, 3, 2, hour, 0, tzinfo=MOSCOW), MOSCOW)

    assert (found and found.astimezone(MOSCOW).hour) == ends


def test_every_task_stands_in_exactly_one_place() -> None:
    dues = [-3 * DAY, -HOUR, 5 * MINUTE, 3 * HOUR, 9 * HOUR, DAY, 5 * DAY, 40 * DAY, None]
    tasks = [task(number, due) for number, due in enumerate(dues)]

    day = sort_tasks(tasks, now=NOON, zone=MOSCOW)

    shown = [each.id for each in day.ordered()]
    assert len(shown) == len(set(shown)) == len(tasks) - 1
    assert day.beyond == 1


def test_a_short_task_runs_on_a_clock_until_it_is_two_hours_late() -> None:
    fresh, late, given_up = (
        task(n, due, allowed=10 * MINUTE) for n, due in ((1, 4 * MINUTE), (2, -HOUR), (3, -3 * HOUR))
    )

    day = sort_tasks([fresh, late, given_up], now=NOON, zone=MOSCOW)

    assert [each.id for each in day.leads] == [2, 1]
    assert day.next is given_up
    assert (fresh.share_left(NOON), late.share_left(NOON)) == (40, 0)


@pytest.mark.parametrize(
    ("prompt", "first"),
    [
        ("Ask first. Then offer.", "Ask first."),
        ("«Подтверждаем встречу 3 мар. в 15:00. Возьмите права».", "«Подтверждаем встречу 3 мар. в 15:00.»"),
        ("“Did it help?” Then wait.", "“Did it help?”"),
        ("One line", "One line"),
        ("We meet on … at …. Bring it.", ""),  # a gap that a list cannot fill
        ("", ""),
    ],
)
def test_the_first_sentence(prompt: str, first: str) -> None:
    assert task(1, HOUR, prompt=prompt).first_sentence == first
