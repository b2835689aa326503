"""The table of human tasks: the diary of everybody, written in the transaction of the step."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.persistence import Base


def path_of(stored: str) -> tuple[str, ...]:
    """The column `path` as ids, the outermost first; empty for a task that stands in the process itself."""
    return tuple(stored.split("/")) if stored else ()


def stored_path(path: Iterable[str]) -> str:
    """The same the other way round."""
    return "/".join(path)


class TaskState(StrEnum):
    OPEN = "open"
    COMPLETED = "completed"
    SKIPPED = "skipped"
    CANCELLED = "cancelled"


class HumanTask(Base):
    """One step that waits for a person. `assignee_id` empty: everybody of the role in the scope may claim it."""

    __tablename__ = "human_task"
    __table_args__ = (
        UniqueConstraint("instance_id", "task_guid"),
        Index(
            "ix_human_task_assignee_due",
            "assignee_id",
            "due_at",
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        Index(
            "ix_human_task_completed",  # what was done today, or in the last month
            "completed_at",
            "completed_by",
            "state",
            "due_at",
            "instance_id",
            sqlite_where=text("completed_at IS NOT NULL"),
            postgresql_where=text("completed_at IS NOT NULL"),
        ),
        Index(
            "ix_human_task_open_due",  # when a case is due, read from the index alone
            "instance_id",
            "due_at",
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        Index("ix_human_task_role_instance", "candidate_role", "instance_id", "scope_id"),  # what a role was ever asked
        Index(
            "ix_human_task_role_due",  # what is free for a role
            "candidate_role",
            "scope_id",
            "due_at",
            sqlite_where=text("state = 'open' AND assignee_id IS NULL"),
            postgresql_where=text("state = 'open' AND assignee_id IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    instance_id: Mapped[int] = mapped_column(ForeignKey("process_instance.id"))
    task_guid: Mapped[str] = mapped_column(String(32))
    element: Mapped[str] = mapped_column(String(120))
    path: Mapped[str] = mapped_column(String(400), default="")  # enclosing sub-processes and calls, joined by "/"
    form: Mapped[str] = mapped_column(String(120))
    candidate_role: Mapped[str] = mapped_column(String(60))
    assignee_id: Mapped[int | None]
    scope_id: Mapped[int | None]
    priority: Mapped[int] = mapped_column(default=50)
    state: Mapped[TaskState] = mapped_column(default=TaskState.OPEN)
    created_at: Mapped[datetime]
    claimed_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    sleeps_until: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    completed_by: Mapped[int | None]
    outcome: Mapped[str | None] = mapped_column(String(60))


class TaskDraft(Base):
    """What a person has typed and not yet submitted, on the step or on a form it offers; gone when the task is closed.

    `form`: the key of the step's form, or the id of the offered boundary event.
    """

    __tablename__ = "task_draft"

    task_id: Mapped[int] = mapped_column(ForeignKey("human_task.id"), primary_key=True)
    actor_id: Mapped[int] = mapped_column(primary_key=True)
    form: Mapped[str] = mapped_column(String(120), primary_key=True)
    values: Mapped[str] = mapped_column(Text)
    saved_at: Mapped[datetime]
