"""Tables of the control board: which cases a head has looked at, and what the log says that he should look at.

Deviations and escalations are folds of the log (webapp.control.following): they can be built anew from it at any time.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.history.recording import Deviation
from engine.persistence import Base


class ControlCheck(Base):
    """A head has looked at a case, and perhaps said what to do (specification §1.6)."""

    __tablename__ = "control_check"
    __table_args__ = (
        Index("ix_control_check_instance_at", "instance_id", "at"),
        Index("ix_control_check_at", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    instance_id: Mapped[int] = mapped_column(ForeignKey("process_instance.id"))
    checked_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime]
    instruction: Mapped[str] = mapped_column(Text, default="")


class LoggedDeviation(Base):
    """An event of the log by which a case left its guided path. `seen_at`: a head has looked at it."""

    __tablename__ = "control_deviation"
    __table_args__ = (
        Index(
            "ix_control_deviation_open",
            "at",
            "person_id",
            sqlite_where=text("seen_at IS NULL"),
            postgresql_where=text("seen_at IS NULL"),
        ),
    )

    seq: Mapped[int] = mapped_column(ForeignKey("history_event.seq"), primary_key=True)
    instance_id: Mapped[int] = mapped_column(ForeignKey("process_instance.id"), index=True)
    kind: Mapped[Deviation]
    person_id: Mapped[int | None]  # who left the path
    at: Mapped[datetime]
    seen_by: Mapped[int | None]
    seen_at: Mapped[datetime | None]


class LoggedEscalation(Base):
    """An escalation and one person whom it reached. It is open while its step is, and until somebody answers."""

    __tablename__ = "control_escalation"
    __table_args__ = (
        Index(
            "ix_control_escalation_open",
            "recipient_id",
            sqlite_where=text("answered_at IS NULL"),
            postgresql_where=text("answered_at IS NULL"),
        ),
    )

    seq: Mapped[int] = mapped_column(ForeignKey("history_event.seq"), primary_key=True)
    recipient_id: Mapped[int] = mapped_column(primary_key=True)
    instance_id: Mapped[int] = mapped_column(ForeignKey("process_instance.id"))
    task_id: Mapped[int] = mapped_column(ForeignKey("human_task.id"))
    at: Mapped[datetime]
    answered_by: Mapped[int | None]
    answered_at: Mapped[datetime | None]
