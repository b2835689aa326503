"""Mails to the guests of an event: invitations, and thanks to those who came.

They go the way of a campaign's mails: in batches, judged by the consent check here and again at the moment of sending.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, delete, select, update
from sqlalchemy.orm import Session, joinedload, selectinload

from webapp.campaigns import sending, texts
from webapp.campaigns.events import planning
from webapp.campaigns.models import Event, EventMessage, EventParticipant, EventStatus, GuestStatus, MessageKind
from webapp.core import audit
from webapp.core.config import settings
from webapp.core.errors import RuleViolation
from webapp.core.formats import format_day, format_time
from webapp.core.i18n import say_in
from webapp.customers.consenting import reach
from webapp.customers.messages import MessageFacts, queue_customer_mail, skip_message
from webapp.customers.models import ConsentChannel, CustomerMessage, MessagePurpose, MessageState
from webapp.integrations.messaging.port import Mail

GAPS = ("first_name", "customer", "centre", "manager", "event", "date", "time", "place")
MAILED = {
    MessageKind.INVITATION: (EventStatus.INVITING, EventParticipant.invited_at, GuestStatus.INVITED),
    MessageKind.THANKS: (EventStatus.HELD, EventParticipant.thanked_at, GuestStatus.CAME),
}


def write_message(session: Session, event: Event, kind: MessageKind, typed: Mapping[str, Any] | None) -> None:
    """Keep what is written to guests; None: nothing is. RuleViolation: mail_incomplete, gap_unknown."""
    event.messages = [each for each in event.messages if each.kind is not kind]
    session.flush()
    if typed is None:
        return
    parts = {name: typed.get(name) or "" for name in ("subject_ru", "text_ru", "subject_en", "text_en")}
    if not all(parts.values()):
        raise RuleViolation("mail_incomplete", "A mail has subject and text in both languages.")
    wrong = [gap for text in parts.values() for gap in texts.unknown_gaps(text, GAPS)]
    if wrong:
        known = ", ".join(f"{{{gap}}}" for gap in GAPS)
        raise RuleViolation("gap_unknown", f"Nobody can fill {wrong}.", typed=", ".join(wrong), known=known)
    event.messages.append(EventMessage(kind=kind, **parts))
    session.flush()


def send_batch(session: Session, *, now: datetime) -> bool:
    """One batch of mails of one event; False: nothing to do."""
    for kind, (status, mailed_at, guest_status) in MAILED.items():
        event_id = session.scalar(_waiting(kind, status, mailed_at, guest_status).limit(1))
        if event_id is None:
            continue
        event = session.scalars(
            select(Event).where(Event.id == event_id).options(selectinload(Event.messages), joinedload(Event.centre))
        ).one()
        waiting = _waiting(kind, status, mailed_at, guest_status).where(Event.id == event.id).limit(sending.BATCH)
        message = next(each for each in event.messages if each.kind is kind)
        _hand_over(
            session, event, message, [customer_id for _event_id, customer_id in session.execute(waiting)], now=now
        )
        return True
    return False


def stop(session: Session, event: Event, *, actor_id: int | None, now: datetime) -> int:
    """Call the event off: what waits to be sent is not sent. To how many nothing goes."""
    unsent = and_(
        CustomerMessage.campaign_key == event.business_key,
        CustomerMessage.state == MessageState.QUEUED,
        CustomerMessage.taken_at.is_(None),
    )
    ids = set(session.scalars(select(CustomerMessage.customer_id).where(unsent)))
    if any(each.kind is MessageKind.INVITATION for each in event.messages) and event.status is EventStatus.INVITING:
        ids |= set(session.scalars(select(EventParticipant.customer_id).where(_unmailed(event.id))))
    event.move_to(EventStatus.CANCELLED)
    event.closed_at = now
    session.execute(delete(CustomerMessage).where(unsent))
    audit.record(session, action="campaigns.event.stopped", subject=event.business_key, actor_id=actor_id, now=now)
    return len(ids)


def _unmailed(event_id: int) -> ColumnElement[bool]:
    return and_(
        EventParticipant.event_id == event_id,
        EventParticipant.status == GuestStatus.INVITED,
        EventParticipant.invited_at.is_(None),
    )


def _waiting(kind: MessageKind, status: EventStatus, mailed_at: Any, guest_status: GuestStatus) -> Select[int, int]:
    """Event and customer of the mails that nobody has handed over."""
    return (
        select(EventParticipant.event_id, EventParticipant.customer_id)
        .join(Event, Event.id == EventParticipant.event_id)
        .join(EventMessage, and_(EventMessage.event_id == Event.id, EventMessage.kind == kind))
        .where(
            Event.status == status,
            EventParticipant.status == guest_status,
            mailed_at.is_(None),
        )
        .order_by(EventParticipant.event_id, EventParticipant.customer_id)
    )


def _hand_over(session: Session, event: Event, message: EventMessage, ids: Sequence[int], *, now: datetime) -> None:
    """Judge some guests, and queue the mails of those who may be written to."""
    found = reach(session, ids, channel=ConsentChannel.EMAIL, purpose=MessagePurpose.ADVERTISING, now=now)
    for customer_id, refusal in found.refusals.items():
        facts = _facts(event, message.kind, customer_id)
        skip_message(session, customer_id, ConsentChannel.EMAIL, facts, refusal, now=now)
    zone = planning.zone_of(session, event)
    for customer, centre, manager, phone in sending.readers(session, list(found.addresses)):
        language = texts.language_of(phone, settings().default_language)
        words = {
            "first_name": customer.first_name or customer.name,
            "customer": customer.name,
            "centre": centre or (event.centre.name if event.centre else ""),
            "manager": manager or "",
            "event": event.name,
            "date": format_day(event.first_day, language, zone),
            "time": format_time(event.starts_at, zone),
            "place": event.place,
        }
        russian = language == "ru"
        subject, text = (message.subject_ru, message.text_ru) if russian else (message.subject_en, message.text_en)
        with say_in(language):
            queue_customer_mail(
                session,
                customer.id,
                Mail(texts.fill(subject, words), texts.fill(text, words)),
                _facts(event, message.kind, customer.id),
                recipient=found.addresses[customer.id],
                now=now,
            )
    mailed = {"invited_at" if message.kind is MessageKind.INVITATION else "thanked_at": now}
    session.execute(
        update(EventParticipant)
        .where(EventParticipant.event_id == event.id, EventParticipant.customer_id.in_(ids))
        .values(**mailed)
    )


def _facts(event: Event, kind: MessageKind, customer_id: int) -> MessageFacts:
    return MessageFacts(
        MessagePurpose.ADVERTISING,
        subject=event.name,
        dedupe=f"{event.business_key}:{customer_id}:{kind}",
        campaign_key=event.business_key,
        case_key=None,
    )
