"""Incidents: steps that could not be carried out for a technical reason, every attempt, and what became of them."""

import traceback
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from engine import case_data
from engine.errors import BusinessError, ElementFailed
from engine.instances.models import ProcessInstance
from engine.persistence import Base
from engine.timers.due_rows import PlannedRow, add_rows, cancel_rows
from engine.timers.models import DueKind

FIRST_RETRY = timedelta(minutes=1)
MAX_RETRIES = 6
MAX_ERROR = 4000
MAX_CAUSE = 200


class Resolution(StrEnum):
    """How an incident came to its end."""

    RETRIED = "retried"
    SKIPPED = "skipped"  # the element that failed was passed over
    GIVEN_UP = "given_up"
    OVERTAKEN = "overtaken"  # somebody had done the step, or the case was cancelled or began anew


class Incident(Base):
    """A step that failed. A due row tries it again with back-off; resolved when it succeeds or somebody gives it up.

    `element` is the step that was asked for, `failed_element` the one that broke down on the way from there.
    """

    __tablename__ = "incident"
    __table_args__ = (
        Index(
            "ix_incident_open",
            "id",
            sqlite_where=text("resolved_at IS NULL"),
            postgresql_where=text("resolved_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    instance_id: Mapped[int | None] = mapped_column(ForeignKey("process_instance.id"), index=True)
    process_key: Mapped[str | None] = mapped_column(String(120))
    element: Mapped[str | None] = mapped_column(String(120))
    failed_element: Mapped[str | None] = mapped_column(String(120))
    failed_path: Mapped[str] = mapped_column(String(400), default="")  # as engine.human_tasks.models writes paths
    kind: Mapped[str] = mapped_column(String(40))  # which command failed: complete, offer, skip, timer, send
    command: Mapped[str] = mapped_column(Text, default="")  # JSON that is enough to try again
    error: Mapped[str] = mapped_column(Text)
    cause: Mapped[str] = mapped_column(String(MAX_CAUSE), default="")  # "Type: message" of the newest error
    attempts: Mapped[int] = mapped_column(default=1)
    opened_at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]
    resolution: Mapped[Resolution | None]
    resolved_by: Mapped[int | None]
    resolved_because: Mapped[str | None] = mapped_column(String(500))


class IncidentAttempt(Base):
    """One attempt at a step that had failed, the first one included. Without an error it went through."""

    __tablename__ = "incident_attempt"
    __table_args__ = (UniqueConstraint("incident_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    incident_id: Mapped[int] = mapped_column(ForeignKey("incident.id"))
    number: Mapped[int]
    at: Mapped[datetime]
    actor_id: Mapped[int | None]  # None: by itself
    cause: Mapped[str] = mapped_column(String(MAX_CAUSE), default="")
    error: Mapped[str] = mapped_column(Text, default="")


def open_incident(
    session: Session,
    *,
    kind: str,
    error: BaseException,
    command: Mapping[str, object],
    now: datetime,
    instance_id: int | None = None,
    process_key: str | None = None,
    element: str | None = None,
    actor_id: int | None = None,
    attempts: int = 1,
    retry: bool = True,
) -> Incident:
    """Write down what failed, and plan the first retry."""
    if process_key is None and instance_id is not None:
        process_key = session.scalar(select(ProcessInstance.process_key).where(ProcessInstance.id == instance_id))
    incident = Incident(
        instance_id=instance_id,
        process_key=process_key,
        element=element,
        kind=kind,
        command=case_data.dump(command),
        attempts=attempts,
        opened_at=now,
    )
    _blame(incident, error)
    session.add(incident)
    session.flush()
    _record(session, incident, now, actor_id)
    if retry:
        plan_retry(session, incident, now)
    return incident


def plan_retry(session: Session, incident: Incident, now: datetime) -> None:
    """Back-off doubles: 1, 2, 4 … minutes; after MAX_RETRIES somebody must look."""
    if incident.attempts > MAX_RETRIES:
        return
    at = now + FIRST_RETRY * 2 ** (incident.attempts - 1)
    add_rows(session, [PlannedRow(DueKind.RETRY, incident.id, at, "", f"retry:{incident.id}:{incident.attempts}")])


def note_failure(
    session: Session, incident: Incident, error: BaseException, now: datetime, actor_id: int | None = None
) -> None:
    """A retry failed again."""
    incident.attempts += 1
    _blame(incident, error)
    session.flush()
    _record(session, incident, now, actor_id)
    cancel_rows(session, [incident.id], [DueKind.RETRY])  # a retry by hand comes before the one that was planned
    plan_retry(session, incident, now)


def resolve(
    session: Session,
    incident: Incident,
    resolution: Resolution,
    now: datetime,
    *,
    actor_id: int | None = None,
    because: str | None = None,
) -> None:
    """Nothing is left to try."""
    incident.resolved_at, incident.resolution = now, resolution
    incident.resolved_by, incident.resolved_because = actor_id, because
    if resolution in (Resolution.RETRIED, Resolution.SKIPPED):
        incident.attempts += 1
        session.add(IncidentAttempt(incident_id=incident.id, number=incident.attempts, at=now, actor_id=actor_id))
    session.flush()
    cancel_rows(session, [incident.id], [DueKind.RETRY])


def resolve_all_of(
    session: Session, instance_id: int, now: datetime, *, actor_id: int | None, because: str
) -> Sequence[Incident]:
    """The case was cancelled or began anew: what had failed in it is no matter any more. Returns those."""
    unresolved = select(Incident).where(Incident.instance_id == instance_id, Incident.resolved_at.is_(None))
    found = session.scalars(unresolved).all()
    for incident in found:
        resolve(session, incident, Resolution.OVERTAKEN, now, actor_id=actor_id, because=because)
    return found


def describe_cause(error: BaseException) -> str:
    """The error in one line, what it was wrapped in left out."""
    root = error.__cause__ if isinstance(error, ElementFailed) and error.__cause__ is not None else error
    said = str(root)
    if isinstance(root, BusinessError) and root.details:
        said += " (" + ", ".join(f"{name}={value}" for name, value in root.details.items()) + ")"
    return f"{type(root).__name__}: {said}"[:MAX_CAUSE]


def _blame(incident: Incident, error: BaseException) -> None:
    incident.error = "".join(traceback.format_exception(error))[-MAX_ERROR:]
    incident.cause = describe_cause(error)
    element = getattr(error, "element", None)
    incident.failed_element = element if isinstance(element, str) else None
    incident.failed_path = error.path if isinstance(error, ElementFailed) else ""


def _record(session: Session, incident: Incident, now: datetime, actor_id: int | None) -> None:
    session.add(
        IncidentAttempt(
            incident_id=incident.id,
            number=incident.attempts,
            at=now,
            actor_id=actor_id,
            cause=incident.cause,
            error=incident.error,
        )
    )
    session.flush()
