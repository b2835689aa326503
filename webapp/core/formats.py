"""Dates, times, durations, money and phones as people write them, in Russian and in English.

Pure functions: the language is "ru" or "en", the zone a tzinfo; templates reach them as filters (i18n).
"""

from datetime import date, datetime, timedelta, tzinfo
from decimal import ROUND_HALF_UP, Decimal

import phonenumbers
from babel.dates import format_date
from babel.plural import PluralRule

NBSP = "\u00a0"
MINUS = "\u2212"
DASH = "\u2013"

RUSSIAN_PLURAL = PluralRule(
    {
        "one": "v = 0 and i % 10 = 1 and i % 100 != 11",
        "few": "v = 0 and i % 10 = 2..4 and i % 100 != 12..14",
    }
)
UNITS: dict[str, dict[str, str]] = {
    "ru": {"one": "день", "few": "дня", "other": "дней", "hour": "ч", "minute": "мин"},
    "en": {"one": "day", "other": "days", "hour": "h", "minute": "min"},
}
ONE_UNIT = {
    "ru": {"day": "д", "hour": "ч", "minute": "мин"},
    "en": {"day": "d", "hour": "h", "minute": "min"},
}
RELATIVE = {
    "ru": {"now": "сейчас", "ahead": "через {}", "ago": "{} назад"},
    "en": {"now": "now", "ahead": "in {}", "ago": "{} ago"},
}
LATE = {
    "ru": {"moment": "опоздание меньше минуты", "span": "опоздание {}"},
    "en": {"moment": "less than a minute late", "span": "{} late"},
}
NEAR = {
    "ru": {-1: "вчера", 0: "сегодня", 1: "завтра"},
    "en": {-1: "yesterday", 0: "today", 1: "tomorrow"},
}
PATTERNS = {
    "ru": {
        "date": "dd.MM.yyyy",
        "short": "dd.MM",
        "day": "EEE, d MMM",
        "day_month": "d MMM",
        "long_day": "EEEE, d MMMM",
    },
    "en": {
        "date": "d MMM yyyy",
        "short": "d MMM",
        "day": "EEE d MMM",
        "day_month": "d MMM",
        "long_day": "EEEE, d MMMM",
    },
}
BABEL_LOCALES = {"ru": "ru", "en": "en_GB"}
CURRENCY_SIGNS = {"RUB": "₽", "EUR": "€", "USD": "$", "CNY": "¥"}


def format_day(value: date | datetime, language: str, zone: tzinfo, form: str = "date") -> str:
    """26.11.2026 or 26 Nov 2026; form "day": Thu 26 Nov; "day_month": 26 Nov; "long_day": Thursday, 26 November."""
    return format_date(_local_date(value, zone), PATTERNS[language][form], locale=BABEL_LOCALES[language])


def format_time(value: datetime, zone: tzinfo) -> str:
    """14:05 in the reader's zone."""
    return f"{value.astimezone(zone):%H:%M}"


def format_moment(value: datetime, language: str, zone: tzinfo) -> str:
    """26.11.2026 14:05, or 26 Nov 2026, 14:05."""
    separator = " " if language == "ru" else ", "
    return f"{format_day(value, language, zone)}{separator}{format_time(value, zone)}"


def format_when(value: datetime, now: datetime, language: str, zone: tzinfo) -> str:
    """today 14:05, tomorrow 09:00; 26.11 14:05 or 26 Nov 14:05 within this year, with the year in another."""
    day, today = value.astimezone(zone).date(), now.astimezone(zone).date()
    near = NEAR[language].get((day - today).days)
    if near is None and day.year != today.year:
        return format_moment(value, language, zone)
    return f"{near or format_day(day, language, zone, 'short')}{NBSP}{format_time(value, zone)}"


def format_duration(span: timedelta, language: str) -> str:
    """The two largest units: 2 days, 1 h 20 min, 18 min, < 1 min; whole minutes, never negative."""
    words = UNITS[language]
    minutes = int(abs(span).total_seconds()) // 60
    days, minutes = divmod(minutes, 24 * 60)
    hours, minutes = divmod(minutes, 60)
    parts = []
    if days:
        parts.append(f"{days}{NBSP}{_plural(words, days, language)}")
    if hours and days < 3:
        parts.append(f"{hours}{NBSP}{words['hour']}")
    if (minutes or not parts) and not days:
        parts.append(f"{minutes}{NBSP}{words['minute']}")
    shorter = f"<{NBSP}1{NBSP}{words['minute']}"
    return shorter if span and not (days or hours or minutes) else " ".join(parts)


def format_brief(seconds: float | None, language: str) -> str:
    """One unit, as narrow as the column: 5.8 d, 3.2 h, 18 min, < 1 min; a dash for what is unknown."""
    words = ONE_UNIT[language]
    if seconds is None:
        return DASH
    if seconds < 60:
        return f"<{NBSP}1{NBSP}{words['minute']}"
    if seconds < 3600:
        return f"{format_number(seconds / 60, language, 0)}{NBSP}{words['minute']}"
    if seconds < 86400:
        return f"{format_number(seconds / 3600, language, 1)}{NBSP}{words['hour']}"
    return f"{format_number(seconds / 86400, language, 1)}{NBSP}{words['day']}"


def is_moment(span: timedelta) -> bool:
    """Whether it is less than a minute, and hence is told in words."""
    return abs(span) < timedelta(minutes=1)


def format_lateness(span: timedelta, language: str) -> str:
    """18 min late, less than a minute late."""
    words = LATE[language]
    return words["moment"] if is_moment(span) else words["span"].format(format_duration(span, language))


def format_relative(value: datetime, now: datetime, language: str) -> str:
    """in 18 min, 1 h 20 min ago, now."""
    words = RELATIVE[language]
    span = value - now
    if is_moment(span):
        return words["now"]
    return words["ahead" if span > timedelta(0) else "ago"].format(format_duration(span, language))


def format_number(value: Decimal | int | float, language: str, places: int | None = None) -> str:
    """1 845 000,5 in Russian, 1,845,000.5 in English; `places` fixes the decimals."""
    number = Decimal(str(value))
    if places is not None:
        number = number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    text = f"{abs(number):,f}"
    if language == "ru":
        text = text.replace(",", NBSP).replace(".", ",")
    return (MINUS if number < 0 else "") + text


def format_quantity(value: Decimal, language: str) -> str:
    """As one says it, without the zeros of its column: 1 for 1.000, 0,5 for 0.50."""
    return format_number(value.normalize(), language)


def format_money(value: Decimal | int, language: str, currency: str = "RUB") -> str:
    """1 845 000,50 ₽ or 1,845,000.50 ₽; kopecks only where there are some."""
    amount = Decimal(value).quantize(Decimal("0.01"), ROUND_HALF_UP)
    places = 0 if amount == amount.to_integral_value() else 2
    return f"{format_number(amount, language, places)}{NBSP}{CURRENCY_SIGNS.get(currency, currency)}"


def format_phone(value: str) -> str:
    """+7 900 000-41-17 from +79000004117; what is no number stays as it is."""
    try:
        number = phonenumbers.parse(value)
    except phonenumbers.NumberParseException:
        return value
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL).replace(" ", NBSP)


def _local_date(value: date | datetime, zone: tzinfo) -> date:
    return value.astimezone(zone).date() if isinstance(value, datetime) else value


def _plural(forms: dict[str, str], number: int, language: str) -> str:
    if language == "ru":
        return forms.get(RUSSIAN_PLURAL(number), forms["other"])
    return forms["one" if number == 1 else "other"]
