"""Periods by name, in the reader's zone: from the first day up to and with the last."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo


class PeriodName(StrEnum):
    """The choices of the period chip; `OWN` takes two days as typed."""

    LAST_30_DAYS = "last_30_days"
    THIS_MONTH = "this_month"
    LAST_MONTH = "last_month"
    LAST_90_DAYS = "last_90_days"
    THIS_YEAR = "this_year"
    ALL = "all"
    OWN = "own"


@dataclass(frozen=True)
class Period:
    """First and last day, both included; None is unbounded."""

    name: PeriodName
    first: date | None
    last: date | None

    def since(self, zone: ZoneInfo) -> datetime | None:
        """The first moment, in UTC."""
        return _midnight(self.first, zone) if self.first else None

    def until(self, zone: ZoneInfo) -> datetime | None:
        """The first moment after it, in UTC."""
        return _midnight(self.last + timedelta(days=1), zone) if self.last else None


def period_of(name: PeriodName, today: date, first: date | None = None, last: date | None = None) -> Period:
    """The period of this name; the days given count for `OWN` only, in either order."""
    if name is PeriodName.OWN:
        first, last = (last, first) if first and last and first > last else (first, last)
        return Period(name, first, last)
    return Period(name, *_days(name, today))


def _days(name: PeriodName, today: date) -> tuple[date | None, date | None]:
    month = today.replace(day=1)
    match name:
        case PeriodName.THIS_MONTH:
            return month, (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        case PeriodName.LAST_MONTH:
            return (month - timedelta(days=1)).replace(day=1), month - timedelta(days=1)
        case PeriodName.LAST_90_DAYS:
            return today - timedelta(days=89), today
        case PeriodName.THIS_YEAR:
            return today.replace(month=1, day=1), today.replace(month=12, day=31)
        case PeriodName.ALL:
            return None, None
        case _:
            return today - timedelta(days=29), today


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.min, zone).astimezone(UTC)
