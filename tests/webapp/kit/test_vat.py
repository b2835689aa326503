"""Value added tax: rates by date, and the tax within an amount."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.kit.vat import Tax, TaxMode, general_rate, read_tax

NEW_YEAR = date(2026, 1, 1)


@pytest.mark.parametrize(("on", "rate"), [(date(2025, 12, 31), 20), (NEW_YEAR, 22), (date(2018, 12, 31), 18)])
def test_the_rate_of_a_day(on: date, rate: int) -> None:
    assert general_rate(on) == rate


def test_the_tax_within_an_amount() -> None:
    assert Tax(TaxMode.GENERAL, Decimal(22)).included_in(Decimal("1845000.50")) == Decimal("332705.01")


@given(st.decimals(min_value=0, max_value=10**12, places=2), st.sampled_from([Decimal(10), Decimal(20), Decimal(22)]))
def test_amount_without_tax_bears_the_tax(amount: Decimal, rate: Decimal) -> None:
    tax = Tax(TaxMode.GENERAL, rate).included_in(amount)

    assert abs((amount - tax) * rate / 100 - tax) <= Decimal("0.01")


@pytest.mark.parametrize(
    ("value", "mode", "rate"),
    [
        (None, TaxMode.GENERAL, 22),
        ("", TaxMode.GENERAL, 22),
        (Decimal(20), TaxMode.GENERAL, 20),
        ("22 %", TaxMode.GENERAL, 22),
        ("0", TaxMode.NONE, 0),
        ("none", TaxMode.NONE, 0),
        ("margin", TaxMode.MARGIN, 0),
    ],
)
def test_what_a_field_says(value: object, mode: TaxMode, rate: int) -> None:
    assert read_tax(value, NEW_YEAR) == Tax(mode, Decimal(rate))
