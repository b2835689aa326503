"""Local clock times as moments: what the clock shows in a zone is not always one moment."""

from datetime import UTC, date, datetime, time
from math import ceil, floor
from zoneinfo import ZoneInfo


def moment_of(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The moment (UTC) at which the clocks of the zone show this time.

    A time that is skipped when clocks go forward becomes the moment they jump; of a time shown twice
    when they go back, the first counts.
    """
    local = datetime.combine(day, at, tzinfo=zone).replace(fold=0)
    moment = local.astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None):
        return moment
    return _moment_of_jump(local.replace(fold=1).astimezone(UTC), moment, zone)


def _moment_of_jump(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The first second with the offset that holds at `after` and not yet at `before`."""
    low, high = floor(before.timestamp()), ceil(after.timestamp())
    old = before.astimezone(zone).utcoffset()
    while high - low > 1:
        middle = (low + high) // 2
        if datetime.fromtimestamp(middle, zone).utcoffset() == old:
            low = middle
        else:
            high = middle
    return datetime.fromtimestamp(high, UTC)
