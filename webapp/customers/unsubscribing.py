"""The link by which somebody ends advertising without signing in, and what happens when he follows it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.core.config import settings
from webapp.core.errors import NotFound
from webapp.customers import consents
from webapp.customers.models import (
    ConsentKind,
    Customer,
    CustomerEmail,
    CustomerMessage,
    MessageState,
    WithdrawalWay,
)
from webapp.staff.models import Centre

PATH = "/unsubscribe"
WORKS_FOR = timedelta(days=730)  # after that the address may be somebody else's


@dataclass(frozen=True)
class Wish:
    """Whose wish a link stands for: the message it came with."""

    message: CustomerMessage
    is_done: bool  # nobody at this address gets advertising by this channel any more


def link_of(message: CustomerMessage) -> str:
    """The address of the page, as it stands in the message."""
    token: str = _signer().dumps(message.id)
    return f"{settings().base_url.rstrip('/')}{PATH}/{token}"


def footer(link: str) -> str:
    """What stands under an advertising mail, in the language that is spoken now."""
    return str(
        _(
            "You get this mail because you agreed to receive our offers. To end it, follow this link: %(link)s",
            link=link,
        )
    )


def dealer_of(session: Session, message: CustomerMessage | None = None) -> str:
    """Who wrote, as he is known to his customers: the centre of the addressee, else the first of the dealer's."""
    customer = session.get(Customer, message.customer_id) if message else None
    centre = session.get(Centre, customer.centre_id) if customer and customer.centre_id else None
    if centre is None:
        centre = session.scalar(select(Centre).where(Centre.active).order_by(Centre.id).limit(1))
    return (centre.legal_name or centre.name) if centre else ""


def read_wish(session: Session, token: str, *, now: datetime) -> Wish:
    """What the link stands for. NotFound: unsubscribe_link_broken, unsubscribe_link_old."""
    try:
        message_id = _signer().loads(token)
    except BadData as error:
        raise NotFound("unsubscribe_link_broken", "The signature does not fit.") from error
    message = session.get(CustomerMessage, message_id) if isinstance(message_id, int) else None
    if message is None:
        raise NotFound("unsubscribe_link_broken", "There is no such message.")
    if message.queued_at + WORKS_FOR < now:
        raise NotFound("unsubscribe_link_old", "The link has run out.")
    is_done = not any(
        consents.has_consent(session, customer.id, ConsentKind.ADVERTISING, channel=message.channel, now=now)
        for customer in _people_at(session, message)
    )
    return Wish(message, is_done)


def unsubscribe(session: Session, wish: Wish, *, now: datetime) -> None:
    """End advertising by this channel for everybody with this address; a second time changes nothing."""
    message = wish.message
    for customer in _people_at(session, message):
        consents.withdraw_consents(
            session,
            customer,
            ConsentKind.ADVERTISING,
            channels=[message.channel],
            way=WithdrawalWay.WEB,
            actor_id=None,
            now=now,
        )
    message.state, message.at = MessageState.UNSUBSCRIBED, now


def _people_at(session: Session, message: CustomerMessage) -> list[Customer]:
    """Whom the message went to, and whoever else has the same address: it is one person who reads there."""
    same = select(CustomerEmail.customer_id).where(CustomerEmail.address == message.recipient)
    statement = select(Customer).where((Customer.id == message.customer_id) | Customer.id.in_(same))
    return list(session.scalars(statement.order_by(Customer.id)))


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(settings().secret_key, salt="customers.unsubscribe")
