"""Incidents: steps that could not be carried out for a technical reason, and the trying again."""

import traceback
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, Session, mapped_column

from engine import case_data
from engine.persistence import Base
from engine.timers.due_rows import PlannedRow, add_rows
from engine.timers.models import DueKind

FIRST_RETRY = timedelta(minutes=1)
MAX_RETRIES = 6
MAX_ERROR = 4000


class Incident(Base):
    """A step that failed. A due row tries it again with back-off; resolved when it succeeds."""

    __tablename__ = "incident"

    id: Mapped[int] = mapped_column(primary_key=True)
    instance_id: Mapped[int | None] = mapped_column(ForeignKey("process_instance.id"), index=True)
    element: Mapped[str | None] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(40))  # which command failed: complete, offer, timer, send
    command: Mapped[str] = mapped_column(Text, default="")  # JSON that is enough to try again
    error: Mapped[str] = mapped_column(Text)
    attempts: Mapped[int] = mapped_column(default=1)
    opened_at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]


def open_incident(
    session: Session,
    *,
    kind: str,
    error: BaseException,
    command: Mapping[str, object],
    now: datetime,
    instance_id: int | None = None,
    element: str | None = None,
    retry: bool = True,
) -> Incident:
    """Write down what failed, and plan the first retry."""
    incident = Incident(
        instance_id=instance_id,
        element=element,
        kind=kind,
        command=case_data.dump(command),
        error=_describe(error),
        opened_at=now,
    )
    session.add(incident)
    session.flush()
    if retry:
        plan_retry(session, incident, now)
    return incident


def plan_retry(session: Session, incident: Incident, now: datetime) -> None:
    """Back-off doubles: 1, 2, 4 … minutes; after MAX_RETRIES somebody must look."""
    if incident.attempts > MAX_RETRIES:
        return
    at = now + FIRST_RETRY * 2 ** (incident.attempts - 1)
    add_rows(session, [PlannedRow(DueKind.RETRY, incident.id, at, "", f"retry:{incident.id}:{incident.attempts}")])


def note_failure(session: Session, incident: Incident, error: BaseException, now: datetime) -> None:
    """A retry failed again."""
    incident.attempts += 1
    incident.error = _describe(error)
    session.flush()
    plan_retry(session, incident, now)


def _describe(error: BaseException) -> str:
    return "".join(traceback.format_exception(error))[-MAX_ERROR:]
