"""The reference that the formulas of the offer are checked against: what a credit costs, and what a payment carries.

Amounts are roubles, rates yearly per cent, terms months. With the monthly rate
i = annual / 12 / 100, the principal P, the residual B that is left at the end
and n months:

    M = (P - B / (1 + i)^n) * i / (1 - (1 + i)^-n),   (P - B) / n when i = 0
    overpayment = M * n + B - P

M is rounded up to the rouble and the last payment takes up the difference. The
exact value is first rounded to FINE digits, so that a browser, which counts in
binary fractions, comes to the same rouble. Every figure is indicative, not a
public offer.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal

PRECISE = Context(prec=34, rounding=ROUND_HALF_EVEN)
FINE = Decimal("0.0001")
KOPECK = Decimal("0.01")
ROUBLE = Decimal(1)
ZERO = Decimal(0)


@dataclass(frozen=True)
class Credit:
    """What is borrowed: `principal` > 0, `months` >= 1, `annual_rate` >= 0, 0 <= `residual` <= `principal`."""

    principal: Decimal
    months: int
    annual_rate: Decimal
    residual: Decimal = ZERO

    def __post_init__(self) -> None:
        if self.principal <= 0 or self.months < 1 or self.annual_rate < 0:
            raise ValueError("a credit has a principal, a term and a rate")
        if not 0 <= self.residual <= self.principal:
            raise ValueError("the residual lies between nothing and the principal")

    @property
    def payment(self) -> Decimal:
        """What is paid every month, in whole roubles."""
        rate = monthly_rate(self.annual_rate)
        if not rate:
            exact = PRECISE.divide(self.principal - self.residual, Decimal(self.months))
        else:
            growth = PRECISE.power(1 + rate, self.months)
            repaid = PRECISE.subtract(self.principal, PRECISE.divide(self.residual, growth))
            exact = PRECISE.divide(PRECISE.multiply(repaid, rate), PRECISE.subtract(1, PRECISE.divide(1, growth)))
        return exact.quantize(FINE, context=PRECISE).quantize(ROUBLE, ROUND_CEILING)

    @property
    def overpayment(self) -> Decimal:
        """What is paid above the principal when every payment is whole."""
        return self.payment * self.months + self.residual - self.principal

    def plan(self) -> Iterator["Instalment"]:
        """Month by month; interest in kopecks, and the last payment leaves exactly the residual."""
        rate, payment, balance = monthly_rate(self.annual_rate), self.payment, self.principal
        for month in range(1, self.months + 1):
            interest = PRECISE.multiply(balance, rate).quantize(KOPECK, ROUND_HALF_UP)
            rest = balance + interest - self.residual
            paid = rest if month == self.months else min(payment, rest)
            balance += interest - paid
            yield Instalment(month, paid, interest, balance)


@dataclass(frozen=True)
class Instalment:
    """One month: what is paid, how much of it is interest, what is owed afterwards."""

    month: int
    paid: Decimal
    interest: Decimal
    balance: Decimal


def principal_of_price(price: Decimal, down: Decimal, tradein: Decimal = ZERO, insurance: Decimal = ZERO) -> Decimal:
    """What is financed: the price less what is paid at once, and the insurance that is financed with it."""
    return price - down - tradein + insurance


def affordable_principal(payment: Decimal, *, months: int, annual_rate: Decimal, residual: Decimal = ZERO) -> Decimal:
    """The largest principal in whole roubles that a monthly payment carries."""
    rate = monthly_rate(annual_rate)
    if not rate:
        exact = payment * months + residual
    else:
        growth = PRECISE.power(1 + rate, months)
        carried = PRECISE.divide(PRECISE.multiply(payment, PRECISE.subtract(1, PRECISE.divide(1, growth))), rate)
        exact = PRECISE.add(carried, PRECISE.divide(residual, growth))
    return exact.quantize(FINE, context=PRECISE).quantize(ROUBLE, ROUND_FLOOR)


def monthly_rate(annual_rate: Decimal) -> Decimal:
    return PRECISE.divide(annual_rate, Decimal(1200))
