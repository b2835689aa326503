"""The time zones that are offered for choice."""

from collections.abc import Sequence
from zoneinfo import available_timezones

from webapp.core.config import settings

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
    return [(zone, zone.replace("_", " ").replace("/", " / ")) for zone in (*first, *others)]
