"""When advertising may reach somebody: in the hours of the day where his centre is."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo


def next_opening(now: datetime, *, zone: str, from_hour: int, until_hour: int) -> datetime | None:
    """The moment (UTC) from which a message may be sent; None: it may be sent now.

    `from_hour` and `until_hour` are of the clock there, 0 to 24; when they are equal there are no quiet hours.
    """
    if from_hour == until_hour:
        return None
    local = now.astimezone(ZoneInfo(zone))
    if from_hour <= local.hour < until_hour:
        return None
    day = local.date() + timedelta(days=1 if local.hour >= until_hour else 0)
    return datetime.combine(day, time(from_hour), ZoneInfo(zone)).astimezone(UTC)
