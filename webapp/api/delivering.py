"""Sending what webhooks are told: signed, each receiver for himself, and switched off after days of failures."""

import hashlib
import hmac
import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from flask import Flask, current_app
from sqlalchemy import delete, select, text, update
from sqlalchemy.orm import Session

from engine.errors import DeliveryFailed, ReceiverDown
from engine.outbox import FIRST_PAUSE, LONGEST_PAUSE, OutboxMessage, OutboxState, Outgoing
from webapp.api import subscribing
from webapp.api.models import Webhook
from webapp.core.clock import now
from webapp.core.config import settings
from webapp.core.database import database, unit_of_work
from webapp.diary.notifications import tell_incident_readers
from webapp.integrations import beats
from webapp.integrations.calling_out import post

SIGNATURE, DEDUPE, EVENT = "Marshrut-Signature", "Marshrut-Delivery", "Marshrut-Event"

CHANNELS = "webhook:"  # how their channels of the outbox begin
SHOWN_FOR = timedelta(days=30)
MOST_AT_ONCE = 8  # receivers that are served side by side


@dataclass
class WebhookSender:
    """The sender of one webhook's channel; remembers how it went, for the webhook's own sake."""

    webhook: Webhook
    clock: Callable[[], datetime]
    private: bool
    succeeded: bool = field(default=False)
    failed: bool = field(default=False)

    def send(self, message: Outgoing) -> None:
        """Raises DeliveryFailed or ReceiverDown when the receiver does not take it now."""
        content = json.dumps(message.body, ensure_ascii=False, separators=(",", ":")).encode()
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "Marshrut-Webhook/1",
            DEDUPE: message.dedupe,
            EVENT: str(message.body.get("event", "")),
            SIGNATURE: sign(content, secrets_of(self.webhook, self.clock()), self.clock()),
        }
        try:
            answer = post(self.webhook.address, content, headers, private=self.private)
        except Exception:
            self.failed = True
            raise
        if not 200 <= answer.status < 300:
            self.failed = True
            # a receiver that is overloaded or broken takes no other message either
            kind = ReceiverDown if answer.status == 429 or answer.status >= 500 else DeliveryFailed
            raise kind(f"HTTP {answer.status}")
        self.succeeded = True


def sign(content: bytes, secrets: Sequence[str], at: datetime) -> str:
    """`t=<seconds>,v1=<hex>`: HMAC-SHA256 over `<seconds>.<content>`, once for each secret that counts."""
    stamp = int(at.timestamp())
    signed = f"{stamp}.".encode() + content
    marks = [f"v1={hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()}" for secret in secrets]
    return ",".join([f"t={stamp}", *marks])


def secrets_of(webhook: Webhook, at: datetime) -> list[str]:
    """The present secret, and the former one for its last day."""
    former = webhook.former_until is not None and at < webhook.former_until
    return [webhook.secret, webhook.former_secret] if former else [webhook.secret]


def send_webhooks() -> None:
    """The scheduler's job: whatever waits for the receivers, each in a channel of his own.

    They are served side by side, so that one who takes his time holds up nobody but himself.
    """
    with database().read() as session:
        active = list(session.scalars(select(Webhook).where(Webhook.active).order_by(Webhook.id)))
        session.expunge_all()
        left = session.scalar(select(OutboxMessage.id).where(*_left_behind(active)).limit(1))
        waited_for = set(session.scalars(select(OutboxMessage.channel).where(*_waiting(now())).distinct()))
    if left is not None:
        with unit_of_work() as opened:
            opened.execute(update(OutboxMessage).where(*_left_behind(active)).values(state=OutboxState.REFUSED))
    served = [each for each in active if each.channel in waited_for and not _is_left_alone(each, now())]
    if not served:
        return
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # the proxy hides it
    with ThreadPoolExecutor(min(len(served), MOST_AT_ONCE)) as pool:
        turns = [pool.submit(_serve, app, each) for each in served]
    for turn in turns:
        turn.result()


def _serve(app: Flask, webhook: Webhook) -> None:
    with app.app_context():
        sender = WebhookSender(webhook, now, settings().webhook_private_addresses)
        beats.deliver(database().write, {webhook.channel: sender}, now=now)
        if sender.succeeded or sender.failed:
            with unit_of_work() as opened:
                _note(opened, webhook.id, sender, now())


def forget_deliveries() -> None:
    """The scheduler's job: what went out or was withdrawn is shown for a month; what failed stays with its incident."""
    over = (OutboxState.SENT, OutboxState.REFUSED)
    with unit_of_work() as opened:
        opened.execute(
            delete(OutboxMessage).where(
                OutboxMessage.channel.startswith(CHANNELS),
                OutboxMessage.state.in_(over),
                OutboxMessage.created_at < now() - SHOWN_FOR,
            )
        )


def _waiting(at: datetime) -> list[Any]:
    """The messages whose time has come, of all webhooks."""
    return [
        text("outbox.state = 'waiting'"),  # literally, as engine.outbox asks: the partial index
        OutboxMessage.channel.startswith(CHANNELS),
        OutboxMessage.next_at <= at,
    ]


def _left_behind(active: Sequence[Webhook]) -> list[Any]:
    """What another process has written for a webhook that was switched off or deleted in this moment."""
    return [
        text("outbox.state = 'waiting'"),  # literally, as engine.outbox asks: the partial index
        OutboxMessage.channel.startswith(CHANNELS),
        OutboxMessage.channel.not_in([each.channel for each in active]),
    ]


def _is_left_alone(webhook: Webhook, at: datetime) -> bool:
    """A receiver that fails is tried less and less often, from every minute to every hour."""
    if webhook.failing_since is None or webhook.failed_at is None:
        return False
    return at < webhook.failed_at + min(max(webhook.failed_at - webhook.failing_since, FIRST_PAUSE), LONGEST_PAUSE)


def _note(session: Session, webhook_id: int, sender: WebhookSender, at: datetime) -> None:
    """How it went; after days without any success the webhook is switched off, and who looks after it is told."""
    webhook = session.get(Webhook, webhook_id)
    if webhook is None:
        return
    if sender.succeeded:
        webhook.failing_since = webhook.failed_at = None
        return
    patience = timedelta(days=settings().webhook_failure_days)
    long_ago = webhook.failed_at is not None and at - webhook.failed_at > patience
    if webhook.failing_since is None or long_ago:
        webhook.failing_since = at
    webhook.failed_at = at
    if webhook.active and at - webhook.failing_since >= patience:
        subscribing.switch_off(session, webhook, actor_id=None, now=at)
        tell_incident_readers(session, "webhook_switched_off", {"webhook": webhook.name}, at=at)
