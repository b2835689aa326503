"""ISO 8601 durations as the properties of a drawing write them: PT30M, P1D, -PT10M, P1Y6M."""

from datetime import timedelta

from engine import feel
from engine.errors import BusinessError
from engine.feel import YearsMonths

__all__ = ["YearsMonths", "parse_duration"]


def parse_duration(text: str) -> timedelta | YearsMonths:
    """Read one duration, as FEEL does. BusinessError: duration_unreadable."""
    try:
        return feel.parse_duration(text)
    except feel.FeelError as error:
        raise BusinessError("duration_unreadable", text=text) from error
