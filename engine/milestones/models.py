"""Episodes and their milestones: the fold of the log, kept up to date in the step's transaction.

Only `engine.milestones.episodes` writes these tables.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.persistence import Base


class Episode(Base):
    """One run of a case from opening (or reopening) to its outcome."""

    __tablename__ = "episode"
    __table_args__ = (
        UniqueConstraint("instance_id", "number"),
        # All that the bars are counted from, so that they are counted without reading the table.
        Index(
            "ix_episode_cohort",
            "process_key",
            "opened_at",
            "highest_rank",
            "outcome",
            "last_milestone",
            "owner_id",
            "scope_id",
        ),
        # where an open case stands: the columns of a board
        Index(
            "ix_episode_open",
            "process_key",
            "last_milestone",
            "instance_id",
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    instance_id: Mapped[int] = mapped_column(ForeignKey("process_instance.id"))
    process_key: Mapped[str] = mapped_column(String(120))
    number: Mapped[int]
    opened_at: Mapped[datetime]
    opened_seq: Mapped[int]
    closed_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(60))
    highest_rank: Mapped[int] = mapped_column(default=0)  # 0: no mandatory milestone yet
    last_milestone: Mapped[str | None] = mapped_column(String(60))
    scope_id: Mapped[int | None]
    owner_id: Mapped[int | None]


class EpisodeMilestone(Base):
    """First entry into a milestone, and how often it was entered."""

    __tablename__ = "episode_milestone"
    __table_args__ = (
        Index("ix_episode_milestone_date", "milestone", "first_at"),
        {"sqlite_with_rowid": False},  # rows lie in the order of their episode
    )

    episode_id: Mapped[int] = mapped_column(ForeignKey("episode.id"), primary_key=True)
    milestone: Mapped[str] = mapped_column(String(60), primary_key=True)
    first_at: Mapped[datetime]
    first_seq: Mapped[int]
    count: Mapped[int]
    scope_id: Mapped[int | None]  # as they were at that moment
    owner_id: Mapped[int | None]


class EpisodeDimension(Base):
    """A declared dimension of an episode, such as source or brand, for filters and GROUP BY."""

    __tablename__ = "episode_dimension"
    __table_args__ = (
        Index("ix_episode_dimension_value", "name", "value", "episode_id"),
        {"sqlite_with_rowid": False},
    )

    episode_id: Mapped[int] = mapped_column(ForeignKey("episode.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    value: Mapped[str] = mapped_column(String(120))
