"""Messages in our own tables: who waits for which (exactly one consumer), and which wait for somebody."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.persistence import Base


class MessageSubscription(Base):
    """An element of a case that waits for a message with this correlation key."""

    __tablename__ = "message_subscription"
    __table_args__ = (
        UniqueConstraint("instance_id", "task_guid"),
        Index("ix_message_subscription_route", "message", "correlation_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    instance_id: Mapped[int] = mapped_column(ForeignKey("process_instance.id"))
    task_guid: Mapped[str] = mapped_column(String(32))
    element: Mapped[str] = mapped_column(String(120))
    message: Mapped[str] = mapped_column(String(120))
    correlation_key: Mapped[str] = mapped_column(String(200))


class KeptMessage(Base):
    """A message that came before anybody waited for it. `payload`: JSON as of the case document."""

    __tablename__ = "kept_message"
    __table_args__ = (Index("ix_kept_message_route", "message", "correlation_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    message: Mapped[str] = mapped_column(String(120))
    correlation_key: Mapped[str] = mapped_column(String(200))
    payload: Mapped[str] = mapped_column(Text)
    actor_id: Mapped[int | None]
    scope_id: Mapped[int | None]  # of the case that it may begin
    owner_id: Mapped[int | None]
    sent_at: Mapped[datetime]
    expires_at: Mapped[datetime]
