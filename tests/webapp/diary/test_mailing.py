"""When a mail is due: quiet hours, the cap, collecting, and outages. The table of the rules."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.diary.mailing import CAP, Pending, Wishes, is_quiet, plan_mail

MOSCOW = ZoneInfo("Europe/Moscow")
NOON = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
USUAL = Wishes(mail=True, quiet_from=time(20), quiet_until=time(8), zone=MOSCOW)


def urgent(number: int, at: datetime = NOON, task: int = 0) -> Pending:
    return Pending(number, at, subject=task or number, urgent=True)


def plain(number: int, at: datetime = NOON) -> Pending:
    return Pending(number, at)


def missed(number: int, at: datetime = NOON) -> Pending:
    return Pending(number, at, urgent=True, missed=True)


@pytest.mark.parametrize(
    ("pending", "after", "sent", "expected"),
    [
        ([urgent(1)], MINUTE, 0, [1]),  # a reminder at its moment goes at once
        ([plain(1)], MINUTE, 0, None),  # a new task waits for company
        ([plain(1)], 2 * HOUR, 0, [1]),
        ([plain(1), urgent(2)], MINUTE, 0, [2]),  # what is urgent does not take the rest along
        ([plain(1), urgent(2)], 2 * HOUR, 0, [1, 2]),
        ([plain(1), urgent(2), urgent(3)], MINUTE, 0, [1, 2, 3]),  # two urgent ones are one mail, with everything
        ([urgent(1, task=9), urgent(2, task=9), plain(3)], MINUTE, 0, [1, 2]),  # of one task they are one matter
        ([urgent(1)], MINUTE, CAP - 1, None),  # the last mail of the day is a digest
        ([urgent(1)], 2 * HOUR, CAP - 1, [1]),
        ([urgent(1)], 2 * HOUR, CAP, None),
        ([missed(1), missed(2)], MINUTE, 0, None),  # after an outage: wait until all are in
        ([missed(1), missed(2)], 5 * MINUTE, 0, [1, 2]),
        ([], MINUTE, 0, None),
    ],
)
def test_the_rules(pending: list[Pending], after: timedelta, sent: int, expected: list[int] | None) -> None:
    planned = plan_mail(pending, USUAL, sent_today=sent, now=NOON + after)

    assert (planned and list(planned.ids)) == expected


@pytest.mark.parametrize(
    ("begins", "ends", "hour", "quiet"),
    [
        (20, 8, 19, False),
        (20, 8, 20, True),
        (20, 8, 3, True),
        (20, 8, 8, False),
        (12, 14, 13, True),
        (12, 14, 14, False),
        (9, 9, 9, False),  # equal: never
    ],
)
def test_quiet_hours_count_in_the_persons_own_zone(begins: int, ends: int, hour: int, quiet: bool) -> None:
    wishes = Wishes(True, time(begins), time(ends), MOSCOW)
    moment = datetime(2026, 3, 2, hour, 30 if hour != ends and hour != begins else 0, tzinfo=MOSCOW)

    assert is_quiet(wishes, moment.astimezone(UTC)) is quiet


def test_who_wants_no_mail_gets_none() -> None:
    silent = Wishes(False, time(20), time(8), MOSCOW)

    assert plan_mail([urgent(1)], silent, sent_today=0, now=NOON + 5 * HOUR) is None


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 2 * 24 * 60)), max_size=60))
def test_no_storm_makes_more_than_five_mails_a_day_or_one_at_night(storm: list[tuple[bool, int]]) -> None:
    """Whatever happens within two days, looked at every ten minutes."""
    start = datetime(2026, 3, 2, 0, 0, tzinfo=MOSCOW).astimezone(UTC)
    coming = [
        Pending(number, start + minute * MINUTE, subject=number, urgent=is_urgent)
        for number, (is_urgent, minute) in enumerate(storm)
    ]
    mailed: set[int] = set()
    sent: list[datetime] = []
    for beat in range(3 * 24 * 6):
        now = start + 10 * beat * MINUTE
        today = now.astimezone(MOSCOW).date()
        pending = [each for each in coming if each.created_at <= now and each.id not in mailed]
        number = sum(each.astimezone(MOSCOW).date() == today for each in sent)
        planned = plan_mail(pending, USUAL, sent_today=number, now=now)
        if planned:
            sent.append(now)
            mailed |= set(planned.ids)

    days = [each.astimezone(MOSCOW).date() for each in sent]
    assert all(days.count(day) <= CAP for day in days)
    assert all(8 <= each.astimezone(MOSCOW).hour < 20 for each in sent)
    assert mailed == {each.id for each in coming}
