"""The outbox: what must reach the world outside, written with the step and sent after it.

A message is sent at least once. It is leased before it is sent and marked afterwards, each in a transaction of
its own, so that a slow receiver holds no lock; a process that dies in between leaves a lease that runs out.
Who marks must still own the attempt: a sleeper that wakes up after its lease changes nothing.
"""

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

from sqlalchemy import Index, String, Text, func, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from engine.database import SessionFactory
from engine.errors import DeliveryFailed, DeliveryRefused, ReceiverDown
from engine.incidents import Incident, open_incident
from engine.persistence import Base, insert_for, table_of

logger = logging.getLogger(__name__)

OnFailed = Callable[[Session, Incident], None]
OnSent = Callable[[Session, "OutboxMessage", datetime], None]
Guard = Callable[[Session, "OutboxMessage", datetime], "Held | None"]

MOST_ATTEMPTS = 12
FIRST_PAUSE = timedelta(minutes=1)  # doubled by every attempt
LONGEST_PAUSE = timedelta(hours=1)  # so the last attempt comes about six hours after the first
LEASE = timedelta(minutes=2)  # longer than any sender takes


class OutboxState(StrEnum):
    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    REFUSED = "refused"  # a guard forbade it at the moment of sending


class OutboxMessage(Base):
    """One message to the outside. `dedupe` goes along, so that a receiver can recognise a repetition."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index(
            "ix_outbox_waiting",
            "next_at",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(String(20))
    recipient: Mapped[str] = mapped_column(String(254))
    body: Mapped[str] = mapped_column(Text)  # JSON, the channel knows its shape
    dedupe: Mapped[str] = mapped_column(String(160), unique=True)
    state: Mapped[OutboxState] = mapped_column(default=OutboxState.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    next_at: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(Text)


@dataclass(frozen=True)
class Outgoing:
    """A message as its sender gets it. `dedupe` and `created_at` are the same at every attempt."""

    channel: str
    recipient: str
    body: Mapping[str, Any]
    dedupe: str
    created_at: datetime


@dataclass(frozen=True)
class Held:
    """What a guard says against sending a message: for good, or not `until` a moment. `reason` is a code."""

    reason: str
    until: datetime | None = None


class Sender(Protocol):
    """One way to the outside.

    Returns when the receiver has taken the message over. Raises DeliveryRefused when trying again is useless,
    ReceiverDown when no message of this channel would get through, DeliveryFailed or anything else to try later.
    """

    def send(self, message: Outgoing) -> None: ...


@dataclass(frozen=True)
class DeliveryReport:
    """What a delivery did. `overtaken`: sent or not, somebody else owned the message by then.

    `refused` and `put_off` also count what a guard held back.
    """

    sent: int = 0
    put_off: int = 0
    failed: int = 0
    overtaken: int = 0
    refused: int = 0

    def __add__(self, other: "DeliveryReport") -> "DeliveryReport":
        return DeliveryReport(
            self.sent + other.sent,
            self.put_off + other.put_off,
            self.failed + other.failed,
            self.overtaken + other.overtaken,
            self.refused + other.refused,
        )


@dataclass(frozen=True)
class OutboxHealth:
    """How far behind the outbox is; `oldest_overdue` counts from the creation of the message."""

    oldest_overdue: timedelta | None
    overdue: int


_outbox = table_of(OutboxMessage)
_is_waiting = text("outbox.state = 'waiting'")  # literally: a plan without the value would not use the partial index


@dataclass(frozen=True)
class Letter:
    """A message that is to be written down; a second one with the same `dedupe` is the same message."""

    channel: str
    recipient: str
    body: Mapping[str, Any]
    dedupe: str


def enqueue(
    session: Session, *, channel: str, recipient: str, body: Mapping[str, Any], dedupe: str, now: datetime
) -> None:
    """Write a message down; a second one with the same `dedupe` is the same message and changes nothing."""
    enqueue_all(session, [Letter(channel, recipient, body, dedupe)], now=now)


def enqueue_all(session: Session, letters: Sequence[Letter], *, now: datetime) -> None:
    """The same for several, in one statement."""
    connection = session.connection()
    connection.execute(
        insert_for(connection.dialect.name, _outbox).on_conflict_do_nothing(index_elements=["dedupe"]),
        [
            {
                "channel": each.channel,
                "recipient": each.recipient,
                "body": json.dumps(each.body, ensure_ascii=False),
                "dedupe": each.dedupe,
                "created_at": now,
                "next_at": now,
            }
            for each in letters
        ],
    )


def deliver_due(
    session_factory: SessionFactory,
    senders: Mapping[str, Sender],
    *,
    now: Callable[[], datetime],
    on_failed: OnFailed | None = None,
    on_sent: OnSent | None = None,
    guard: Guard | None = None,
    batch: int = 50,
    lease: timedelta = LEASE,
    after: int = 0,
) -> DeliveryReport:
    """Send what waits in the channels of `senders`, at most `batch` messages of each; of those younger than `after`.

    A message that fails waits longer and longer while those behind it go on; after MOST_ATTEMPTS, or at once when
    it is refused for good, it is failed, an incident of kind `send` is opened, and `on_failed` hears of it in the
    same transaction. When a receiver is down its channel is left alone until the next call: the backlog does not
    use up its attempts against a closed door.

    `guard` is asked for every message in the transaction that takes it, so that what it reads and writes belongs to
    the decision; what it forbids is refused without an incident. `on_sent` hears in the transaction that marks it.
    """
    total = DeliveryReport()
    for channel, sender in senders.items():
        for _ in range(batch):
            with session_factory() as session:
                message = _lease(session, channel, now(), lease, after)
                verdict = _ask(session, guard, message, now()) if guard and message else None
                if message and isinstance(verdict, Held):
                    total += _hold(session, message, verdict)
            if message is None:
                break
            if isinstance(verdict, Held):
                continue
            error = verdict or _attempt(sender, message)
            with session_factory() as session:
                total += _mark(session, message, error, now(), on_failed, on_sent)
            if isinstance(error, ReceiverDown):
                break
    return total


def newest_id(session: Session) -> int:
    """The youngest message there is; 0: none."""
    return session.scalar(select(func.max(OutboxMessage.id))) or 0


def resend(session: Session, *, message_id: int, now: datetime) -> None:
    """Give a failed message all its attempts again, after a person has removed the reason."""
    again = {"state": OutboxState.WAITING, "attempts": 0, "next_at": now, "leased_until": None}
    session.execute(
        update(_outbox).where(_outbox.c.id == message_id, _outbox.c.state == OutboxState.FAILED).values(again)
    )


def health(session: Session, now: datetime) -> OutboxHealth:
    """Figures for monitoring, from the index of what waits."""
    overdue, oldest = session.execute(
        select(func.count(), func.min(OutboxMessage.created_at)).where(_is_waiting, OutboxMessage.next_at <= now)
    ).one()
    return OutboxHealth(oldest_overdue=now - oldest if oldest else None, overdue=overdue)


def _lease(session: Session, channel: str, now: datetime, lease: timedelta, after: int) -> OutboxMessage | None:
    """Take the next message of a channel: its attempt is counted before it is made."""
    message = session.scalar(
        select(OutboxMessage)
        .where(
            _is_waiting,
            OutboxMessage.channel == channel,
            OutboxMessage.id > after,
            OutboxMessage.next_at <= now,
            OutboxMessage.leased_until.is_(None) | (OutboxMessage.leased_until <= now),
        )
        .order_by(OutboxMessage.next_at, OutboxMessage.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if message is not None:
        message.attempts += 1
        message.leased_until = now + lease
        session.flush()
        session.expunge(message)
    return message


def _ask(session: Session, guard: Guard, message: OutboxMessage, now: datetime) -> Held | Exception | None:
    """What the guard says. One that breaks costs this message an attempt, and those behind it nothing."""
    try:
        with session.begin_nested():
            return guard(session, message, now)
    except Exception as error:
        logger.exception("the guard broke on message %s", message.id)
        return error


def _hold(session: Session, message: OutboxMessage, held: Held) -> DeliveryReport:
    """Refuse it for good, or give it back with its attempt until the moment that the guard has named."""
    changes: dict[str, Any] = {"leased_until": None, "last_error": held.reason}
    if held.until is None:
        changes |= {"state": OutboxState.REFUSED}
    else:
        changes |= {"next_at": held.until, "attempts": message.attempts - 1}
    session.connection().execute(update(_outbox).where(_outbox.c.id == message.id).values(changes))
    return DeliveryReport(refused=1) if held.until is None else DeliveryReport(put_off=1)


def _attempt(sender: Sender, message: OutboxMessage) -> Exception | None:
    if message.attempts > MOST_ATTEMPTS:
        # Every attempt that was counted died before it was marked: this message may be what kills the process.
        return DeliveryRefused(f"no attempt of {MOST_ATTEMPTS} came to an end")
    try:
        sender.send(
            Outgoing(message.channel, message.recipient, json.loads(message.body), message.dedupe, message.created_at)
        )
    except Exception as error:
        if not isinstance(error, DeliveryFailed | DeliveryRefused):
            logger.exception("sender of channel %s broke on message %s", message.channel, message.id)
        return error
    return None


def _mark(
    session: Session,
    message: OutboxMessage,
    error: Exception | None,
    now: datetime,
    on_failed: OnFailed | None,
    on_sent: OnSent | None,
) -> DeliveryReport:
    changes: dict[str, Any] = {"leased_until": None}
    if error is None:
        report = DeliveryReport(sent=1)
        changes |= {"state": OutboxState.SENT, "sent_at": now, "last_error": None}
    else:
        changes |= {"last_error": f"{type(error).__name__}: {error}"}
        if isinstance(error, DeliveryRefused) or message.attempts >= MOST_ATTEMPTS:
            report = DeliveryReport(failed=1)
            changes |= {"state": OutboxState.FAILED}
        else:
            report = DeliveryReport(put_off=1)
            changes |= {"next_at": now + min(FIRST_PAUSE * 2 ** (message.attempts - 1), LONGEST_PAUSE)}
    owned = update(_outbox).where(
        _outbox.c.id == message.id,
        _outbox.c.attempts == message.attempts,
        _outbox.c.leased_until == message.leased_until,
    )
    if session.connection().execute(owned.values(changes)).rowcount == 0:
        return DeliveryReport(overtaken=1)
    if report.sent and on_sent is not None:
        _tell(session, lambda: on_sent(session, message, now), f"message {message.id}")
    if report.failed:
        incident = open_incident(
            session,
            kind="send",
            error=error or DeliveryRefused(),
            command={"outbox": message.id},
            attempts=message.attempts,
            now=now,
            retry=False,
        )
        if on_failed is not None:
            _tell(session, lambda: on_failed(session, incident), f"incident {incident.id}")
    return report


def _tell(session: Session, tell: Callable[[], None], of: str) -> None:
    """What has happened stands even if nobody can be told of it."""
    try:
        with session.begin_nested():
            tell()
    except Exception:
        logger.exception("nobody could be told of %s", of)
