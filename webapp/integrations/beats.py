"""What the heartbeat does for everybody: carry out what is due, and send what waits in the outbox."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy.orm import Session

from engine.database import SessionFactory
from engine.incidents import Incident
from engine.outbox import DeliveryReport, Held, OutboxMessage, Sender, deliver_due
from webapp.core import events
from webapp.core.clock import now
from webapp.core.config import settings
from webapp.core.database import database
from webapp.core.feature import Job
from webapp.core.workflow import engine
from webapp.integrations.messaging.guarding import guards_of
from webapp.integrations.messaging.port import MAIL
from webapp.integrations.messaging.smtp import Security, SmtpSender, SmtpServer


@dataclass(frozen=True)
class SendFailed:
    """Published when a message to the outside is given up. It belongs to no case."""

    incident: Incident


@dataclass(frozen=True)
class SendDone:
    """Published when a message to the outside was taken over by its receiver. `dedupe`: whose it is."""

    dedupe: str
    at: datetime


def carry_out_due_rows() -> None:
    """Timers, reminders, escalations, postponed tasks and retries whose time has come."""
    engine().tick(database(), now)


def send_outgoing() -> None:
    """Hand over what waits in the channels that this installation can serve."""
    deliver(database().write, senders(), now=now)


def deliver(
    session_factory: SessionFactory, via: Mapping[str, Sender], *, now: Callable[[], datetime], after: int = 0
) -> DeliveryReport:
    """The same through any senders: the slices are asked before each message, and told what became of it."""
    return deliver_due(
        session_factory, via, now=now, on_failed=_tell_failed, on_sent=_tell_sent, guard=_ask_guards, after=after
    )


def _tell_failed(session: Session, incident: Incident) -> None:
    events.publish(SendFailed(incident), session=session)


def _tell_sent(session: Session, message: OutboxMessage, at: datetime) -> None:
    events.publish(SendDone(message.dedupe, at), session=session)


def _ask_guards(session: Session, message: OutboxMessage, at: datetime) -> Held | None:
    """What the first of the slices says that has anything against it."""
    verdicts = (guard(session, message, at) for guard in guards_of(current_app))
    return next((held for held in verdicts if held is not None), None)


def senders() -> dict[str, Sender]:
    """The channels with a receiver; without a mail server mails wait in the outbox."""
    known = settings()
    if not known.smtp_host:
        return {}
    server = SmtpServer(
        host=known.smtp_host,
        port=known.smtp_port,
        sender=known.mail_from,
        security=Security(known.smtp_security),
        user=known.smtp_user,
        password=known.smtp_password,
    )
    return {MAIL: SmtpSender(server)}


BEATS = (
    Job("due rows", timedelta(seconds=5), carry_out_due_rows),
    Job("outgoing messages", timedelta(seconds=10), send_outgoing),
)
