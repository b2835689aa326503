"""What a work order comes to (specification §2.5). Pure arithmetic; all money is Decimal in roubles, tax included.

A line is rounded to kopecks before and after its discount, half up; totals add up rounded lines, so that the order
agrees with what is printed line by line.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from webapp.kit.vat import Tax

KOPECK = Decimal("0.01")
WHOLE = Decimal(100)  # per cent


def round2(amount: Decimal) -> Decimal:
    """To the kopeck, half up."""
    return amount.quantize(KOPECK, ROUND_HALF_UP)


@dataclass(frozen=True)
class LineSums:
    """One line: before the discount, the discount, what is to be paid, and the tax within it."""

    gross: Decimal
    discount: Decimal
    total: Decimal
    tax: Decimal


@dataclass(frozen=True)
class OrderSums:
    """A whole order: work and parts to be paid, all discounts, to pay, and the tax within it."""

    labour: Decimal
    parts: Decimal
    discount: Decimal
    total: Decimal
    tax: Decimal


def line_cost(of_one: Decimal | None, quantity: Decimal) -> Decimal | None:
    """What a line costs us: that of one part or one norm hour × how many, without tax. None: not known."""
    return None if of_one is None else round2(of_one * quantity)


def sum_costs(costs: Iterable[Decimal | None]) -> Decimal | None:
    """All lines together; None as soon as one is not known: half a cost would make a profit that is not there."""
    total = Decimal("0.00")
    for cost in costs:
        if cost is None:
            return None
        total += cost
    return total


def labour_line(*, hours: Decimal, rate: Decimal, qty: Decimal, discount: Decimal, tax: Tax) -> LineSums:
    """Norm hours × rate × how often; `discount` in per cent of it."""
    return _line(round2(hours * rate * qty), discount, tax)


def part_line(*, price: Decimal, qty: Decimal, discount: Decimal, tax: Tax, own: bool = False) -> LineSums:
    """Price × quantity; a part that the customer brought costs nothing."""
    return _line(Decimal("0.00") if own else round2(price * qty), discount, tax)


def order_sums(labour: Iterable[LineSums], parts: Iterable[LineSums]) -> OrderSums:
    """Everything added up."""
    work, goods = list(labour), list(parts)
    lines = [*work, *goods]
    return OrderSums(
        labour=sum((line.total for line in work), Decimal("0.00")),
        parts=sum((line.total for line in goods), Decimal("0.00")),
        discount=sum((line.discount for line in lines), Decimal("0.00")),
        total=sum((line.total for line in lines), Decimal("0.00")),
        tax=sum((line.tax for line in lines), Decimal("0.00")),
    )


def _line(gross: Decimal, discount: Decimal, tax: Tax) -> LineSums:
    taken = round2(gross * discount / WHOLE)
    total = gross - taken
    return LineSums(gross, taken, total, tax.included_in(total))
