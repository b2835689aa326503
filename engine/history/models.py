"""The log: append-only, totally ordered by `seq`, and the only source of the funnel."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.persistence import Base


class HistoryEvent(Base):
    """Something that happened in a case. `kind` is one of `engine.history.recording.EventKind`."""

    __tablename__ = "history_event"
    __table_args__ = (
        UniqueConstraint("command_key", "ordinal"),
        Index("ix_history_event_instance", "instance_id", "seq"),
    )

    seq: Mapped[int] = mapped_column(primary_key=True)
    instance_id: Mapped[int] = mapped_column(ForeignKey("process_instance.id"))
    definition_id: Mapped[int] = mapped_column(ForeignKey("process_definition.id"))
    kind: Mapped[str] = mapped_column(String(40))
    element: Mapped[str | None] = mapped_column(String(120))
    actor_id: Mapped[int | None]
    at: Mapped[datetime]
    milestone: Mapped[str | None] = mapped_column(String(60))
    payload: Mapped[str] = mapped_column(Text, default="")  # JSON as engine.case_data writes it
    command_key: Mapped[str] = mapped_column(String(64))
    ordinal: Mapped[int]
