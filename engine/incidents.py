"""Incidents: steps that could not be carried out for a technical reason."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from engine.persistence import Base


class Incident(Base):
    """A step that failed. Retried on its own with back-off while `next_attempt` rows wait; closed when it succeeds."""

    __tablename__ = "incident"

    id: Mapped[int] = mapped_column(primary_key=True)
    instance_id: Mapped[int | None] = mapped_column(ForeignKey("process_instance.id"), index=True)
    element: Mapped[str | None] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(40))  # which command failed: complete, offer, timer, message, send
    command: Mapped[str] = mapped_column(Text, default="")  # JSON that is enough to try again
    error: Mapped[str] = mapped_column(Text)
    attempts: Mapped[int] = mapped_column(default=1)
    opened_at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]
