"""What comes in: how many inquiries, when, through which channel and from which source (specification §9.2 to §9.4)."""

from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from webapp.demo.behaviour import ZONE
from webapp.inquiries.models import InquiryChannel


@dataclass(frozen=True)
class Flow:
    """Inquiries of one department: how many a year at scale 1, by channel, and when; weights in any unit.

    `lead`: inquiries come so long before the month they are weighted by. Weekdays from Monday, hours from nine to 21.
    `density`: by so much more of the last weeks is played first, for the sake of a full board of the day.
    """

    yearly: Mapping[InquiryChannel, int]
    months: Sequence[float]
    lead: timedelta
    call_days: Sequence[float]
    guest_days: Sequence[float]
    call_hours: Sequence[float]
    guest_hours: Sequence[float]
    density: int = 1


CALL_HOURS = (8, 12, 13, 11, 9, 9, 9, 9, 8, 6, 4, 2)
SALES = Flow(
    {
        InquiryChannel.CALL: 9_600,
        InquiryChannel.WEB_FORM: 3_800,
        InquiryChannel.CHAT: 1_000,
        InquiryChannel.WALK_IN: 2_400,
    },
    months=(5.7, 7.4, 8.7, 8.5, 8.2, 8.7, 8.0, 8.2, 8.7, 8.9, 9.3, 9.7),  # of deliveries
    lead=timedelta(days=25),
    call_days=(17, 16, 15, 15, 15, 12, 10),
    guest_days=(12, 12, 12, 13, 14, 20, 17),
    call_hours=CALL_HOURS,
    guest_hours=(0, 6, 10, 12, 12, 11, 12, 13, 13, 11, 0, 0),
)
SERVICE = Flow(
    {InquiryChannel.CALL: 13_000, InquiryChannel.WEB_FORM: 2_600, InquiryChannel.WALK_IN: 1_948},
    months=(6.6, 7.0, 8.4, 9.6, 8.6, 8.2, 7.9, 8.1, 8.7, 9.6, 9.1, 8.2),
    lead=timedelta(0),
    call_days=(17, 16, 15, 15, 15, 12, 10),
    guest_days=(18, 17, 17, 16, 16, 12, 4),
    call_hours=CALL_HOURS,
    guest_hours=(18, 16, 14, 12, 9, 9, 8, 7, 5, 2, 0, 0),
    density=3,
)

# share of inquiries per cent, relative chance of a sale
SOURCES = {
    "context_ads": (24, 0.8), "classifieds_autopark": (13, 0.9), "classifieds_ryad": (9, 0.9),
    "dealer_site": (14, 1.1), "maps": (8, 1.0), "brand_site": (7, 1.0), "social_ads": (5, 0.5), "radio": (4, 0.7),
    "outdoor": (3, 0.8), "recommendation": (5, 2.3), "repeat": (5, 3.0), "passing_by": (2, 1.0), "event": (1, 1.4),
}  # fmt: skip
# of inquiries about service, per cent
SERVICE_SOURCES = {"repeat": 56, "recommendation": 9, "dealer_site": 12, "maps": 11, "context_ads": 7, "passing_by": 5}
# share of inquiries per cent, relative chance of a sale: the third is looked at often and has a long wait
MODELS = ((24, 1.0), (19, 1.15), (15, 0.7), (12, 1.2), (10, 0.9), (8, 1.1), (7, 1.0), (5, 0.8))


@dataclass(frozen=True)
class Arrival:
    """One inquiry that will come."""

    at: datetime
    channel: InquiryChannel


def arrivals(random: Random, start: datetime, end: datetime, scale: float, flow: Flow = SALES) -> list[Arrival]:
    """Every inquiry of a flow from start to end, in the order of their coming; `scale` 1.0 is the whole dealer."""
    coming = [
        arrival
        for day in _days(start, end)
        for channel, yearly in flow.yearly.items()
        for arrival in _on(random, day, channel, yearly * scale, flow)
        if start <= arrival.at < end
    ]
    return sorted(coming, key=lambda each: each.at)


def mean_factor(table: Iterator[tuple[int, float]]) -> float:
    """The mean of relative chances, weighted by their shares."""
    rows = list(table)
    return sum(share * factor for share, factor in rows) / sum(share for share, _ in rows)


def _days(start: datetime, end: datetime) -> Iterator[date]:
    day, last = start.astimezone(ZONE).date(), end.astimezone(ZONE).date()
    while day <= last:
        yield day
        day += timedelta(days=1)


def _on(random: Random, day: date, channel: InquiryChannel, yearly: float, flow: Flow) -> Iterator[Arrival]:
    is_guest = channel is InquiryChannel.WALK_IN
    weekdays = flow.guest_days if is_guest else flow.call_days
    hours = flow.guest_hours if is_guest else flow.call_hours
    month = day + flow.lead
    expected = yearly * flow.months[month.month - 1] / sum(flow.months) / monthrange(month.year, month.month)[1]
    expected *= weekdays[day.weekday()] * 7 / sum(weekdays)
    for _ in range(int(expected) + (random.random() < expected % 1)):
        hour = random.choices(range(9, 21), hours)[0]
        yield Arrival(datetime.combine(day, time(hour, random.randrange(60)), ZONE).astimezone(UTC), channel)
