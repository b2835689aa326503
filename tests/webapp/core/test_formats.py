"""Dates, times, durations, money and phones as people write them."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from webapp.core import formats

MOSCOW = ZoneInfo("Europe/Moscow")
KAMCHATKA = ZoneInfo("Asia/Kamchatka")
EVENING = datetime(2026, 11, 26, 21, 30, tzinfo=UTC)


def plain(text: str) -> str:
    return text.replace(formats.NBSP, " ")


@pytest.mark.parametrize(
    ("language", "form", "shown"),
    [
        ("ru", "date", "27.11.2026"),
        ("en", "date", "27 Nov 2026"),
        ("ru", "day", "пт, 27 нояб."),
        ("en", "day", "Fri 27 Nov"),
        ("ru", "long_day", "пятница, 27 ноября"),
        ("en", "long_day", "Friday, 27 November"),
    ],
)
def test_a_day_is_the_readers_day(language: str, form: str, shown: str) -> None:
    assert formats.format_day(EVENING, language, MOSCOW, form) == shown


def test_a_plain_date_knows_no_zone() -> None:
    assert formats.format_day(date(2026, 11, 26), "ru", KAMCHATKA) == "26.11.2026"


@pytest.mark.parametrize(("language", "shown"), [("ru", "27.11.2026 00:30"), ("en", "27 Nov 2026, 00:30")])
def test_a_moment_is_told_in_the_readers_zone(language: str, shown: str) -> None:
    assert formats.format_moment(EVENING, language, MOSCOW) == shown


@pytest.mark.parametrize(
    ("ahead", "russian", "english"),
    [
        (timedelta(hours=-1), "вчера 23:30", "yesterday 23:30"),
        (timedelta(0), "сегодня 00:30", "today 00:30"),
        (timedelta(days=1), "завтра 00:30", "tomorrow 00:30"),
        (timedelta(days=-16), "11.11 00:30", "11 Nov 00:30"),
        (timedelta(days=60), "26.01.2027 00:30", "26 Jan 2027, 00:30"),
    ],
)
def test_a_near_moment_names_its_day(ahead: timedelta, russian: str, english: str) -> None:
    assert plain(formats.format_when(EVENING + ahead, EVENING, "ru", MOSCOW)) == russian
    assert plain(formats.format_when(EVENING + ahead, EVENING, "en", MOSCOW)) == english


@pytest.mark.parametrize(
    ("span", "russian", "english"),
    [
        (timedelta(0), "0 мин", "0 min"),
        (timedelta(seconds=-9), "< 1 мин", "< 1 min"),
        (timedelta(minutes=18), "18 мин", "18 min"),
        (timedelta(hours=1, minutes=20), "1 ч 20 мин", "1 h 20 min"),
        (timedelta(hours=2), "2 ч", "2 h"),
        (timedelta(days=1), "1 день", "1 day"),
        (timedelta(days=2, hours=3), "2 дня 3 ч", "2 days 3 h"),
        (timedelta(days=11), "11 дней", "11 days"),
        (timedelta(days=21), "21 день", "21 days"),
    ],
)
def test_a_duration_has_its_two_largest_units(span: timedelta, russian: str, english: str) -> None:
    assert plain(formats.format_duration(span, "ru")) == russian
    assert plain(formats.format_duration(span, "en")) == english


@pytest.mark.parametrize(
    ("span", "russian", "english"),
    [
        (timedelta(seconds=59), "опоздание меньше минуты", "less than a minute late"),
        (timedelta(minutes=1), "опоздание 1 мин", "1 min late"),
        (timedelta(days=2, hours=3), "опоздание 2 дня 3 ч", "2 days 3 h late"),
    ],
)
def test_less_than_a_minute_late_is_told_in_words(span: timedelta, russian: str, english: str) -> None:
    assert plain(formats.format_lateness(span, "ru")) == russian
    assert plain(formats.format_lateness(span, "en")) == english


@pytest.mark.parametrize(
    ("span", "russian", "english"),
    [
        (timedelta(minutes=18), "через 18 мин", "in 18 min"),
        (-timedelta(hours=1, minutes=20), "1 ч 20 мин назад", "1 h 20 min ago"),
        (timedelta(seconds=-30), "сейчас", "now"),
    ],
)
def test_a_moment_can_be_told_from_now(span: timedelta, russian: str, english: str) -> None:
    assert plain(formats.format_relative(EVENING + span, EVENING, "ru")) == russian
    assert plain(formats.format_relative(EVENING + span, EVENING, "en")) == english


@pytest.mark.parametrize(
    ("amount", "russian", "english"),
    [
        (Decimal("1845000.50"), "1 845 000,50 ₽", "1,845,000.50 ₽"),
        (Decimal("1845000.00"), "1 845 000 ₽", "1,845,000 ₽"),
        (Decimal("0.005"), "0,01 ₽", "0.01 ₽"),
        (Decimal("-31900"), "−31 900 ₽", "−31,900 ₽"),
        (0, "0 ₽", "0 ₽"),
    ],
)
def test_money_shows_kopecks_only_where_there_are_some(amount: Decimal | int, russian: str, english: str) -> None:
    assert plain(formats.format_money(amount, "ru")) == russian
    assert plain(formats.format_money(amount, "en")) == english


def test_the_parts_of_an_amount_never_break_apart() -> None:
    assert " " not in formats.format_money(Decimal("1845000.50"), "ru")


def test_a_number_keeps_its_decimals_or_gets_as_many_as_asked() -> None:
    assert formats.format_number(Decimal("12.5"), "ru") == "12,5"
    assert formats.format_number(12, "en", places=1) == "12.0"


@pytest.mark.parametrize(
    ("stored", "shown"),
    [("+79000004117", "+7 900 000-41-17"), ("+4930123456", "+49 30 123456"), ("ask Vera", "ask Vera")],
)
def test_a_phone_is_grouped_as_its_country_does(stored: str, shown: str) -> None:
    assert plain(formats.format_phone(stored)) == shown
