"""ISO 8601 durations as diagrams write them: PT30M, P1D, -PT10M, P1Y6M."""

import re
from dataclasses import dataclass
from datetime import timedelta

from engine.errors import BusinessError

_DAYS_AND_TIME = re.compile(
    r"(?P<sign>-)?P(?=.)(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?:T(?=.)(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+(?:\.\d+)?)S)?)?"
)
_YEARS_AND_MONTHS = re.compile(r"(?P<sign>-)?P(?=.)(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?")


@dataclass(frozen=True)
class YearsMonths:
    """A duration in calendar months; how many days it is depends on where it starts."""

    months: int


def parse_duration(text: str) -> timedelta | YearsMonths:
    """Read one duration. Years and months do not mix with days and time. BusinessError: duration_unreadable."""
    if found := _DAYS_AND_TIME.fullmatch(text):
        amounts = {unit: float(amount) for unit, amount in found.groupdict().items() if amount and unit != "sign"}
        try:
            return timedelta(**amounts) * (-1 if found["sign"] else 1)
        except OverflowError as error:
            raise BusinessError("duration_unreadable", text=text) from error
    if found := _YEARS_AND_MONTHS.fullmatch(text):
        months = int(found["years"] or 0) * 12 + int(found["months"] or 0)
        return YearsMonths(-months if found["sign"] else months)
    raise BusinessError("duration_unreadable", text=text)
