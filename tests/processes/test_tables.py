"""The decisions that ship with the product: each file is whole, and answers as the specification says."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.decisions import Model, parse
from webapp.core.publishing import ROOT, shipped_files
from webapp.sales.models import DiscountLevel
from webapp.sales.temperature import Horizon, Temperature

FILES = [path for path in shipped_files() if path.suffix == ".dmn"]


def shipped(path: str) -> Model:
    return parse((ROOT / "processes" / path).read_text(encoding="utf-8"))


COMPLAINT = shipped("aftersales/complaint.dmn")
DISCOUNT, TEMPERATURE, SILENCE = (shipped(f"sales/{name}.dmn") for name in ("discount", "lead_temperature", "silence"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_shipped_file_is_whole(path: Path) -> None:
    assert parse(path.read_text(encoding="utf-8")).problems == ()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_people_know_it_by_a_title_in_both_languages(path: Path) -> None:
    model = parse(path.read_text(encoding="utf-8"))

    for decision in model.asked_by_id():
        titles = model.titles(decision)
        assert titles.keys() == {"en", "ru"}
        assert titles["en"] != titles["ru"]


class TestDiscount:
    def level(self, percent: Decimal, price: int = 2_400_000) -> DiscountLevel:
        return DiscountLevel(str(DISCOUNT.evaluate("discount_level", {"price": price, "percent": percent})))

    @pytest.mark.parametrize(
        ("percent", "level"),
        [
            ("0", DiscountLevel.MANAGER),
            ("1", DiscountLevel.MANAGER),
            ("1.01", DiscountLevel.HEAD),
            ("3", DiscountLevel.HEAD),
            ("3.01", DiscountLevel.DIRECTOR),
        ],
    )
    def test_who_may_allow_it(self, percent: str, level: DiscountLevel) -> None:
        assert self.level(Decimal(percent)) is level

    @given(st.decimals(0, 100, places=2), st.decimals(0, 100, places=2), st.integers(0, 9_000_000))
    def test_a_larger_one_never_needs_a_lower_level(self, one: Decimal, other: Decimal, price: int) -> None:
        order = list(DiscountLevel)
        smaller, larger = sorted((one, other))

        assert order.index(self.level(smaller, price)) <= order.index(self.level(larger, price))

    def test_the_limits_are_those_of_the_salesperson_and_the_head(self) -> None:
        assert DISCOUNT.evaluate("discount_limits", {"price": 1}) == {"manager": 1, "head": 3}


@pytest.mark.parametrize(
    ("horizon", "expected"),
    [
        (Horizon.NOW, Temperature.HOT),
        (Horizon.WEEK, Temperature.HOT),
        (Horizon.MONTH, Temperature.WARM),
        (Horizon.QUARTER, Temperature.COOL),
        (Horizon.LATER, Temperature.COLD),
    ],
)
def test_the_horizon_tells_the_temperature(horizon: Horizon, expected: Temperature) -> None:
    assert TEMPERATURE.evaluate("lead_temperature", {"horizon": horizon.value}) == expected


@pytest.mark.parametrize(("temperature", "days"), [("hot", 3), ("warm", 10), ("cool", None), ("cold", None)])
def test_silence_is_counted_by_temperature(temperature: str, days: int | None) -> None:
    assert SILENCE.evaluate("silence_limit", {"temperature": temperature}) == days


@pytest.mark.parametrize(
    ("lowest", "fixed", "severity", "hours"),
    [(1, "yes", "critical", 1), (2, "yes", "major", 4), (4, "no", "major", 4), (3, "yes", "minor", 24),
     (None, None, "minor", 24)],
)  # fmt: skip
def test_how_soon_a_complaint_is_answered(lowest: int | None, fixed: str | None, severity: str, hours: int) -> None:
    terms = COMPLAINT.evaluate("complaint_terms", {"lowest score": lowest, "fixed first time": fixed})

    assert terms == {"severity": severity, "answer_within": timedelta(hours=hours)}
