"""Value added tax: the rates in force by date, and the tax that an amount includes.

The general rate is 20 % until the end of 2025 and 22 % from 1 January 2026 (Federal Law 425-FZ of 28.11.2025).
"""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

# (first day, per cent); add a line when the law changes
GENERAL_RATES: tuple[tuple[date, Decimal], ...] = (
    (date(2004, 1, 1), Decimal(18)),
    (date(2019, 1, 1), Decimal(20)),
    (date(2026, 1, 1), Decimal(22)),
)


class TaxMode(StrEnum):
    """How an amount is taxed. MARGIN: a used car bought of a person, where only the difference bears the tax."""

    GENERAL = "general"
    NONE = "none"
    MARGIN = "margin"


@dataclass(frozen=True)
class Tax:
    """How one amount is taxed; `rate` in per cent, 0 where no tax is shown."""

    mode: TaxMode
    rate: Decimal = Decimal(0)

    def included_in(self, amount: Decimal) -> Decimal:
        """The tax within an amount that includes it, to the kopeck: S × r / (100 + r)."""
        return (amount * self.rate / (100 + self.rate)).quantize(Decimal("0.01"), ROUND_HALF_UP)


def general_rate(on: date) -> Decimal:
    """The general rate of that day, in per cent. ValueError before the first rate that is known."""
    for first, rate in reversed(GENERAL_RATES):
        if first <= on:
            return rate
    raise ValueError(f"no rate of tax is known for {on}")


def read_tax(value: object, on: date) -> Tax:
    """What a field says of the tax: a mode, a rate in per cent, or nothing, which means the general rate."""
    text = str(value if value is not None else "").strip().removesuffix("%").strip().replace(",", ".")
    if text in ("", TaxMode.GENERAL):
        return Tax(TaxMode.GENERAL, general_rate(on))
    if text == TaxMode.MARGIN:
        return Tax(TaxMode.MARGIN)
    try:
        rate = Decimal(text)
    except ArithmeticError:
        return Tax(TaxMode.NONE)
    return Tax(TaxMode.GENERAL, rate) if rate > 0 else Tax(TaxMode.NONE)
