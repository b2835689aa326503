"""Tables of the core: the record of who did what."""

import json
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from engine.persistence import Base


class AuditEntry(Base):
    """One act. `subject` is the record as "<slice>.<record>:<id>"; `details` is a JSON object."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_subject_at", "subject", "at"),
        Index("ix_audit_entry_actor_at", "actor_id", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor_id: Mapped[int | None]
    action: Mapped[str] = mapped_column(String(80))
    subject: Mapped[str] = mapped_column(String(80))
    details: Mapped[str] = mapped_column(Text)

    @property
    def facts(self) -> Mapping[str, object]:
        """The details as they were given; dates and amounts as text."""
        found: Mapping[str, object] = json.loads(self.details)
        return found
