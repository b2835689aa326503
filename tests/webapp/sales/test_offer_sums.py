"""The sums of an offer, for any lines."""

from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from webapp.sales import offering

MONEY = st.integers(0, 10_000_000).map(Decimal)
LINE = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(("car", "option", "accessory", "service", "discount", "tradein")),
        "qty": st.integers(1, 5).map(Decimal),
        "price": MONEY,
        "discount": MONEY,
    }
)


class TestSums:
    @given(st.lists(LINE, max_size=8))
    def test_they_do_not_depend_on_the_order_of_the_lines(self, lines: list[dict[str, Any]]) -> None:
        assert offering.sums_of(lines) == offering.sums_of(lines[::-1])

    @given(st.lists(LINE, max_size=8), st.lists(LINE, max_size=8))
    def test_two_offers_come_to_what_they_come_to_together(
        self, one: list[dict[str, Any]], other: list[dict[str, Any]]
    ) -> None:
        first, second, both = offering.sums_of(one), offering.sums_of(other), offering.sums_of([*one, *other])

        assert both.total == first.total + second.total
        assert both.discount == first.discount + second.discount

    def test_an_example(self) -> None:
        lines = [
            {"kind": "car", "qty": Decimal(1), "price": Decimal(2000000), "discount": Decimal(10000)},
            {"kind": "accessory", "qty": Decimal(4), "price": Decimal(2500)},
            {"kind": "discount", "qty": Decimal(1), "price": Decimal(30000)},
            {"kind": "tradein", "qty": Decimal(1), "price": Decimal(800000)},
        ]

        found = offering.sums_of(lines)
        assert (found.car, found.discount, found.total) == (2000000, 40000, 1170000)
        assert found.discount_percent == Decimal("2.00")
