"""What the lines of an offer come to."""

from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from webapp.sales.papers.pricing import read_bill

ON = date(2026, 3, 2)
money = st.decimals(min_value=0, max_value=10**8, places=2)
lines = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["car", "option", "service", "discount", "tradein"]),
        "qty": st.integers(1, 9).map(Decimal),
        "price": money,
        "vat": st.sampled_from([None, "20", "none", "margin"]),
    }
)


def test_discounts_and_the_customers_car_lower_the_price_whatever_their_sign() -> None:
    bill = read_bill(
        [
            {"kind": "car", "price": Decimal("1900000.50"), "discount": Decimal(5000)},
            {"kind": "discount", "price": Decimal(-50000)},
            {"kind": "discount", "price": None, "discount": Decimal(1000)},
            {"kind": "tradein", "price": Decimal(800000)},
        ],
        ON,
    )

    assert (bill.price, bill.trade_in, bill.due) == (Decimal("1844000.50"), Decimal(800000), Decimal("1044000.50"))
    assert bill.taxes == {Decimal(22): Decimal("332524.68")}


def test_lines_with_gaps_count_as_nothing() -> None:
    bill = read_bill([{"kind": "car"}, {}, {"kind": "option", "price": "1 000,50", "qty": "2"}], ON)

    assert bill.price == Decimal("2001.00")


@given(st.lists(lines, max_size=8))
def test_the_totals_are_those_of_the_lines(given_lines: list[dict[str, Any]]) -> None:
    bill = read_bill(given_lines, ON)

    assert bill.due == sum(line.total for line in bill.lines)
    assert bill.trade_in >= 0
    assert all(line.total >= 0 or line.kind in ("discount", "tradein") for line in bill.lines)
