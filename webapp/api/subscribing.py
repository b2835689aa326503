"""Subscriptions of webhooks: made, changed, given new secrets, switched on and off; each an audited act."""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from engine.outbox import OutboxMessage, OutboxState
from webapp.api.models import HookKind, Webhook
from webapp.core import audit
from webapp.core.errors import NotFound, RuleViolation
from webapp.integrations.calling_out import AddressUnfit, check_address

FORMER_WORKS_FOR = timedelta(hours=24)
SECRET_PREFIX = "whs_"  # noqa: S105  # how a secret begins, none itself
MOST = 20


@dataclass(frozen=True)
class HookFacts:
    """What an administrator enters."""

    name: str
    address: str
    kinds: Collection[HookKind]
    process_key: str = ""


def get_webhook(session: Session, webhook_id: int) -> Webhook:
    """NotFound: webhook_unknown."""
    found = session.get(Webhook, webhook_id)
    if found is None:
        raise NotFound("webhook_unknown", f"There is no webhook {webhook_id}.")
    return found


def list_webhooks(session: Session) -> Sequence[Webhook]:
    return session.scalars(select(Webhook).order_by(Webhook.name, Webhook.id)).all()


def add_webhook(session: Session, facts: HookFacts, *, private: bool, actor_id: int, now: datetime) -> Webhook:
    """Subscribe. RuleViolation: address_unreadable, address_not_https, address_private, too_many_webhooks."""
    if len(list_webhooks(session)) >= MOST:
        raise RuleViolation("too_many_webhooks", f"There are {MOST} already.", most=MOST)
    webhook = Webhook(secret=_new_secret(), created_at=now, created_by=actor_id)
    _apply(webhook, facts, private=private)
    session.add(webhook)
    session.flush()
    _note(session, webhook, "added", actor_id, now)
    return webhook


def change_webhook(
    session: Session, webhook: Webhook, facts: HookFacts, *, private: bool, actor_id: int, now: datetime
) -> None:
    """The same refusals; what waits goes to the new address."""
    _apply(webhook, facts, private=private)
    _note(session, webhook, "changed", actor_id, now)


def renew_secret(session: Session, webhook: Webhook, *, actor_id: int, now: datetime) -> None:
    """A new secret; the former one signs beside it for a day."""
    webhook.former_secret, webhook.former_until = webhook.secret, now + FORMER_WORKS_FOR
    webhook.secret = _new_secret()
    _note(session, webhook, "secret_renewed", actor_id, now)


def switch_on(session: Session, webhook: Webhook, *, actor_id: int, now: datetime) -> None:
    webhook.active = True
    webhook.failing_since = webhook.failed_at = webhook.switched_off_at = None
    _note(session, webhook, "switched_on", actor_id, now)


def switch_off(session: Session, webhook: Webhook, *, actor_id: int | None, now: datetime) -> None:
    """What waits is given up. Without an actor it happened by itself."""
    webhook.active = False
    if actor_id is None:
        webhook.switched_off_at = now
    _give_up(session, webhook, OutboxState.WAITING)
    _note(session, webhook, "switched_off", actor_id, now)


def delete_webhook(session: Session, webhook: Webhook, *, actor_id: int, now: datetime) -> None:
    """What was delivered stays in the outbox; nothing more goes out, by a retry of what had failed neither.

    SQLite gives the number of the youngest webhook to the next one: its channel must find nothing to send.
    """
    _give_up(session, webhook, OutboxState.WAITING, OutboxState.FAILED)
    _note(session, webhook, "deleted", actor_id, now)
    session.delete(webhook)


def last_deliveries(session: Session, webhook: Webhook, *, limit: int = 30) -> Sequence[OutboxMessage]:
    """The newest first; not those of an earlier webhook that had the same number."""
    own = OutboxMessage.channel == webhook.channel, OutboxMessage.created_at >= webhook.created_at
    statement = select(OutboxMessage).where(*own)
    return session.scalars(statement.order_by(OutboxMessage.id.desc()).limit(limit)).all()


def _give_up(session: Session, webhook: Webhook, *states: OutboxState) -> None:
    left = (OutboxMessage.channel == webhook.channel, OutboxMessage.state.in_(states))
    session.execute(update(OutboxMessage).where(*left).values(state=OutboxState.REFUSED))


def _apply(webhook: Webhook, facts: HookFacts, *, private: bool) -> None:
    try:
        check_address(facts.address, private=private)
    except AddressUnfit as error:
        raise RuleViolation(str(error), facts.address) from error
    webhook.name, webhook.address, webhook.process_key = facts.name, facts.address, facts.process_key
    webhook.kinds = ",".join(kind.value for kind in HookKind if kind in facts.kinds)


def _new_secret() -> str:
    return SECRET_PREFIX + secrets.token_urlsafe(32)


def _note(session: Session, webhook: Webhook, what: str, actor_id: int | None, now: datetime) -> None:
    subject = f"api.webhook:{webhook.id}"
    audit.record(session, action=f"api.webhook.{what}", subject=subject, actor_id=actor_id, now=now)
