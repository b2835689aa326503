"""What a reservation demands and releases, and who may go beyond a limit."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from engine.errors import BusinessError
from tests.dealer import START, Dealer
from tests.webapp.sales.answers import (
    DEPOSIT,
    REFUSED,
    RESERVATION,
    VIN,
    offer,
    pay,
    reserve,
)
from tests.webapp.sales.stored import refused, session
from webapp.sales import reserving
from webapp.sales.limits import LIMITS, price_needs_approval
from webapp.sales.models import Reservation

__all__ = ["session"]


class TestReservation:
    @pytest.mark.parametrize(
        ("values", "code"),
        [
            ({"until": "2026-03-02T09:00"}, "reservation_in_past"),
            ({"until": "2026-04-20T12:00"}, "reservation_too_long"),
            ({"deposit": "0", "pay_method": ""}, "reservation_without_deposit"),
            ({"told": ["next_steps"]}, "form_invalid"),
        ],
    )
    def test_what_does_not_fit_is_refused(self, dealer: Dealer, values: dict[str, Any], code: str) -> None:
        offer(dealer)

        refused(dealer, "reserve_car", code, **(RESERVATION | values))

    def test_a_car_is_promised_once_and_the_loser_learns_to_whom(self, dealer: Dealer) -> None:
        reserve(dealer)
        until = START + timedelta(days=1)
        with dealer.write() as session:
            worksheet = dealer.open_worksheet(session)
            with pytest.raises(BusinessError) as refusal:
                reserving.reserve(
                    session, worksheet, vehicle="The same", vin=VIN, place="showroom",
                    until=until, deposit=Decimal(1), actor_id=None, now=START,
                )  # fmt: skip

        assert refusal.value.code == "vehicle_reserved"
        assert refusal.value.details["manager"] == "Alina Lebedeva"

    def test_the_database_refuses_a_second_promise_too(self, dealer: Dealer) -> None:
        reserve(dealer)

        def promise_again() -> None:
            with dealer.write() as session:
                worksheet = dealer.open_worksheet(session)
                second = Reservation(
                    worksheet_id=worksheet.id, vehicle="The same", vin=VIN, place="showroom", until=START,
                    deposit=Decimal(0), made_at=START,
                )  # fmt: skip
                session.add(second)

        with pytest.raises(IntegrityError):
            promise_again()

    def test_a_refusal_frees_the_car(self, dealer: Dealer, session: Session) -> None:
        reserve(dealer)
        dealer.take("refused", **REFUSED)

        assert session.scalars(select(Reservation)).one().released_at == START

    def test_a_deposit_that_does_not_come_frees_the_car(self, dealer: Dealer, session: Session) -> None:
        offer(dealer)
        dealer.complete("reserve_car", **RESERVATION)
        dealer.complete("take_deposit", by="cashier", outcome="not_paid")

        assert session.scalars(select(Reservation)).one().released_at == START
        assert dealer.open_elements() == ["reserve_car"]

    def test_a_deposit_of_tomorrow_is_refused(self, dealer: Dealer) -> None:
        offer(dealer)
        dealer.complete("reserve_car", **RESERVATION)

        refused(dealer, "take_deposit", "payment_in_future", **(DEPOSIT | {"paid_on": "2026-03-03"}))

    def test_a_paid_car_is_prepared_by_two_departments_at_once(self, dealer: Dealer) -> None:
        pay(dealer)

        roles = {task.element: task.candidate_role for task in dealer.open_tasks()}
        assert roles == {"accept_pdi": "pdi_master", "accept_delivery": "delivery_specialist"}


class TestLimits:
    @given(st.integers(0, 5_000_000), st.integers(1, 5_000_000))
    def test_the_calculated_price_itself_needs_nobody(self, calculated: int, market: int) -> None:
        price, at_most = Decimal(calculated), Decimal(market) * LIMITS.tradein_deviation / 100

        assert not price_needs_approval(price, price, Decimal(market))
        assert not price_needs_approval(price + at_most, price, Decimal(market))
        assert price_needs_approval(price + at_most + 1, price, Decimal(market))
