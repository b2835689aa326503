"""Tables of migrations: what was planned for which two versions, and what became of each case."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from engine.persistence import Base


class MigrationState(StrEnum):
    """How far a migration has come. A batch is one transaction; in between the state says what the next one does."""

    CHECKING = "checking"
    CHECKED = "checked"
    APPLYING = "applying"
    APPLIED = "applied"
    STOPPED = "stopped"  # by hand, with some cases moved and others not
    UNDOING = "undoing"
    UNDONE = "undone"

    @property
    def goes_on(self) -> bool:
        """Is there another batch to come?"""
        return self in {MigrationState.CHECKING, MigrationState.APPLYING, MigrationState.UNDOING}


class CaseStage(StrEnum):
    """What is known of one case of a migration, or was done with it."""

    WAITING = "waiting"  # not looked at yet
    SAFE = "safe"
    UNMAPPED = "unmapped"  # it stands at an element for which the mapping names none
    BLOCKED = "blocked"
    MOVED = "moved"
    FAILED = "failed"  # it seemed safe, and something broke when it was moved; nothing of it was written
    GONE = "gone"  # closed, or in another version, when its turn came
    UNDONE = "undone"
    KEPT = "kept"  # the undo could not take it back


class Migration(Base):
    """One taking over of the cases of one version to another. `mapping`: JSON, process -> old id -> new id."""

    __tablename__ = "migration"

    id: Mapped[int] = mapped_column(primary_key=True)
    process_key: Mapped[str] = mapped_column(String(120), index=True)
    from_id: Mapped[int] = mapped_column(ForeignKey("process_definition.id"))
    to_id: Mapped[int] = mapped_column(ForeignKey("process_definition.id"))
    mapping: Mapped[str] = mapped_column(Text, default="{}")
    note: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[MigrationState]
    actor_id: Mapped[int | None]
    created_at: Mapped[datetime]
    applied_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]


class MigratedCase(Base):
    """A case of a migration. `code`, `process`, `element`, `target`: the first obstacle.

    While an undo is possible `state`, `document` and `rows` keep what the case was before, and `rev` the revision that
    it must still have to be put back as it was.
    """

    __tablename__ = "migrated_case"
    __table_args__ = (Index("ix_migrated_case_stage", "migration_id", "stage", "instance_id"),)

    migration_id: Mapped[int] = mapped_column(ForeignKey("migration.id"), primary_key=True)
    instance_id: Mapped[int] = mapped_column(ForeignKey("process_instance.id"), primary_key=True)
    stage: Mapped[CaseStage]
    code: Mapped[str] = mapped_column(String(40), default="")
    process: Mapped[str] = mapped_column(String(120), default="")
    element: Mapped[str] = mapped_column(String(120), default="")
    target: Mapped[str] = mapped_column(String(120), default="")
    error: Mapped[str | None] = mapped_column(Text)
    rev: Mapped[int | None]
    state: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    document: Mapped[str | None] = mapped_column(Text, deferred=True)
    rows: Mapped[str | None] = mapped_column(Text, deferred=True)
