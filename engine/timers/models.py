"""Due rows: everything that must happen at a time, and nothing else that knows it."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.persistence import Base


class DueKind(StrEnum):
    BPMN_TIMER = "bpmn_timer"  # ref: process instance
    REMINDER = "reminder"  # ref: human task
    ESCALATION = "escalation"  # ref: human task
    WAKE = "wake"  # ref: human task that was postponed
    RETRY = "retry"  # ref: incident


class DueState(StrEnum):
    WAITING = "waiting"
    FAILED = "failed"  # gave up after the attempts; an incident tells why


class DueRow(Base):
    """One moment that waits. The row is deleted in the transaction that carries out its effect."""

    __tablename__ = "due_row"
    __table_args__ = (
        Index(
            "ix_due_row_waiting",
            "due_at",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
        Index("ix_due_row_ref", "ref", "kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[DueKind]
    ref: Mapped[int]
    due_at: Mapped[datetime]
    detail: Mapped[str] = mapped_column(Text, default="")  # element guid of a timer, target of an escalation
    state: Mapped[DueState] = mapped_column(default=DueState.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None] = mapped_column(Text)
    dedupe: Mapped[str] = mapped_column(String(160), unique=True)
