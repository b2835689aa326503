"""Tables of the API: personal tokens, answers that a repeated request gets again, subscriptions of webhooks."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from engine.persistence import Base
from webapp.staff.models import User


class ApiToken(Base):
    """A key by which a program acts as this person. Only its hash is kept; `hint` is how it begins."""

    __tablename__ = "api_token"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)  # SHA-256, hex
    hint: Mapped[str] = mapped_column(String(12))
    read_only: Mapped[bool]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]  # to some minutes
    revoked_at: Mapped[datetime | None]

    user: Mapped[User] = relationship(lazy="joined")

    def is_valid(self, now: datetime) -> bool:
        """Whether it still opens anything: not revoked, not run out, its owner not blocked."""
        return self.revoked_at is None and not self.has_expired(now) and self.user.active

    def has_expired(self, now: datetime) -> bool:
        return self.expires_at is not None and self.expires_at <= now


class StoredAnswer(Base):
    """What a request with an idempotency key was answered: ids and codes, no personal data."""

    __tablename__ = "api_answer"

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True)
    key_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))  # of the request: another one may not have the same key
    status: Mapped[int]
    body: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(index=True)


class HookKind(StrEnum):
    """What a webhook can be told of."""

    TASK_CREATED = "task.created"
    TASK_COMPLETED = "task.completed"
    CASE_OPENED = "case.opened"
    CASE_CLOSED = "case.closed"
    MILESTONE_ENTERED = "milestone.entered"
    INQUIRY_RECEIVED = "inquiry.received"
    INCIDENT_OPENED = "incident.opened"


class Webhook(Base):
    """An address outside that is told of some kinds of events, of one process or of all.

    The former secret signs beside the present one until `former_until`, so that a receiver can change over.
    """

    __tablename__ = "webhook"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    address: Mapped[str] = mapped_column(String(254))
    kinds: Mapped[str] = mapped_column(Text)  # values of HookKind, joined by commas
    process_key: Mapped[str] = mapped_column(String(120), default="")
    secret: Mapped[str] = mapped_column(String(80))
    former_secret: Mapped[str] = mapped_column(String(80), default="")
    former_until: Mapped[datetime | None]
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    failing_since: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]  # the last time
    switched_off_at: Mapped[datetime | None]  # by itself, after days of failures

    @property
    def channel(self) -> str:
        """Its channel of the outbox: one whose receiver is down holds up no other."""
        return f"webhook:{self.id}"  # see delivering.CHANNELS

    @property
    def told_of(self) -> frozenset[HookKind]:
        return frozenset(HookKind(each) for each in self.kinds.split(",") if each)
