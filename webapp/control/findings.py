"""What the log tells a head: how cases left their path, and what was escalated to him."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from engine import case_data
from engine.history.models import HistoryEvent
from engine.history.recording import Deviation
from engine.human_tasks.models import HumanTask, TaskState
from engine.instances.models import ProcessInstance
from webapp.control.figures import NOBODY, Reach, unseen_deviations
from webapp.control.models import LoggedDeviation, LoggedEscalation
from webapp.control.queries import LIMIT
from webapp.core.steps import step_name
from webapp.core.workflow import describe_cases


@dataclass(frozen=True)
class DeviationRow:
    """One way in which a case left its path."""

    seq: int
    instance_id: int
    customer: str
    detail: str
    step: str
    kind: Deviation
    person_id: int | None
    at: datetime
    payload: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class EscalationRow:
    """An escalation that waits for an answer; its step is still open."""

    seq: int
    instance_id: int
    task_id: int
    customer: str
    detail: str
    step: str
    role: str
    person_id: int | None
    due_at: datetime | None
    at: datetime


@dataclass(frozen=True)
class _Place:
    """Where an event happened; one inside a called process is known by its element alone."""

    definition_id: int
    element: str
    path: str = ""


def find_deviations(session: Session, reach: Reach, person: int | None = None) -> list[DeviationRow]:
    """Those that no head has looked at, the newest first; two statements and those of the names."""
    statement = (
        select(
            LoggedDeviation.seq,
            LoggedDeviation.instance_id,
            LoggedDeviation.kind,
            LoggedDeviation.person_id,
            LoggedDeviation.at,
            HistoryEvent.element,
            HistoryEvent.definition_id,
            HistoryEvent.payload,
            ProcessInstance.business_key,
        )
        .join(HistoryEvent, HistoryEvent.seq == LoggedDeviation.seq)
        .join(ProcessInstance, ProcessInstance.id == LoggedDeviation.instance_id)
        .where(unseen_deviations(reach))
        .order_by(LoggedDeviation.at.desc(), LoggedDeviation.seq.desc())
        .limit(LIMIT)
    )
    if person == NOBODY:
        statement = statement.where(LoggedDeviation.person_id.is_(None))
    elif person is not None:
        statement = statement.where(LoggedDeviation.person_id == person)
    found = session.execute(reach.limit(statement)).all()
    payloads = [case_data.load(row.payload) if row.payload else {} for row in found]
    paths = _paths(session, [payload.get("task") for payload in payloads])
    labels = describe_cases(session, {row.business_key for row in found}) if found else {}
    return [
        DeviationRow(
            seq=row.seq,
            instance_id=row.instance_id,
            customer=labels[row.business_key].title,
            detail=labels[row.business_key].detail,
            step=_step(session, row, paths.get(payload.get("task", 0), "")),
            kind=row.kind,
            person_id=row.person_id,
            at=row.at,
            payload=payload,
        )
        for row, payload in zip(found, payloads, strict=True)
    ]


def _step(session: Session, row: Row[*tuple[Any, ...]], path: str) -> str:
    return step_name(session, _Place(row.definition_id, row.element, path)) if row.element else ""


def _paths(session: Session, task_ids: Sequence[object]) -> dict[int, str]:
    wanted = sorted({each for each in task_ids if isinstance(each, int)})
    if not wanted:
        return {}
    rows = session.execute(select(HumanTask.id, HumanTask.path).where(HumanTask.id.in_(wanted)))
    return {row.id: row.path for row in rows}


def find_escalations(
    session: Session, reach: Reach, recipients: Iterable[int], *, seq: int | None = None
) -> list[EscalationRow]:
    """Open escalations that reached one of these people, the oldest first; one statement and those of the names."""
    statement = _open_escalations(recipients).order_by(LoggedEscalation.seq).limit(LIMIT)
    if seq is not None:
        statement = statement.where(LoggedEscalation.seq == seq)
    found = {row.seq: row for row in session.execute(reach.limit(statement))}
    labels = describe_cases(session, {row.business_key for row in found.values()}) if found else {}
    return [
        EscalationRow(
            seq=row.seq,
            instance_id=row.instance_id,
            task_id=row.task_id,
            customer=labels[row.business_key].title,
            detail=labels[row.business_key].detail,
            step=step_name(session, row),
            role=row.candidate_role,
            person_id=row.assignee_id or row.owner_id,
            due_at=row.due_at,
            at=row.at,
        )
        for row in found.values()
    ]


def _open_escalations(recipients: Iterable[int]) -> Select[*tuple[Any, ...]]:
    return (
        select(
            LoggedEscalation.seq,
            LoggedEscalation.instance_id,
            LoggedEscalation.task_id,
            LoggedEscalation.at,
            HumanTask.element,
            HumanTask.path,
            HumanTask.candidate_role,
            HumanTask.assignee_id,
            HumanTask.due_at,
            ProcessInstance.owner_id,
            ProcessInstance.definition_id,
            ProcessInstance.business_key,
        )
        .join(HumanTask, HumanTask.id == LoggedEscalation.task_id)
        .join(ProcessInstance, ProcessInstance.id == LoggedEscalation.instance_id)
        .where(
            LoggedEscalation.recipient_id.in_(sorted(set(recipients))),
            LoggedEscalation.answered_at.is_(None),
            HumanTask.state == TaskState.OPEN,
        )
    )


def reachable_deviations(session: Session, reach: Reach, numbers: Iterable[int]) -> dict[int, list[int]]:
    """Those that nobody has looked at yet, by case, as far as the permission reaches."""
    statement = (
        select(LoggedDeviation.instance_id, LoggedDeviation.seq)
        .join(ProcessInstance, ProcessInstance.id == LoggedDeviation.instance_id)
        .where(LoggedDeviation.seq.in_(sorted(set(numbers))), LoggedDeviation.seen_at.is_(None))
        .order_by(LoggedDeviation.seq)
    )
    by_case: dict[int, list[int]] = {}
    for instance_id, seq in session.execute(reach.limit(statement)):
        by_case.setdefault(instance_id, []).append(seq)
    return by_case
