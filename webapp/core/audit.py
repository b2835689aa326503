"""Who did what: one row for each act that somebody may ask about later.

Actions are called `<slice>.<record>.<past participle>`, e.g. "staff.user.blocked".
"""

import json
import re
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, Session, mapped_column

from engine.persistence import Base

ACTION = re.compile(r"[a-z_]+(\.[a-z_]+){2}")


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
        found: Mapping[str, object] = json.loads(self.details)
        return found


def record(
    session: Session, *, action: str, subject: str, actor_id: int | None, now: datetime, **details: object
) -> AuditEntry:
    """Write the act into the transaction it belongs to. `actor_id` empty: the system itself."""
    if not ACTION.fullmatch(action):
        raise ValueError(f"not an audit action: {action!r}")
    entry = AuditEntry(
        at=now,
        actor_id=actor_id,
        action=action,
        subject=subject,
        details=json.dumps(details, ensure_ascii=False, default=str),
    )
    session.add(entry)
    return entry
