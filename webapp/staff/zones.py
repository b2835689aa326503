"""The time zones that are offered for choice."""

from collections.abc import Sequence
from zoneinfo import available_timezones

from babel.dates import get_timezone_location

from webapp.core.config import settings
from webapp.core.i18n import current_language

RUSSIAN = (
    "Europe/Kaliningrad",
    "Europe/Moscow",
    "Europe/Samara",
    "Asia/Yekaterinburg",
    "Asia/Omsk",
    "Asia/Novosibirsk",
    "Asia/Krasnoyarsk",
    "Asia/Irkutsk",
    "Asia/Yakutsk",
    "Asia/Vladivostok",
    "Asia/Magadan",
    "Asia/Kamchatka",
)
REGIONS = ("Africa/", "America/", "Asia/", "Australia/", "Europe/", "Pacific/")


def time_zones() -> Sequence[tuple[str, str]]:
    """Pairs of zone and label: the default and the Russian zones first, then all others."""
    first = dict.fromkeys((settings().time_zone, *RUSSIAN))
    others = sorted(zone for zone in available_timezones() if zone.startswith(REGIONS) and zone not in first)
    return [(zone, zone_name(zone)) for zone in (*first, *others)]


def zone_name(zone: str) -> str:
    """The city in the reader's language; only the Russian ones are known in both."""
    if zone in RUSSIAN:
        return str(get_timezone_location(zone, locale=current_language(), return_city=True))
    return zone.replace("_", " ").replace("/", " / ")
