"""Periods by name, in the reader's zone: from the first day up to and with the last."""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l

from webapp.core.feature import Text


class PeriodName(StrEnum):
    """The choices of the period chip; `OWN` takes two days as typed."""

    LAST_30_DAYS = "last_30_days"
    THIS_MONTH = "this_month"
    LAST_MONTH = "last_month"
    LAST_90_DAYS = "last_90_days"
    THIS_YEAR = "this_year"
    ALL = "all"
    OWN = "own"


PERIODS: Mapping[PeriodName, Text] = {
    PeriodName.LAST_30_DAYS: _l("Last 30 days"),
    PeriodName.THIS_MONTH: _l("This month"),
    PeriodName.LAST_MONTH: _l("Last month"),
    PeriodName.LAST_90_DAYS: _l("Last 90 days"),
    PeriodName.THIS_YEAR: _l("This year"),
    PeriodName.ALL: _l("All time"),
}


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

    def before(self) -> "Period | None":
        """The month or year before it, or as many days just before; None when it is open at an end."""
        if self.first is None or self.last is None:
            return None
        last = self.first - timedelta(days=1)
        match self.name:
            case PeriodName.THIS_MONTH | PeriodName.LAST_MONTH:
                first = last.replace(day=1)
            case PeriodName.THIS_YEAR:
                first = last.replace(month=1, day=1)
            case _:
                first = last - (self.last - self.first)
        return Period(PeriodName.OWN, first, last)

    def year_before(self) -> "Period | None":
        """The same days of the year before; None when it is open at an end."""
        if self.first is None or self.last is None:
            return None
        return Period(PeriodName.OWN, _year_before(self.first), _year_before(self.last))


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


def _year_before(day: date) -> date:
    return day.replace(year=day.year - 1, day=min(day.day, monthrange(day.year - 1, day.month)[1]))
