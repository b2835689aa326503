"""Tables of the diary: notifications, what a person wants to hear of, and his calendar feed."""

from datetime import datetime, time
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, Time, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.persistence import Base


class NotificationKind(StrEnum):
    """What a person can be told, and can refuse to be told, each for itself."""

    ASSIGNED = "assigned"  # a task is his now, or free for his role and pressing
    REMINDER = "reminder"
    ESCALATION = "escalation"  # somebody else's task is late, and he is the one above
    DELEGATED = "delegated"  # a colleague has handed him a task
    WOKEN = "woken"  # a postponed task is back
    INCIDENT = "incident"
    PROCESS = "process"  # a drawing waits for a second look, or has got it


class Notification(Base):
    """One thing a person is told, written in the transaction in which it happened.

    The sentence is made when it is read, in the reader's language: `code` names it, `params` is the JSON
    of what fills its gaps (ids and moments, never names: they are looked up).
    """

    __tablename__ = "notification"
    __table_args__ = (
        Index("ix_notification_user", "user_id", "id"),
        Index(
            "ix_notification_unread",
            "user_id",
            sqlite_where=text("read_at IS NULL"),
            postgresql_where=text("read_at IS NULL"),
        ),
        Index(
            "ix_notification_unmailed",
            "user_id",
            "id",
            sqlite_where=text("mailed_at IS NULL AND read_at IS NULL"),
            postgresql_where=text("mailed_at IS NULL AND read_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"))
    kind: Mapped[NotificationKind]
    instance_id: Mapped[int | None] = mapped_column(ForeignKey("process_instance.id"))
    task_id: Mapped[int | None] = mapped_column(ForeignKey("human_task.id"))
    code: Mapped[str] = mapped_column(String(40))
    params: Mapped[str] = mapped_column(Text, default="{}")
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    mailed_at: Mapped[datetime | None]  # all that went in one mail share the moment


class NotificationPreference(Base):
    """How a person wants to be told. Who has no row gets the defaults of `preferences_of`."""

    __tablename__ = "notification_preference"

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True)
    mail: Mapped[bool] = mapped_column(default=True)
    quiet_from: Mapped[time] = mapped_column(Time)
    quiet_until: Mapped[time] = mapped_column(Time)
    muted: Mapped[str] = mapped_column(Text, default="")  # kinds, joined by commas: neither bell nor mail


class CalendarFeed(Base):
    """The secret link under which a person's calendar programme reads his tasks. Only its hash is kept."""

    __tablename__ = "calendar_feed"

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)  # SHA-256, hex
    with_names: Mapped[bool] = mapped_column(default=False)  # customers' names leave the system only if he wishes
    renewed_at: Mapped[datetime]
