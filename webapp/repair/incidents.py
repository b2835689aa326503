"""Incidents: steps that failed for a technical reason; lists, and one with everything that explains it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from engine.incidents import Incident, IncidentAttempt, Resolution
from engine.instances.models import ProcessInstance
from engine.timers.models import DueKind, DueRow
from webapp.core.errors import NotFound
from webapp.core.permissions import RowScope
from webapp.core.steps import step_name
from webapp.core.workflow import describe_cases
from webapp.repair.causes import in_words, message_of

LIMIT = 100
MOST_CAUSES = 12


class Show(StrEnum):
    """Which incidents a list is of."""

    OPEN = "open"
    RESOLVED = "resolved"
    GIVEN_UP = "given_up"


@dataclass(frozen=True)
class Asked:
    """What a list of incidents is narrowed to. What was given up is no longer tried, and not resolved either."""

    show: Show = Show.OPEN
    process: str = ""
    element: str = ""
    cause: str = ""

    def parameters(self, **changes: str | None) -> dict[str, Any]:
        """The query of a list that is narrowed to the same, but for the changes."""
        query: dict[str, Any] = {"process": self.process, "element": self.element, "cause": self.cause, **changes}
        if self.show is not Show.OPEN:
            query = {"show": self.show.value, **query}
        return {name: value for name, value in query.items() if value}


@dataclass(frozen=True)
class IncidentRow:
    """A step that failed for a technical reason."""

    id: int
    instance_id: int | None
    case: str
    step: str
    element: str  # the one that broke down, or that was asked for
    kind: str
    words: str
    message: str
    attempts: int
    opened_at: datetime
    next_at: datetime | None
    resolved_at: datetime | None
    resolution: Resolution | None
    because: str


@dataclass(frozen=True)
class CauseGroup:
    """Incidents with the same error."""

    cause: str
    words: str
    message: str
    count: int
    cases: int


@dataclass(frozen=True)
class Place:
    """Where something failed, for its name."""

    definition_id: int
    element: str
    path: str = ""


STATES: Mapping[Show, Sequence[ColumnElement[bool]]] = {
    Show.OPEN: (Incident.resolved_at.is_(None),),
    Show.RESOLVED: (Incident.resolved_at.is_not(None), Incident.resolution != Resolution.GIVEN_UP),
    Show.GIVEN_UP: (Incident.resolution == Resolution.GIVEN_UP,),
}
broken = func.coalesce(Incident.failed_element, Incident.element)


def find_incidents(session: Session, reach: RowScope, asked: Asked) -> list[IncidentRow]:
    """Incidents in reach, the newest first. Those of no case are for who sees the whole group."""
    next_at = (
        select(func.min(DueRow.due_at))
        .where(DueRow.kind == DueKind.RETRY, DueRow.ref == Incident.id)
        .correlate(Incident)
        .scalar_subquery()
        .label("next_at")
    )
    statement = (
        select(Incident, ProcessInstance.business_key, ProcessInstance.definition_id, next_at)
        .outerjoin(ProcessInstance, ProcessInstance.id == Incident.instance_id)
        .where(*_conditions(asked))
        .order_by(Incident.id.desc())
        .limit(LIMIT)
    )
    found = session.execute(_within(reach, statement)).all()
    labels = describe_cases(session, {row.business_key for row in found if row.business_key})
    return [_incident_row(session, row, labels) for row in found]


def find_causes(session: Session, reach: RowScope, asked: Asked) -> list[CauseGroup]:
    """The errors behind them, the most frequent first, whatever cause the list is narrowed to."""
    count = func.count().label("number")
    statement = (
        select(Incident.cause, Incident.kind, count, func.count(Incident.instance_id.distinct()).label("cases"))
        .outerjoin(ProcessInstance, ProcessInstance.id == Incident.instance_id)
        .where(*_conditions(asked, with_cause=False))
        .group_by(Incident.cause, Incident.kind)
        .order_by(count.desc(), Incident.cause)
        .limit(MOST_CAUSES)
    )
    return [
        CauseGroup(row.cause, in_words(row.cause, kind=row.kind), message_of(row.cause), row.number, row.cases)
        for row in session.execute(_within(reach, statement))
    ]


def find_open(
    session: Session, reach: RowScope, asked: Asked, *, ticked: Collection[int] | None, limit: int
) -> tuple[list[int], int]:
    """Those that can be tried again, the oldest first, and how many there are in all; `ticked`: only of these."""
    statement = (
        select(Incident.id, func.count().over().label("whole"))
        .outerjoin(ProcessInstance, ProcessInstance.id == Incident.instance_id)
        .where(*_conditions(replace(asked, show=Show.OPEN)))
        .order_by(Incident.id)
        .limit(limit)
    )
    if ticked is not None:
        statement = statement.where(Incident.id.in_(sorted(ticked)[:LIMIT]))
    found = session.execute(_within(reach, statement)).all()
    return [row.id for row in found], found[0].whole if found else 0


def read_asked(query: MultiDict[str, str]) -> Asked:
    """What the query, or the form, narrows the list to."""
    show = query.get("show", "")
    return Asked(
        show=Show(show) if show in set(Show) else Show.OPEN,
        process=query.get("process", "")[:120],
        element=query.get("element", "")[:120],
        cause=query.get("cause", "")[:200],
    )


def find_choices(session: Session, reach: RowScope, *, show: Show) -> list[tuple[str, str]]:
    """Processes and elements that have incidents, in pairs."""
    statement = (
        select(func.coalesce(Incident.process_key, ""), func.coalesce(broken, ""))
        .outerjoin(ProcessInstance, ProcessInstance.id == Incident.instance_id)
        .where(*_conditions(Asked(show=show)))
        .distinct()
        .limit(LIMIT)
    )
    return sorted((process, element) for process, element in session.execute(_within(reach, statement)))


def get_incident(session: Session, reach: RowScope, incident_id: int) -> Incident:
    """The incident, if it is in reach. Raises NotFound."""
    statement = (
        select(Incident)
        .outerjoin(ProcessInstance, ProcessInstance.id == Incident.instance_id)
        .where(Incident.id == incident_id)
    )
    found: Incident | None = session.scalars(_within(reach, statement)).one_or_none()
    if found is None:
        raise NotFound("incident_unknown", f"There is no incident {incident_id}.")
    return found


def attempts_of(session: Session, incident_id: int) -> Sequence[IncidentAttempt]:
    """All attempts, the newest first."""
    statement = select(IncidentAttempt).where(IncidentAttempt.incident_id == incident_id)
    return session.scalars(statement.order_by(IncidentAttempt.number.desc())).all()


def next_attempt(session: Session, incident_id: int) -> datetime | None:
    """When it is tried again by itself; None: not any more."""
    return session.scalar(
        select(func.min(DueRow.due_at)).where(DueRow.kind == DueKind.RETRY, DueRow.ref == incident_id)
    )


def _within(reach: RowScope, statement: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    return reach.limit(statement, owner=ProcessInstance.owner_id, scope=ProcessInstance.scope_id)


def _conditions(asked: Asked, *, with_cause: bool = True) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = list(STATES[asked.show])
    if asked.process:
        found.append(Incident.process_key == asked.process)
    if asked.element:
        found.append(broken == asked.element)
    if asked.cause and with_cause:
        found.append(Incident.cause == asked.cause)
    return found


def _incident_row(session: Session, row: Row[Any], labels: Mapping[str, Any]) -> IncidentRow:
    incident: Incident = row.Incident
    element = incident.failed_element or incident.element or ""
    name = ""
    if element and row.definition_id is not None:
        name = step_name(session, Place(row.definition_id, element, incident.failed_path))
    return IncidentRow(
        id=incident.id,
        instance_id=incident.instance_id,
        case=labels[row.business_key].title if row.business_key else "",
        step=name,
        element=element,
        kind=incident.kind,
        words=in_words(incident.cause, kind=incident.kind),
        message=message_of(incident.cause),
        attempts=incident.attempts,
        opened_at=incident.opened_at,
        next_at=row.next_at,
        resolved_at=incident.resolved_at,
        resolution=incident.resolution,
        because=incident.resolved_because or "",
    )
