"""What the demo dealer pays for advertising: 34 million roubles a year at scale 1 (specification §9.3, §9.4)."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import delete
from sqlalchemy.orm import Session

from webapp.core.permissions import RowScope, ScopeKind
from webapp.demo.behaviour import ZONE
from webapp.demo.models import DemoProgress
from webapp.demo.people import Crew
from webapp.demo.progress import SLICE
from webapp.demo.volumes import SALES
from webapp.inquiries.models import AdvertisingSpend, SpendDepartment
from webapp.inquiries.spending import SpendFacts, record_spend

YEARLY = 34_000_000  # roubles
NOTE = "По договору с агентством"
# per cent of the cost
SHARES = {
    "context_ads": Decimal(38), "classifieds_autopark": Decimal("15.4"), "classifieds_ryad": Decimal("10.6"),
    "radio": Decimal(9), "social_ads": Decimal(8), "outdoor": Decimal(8), "maps": Decimal(4),
    "dealer_site": Decimal(3), "brand_site": Decimal(2), "repeat": Decimal(1), "event": Decimal(1),
}  # fmt: skip
FOR_BOTH = {"maps", "dealer_site", "repeat"}  # departments; the others advertise cars


def spend(session: Session, progress: DemoProgress, crew: Crew, *, until: datetime, now: datetime) -> None:
    """Write the cost of every month and source anew, for as much of the dealer as the demo is to have.

    What somebody has entered himself stays.

    The last weeks are denser than the others while the demo is small, so they cost more as well.
    """
    marketer = crew.members["marketer"].user_id
    session.execute(delete(AdvertisingSpend).where(AdvertisingSpend.note == NOTE))
    reach = RowScope(ScopeKind.GROUP, marketer)
    recent = progress.recent_from.astimezone(ZONE).date()
    for first, last in _periods(progress.begins.astimezone(ZONE).date(), recent, until.astimezone(ZONE).date()):
        scale = progress.scale if last < recent else max(progress.scale, progress.recent_slices * SLICE)
        whole = YEARLY * _weight(first, last) * scale
        for source, share in SHARES.items():
            amount = (Decimal(round(whole)) * share / sum(SHARES.values())).quantize(Decimal("0.01"))
            if amount > 0:
                facts = SpendFacts(
                    from_day=first,
                    to_day=last,
                    amount=amount,
                    source_code=source,
                    department=None if source in FOR_BOTH else SpendDepartment.SALES,
                    note=NOTE,
                )
                record_spend(session, facts, reach=reach, actor_id=marketer, now=now)


def _periods(begin: date, recent: date, end: date) -> Iterator[tuple[date, date]]:
    """Months, the first and the last not whole; none goes beyond the day before the last weeks begin."""
    first = begin
    while first <= end:
        last = first.replace(day=monthrange(first.year, first.month)[1])
        if first < recent <= last:
            last = recent - timedelta(days=1)
        yield first, min(last, end)
        first = last + timedelta(days=1)


def _weight(first: date, last: date) -> float:
    """The share of a year's cost; advertising leads deliveries as inquiries do."""
    month = first + SALES.lead
    days = (last - first).days + 1
    return SALES.months[month.month - 1] / sum(SALES.months) * days / monthrange(first.year, first.month)[1]
