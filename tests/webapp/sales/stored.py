"""What a walk has stored, refusals on the way, and places where many walks begin."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.errors import BusinessError
from tests.dealer import Dealer
from tests.webapp.sales.answers import VISIT, know_needs, offer
from webapp.sales.models import Appointment, AppointmentStatus, Worksheet


@pytest.fixture
def session(dealer: Dealer) -> Iterator[Session]:
    """What is stored, read when it is first asked for."""
    with dealer.read() as opened:
        yield opened


def worksheet(session: Session) -> Worksheet:
    return session.scalars(select(Worksheet)).one()


def appointments(session: Session) -> list[AppointmentStatus]:
    return list(session.scalars(select(Appointment.status).order_by(Appointment.id)))


def expect_guest(dealer: Dealer) -> None:
    """A call that agreed on a visit, confirmed; the reception waits for the guest."""
    dealer.register(visit_at=VISIT)
    dealer.complete("confirm_visit", outcome="confirmed", who_comes=["family"])


def undecided(dealer: Dealer) -> None:
    """A worksheet whose needs are known, in the follow-up."""
    know_needs(dealer, outcome="remote_only")


def think_over(dealer: Dealer) -> None:
    """An offer is made, and the customer is thinking."""
    offer(dealer, outcome="thinking", next_contact_at="2026-03-03T12:00")


def refused(dealer: Dealer, element: str, code: str, **values: Any) -> None:
    """The step is refused with this code and stays open."""
    with pytest.raises(BusinessError) as refusal:
        dealer.do(element, **values)
    assert refusal.value.code == code
    assert element in dealer.open_elements()
