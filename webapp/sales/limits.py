"""The limits of a deal, in one place (specification §1.3: assumptions that a dealer may set otherwise)."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal


@dataclass(frozen=True)
class Limits:
    """What a deal is measured by. Shares are per cent of the price of the car."""

    tradein_deviation: Decimal = Decimal(3)  # how far the price may leave the calculated one, of the market price
    appraisal_valid: timedelta = timedelta(days=5)
    offer_valid: timedelta = timedelta(days=3)  # as proposed
    offer_valid_at_most: timedelta = timedelta(days=14)
    reserved_with_deposit: timedelta = timedelta(days=3)  # as proposed
    reserved_with_deposit_at_most: timedelta = timedelta(days=30)
    reserved_without_deposit: timedelta = timedelta(days=1)
    driver_age: int = 21
    driver_experience: int = 2  # years
    drive_buffer: timedelta = timedelta(minutes=15)  # between two test drives of one car
    variants_on_credit: int = 2  # ways to pay that an offer compares when the customer needs credit


LIMITS = Limits()


def price_needs_approval(offered: Decimal, calculated: Decimal, market: Decimal, limits: Limits = LIMITS) -> bool:
    """Does the price of a trade-in leave the calculated one by more than the appraiser may?"""
    return abs(offered - calculated) > market * limits.tradein_deviation / 100
