"""Customers of whom a colleague knows that they do not come again: marked, and unmarked when they do."""

from datetime import datetime

from sqlalchemy.orm import Session

from webapp.core import audit
from webapp.core.errors import Conflict
from webapp.customers.consents import stop_writing
from webapp.customers.models import Customer, Direction, InteractionChannel, LostReason
from webapp.customers.services import add_interaction

WANT_NOTHING = (LostReason.REFUSES_CONTACT, LostReason.DECEASED)


def mark_lost(
    session: Session, customer: Customer, reason: LostReason, *, comment: str, actor_id: int | None, now: datetime
) -> None:
    """Lost from now on, whatever he did lately. Who wants no contact, or has died, is written to no more.

    Conflict: lost_already.
    """
    if customer.lost_reason is not None:
        raise Conflict("lost_already", f"Customer {customer.id} is marked as lost.")
    customer.lost_reason = reason
    if reason in WANT_NOTHING:
        stop_writing(session, customer, reason=f"lost: {reason}", actor_id=actor_id, now=now)
    _note(session, customer, "marked_lost", reason, comment, actor_id, now)


def unmark_lost(session: Session, customer: Customer, *, comment: str, actor_id: int | None, now: datetime) -> None:
    """He has come back, or it was a mistake; the stop list stays as it is. Conflict: not_marked_lost."""
    if customer.lost_reason is None:
        raise Conflict("not_marked_lost", f"Customer {customer.id} is not marked as lost.")
    customer.lost_reason = None
    _note(session, customer, "not_lost", "", comment, actor_id, now)


def _note(
    session: Session, customer: Customer, subject: str, result: str, comment: str, actor_id: int | None, now: datetime
) -> None:
    add_interaction(
        session,
        customer_id=customer.id,
        channel=InteractionChannel.NOTE,
        direction=Direction.INTERNAL,
        subject=subject,
        result=result,
        comment=comment,
        at=now,
        employee_id=actor_id,
    )
    session.flush()
    audit.record(
        session,
        action=f"customers.customer.{subject}",
        subject=f"customers.customer:{customer.id}",
        actor_id=actor_id,
        now=now,
        reason=result,
    )
