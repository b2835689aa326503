"""What the lines of an offer come to: sums, total, the tax within it, and what remains to be paid.

Discounts and the customer's own car lower the price whichever sign they were entered with.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from webapp.kit.vat import Tax, TaxMode, read_tax
from webapp.sales.papers.values import amount_of

KOPECK = Decimal("0.01")
LOWERING = {"discount", "tradein"}
TRADE_IN = "tradein"


@dataclass(frozen=True)
class Line:
    """One line; `total` is negative where it lowers the price."""

    kind: str
    title: str
    quantity: Decimal
    price: Decimal
    discount: Decimal
    total: Decimal
    tax: Tax


@dataclass(frozen=True)
class Bill:
    """All lines. `price` is what is sold, `due` what remains after the customer's own car; `taxes` by rate."""

    lines: tuple[Line, ...]
    price: Decimal
    trade_in: Decimal
    taxes: Mapping[Decimal, Decimal]

    @property
    def due(self) -> Decimal:
        return self.price - self.trade_in


def read_bill(lines: Iterable[Mapping[str, Any]], on: date) -> Bill:
    """The bill of these lines, taxed as on that day. A line without an amount counts as nothing."""
    read = tuple(_read(line, on) for line in lines)
    sold = [line for line in read if line.kind != TRADE_IN]
    taxed: defaultdict[Decimal, Decimal] = defaultdict(Decimal)
    for line in sold:
        if line.tax.mode is TaxMode.GENERAL:
            taxed[line.tax.rate] += line.total
    taxes = {rate: Tax(TaxMode.GENERAL, rate).included_in(amount) for rate, amount in sorted(taxed.items())}
    return Bill(
        lines=read,
        price=sum((line.total for line in sold), Decimal(0)),
        trade_in=-sum((line.total for line in read if line.kind == TRADE_IN), Decimal(0)),
        taxes={rate: tax for rate, tax in taxes.items() if tax},
    )


def _read(line: Mapping[str, Any], on: date) -> Line:
    kind = str(line.get("kind") or "")
    quantity = _amount(line, "qty", Decimal(1))
    price, discount = _amount(line, "price"), _amount(line, "discount")
    counted = abs(price) * quantity - abs(discount)
    if kind in LOWERING:
        # a discount may stand in either column
        counted = -(abs(price) * quantity if price else abs(discount))
    return Line(
        kind=kind,
        title=str(line.get("title") or "").strip(),
        quantity=quantity,
        price=abs(price),
        discount=Decimal(0) if kind in LOWERING else abs(discount),
        total=counted.quantize(KOPECK, ROUND_HALF_UP),
        tax=read_tax(line.get("vat"), on),
    )


def _amount(line: Mapping[str, Any], key: str, default: Decimal = Decimal(0)) -> Decimal:
    found = amount_of(line.get(key))
    return default if found is None else found
