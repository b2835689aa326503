"""What a credit costs, against values worked out with exact fractions, and the same in the FEEL of a form."""

from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.human_tasks.form_values import Reading, read_values
from engine.human_tasks.forms import read_form
from tests.engine.world import NOW, form
from tests.webapp.sales.credit_form import VARIANTS, WISH
from tests.webapp.sales.credit_reference import Credit, affordable_principal, principal_of_price

ASKED = read_form(form("credit", VARIANTS, *WISH))
READING = Reading(now=NOW, zone=ZoneInfo("Europe/Moscow"))

# principal, months, rate, residual, payment: the payment by rational arithmetic, rounded up
CREDITS = [
    (1_000_000, 12, "12", 0, 88_849),
    (1_500_000, 60, "14.9", 0, 35_607),
    (2_100_000, 84, "21.5", 0, 48_549),
    (900_000, 36, "0", 0, 25_000),
    (1_000_000, 7, "0", 0, 142_858),
    (2_000_000, 36, "16.9", 800_000, 53_991),
    (3_450_000, 60, "9.9", 1_200_000, 57_596),
    (600_000, 1, "18", 0, 609_000),
]


@pytest.mark.parametrize(("principal", "months", "rate", "residual", "payment"), CREDITS)
def test_the_payment_is_rounded_up_to_the_rouble(
    principal: int, months: int, rate: str, residual: int, payment: int
) -> None:
    credit = Credit(Decimal(principal), months, Decimal(rate), Decimal(residual))

    assert credit.payment == payment
    assert credit.overpayment == payment * months + residual - principal


@pytest.mark.parametrize(
    ("payment", "months", "rate", "residual", "principal"),
    [
        (30_000, 60, "14.9", 0, 1_263_824),
        (25_000, 36, "0", 0, 900_000),
        (40_000, 36, "16.9", 800_000, 1_607_048),
        (88_849, 12, "12", 0, 1_000_002),
    ],
)
def test_a_payment_carries_a_principal(payment: int, months: int, rate: str, residual: int, principal: int) -> None:
    found = affordable_principal(Decimal(payment), months=months, annual_rate=Decimal(rate), residual=Decimal(residual))

    assert found == principal


def test_what_is_financed() -> None:
    assert principal_of_price(Decimal(2_500_000), Decimal(500_000), Decimal(700_000), Decimal(90_000)) == 1_390_000


@pytest.mark.parametrize("given_", [(0, 12, 1, 0), (10, 0, 1, 0), (10, 1, -1, 0), (10, 1, 1, 11), (10, 1, 1, -1)])
def test_what_is_no_credit_is_refused(given_: tuple[int, int, int, int]) -> None:
    principal, months, rate, residual = given_
    with pytest.raises(ValueError, match=r"principal"):
        Credit(Decimal(principal), months, Decimal(rate), Decimal(residual))


PRINCIPALS = st.integers(10_000, 20_000_000)
MONTHS = st.integers(1, 120)
RATES = st.decimals(0, 60, places=2)
SHARES = st.integers(0, 100)


@given(PRINCIPALS, MONTHS, RATES, SHARES)
def test_paying_the_plan_leaves_exactly_the_residual(principal: int, months: int, rate: Decimal, share: int) -> None:
    credit = Credit(Decimal(principal), months, rate, Decimal(principal * share // 100))

    plan = list(credit.plan())

    assert len(plan) == months
    assert plan[-1].balance == credit.residual
    assert sum(each.paid for each in plan) == principal - credit.residual + sum(each.interest for each in plan)
    assert all(each.paid <= credit.payment for each in plan[:-1])
    assert plan[-1].paid <= credit.payment + months  # kopecks of interest may have added up


@given(PRINCIPALS, MONTHS, RATES)
def test_the_affordable_principal_is_the_largest_one(payment: int, months: int, rate: Decimal) -> None:
    principal = affordable_principal(Decimal(payment), months=months, annual_rate=rate)

    assert Credit(principal, months, rate).payment <= payment
    assert Credit(principal + 2, months, rate).payment >= payment


@given(PRINCIPALS, MONTHS, RATES, SHARES)
def test_the_expressions_of_a_form_come_to_the_same(principal: int, months: int, rate: Decimal, share: int) -> None:
    residual = Decimal(principal * share // 100)
    row = {"variant": "A", "price": principal + 500, "down": 500, "months": months, "rate": rate, "residual": residual}
    wish = {"wished": principal, "wished_months": months, "wished_rate": rate}
    credit = Credit(Decimal(principal), months, rate, residual)

    found = read_values(ASKED, {"variants": [row], **wish}, {}, READING)

    (computed,) = found["variants"]  # type: ignore[misc]  # a list of one row
    assert (computed["principal"], computed["monthly"]) == (principal, credit.payment)
    assert computed["overpayment"] == credit.overpayment
    assert found["affordable"] == affordable_principal(Decimal(principal), months=months, annual_rate=rate)
