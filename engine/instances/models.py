"""Tables of running and ended cases: one row of opaque state each, beside its case document."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.persistence import Base

NOT_DUE: Final = datetime(9999, 1, 1, tzinfo=UTC)  # stands behind every moment, so that cases can be compared


class InstanceStatus(StrEnum):
    ACTIVE = "active"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class ProcessInstance(Base):
    """One case. `state` is the engine's own and is only ever replaced whole, guarded by `rev`."""

    __tablename__ = "process_instance"
    __table_args__ = (
        Index("ix_process_instance_open", "process_key", "scope_id", "owner_id", "status"),
        Index("ix_process_instance_definition", "definition_id", "status"),
        Index(
            "ix_process_instance_active",  # what a head looks at: open cases by who is responsible, whatever is closed
            "owner_id",
            "scope_id",
            sqlite_where=text("status = 'active'"),
            postgresql_where=text("status = 'active'"),
        ),
        Index(
            "ix_process_instance_due",  # the first page of a list is read from it, however long the list is
            "due_at",
            "id",
            sqlite_where=text("status = 'active'"),
            postgresql_where=text("status = 'active'"),
        ),
        Index("ix_process_instance_started", "started_at", "id"),
        Index("ix_process_instance_owner", "owner_id", "started_at", "id"),
        Index("ix_process_instance_ended", "process_key", "ended_at", "id"),  # the last columns of a board
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    definition_id: Mapped[int] = mapped_column(ForeignKey("process_definition.id"))
    process_key: Mapped[str] = mapped_column(String(120))
    business_key: Mapped[str] = mapped_column(String(120), index=True)
    scope_id: Mapped[int | None]
    owner_id: Mapped[int | None]
    status: Mapped[InstanceStatus] = mapped_column(default=InstanceStatus.ACTIVE)
    rev: Mapped[int] = mapped_column(default=0)
    state: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    due_at: Mapped[datetime] = mapped_column(default=NOT_DUE)  # of the most pressing open step, else NOT_DUE


class CaseData(Base):
    """The case document: what people entered and operations returned, by element id (engine.case_data)."""

    __tablename__ = "case_data"

    instance_id: Mapped[int] = mapped_column(ForeignKey("process_instance.id"), primary_key=True)
    document: Mapped[str] = mapped_column(Text)


class Command(Base):
    """A command that was accepted, with its first answer: the guard against doing it twice."""

    __tablename__ = "command"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    actor_id: Mapped[int | None]
    at: Mapped[datetime]
    result: Mapped[str] = mapped_column(Text)
