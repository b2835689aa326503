"""make_*: a valid customer or contact with the least words; override what the test is about."""

from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from tests.webapp.staff.factories import NOW
from webapp.customers import services
from webapp.customers.models import Customer, Direction, Interaction, InteractionChannel
from webapp.customers.services import CustomerFacts

_numbers = count(10)


def make_customer(session: Session, **overrides: Any) -> Customer:
    """A person with a phone of his own."""
    number = next(_numbers)
    facts = {
        "first_name": "Marina",
        "last_name": "Belova",
        "phones": (f"+7 900 000-{number // 100:02}-{number % 100:02}",),
    } | overrides
    return services.create_customer(session, CustomerFacts(**facts), actor_id=None, now=NOW)


def make_interaction(session: Session, customer: Customer, **overrides: Any) -> Interaction:
    values = {
        "customer_id": customer.id,
        "channel": InteractionChannel.CALL,
        "direction": Direction.OUT,
        "subject": "Asked about winter tyres",
        "at": NOW,
    } | overrides
    row = services.add_interaction(session, **values)
    session.flush()
    return row
