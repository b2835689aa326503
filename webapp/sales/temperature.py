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


def temperature_at(
    now: datetime,
    *,
    by_horizon: Temperature | None,
    override: Temperature | None,
    overridden_at: datetime | None,
) -> Temperature | None:
    """The override while it lasts, else what the table said of the horizon; None when neither is known."""
    if override is not None and overridden_at is not None and now < overridden_at + OVERRIDE_LASTS:
        return override
    return by_horizon
