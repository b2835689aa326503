"""Message subscriptions: who waits for which message, in our own table (exactly one consumer)."""

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
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
