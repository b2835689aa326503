"""make_*: a valid customer or contact with the least words; override what the test is about."""

from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from tests.webapp.staff.factories import NOW
from webapp.customers import consents, services
from webapp.customers.consents import GivenConsent
from webapp.customers.models import (
    ConsentChannel,
    ConsentKind,
    Customer,
    CustomerMessage,
    Direction,
    Interaction,
    InteractionChannel,
    MessagePurpose,
    MessageState,
    StopKind,
    StopListEntry,
)
from webapp.customers.models.consents import stop_hash
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


def agree(session: Session, customer: Customer, *channels: ConsentChannel, **overrides: Any) -> None:
    """He has agreed to advertising by these channels, by mail unless told otherwise."""
    facts = {"kind": ConsentKind.ADVERTISING, "channels": channels or (ConsentChannel.EMAIL,)} | overrides
    at = overrides.get("given_at", NOW)
    consents.give_consent(session, customer, GivenConsent(**facts), actor_id=None, now=at)


def make_message(session: Session, customer: Customer, **overrides: Any) -> CustomerMessage:
    """An advertising mail that was sent."""
    values = {
        "customer_id": customer.id,
        "channel": ConsentChannel.EMAIL,
        "purpose": MessagePurpose.ADVERTISING,
        "subject": "campaign",
        "recipient": "m.belova@example.com",
        "dedupe": f"message:{next(_numbers)}",
        "state": MessageState.SENT,
        "queued_at": NOW,
        "taken_at": NOW,
        "sent_at": NOW,
        "at": NOW,
    } | overrides
    row = CustomerMessage(**values)
    session.add(row)
    session.flush()
    return row


def stop(session: Session, address: str) -> None:
    """Put an address on the stop list."""
    kind = StopKind.EMAIL if "@" in address else StopKind.PHONE
    session.add(StopListEntry(hash=stop_hash(kind, address), kind=kind, added_at=NOW))
    session.flush()
