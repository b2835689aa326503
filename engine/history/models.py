"""The log: append-only, totally ordered by `seq`, and the only source of the funnel; and the seals over logs."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
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


class LogSeal(Base):
    """The next rows of a log under one keyed hash, which also covers the seal before it. Numbers have no gap.

    `ids` and `marks` are what was sealed, row by row; `gone` says which of the rows were since replaced by a digest,
    under a keyed hash of its own (engine.history.sealed_rows knows the shapes).
    """

    __tablename__ = "log_seal"
    __table_args__ = (Index("ix_log_seal_log", "log", "last"),)

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    log: Mapped[str] = mapped_column(String(40))
    first: Mapped[int]
    last: Mapped[int]
    rows: Mapped[int]
    total: Mapped[int]  # rows under this seal and all before it
    at: Mapped[datetime]
    ids: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    marks: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    key_name: Mapped[str] = mapped_column(String(16))
    previous: Mapped[str] = mapped_column(String(64))  # hash of the seal before; empty in the first
    hash: Mapped[str] = mapped_column(String(64))
    gone: Mapped[bytes] = mapped_column(LargeBinary, default=b"", deferred=True)
    gone_hash: Mapped[str] = mapped_column(String(64), default="")


class LogMark(Base):
    """How far a log may be sealed once the writers that were at work then have ended (PostgreSQL)."""

    __tablename__ = "log_mark"

    log: Mapped[str] = mapped_column(String(40), primary_key=True)
    upto: Mapped[int]
    writers: Mapped[str] = mapped_column(Text)


class LogVerification(Base):
    """What the last whole verification of the seals found. One row."""

    __tablename__ = "log_verification"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    seals: Mapped[int]
    rows: Mapped[int]
    findings: Mapped[int]
