"""Tables of what must happen at a time: due rows, and the working calendars that decide when."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.persistence import Base


class DueKind(StrEnum):
    BPMN_TIMER = "bpmn_timer"  # ref: process instance
    REMINDER = "reminder"  # ref: human task
    ESCALATION = "escalation"  # ref: human task
    WAKE = "wake"  # ref: human task that was postponed
    RETRY = "retry"  # ref: incident
    MESSAGE = "message"  # ref: kept message
    START = "start"  # ref: process definition


class DueState(StrEnum):
    WAITING = "waiting"
    FAILED = "failed"  # gave up after the attempts; an incident tells why


class DueRow(Base):
    """One moment that waits. The row is deleted in the transaction that carries out its effect."""

    __tablename__ = "due_row"
    __table_args__ = (
        Index(
            "ix_due_row_waiting",
            "next_at",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
        Index(
            "ix_due_row_troubled",
            "state",
            sqlite_where=text("attempts > 0"),
            postgresql_where=text("attempts > 0"),
        ),
        Index("ix_due_row_ref", "ref", "kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[DueKind]
    ref: Mapped[int]
    due_at: Mapped[datetime]
    next_at: Mapped[datetime]  # due_at at first, later after a failed attempt
    detail: Mapped[str] = mapped_column(Text, default="")  # element guid of a timer, target of an escalation
    state: Mapped[DueState] = mapped_column(default=DueState.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None] = mapped_column(Text)
    dedupe: Mapped[str] = mapped_column(String(160), unique=True)


class WorkingCalendarRow(Base):
    """A working calendar (engine.timers.calendars) as JSON: of one scope, or of all that have none of their own."""

    __tablename__ = "working_calendar"
    __table_args__ = (
        UniqueConstraint("name", "scope_id"),
        Index(
            "uq_working_calendar_default",
            "name",
            unique=True,
            sqlite_where=text("scope_id IS NULL"),
            postgresql_where=text("scope_id IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    scope_id: Mapped[int | None]
    zone: Mapped[str] = mapped_column(String(60))
    hours: Mapped[str] = mapped_column(Text)  # {"0": [["09:00", "21:00"]], …}, 0 = Monday
    closed: Mapped[str] = mapped_column(Text, default="[]")  # ["2026-01-01", …]
    special: Mapped[str] = mapped_column(Text, default="{}")  # {"2026-12-31": [["09:00", "15:00"]]}
