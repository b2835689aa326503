"""What is folded from the log about steps and ways, and how far the log is folded.

Only `engine.analytics.following` writes these tables.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.analytics.fold import End
from engine.persistence import Base


class ElementVisit(Base):
    """A case at a step. Times are whole seconds; `…_open` is the part of them in working hours.

    None of a time: it does not apply (nobody ever waited for somebody to take it, or nobody ever had it), or the
    step is still open. `…_bin`: where the time stands in a histogram (engine.analytics.histogram).
    """

    __tablename__ = "element_visit"
    __table_args__ = (
        Index("ix_element_visit_ended", "process_key", "ended_at"),
        Index("ix_element_visit_entered", "process_key", "entered_at"),
        Index("ix_element_visit_owner", "owner_id", "process_key"),
        Index("ix_element_visit_person", "person_id", "process_key"),
        Index(
            "ix_element_visit_open",
            "process_key",
            "element",
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    task_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    instance_id: Mapped[int] = mapped_column(ForeignKey("process_instance.id"), index=True)
    process_key: Mapped[str] = mapped_column(String(120))
    definition_id: Mapped[int] = mapped_column(ForeignKey("process_definition.id"))
    element: Mapped[str] = mapped_column(String(120))
    round: Mapped[int]
    scope_id: Mapped[int | None]
    owner_id: Mapped[int | None]
    person_id: Mapped[int | None]
    entered_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended: Mapped[End | None]
    waiting: Mapped[int | None]
    working: Mapped[int | None]
    asleep: Mapped[int | None]
    waiting_open: Mapped[int | None]
    working_open: Mapped[int | None]
    waiting_bin: Mapped[int | None]
    working_bin: Mapped[int | None]
    waiting_open_bin: Mapped[int | None]
    working_open_bin: Mapped[int | None]
    overdue: Mapped[bool]
    dropped: Mapped[bool]
    migrated: Mapped[bool]
    deviations: Mapped[int]


class CasePath(Base):
    """The way of a case. `variant` is the digest of `steps`, the ids of the steps done, one a line; once it is closed.

    A reopened case is open again and closes with all its steps.
    """

    __tablename__ = "case_path"
    __table_args__ = (
        Index("ix_case_path_opened", "process_key", "opened_at", "closed_at"),
        Index("ix_case_path_closed", "process_key", "closed_at", "variant", "outcome", "lasted"),
    )

    instance_id: Mapped[int] = mapped_column(ForeignKey("process_instance.id"), primary_key=True, autoincrement=False)
    process_key: Mapped[str] = mapped_column(String(120))
    definition_id: Mapped[int] = mapped_column(ForeignKey("process_definition.id"))
    scope_id: Mapped[int | None]
    owner_id: Mapped[int | None]
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(60))
    lasted: Mapped[int | None]  # seconds
    variant: Mapped[str | None] = mapped_column(String(16))
    steps: Mapped[str] = mapped_column(Text, default="")


class ElementDigest(Base):
    """The visits of one step, month (in UTC), version and centre, added up: what answers for many months at once.

    `entered` and `again` count what began in the month, all others what ended in it. The histograms are
    integers (engine.analytics.histogram). `key` joins what the row is about.
    """

    __tablename__ = "element_digest"
    __table_args__ = (Index("ix_element_digest_process", "process_key", "month"),)

    key: Mapped[str] = mapped_column(String(320), primary_key=True)
    process_key: Mapped[str] = mapped_column(String(120))
    definition_id: Mapped[int] = mapped_column(ForeignKey("process_definition.id"))
    element: Mapped[str] = mapped_column(String(120))
    month: Mapped[int]  # year × 12 + month − 1
    scope_id: Mapped[int | None]
    entered: Mapped[int]
    again: Mapped[int]
    done: Mapped[int]
    skipped: Mapped[int]
    offered: Mapped[int]  # left by a button
    cancelled: Mapped[int]
    moved: Mapped[int]
    withdrawn: Mapped[int]  # by another version
    due: Mapped[int]
    overdue: Mapped[int]
    dropped: Mapped[int]
    migrated: Mapped[int]
    deviations: Mapped[int]
    waiting: Mapped[bytes] = mapped_column(LargeBinary)
    working: Mapped[bytes] = mapped_column(LargeBinary)
    waiting_open: Mapped[bytes] = mapped_column(LargeBinary)
    working_open: Mapped[bytes] = mapped_column(LargeBinary)


class AnalyticsProgress(Base):
    """One row: how far the log is folded.

    Events up to `seq` are folded for good, those up to `seen` as far as they were visible then; `counted` of
    them were read. `mark_…`: what may become final once the transactions of that moment have ended.
    `built_to`: while all cases are folded anew, the last one that is; empty: that is done.
    """

    __tablename__ = "analytics_progress"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int]
    seen: Mapped[int]
    counted: Mapped[int]
    mark_seq: Mapped[int | None]
    mark_counted: Mapped[int | None]
    mark_horizon: Mapped[int | None]
    built_to: Mapped[int | None]
    cases: Mapped[int]  # how many a rebuild has to go through
