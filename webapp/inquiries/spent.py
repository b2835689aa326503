"""What was spent in a period: by source or by campaign, and in whose funnel it counts."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.orm import Session

from webapp.core.permissions import RowScope
from webapp.inquiries.accrual import accrued, share_out
from webapp.inquiries.models import AdvertisingSpend, Inquiry, Source, SpendDepartment


class SpendBy(StrEnum):
    """What spend is kept by, beside its centre."""

    SOURCE = "source"
    CAMPAIGN = "campaign"


@dataclass(frozen=True)
class Spent:
    """What accrued, by source or campaign. A source of None: for all paid ones; a campaign of None: for none.

    `common`: the part of it that was spent for both departments. `elsewhere`: what counts in the other's funnel.
    """

    parts: Mapping[str | None, Decimal]
    common: Mapping[str | None, Decimal]
    elsewhere: Mapping[str | None, Decimal]


def find_spend(
    session: Session,
    reach: RowScope,
    *,
    by: SpendBy,
    since: date | None,
    until: date | None,
    zone: tzinfo,
    centre_ids: Collection[int | None] | None = None,
    department: SpendDepartment | None = None,
) -> Spent:
    """What accrued on the days from `since` to `until`. One statement.

    `centre_ids` narrows it to these centres; what is for the whole group counts without such a choice, or for None.
    `department`: what is for the other one is left out, what is for both is shared by the inquiries of these days
    about each, of the whole group, so that the parts of both add up to it. Without one everything counts.
    """
    key = AdvertisingSpend.source_code if by is SpendBy.SOURCE else func.nullif(AdvertisingSpend.campaign, "")
    asked = [_asked(each, since, until, zone) for each in SpendDepartment]
    statement = select(
        key,
        AdvertisingSpend.department,
        AdvertisingSpend.from_day,
        AdvertisingSpend.to_day,
        AdvertisingSpend.amount,
        *asked,
    ).where(_meets(since, until))
    statement = reach.limit(statement, owner=AdvertisingSpend.recorded_by, scope=AdvertisingSpend.centre_id)
    if centre_ids is not None:
        named = AdvertisingSpend.centre_id.in_(sorted(each for each in centre_ids if each is not None))
        statement = statement.where(or_(named, AdvertisingSpend.centre_id.is_(None)) if None in centre_ids else named)
    sums: defaultdict[SpendDepartment | None, defaultdict[str | None, Decimal]]
    sums = defaultdict(lambda: defaultdict(Decimal))
    weights = dict.fromkeys(SpendDepartment, 0)
    for name, whose, first, last, amount, *numbers in session.execute(statement):
        sums[whose][name] += accrued(amount, first, last, since, until)
        if whose is None:
            weights = dict(zip(SpendDepartment, numbers, strict=True))
    return _counted(sums, weights, department)


def paid_sources(session: Session) -> frozenset[str]:
    """Codes of the sources that cost money, also those no longer on offer."""
    return frozenset(session.scalars(select(Source.code).where(Source.paid)))


def _counted(
    sums: Mapping[SpendDepartment | None, Mapping[str | None, Decimal]],
    weights: Mapping[SpendDepartment, int],
    department: SpendDepartment | None,
) -> Spent:
    """What counts in the funnel of the department; in halves where nobody has asked either of them."""
    parts: defaultdict[str | None, Decimal] = defaultdict(Decimal)
    common: dict[str | None, Decimal] = {}
    elsewhere: defaultdict[str | None, Decimal] = defaultdict(Decimal)
    for whose, by_name in sums.items():
        for name, amount in by_name.items():
            if whose is not None or department is None:
                counts = department is None or whose is department
                (parts if counts else elsewhere)[name] += amount
                continue
            shares = share_out(amount, weights) or share_out(amount, dict.fromkeys(SpendDepartment, 1))
            common[name] = shares[department]
            parts[name] += shares[department]
            elsewhere[name] += amount - shares[department]
    return Spent(dict(parts), common, dict(elsewhere))


def _asked(
    department: SpendDepartment, since: date | None, until: date | None, zone: tzinfo
) -> ColumnElement[int | None]:
    """How many inquiries of these days were about it; counted only for spend that is shared by them."""
    counted = select(func.count(Inquiry.id)).where(Inquiry.department.in_(department.asked))
    if since is not None:
        counted = counted.where(Inquiry.at >= datetime.combine(since, time(), zone))
    if until is not None:
        counted = counted.where(Inquiry.at < datetime.combine(until + timedelta(days=1), time(), zone))
    return case((AdvertisingSpend.department.is_(None), counted.scalar_subquery()), else_=None)


def _meets(since: date | None, until: date | None) -> ColumnElement[bool]:
    begins = AdvertisingSpend.from_day <= (until or date.max)
    return begins & (AdvertisingSpend.to_day >= (since or date.min))
