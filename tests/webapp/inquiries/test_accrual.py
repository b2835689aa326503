"""Spend by days: the parts of any division add up to the whole, to the kopeck."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.inquiries.accrual import NOTHING, accrued, share_out

DAY = timedelta(days=1)
days = st.dates(date(2024, 1, 1), date(2027, 12, 31))
amounts = st.decimals(Decimal("0.01"), Decimal("9999999.99"), places=2)


@pytest.mark.parametrize(
    ("since", "until", "part"),
    [
        (date(2026, 2, 1), date(2026, 2, 28), "2800"),
        (date(2026, 2, 1), date(2026, 2, 1), "100"),
        (date(2026, 1, 1), date(2026, 2, 7), "700"),
        (date(2026, 2, 27), None, "200"),
        (None, date(2026, 2, 2), "200"),
        (None, None, "2800"),
        (date(2026, 3, 1), date(2026, 3, 31), "0"),
        (date(2026, 2, 9), date(2026, 2, 8), "0"),
    ],
)
def test_each_day_bears_the_same(since: date | None, until: date | None, part: str) -> None:
    assert accrued(Decimal(2800), date(2026, 2, 1), date(2026, 2, 28), since, until) == Decimal(part)


@given(amounts, days, days, st.lists(days, max_size=8))
def test_periods_side_by_side_add_up_to_the_amount(amount: Decimal, one: date, other: date, cuts: list[date]) -> None:
    first, last = min(one, other), max(one, other)
    borders = sorted({*cuts, first - 30 * DAY, last + 30 * DAY})

    parts = [accrued(amount, first, last, start, end - DAY) for start, end in pairwise(borders)]

    assert sum(parts, NOTHING) == accrued(amount, first, last, borders[0], borders[-1] - DAY) == amount
    assert all(part >= 0 for part in parts)
    assert all(part == part.quantize(Decimal("0.01")) for part in parts)


@given(amounts, st.dictionaries(st.text(max_size=3), st.integers(0, 50), max_size=9))
def test_shares_add_up_and_go_by_weight(amount: Decimal, weights: dict[str, int]) -> None:
    parts = share_out(amount, weights)

    whole = sum(weights.values())
    assert sum(parts.values(), NOTHING) == (amount if whole else NOTHING)
    assert all(abs(part - amount * weights[key] / whole) <= Decimal("0.01") for key, part in parts.items())
    assert all(part == 0 for key, part in parts.items() if not weights[key])
