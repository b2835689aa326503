"""The arithmetic of a work order, held against fractions that nobody rounds."""

from decimal import Decimal
from fractions import Fraction
from typing import ClassVar

from hypothesis import given
from hypothesis import strategies as st

from engine.feel import compile_expression
from tests.dealer import START
from tests.processes.drawings import components, read_form
from webapp.aftersales.order_sums import LineSums, labour_line, order_sums, part_line, round2
from webapp.kit.vat import Tax, TaxMode

VAT = Tax(TaxMode.GENERAL, Decimal(22))
HALF_KOPECK = Fraction(1, 200)
hours = st.decimals(min_value=0, max_value=500, places=2)
money = st.decimals(min_value=0, max_value=999_999, places=2)
percent = st.decimals(min_value=0, max_value=100, places=2)
quantity = st.decimals(min_value=Decimal("0.001"), max_value=9999, places=3)
times = st.integers(min_value=1, max_value=100).map(Decimal)


def line(hours: Decimal, rate: Decimal, qty: Decimal, discount: Decimal) -> LineSums:
    return labour_line(hours=hours, rate=rate, qty=qty, discount=discount, tax=VAT)


class TestLines:
    def test_a_line_of_work_is_hours_by_rate_less_its_discount(self) -> None:
        found = line(Decimal("1.6"), Decimal(2500), Decimal(1), Decimal(10))

        assert (found.gross, found.discount, found.total) == (Decimal(4000), Decimal(400), Decimal(3600))
        assert found.tax == Decimal("649.18")  # 3600 × 22 / 122

    def test_half_a_kopeck_goes_up(self) -> None:
        assert round2(Decimal("0.005")) == Decimal("0.01")
        assert line(Decimal("0.01"), Decimal("0.50"), Decimal(1), Decimal(0)).gross == Decimal("0.01")

    def test_what_the_customer_brought_costs_nothing(self) -> None:
        found = part_line(price=Decimal(900), qty=Decimal(2), discount=Decimal(5), tax=VAT, own=True)

        assert (found.gross, found.total, found.tax) == (Decimal(0), Decimal(0), Decimal(0))

    @given(hours, money, times, percent)
    def test_a_line_leaves_the_exact_amount_by_a_kopeck_at_most(
        self, hours: Decimal, rate: Decimal, qty: Decimal, discount: Decimal
    ) -> None:
        found = line(hours, rate, qty, discount)
        exact = Fraction(hours) * Fraction(rate) * Fraction(qty) * (1 - Fraction(discount) / 100)

        assert abs(Fraction(found.total) - exact) <= 2 * HALF_KOPECK
        assert found.gross - found.discount == found.total
        assert 0 <= found.tax <= found.total <= found.gross

    @given(quantity, money, percent)
    def test_the_whole_discount_leaves_nothing(self, qty: Decimal, price: Decimal, discount: Decimal) -> None:
        free = part_line(price=price, qty=qty, discount=Decimal(100), tax=VAT)
        some = part_line(price=price, qty=qty, discount=discount, tax=VAT)

        assert free.total == 0
        assert some.total >= free.total


class TestTotals:
    @given(st.lists(st.tuples(hours, money, times, percent)), st.lists(st.tuples(quantity, money, percent)))
    def test_totals_are_the_rounded_lines_added_up(
        self, work: list[tuple[Decimal, ...]], goods: list[tuple[Decimal, ...]]
    ) -> None:
        labour = [line(*each) for each in work]
        parts = [part_line(qty=qty, price=price, discount=off, tax=VAT) for qty, price, off in goods]

        found = order_sums(labour, parts)

        assert found.total == found.labour + found.parts
        assert found.total + found.discount == sum((each.gross for each in [*labour, *parts]), Decimal(0))
        assert found.tax == sum((each.tax for each in [*labour, *parts]), Decimal(0))


class TestForm:
    """The form shows while one types what the order will say."""

    FORM: ClassVar = read_form("aftersales/agree_order")
    SUMS: ClassVar = [each["expression"] for each in components(FORM) if each.get("key") == "sum"]

    @given(hours, money, times, percent)
    def test_work(self, hours: Decimal, rate: Decimal, qty: Decimal, discount: Decimal) -> None:
        row = {"hours": hours, "rate": rate, "qty": qty, "discount": discount}

        shown = compile_expression(self.SUMS[0].removeprefix("=")).evaluate(row, now=START)

        assert shown == line(hours, rate, qty, discount).total

    @given(quantity, money, percent)
    def test_parts(self, qty: Decimal, price: Decimal, discount: Decimal) -> None:
        row = {"own": "no", "qty": qty, "price": price, "discount": discount}

        shown = compile_expression(self.SUMS[1].removeprefix("=")).evaluate(row, now=START)

        assert shown == part_line(price=price, qty=qty, discount=discount, tax=VAT).total
