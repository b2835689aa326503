"""Tables of the studio."""

from datetime import datetime
from enum import StrEnum
from pathlib import PurePosixPath

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.persistence import Base


class DraftKind(StrEnum):
    PROCESS = "process"
    DECISION = "decision"
    FORM = "form"

    @property
    def suffix(self) -> str:
        """How files of this kind end."""
        return {"process": ".bpmn", "decision": ".dmn", "form": ".form"}[self.value]

    @classmethod
    def of_path(cls, path: str) -> "DraftKind | None":
        found = PurePosixPath(path).suffix.lower()
        return next((kind for kind in cls if kind.suffix == found), None)


class Draft(Base):
    """What somebody draws and has not published yet: one text for each file, worked at by one person at a time.

    `held_*`: the page that may save; it asks for more time while it is open. `rev` counts what was saved, so that a
    page which does not know the newest text cannot write over it.
    """

    __tablename__ = "studio_draft"
    __table_args__ = (UniqueConstraint("kind", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[DraftKind]
    key: Mapped[str] = mapped_column(String(120))  # of the process, the file of decisions or the form
    path: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    rev: Mapped[int] = mapped_column(default=1)
    base_version: Mapped[int | None]  # of what it was drawn; None: nothing was live
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    changed_at: Mapped[datetime]
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    held_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    held_token: Mapped[str | None] = mapped_column(String(64))
    held_until: Mapped[datetime | None]

    def held_at(self, now: datetime) -> bool:
        """Does a page have it at this moment?"""
        return self.held_token is not None and self.held_until is not None and self.held_until > now


class DraftAuthor(Base):
    """Who has ever saved a draft: none of them can be the second person who approves it."""

    __tablename__ = "studio_draft_author"

    draft_id: Mapped[int] = mapped_column(ForeignKey("studio_draft.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True)


class RunningScript(Base):
    """The test run that a person is in the middle of, by process: it survives a reload, and it is nobody else's."""

    __tablename__ = "studio_test_run"
    __table_args__ = (UniqueConstraint("person_id", "process_key", "draft_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    process_key: Mapped[str] = mapped_column(String(120))
    draft_id: Mapped[int]  # 0: the live version
    script: Mapped[str] = mapped_column(Text)  # as engine.sandbox writes it
    changed_at: Mapped[datetime]


class RecordedCase(Base):
    """A test run that was saved: publishing replays it. `script` and `expected` are as engine.sandbox writes them."""

    __tablename__ = "studio_test_case"
    __table_args__ = (UniqueConstraint("process_key", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    process_key: Mapped[str] = mapped_column(String(120))
    name: Mapped[str] = mapped_column(String(120))
    script: Mapped[str] = mapped_column(Text)
    expected: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    changed_at: Mapped[datetime]
