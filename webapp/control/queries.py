"""The list below the board: which steps, whose, how late, and the facts from which the cause is told."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, select
from sqlalchemy.orm import Session

from engine import case_data
from engine.history.models import HistoryEvent
from engine.history.recording import EventKind
from engine.human_tasks.models import HumanTask, TaskDraft, TaskState
from engine.incidents import Incident
from engine.instances.models import InstanceStatus, ProcessInstance
from webapp.control.figures import (
    AGES,
    NOBODY,
    PERIOD,
    PROBLEM_CONDITIONS,
    PROBLEMS,
    REFUSAL_FORM,
    Reach,
    holder,
    is_aged,
    silent_cases,
    waits_for_nothing,
)
from webapp.control.models import ControlCheck
from webapp.core.errors import NotFound
from webapp.core.steps import step_name
from webapp.core.workflow import describe_cases
from webapp.staff.models import Absence, User

LIMIT = 100
STUCK = "stuck"
TOLD = (
    EventKind.TASK_POSTPONED,
    EventKind.TASK_DELEGATED,
    EventKind.REMINDED,
    EventKind.TASK_SKIPPED,
    EventKind.COMMENTED,
)


@dataclass(frozen=True)
class Filter:
    """What the list shows; the address of the page holds it."""

    show: str = "overdue"
    person: int | None = None  # NOBODY: what has neither assignee nor owner
    process: str = ""
    step: str = ""
    age: str = ""

    @classmethod
    def of(cls, show: str, person: int | None, process: str, step: str, age: str) -> "Filter":
        """From an address; unknown words mean nothing."""
        known = show if show in (*PROBLEMS, STUCK) else "overdue"
        return cls(known, person, process, step, age if age in dict(AGES) else "")


@dataclass
class Circumstances:
    """What is known about why a step stands still."""

    postponed: int = 0
    last_reason: str = ""
    reminded: int = 0
    delegated_at: datetime | None = None
    delegated_by: int | None = None
    skip_reason: str = ""
    comment: str = ""
    comment_by: int | None = None
    draft_at: datetime | None = None


@dataclass(frozen=True)
class ControlRow:
    """One line of the list: an open step, or one that was passed over."""

    instance_id: int
    task_id: int | None
    customer: str
    detail: str
    step: str
    role: str
    form: str
    assignee_id: int | None
    owner_id: int | None
    person_id: int | None
    created_at: datetime
    due_at: datetime | None
    sleeps_until: datetime | None
    skipped_at: datetime | None
    circumstances: Circumstances = field(default_factory=Circumstances)
    checked_at: datetime | None = None

    @property
    def is_refusal(self) -> bool:
        return self.form == REFUSAL_FORM


@dataclass(frozen=True)
class Colleague:
    """A person on the board."""

    name: str = ""
    away_until: datetime | None = None


def find_people(session: Session, user_ids: Iterable[int | None], now: datetime) -> dict[int, Colleague]:
    """Names and present absences; one statement."""
    statement = (
        select(User.id, User.name, func.max(Absence.ends_at))
        .outerjoin(Absence, and_(Absence.user_id == User.id, Absence.starts_at <= now, Absence.ends_at > now))
        .where(User.id.in_(sorted({each for each in user_ids if each is not None})))
        .group_by(User.id, User.name)
    )
    return {user_id: Colleague(name, away) for user_id, name, away in session.execute(statement)}


def find_rows(session: Session, reach: Reach, wanted: Filter) -> list[ControlRow]:
    """At most LIMIT rows, the latest first: a handful of statements, whatever the number of rows."""
    found = session.execute(_statement(reach, wanted).limit(LIMIT)).all()
    told = _circumstances(session, sorted({row.instance_id for row in found}))
    return _rows(session, found, told)


def find_by_tasks(session: Session, reach: Reach, task_ids: Iterable[int]) -> list[ControlRow]:
    """Rows of these open tasks, as far as they are in reach: the preview of a bulk act."""
    statement = _statement(reach, Filter(show="open")).where(HumanTask.id.in_(sorted(task_ids)))
    return _rows(session, session.execute(statement.limit(LIMIT)).all(), {})


def _rows(
    session: Session, found: Sequence[Row[*tuple[Any, ...]]], told: Mapping[tuple[int, int], Circumstances]
) -> list[ControlRow]:
    labels = describe_cases(session, {row.business_key for row in found}) if found else {}
    rows = []
    for row in found:
        facts = told.get((row.instance_id, row.task_id or 0), Circumstances())
        of_case = told.get((row.instance_id, 0), Circumstances())
        skipped = row.state is TaskState.SKIPPED
        rows.append(
            ControlRow(
                instance_id=row.instance_id,
                task_id=row.task_id,
                customer=labels[row.business_key].title,
                detail=labels[row.business_key].detail,
                step=step_name(session, row) if row.element else "",
                role=row.candidate_role or "",
                form=row.form or "",
                assignee_id=row.assignee_id,
                owner_id=row.owner_id,
                person_id=row.completed_by if skipped else row.assignee_id or row.owner_id,
                created_at=row.created_at,
                due_at=row.due_at,
                sleeps_until=row.sleeps_until,
                skipped_at=row.completed_at if skipped else None,
                circumstances=replace(
                    facts, draft_at=row.draft_at, comment=of_case.comment, comment_by=of_case.comment_by
                ),
                checked_at=row.checked_at,
            )
        )
    return rows


def _statement(reach: Reach, wanted: Filter) -> Select[*tuple[Any, ...]]:
    """Steps of the wanted kind with their cases, most pressing first."""
    draft = (
        select(func.max(TaskDraft.saved_at)).where(TaskDraft.task_id == HumanTask.id).correlate(HumanTask)
    ).scalar_subquery()
    checked = (
        select(func.max(ControlCheck.at))
        .where(ControlCheck.instance_id == ProcessInstance.id, ControlCheck.at >= reach.midnight)
        .correlate(ProcessInstance)
    ).scalar_subquery()
    statement = (
        select(
            ProcessInstance.id.label("instance_id"),
            ProcessInstance.definition_id,
            ProcessInstance.business_key,
            ProcessInstance.owner_id,
            HumanTask.id.label("task_id"),
            HumanTask.element,
            HumanTask.path,
            HumanTask.form,
            HumanTask.candidate_role,
            HumanTask.assignee_id,
            HumanTask.state,
            func.coalesce(HumanTask.created_at, ProcessInstance.started_at).label("created_at"),
            HumanTask.due_at,
            HumanTask.sleeps_until,
            HumanTask.completed_at,
            HumanTask.completed_by,
            draft.label("draft_at"),
            checked.label("checked_at"),
        )
        .select_from(ProcessInstance)
        .outerjoin(HumanTask, and_(HumanTask.instance_id == ProcessInstance.id, _which_task(wanted)))
        .where(*_conditions(reach, wanted))
    )
    order: Sequence[Any] = (HumanTask.due_at.is_(None), HumanTask.due_at, ProcessInstance.id)
    if wanted.show == "deviations":
        order = (HumanTask.completed_at.desc(), ProcessInstance.id)
    return reach.limit(statement).order_by(*order)


def _which_task(wanted: Filter) -> ColumnElement[bool]:
    state = TaskState.SKIPPED if wanted.show == "deviations" else TaskState.OPEN
    return HumanTask.state == state


def _conditions(reach: Reach, wanted: Filter) -> list[ColumnElement[bool]]:
    show = wanted.show
    conditions: list[ColumnElement[bool]] = []
    person: Any = holder()
    if show in PROBLEM_CONDITIONS:
        conditions.append(PROBLEM_CONDITIONS[show](reach))
        if show == "refusals":
            person = ProcessInstance.owner_id
    elif show == "deviations":
        conditions.append(HumanTask.completed_at >= reach.now - PERIOD)
        person = HumanTask.completed_by
    else:
        person = ProcessInstance.owner_id
        conditions.append(ProcessInstance.status == InstanceStatus.ACTIVE)
        if show == "silent":
            conditions.append(ProcessInstance.id.in_(select(silent_cases(reach).subquery().c.id)))
        elif show == STUCK:
            conditions.append(waits_for_nothing())
    if wanted.person == NOBODY:
        conditions.append(person.is_(None))
    elif wanted.person is not None:
        conditions.append(person == wanted.person)
    if wanted.process:
        conditions.append(ProcessInstance.process_key == wanted.process)
    if wanted.step:
        conditions.append(HumanTask.element == wanted.step)
    if wanted.age:
        conditions.append(is_aged(reach, wanted.age))
    return conditions


def _circumstances(session: Session, instance_ids: Sequence[int]) -> dict[tuple[int, int], Circumstances]:
    """By case and task; what concerns the case as a whole stands under task 0. One statement."""
    found: defaultdict[tuple[int, int], Circumstances] = defaultdict(Circumstances)
    if not instance_ids:
        return found
    events = session.execute(
        select(
            HistoryEvent.instance_id, HistoryEvent.kind, HistoryEvent.actor_id, HistoryEvent.at, HistoryEvent.payload
        )
        .where(HistoryEvent.instance_id.in_(instance_ids), HistoryEvent.kind.in_([kind.value for kind in TOLD]))
        .order_by(HistoryEvent.seq)
    )
    for event in events:
        payload = case_data.load(event.payload) if event.payload else {}
        facts = found[event.instance_id, int(payload.get("task") or 0)]
        if event.kind == EventKind.TASK_POSTPONED.value:
            facts.postponed += 1
            facts.last_reason = str(payload.get("reason", ""))
        elif event.kind == EventKind.REMINDED.value:
            facts.reminded += 1
        elif event.kind == EventKind.TASK_DELEGATED.value:
            facts.delegated_at, facts.delegated_by = event.at, event.actor_id
        elif event.kind == EventKind.TASK_SKIPPED.value:
            facts.skip_reason = str(payload.get("reason", ""))
        elif event.kind == EventKind.COMMENTED.value:
            facts.comment, facts.comment_by = str(payload.get("text", "")), event.actor_id
    return found


def reachable_instances(session: Session, reach: Reach, instance_ids: Iterable[int]) -> list[int]:
    """Those of the cases that the permission reaches."""
    statement = reach.limit(select(ProcessInstance.id).where(ProcessInstance.id.in_(sorted(instance_ids))))
    return list(session.scalars(statement.order_by(ProcessInstance.id)))


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
