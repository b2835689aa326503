"""Incidents: steps that failed for a technical reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.incidents import Incident
from engine.instances.models import ProcessInstance
from webapp.control.figures import Reach
from webapp.control.queries import LIMIT
from webapp.core.errors import NotFound
from webapp.core.steps import step_name
from webapp.core.workflow import describe_cases


@dataclass(frozen=True)
class IncidentRow:
    """A step that failed for a technical reason."""

    id: int
    instance_id: int | None
    customer: str
    step: str
    kind: str
    error: str  # the last line of the traceback
    attempts: int
    opened_at: datetime
    resolved_at: datetime | None


def find_incidents(session: Session, reach: Reach, *, resolved: bool = False) -> list[IncidentRow]:
    """Incidents in reach, the newest first. Those of no case are for who sees the whole group."""
    statement = (
        select(Incident, ProcessInstance.business_key, ProcessInstance.definition_id)
        .outerjoin(ProcessInstance, ProcessInstance.id == Incident.instance_id)
        .where(Incident.resolved_at.is_not(None) if resolved else Incident.resolved_at.is_(None))
        .order_by(Incident.id.desc())
        .limit(LIMIT)
    )
    found = session.execute(reach.limit(statement)).all()
    labels = describe_cases(session, {row.business_key for row in found if row.business_key})
    return [_incident_row(session, row, labels) for row in found]


def _incident_row(session: Session, row: Any, labels: Mapping[str, Any]) -> IncidentRow:
    incident: Incident = row.Incident
    lines = incident.error.strip().splitlines() or [""]
    name = ""
    if incident.element and row.definition_id is not None:
        name = step_name(session, _Place(row.definition_id, incident.element))
    return IncidentRow(
        id=incident.id,
        instance_id=incident.instance_id,
        customer=labels[row.business_key].title if row.business_key else "",
        step=name,
        kind=incident.kind,
        error=lines[-1],
        attempts=incident.attempts,
        opened_at=incident.opened_at,
        resolved_at=incident.resolved_at,
    )


@dataclass(frozen=True)
class _Place:
    definition_id: int
    element: str
    path: str = ""


def get_incident_id(session: Session, reach: Reach, incident_id: int) -> int:
    """The incident, if it is in reach. Raises NotFound."""
    statement = (
        select(Incident.id)
        .outerjoin(ProcessInstance, ProcessInstance.id == Incident.instance_id)
        .where(Incident.id == incident_id)
    )
    found = session.scalar(reach.limit(statement))
    if found is None:
        raise NotFound("incident_unknown")
    return int(found)
