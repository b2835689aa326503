"""Messages to customers: queued here, judged again at the moment of sending, and kept with what became of them."""

import json
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.outbox import Held, OutboxMessage
from webapp.core import events
from webapp.customers.consenting import Refusal, RefusalCode, reach, refusal_to_send
from webapp.customers.models import (
    ConsentChannel,
    Customer,
    CustomerMessage,
    Direction,
    InteractionChannel,
    MessagePurpose,
    MessageState,
)
from webapp.customers.services import add_interaction
from webapp.customers.unsubscribing import footer, link_of
from webapp.integrations.beats import SendDone, SendFailed
from webapp.integrations.messaging.port import Mail, queue_mail

CHRONICLE_CHANNELS = {
    ConsentChannel.SMS: InteractionChannel.SMS,
    ConsentChannel.EMAIL: InteractionChannel.EMAIL,
    ConsentChannel.CALL: InteractionChannel.CALL,
    ConsentChannel.MESSENGER: InteractionChannel.MESSENGER,
    ConsentChannel.POST: InteractionChannel.NOTE,
}


@dataclass(frozen=True)
class MessageFacts:
    """What a message is about. `subject`: its code or its name in the chronicle. `dedupe`: one occasion, one message.

    `campaign_key` and `case_key` are business keys.
    """

    purpose: MessagePurpose
    subject: str
    dedupe: str
    campaign_key: str | None = None
    case_key: str | None = None


@dataclass(frozen=True)
class MessageSkipped:
    """Published when a message to a customer is not sent, because the consent check forbids it."""

    message: CustomerMessage


def queue_customer_mail(
    session: Session, customer_id: int, mail: Mail, facts: MessageFacts, *, recipient: str = "", now: datetime
) -> CustomerMessage:
    """Write a mail to a customer with the act it belongs to; an occasion that was written down already is that one.

    `recipient`: the address that `reach` has named; empty: it is looked up. Without one the message is skipped.
    Advertising gets a way to unsubscribe. Whether it may be sent is decided when it is sent.
    """
    known = session.scalar(select(CustomerMessage).where(CustomerMessage.dedupe == facts.dedupe))
    if known is not None:
        return known
    channel = ConsentChannel.EMAIL
    if not recipient:
        found = reach(session, [customer_id], channel=channel, purpose=MessagePurpose.SERVICE, now=now)
        recipient = found.addresses.get(customer_id, "")
        if not recipient:
            return skip_message(session, customer_id, channel, facts, found.refusals[customer_id], now=now)
    message = _add(session, customer_id, channel, facts, MessageState.QUEUED, recipient, now)
    if facts.purpose is MessagePurpose.ADVERTISING:
        link = link_of(message)
        mail = replace(mail, text=f"{mail.text.rstrip()}\n\n{footer(link)}\n", unsubscribe=link)
    queue_mail(session, mail, recipient=recipient, dedupe=facts.dedupe, now=now)
    return message


def skip_message(
    session: Session,
    customer_id: int,
    channel: ConsentChannel,
    facts: MessageFacts,
    refusal: Refusal,
    *,
    now: datetime,
) -> CustomerMessage:
    """Keep that somebody is left out and why, as of a list that is judged before it is queued."""
    return _add(session, customer_id, channel, facts, refusal.state, "", now)


def guard_message(session: Session, outgoing: OutboxMessage, now: datetime) -> Held | None:
    """The consent check at the moment of sending; messages to others than customers are none of its business."""
    message = session.scalar(select(CustomerMessage).where(CustomerMessage.dedupe == outgoing.dedupe))
    if message is None:
        return None
    # two messages to one customer, sent at once, would each see room for one more
    session.execute(select(Customer.id).where(Customer.id == message.customer_id).with_for_update())
    refusal = refusal_to_send(
        session,
        message.customer_id,
        channel=message.channel,
        purpose=message.purpose,
        now=now,
        besides=message.id,
    )
    if refusal is None and not _is_still_his(session, message, now):
        refusal = Refusal(RefusalCode.NO_ADDRESS)
    if refusal is None:
        message.taken_at = now
        return None
    if refusal.code is RefusalCode.QUIET_HOURS:
        return Held(refusal.code, until=refusal.until)
    _settle(session, message, refusal.state, now)
    events.publish(MessageSkipped(message), session=session)
    return Held(refusal.code)


def note_sent(event: SendDone, session: Session) -> None:
    """A message was taken over by its receiver."""
    message = session.scalar(select(CustomerMessage).where(CustomerMessage.dedupe == event.dedupe))
    if message is None:
        return
    message.sent_at = event.at
    if message.state is not MessageState.UNSUBSCRIBED:
        _settle(session, message, MessageState.SENT, event.at)


def note_failed(event: SendFailed, session: Session) -> None:
    """A message was given up."""
    outgoing = session.get(OutboxMessage, json.loads(event.incident.command).get("outbox"))
    message = outgoing and session.scalar(select(CustomerMessage).where(CustomerMessage.dedupe == outgoing.dedupe))
    if message:
        _settle(session, message, MessageState.FAILED, event.incident.opened_at)


def _is_still_his(session: Session, message: CustomerMessage, now: datetime) -> bool:
    """Whether the address still stands on the card, that it is sent to."""
    found = reach(session, [message.customer_id], channel=message.channel, purpose=MessagePurpose.SERVICE, now=now)
    return found.addresses.get(message.customer_id) == message.recipient


def _add(
    session: Session,
    customer_id: int,
    channel: ConsentChannel,
    facts: MessageFacts,
    state: MessageState,
    recipient: str,
    now: datetime,
) -> CustomerMessage:
    message = CustomerMessage(
        customer_id=customer_id,
        channel=channel,
        purpose=facts.purpose,
        subject=facts.subject,
        campaign_key=facts.campaign_key,
        case_key=facts.case_key,
        recipient=recipient,
        dedupe=facts.dedupe,
        state=state,
        queued_at=now,
        at=now,
    )
    session.add(message)
    session.flush()
    return message


def _settle(session: Session, message: CustomerMessage, state: MessageState, now: datetime) -> None:
    """What became of it, also for the chronicle; that a service message was sent its process has written there."""
    message.state, message.at = state, now
    if state is MessageState.SENT and message.purpose is MessagePurpose.SERVICE:
        return
    sent = state is MessageState.SENT
    add_interaction(
        session,
        customer_id=message.customer_id,
        channel=CHRONICLE_CHANNELS[message.channel] if sent else InteractionChannel.NOTE,
        direction=Direction.OUT if sent else Direction.INTERNAL,
        subject=message.subject,
        result=f"message_{state}",
        at=now,
        case_key=message.case_key,
    )
