"""Files that people handed in: what they are and which case they belong to. Their bytes lie in a folder."""

from datetime import datetime

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.human_tasks.form_values import FoundFile
from engine.persistence import Base


class StoredFile(Base):
    """A file of a case. Its bytes are kept once under their SHA-256, whatever case they belong to.

    `kept`: an accepted form names it. Others are removed some days after the last draft has let them go.
    """

    __tablename__ = "stored_file"
    __table_args__ = (UniqueConstraint("instance_id", "sha256"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    instance_id: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    type: Mapped[str] = mapped_column(String(100))
    ending: Mapped[str] = mapped_column(String(10))
    size: Mapped[int]  # bytes
    actor_id: Mapped[int]
    at: Mapped[datetime] = mapped_column(index=True)
    kept: Mapped[bool]

    @property
    def found(self) -> FoundFile:
        return FoundFile(self.sha256, self.name, self.type, self.size, self.ending)


class RecordFile(Base):
    """A file that is kept with a record which is no case, such as a signed sheet: nobody throws it away.

    `subject` is the record as "<slice>.<record>:<id>"; who may see that may see the file.
    """

    __tablename__ = "record_file"
    __table_args__ = (UniqueConstraint("subject", "sha256"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(80))
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    name: Mapped[str] = mapped_column(String(200))
    type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]  # bytes
    actor_id: Mapped[int | None]
    at: Mapped[datetime]
