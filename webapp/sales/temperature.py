"""How warm a customer is (specification §1.1 rule 5): by his horizon, or as the manager sees it for a week."""

from datetime import datetime, timedelta
from enum import StrEnum

OVERRIDE_LASTS = timedelta(days=7)


class Temperature(StrEnum):
    HOT = "hot"
    WARM = "warm"
    COOL = "cool"
    COLD = "cold"


class Horizon(StrEnum):
    """In how many days the customer means to buy."""

    NOW = "now"
    WEEK = "7d"
    MONTH = "30d"
    QUARTER = "90d"
    LATER = "later"


_BY_HORIZON = {
    Horizon.NOW: Temperature.HOT,
    Horizon.WEEK: Temperature.HOT,
    Horizon.MONTH: Temperature.WARM,
    Horizon.QUARTER: Temperature.COOL,
    Horizon.LATER: Temperature.COLD,
}


def temperature_at(
    now: datetime, *, horizon: Horizon | None, override: Temperature | None, overridden_at: datetime | None
) -> Temperature | None:
    """The override while it lasts, else what the horizon means; None when neither is known."""
    if override is not None and overridden_at is not None and now < overridden_at + OVERRIDE_LASTS:
        return override
    return _BY_HORIZON[horizon] if horizon is not None else None
