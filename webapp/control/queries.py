"""The list below the board: which steps, whose, how late, and the facts from which the cause is told."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, select
from sqlalchemy.orm import Session, aliased

from engine import case_data
from engine.history.recording import EventKind
from engine.history.timeline import Wanted, find_events
from engine.human_tasks.models import HumanTask, TaskDraft, TaskState
from engine.instances.models import InstanceStatus, ProcessInstance
from webapp.control.columns import STUCK, Columns
from webapp.control.figures import (
    AGES,
    NOBODY,
    PROBLEM_CONDITIONS,
    REFUSAL_FORM,
    Reach,
    cases_with,
    expires_soon,
    holder,
    is_aged,
    waits_for_nothing,
)
from webapp.control.models import ControlCheck
from webapp.core.steps import step_name
from webapp.core.workflow import describe_cases
from webapp.staff.models import Absence, RoleGrant, User

LIMIT = 100
TOLD = (
    EventKind.TASK_CREATED,
    EventKind.TASK_POSTPONED,
    EventKind.TASK_DELEGATED,
    EventKind.REMINDED,
    EventKind.ESCALATED,
    EventKind.COMMENTED,
    EventKind.INSTRUCTED,
    EventKind.ESCALATION_ANSWERED,
)
REMARKS = frozenset({EventKind.COMMENTED, EventKind.INSTRUCTED, EventKind.ESCALATION_ANSWERED})


@dataclass(frozen=True)
class Filter:
    """What the list shows; the address of the page holds it."""

    show: str = "overdue"
    person: int | None = None  # NOBODY: what has neither assignee nor owner
    process: str = ""
    step: str = ""
    age: str = ""

    @classmethod
    def of(cls, known: Columns, show: str, person: int | None, process: str, step: str, age: str) -> "Filter":
        """From an address; unknown words mean nothing."""
        show = show if show in (*known.names(), STUCK) else "overdue"
        return cls(show, person, process, step, age if age in dict(AGES) else "")


@dataclass
class Circumstances:
    """What is known about why a step stands still."""

    postponed: int = 0
    last_reason: str = ""
    reminded: int = 0
    delegated_at: datetime | None = None
    delegated_by: int | None = None
    planned: timedelta | None = None  # how long the drawing allows
    escalated_at: datetime | None = None
    escalated_to: tuple[int, ...] = ()
    comment: str = ""
    comment_by: int | None = None
    draft_at: datetime | None = None


@dataclass(frozen=True)
class ControlRow:
    """One line of the list: an open step, or a case of which something else is to be said."""

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
    scope_id: int | None = None
    circumstances: Circumstances = field(default_factory=Circumstances)
    checked_at: datetime | None = None

    @property
    def is_free(self) -> bool:
        """A step that nobody has taken."""
        return self.task_id is not None and self.assignee_id is None

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


def find_rows(session: Session, reach: Reach, wanted: Filter, columns: Columns) -> list[ControlRow]:
    """At most LIMIT rows, the latest first: a handful of statements, whatever the number of rows."""
    return _read(session, _statement(reach, wanted, columns).order_by(*BY_DUE).limit(LIMIT))


def find_unchecked_first(session: Session, reach: Reach, person: int) -> list[ControlRow]:
    """The open cases for which the person is responsible, those that nobody has looked at today first."""
    statement = _statement(reach, Filter(show="open", person=person), Columns())
    return _read(session, statement.order_by(_checked(reach).is_not(None), *BY_DUE).limit(LIMIT))


def count_checked(session: Session, reach: Reach) -> list[tuple[int, int, int]]:
    """By person who is responsible: open cases that were looked at today, and all of them; one statement."""
    checked = select(ControlCheck.instance_id).where(ControlCheck.at >= reach.midnight).distinct().subquery()
    statement = reach.limit(
        select(ProcessInstance.owner_id, func.count(checked.c.instance_id), func.count())
        .outerjoin(checked, checked.c.instance_id == ProcessInstance.id)
        .where(ProcessInstance.status == InstanceStatus.ACTIVE, ProcessInstance.owner_id.is_not(None))
        .group_by(ProcessInstance.owner_id)
    )
    return [(person, done, whole) for person, done, whole in session.execute(statement)]


def find_by_tasks(session: Session, reach: Reach, task_ids: Iterable[int]) -> list[ControlRow]:
    """Rows of these open tasks, as far as they are in reach: the preview of a bulk act."""
    statement = _statement(reach, Filter(show="open"), Columns(), every_task=True)
    chosen = statement.where(HumanTask.id.in_(sorted(task_ids))).order_by(*BY_DUE).limit(LIMIT)
    return _rows(session, session.execute(chosen).all(), {})


def find_takers(session: Session, rows: Iterable[ControlRow]) -> dict[tuple[str, int | None], list[tuple[int, str]]]:
    """Who could take the free steps of the list, by role and centre; one statement, none without such a step."""
    wanted = {(row.role, row.scope_id) for row in rows if row.is_free and row.role}
    if not wanted:
        return {}
    holders = session.execute(
        select(RoleGrant.role, RoleGrant.centre_id, User.id, User.name)
        .join(User, User.id == RoleGrant.user_id)
        .where(User.active, RoleGrant.role.in_(sorted({role for role, _ in wanted})))
        .order_by(User.name, User.id)
    ).all()
    return {
        (role, scope): list(
            dict.fromkeys(
                (each.id, each.name)
                for each in holders
                if each.role == role and (scope is None or each.centre_id in (None, scope))
            )
        )
        for role, scope in wanted
    }


def _read(session: Session, statement: Select[*tuple[Any, ...]]) -> list[ControlRow]:
    found = session.execute(statement).all()
    told = _circumstances(session, sorted({row.instance_id for row in found}))
    return _rows(session, found, told)


def _rows(
    session: Session, found: Sequence[Row[*tuple[Any, ...]]], told: Mapping[tuple[int, int], Circumstances]
) -> list[ControlRow]:
    labels = describe_cases(session, {row.business_key for row in found}) if found else {}
    rows = []
    for row in found:
        facts = told.get((row.instance_id, row.task_id or 0), Circumstances())
        of_case = told.get((row.instance_id, 0), Circumstances())
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
                person_id=row.assignee_id or row.owner_id,
                created_at=row.created_at,
                due_at=row.due_at,
                sleeps_until=row.sleeps_until,
                scope_id=row.scope_id,
                circumstances=replace(
                    facts, draft_at=row.draft_at, comment=of_case.comment, comment_by=of_case.comment_by
                ),
                checked_at=row.checked_at,
            )
        )
    return rows


BY_DUE: Sequence[Any] = (HumanTask.due_at.is_(None), HumanTask.due_at, ProcessInstance.id)


def _checked(reach: Reach) -> ColumnElement[Any]:
    return (
        select(func.max(ControlCheck.at))
        .where(ControlCheck.instance_id == ProcessInstance.id, ControlCheck.at >= reach.midnight)
        .correlate(ProcessInstance)
    ).scalar_subquery()


def _statement(reach: Reach, wanted: Filter, columns: Columns, *, every_task: bool = False) -> Select[*tuple[Any, ...]]:
    """Steps of the wanted kind with their cases; where it is the cases that are wanted, each with its first step."""
    draft = (
        select(func.max(TaskDraft.saved_at)).where(TaskDraft.task_id == HumanTask.id).correlate(HumanTask)
    ).scalar_subquery()
    of_tasks = every_task or wanted.show in PROBLEM_CONDITIONS or bool(wanted.step or wanted.age)
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
            ProcessInstance.scope_id,
            func.coalesce(HumanTask.created_at, ProcessInstance.started_at).label("created_at"),
            HumanTask.due_at,
            HumanTask.sleeps_until,
            draft.label("draft_at"),
            _checked(reach).label("checked_at"),
        )
        .select_from(ProcessInstance)
        .outerjoin(
            HumanTask,
            and_(HumanTask.instance_id == ProcessInstance.id, HumanTask.state == TaskState.OPEN)
            if of_tasks
            else HumanTask.id == _first_task(),
        )
        .where(*_conditions(reach, wanted, columns))
    )
    return reach.limit(statement)


def _first_task() -> ColumnElement[int | None]:
    """The most pressing open step of a case."""
    task = aliased(HumanTask)
    return (
        select(task.id)
        .where(task.instance_id == ProcessInstance.id, task.state == TaskState.OPEN)
        .order_by(task.due_at.is_(None), task.due_at, task.id)
        .limit(1)
        .correlate(ProcessInstance)
        .scalar_subquery()
    )


def _conditions(reach: Reach, wanted: Filter, columns: Columns) -> list[ColumnElement[bool]]:
    show = wanted.show
    conditions: list[ColumnElement[bool]] = []
    person: Any = holder()
    if show in PROBLEM_CONDITIONS:
        conditions.append(PROBLEM_CONDITIONS[show](reach))
        if show == "refusals":
            person = ProcessInstance.owner_id
    else:
        person = ProcessInstance.owner_id
        conditions.append(ProcessInstance.status == InstanceStatus.ACTIVE)
        if problem := columns.problem(show):
            conditions.append(ProcessInstance.id.in_(select(cases_with(reach, problem).subquery().c.id)))
        elif expiry := columns.expiry(show):
            conditions.append(expires_soon(reach, expiry))
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
    for event in find_events(session, Wanted(cases=instance_ids, kinds=TOLD)):
        payload = case_data.load(event.payload) if event.payload else {}
        facts = found[event.instance_id, int(payload.get("task") or 0)]
        if event.kind == EventKind.TASK_POSTPONED.value:
            facts.postponed += 1
            facts.last_reason = str(payload.get("reason", ""))
        elif event.kind == EventKind.REMINDED.value:
            facts.reminded += 1
        elif event.kind == EventKind.TASK_DELEGATED.value:
            facts.delegated_at, facts.delegated_by = event.at, event.actor_id
        elif event.kind == EventKind.TASK_CREATED.value:
            due = payload.get("due")
            facts.planned = due - event.at if isinstance(due, datetime) and due > event.at else None
        elif event.kind == EventKind.ESCALATED.value:
            facts.escalated_at, facts.escalated_to = event.at, tuple(payload.get("recipients") or ())
        elif event.kind in REMARKS:
            of_case = found[event.instance_id, 0]
            of_case.comment, of_case.comment_by = str(payload.get("text", "")), event.actor_id
    return found


def reachable_instances(session: Session, reach: Reach, instance_ids: Iterable[int]) -> list[int]:
    """Those of the cases that the permission reaches."""
    statement = reach.limit(select(ProcessInstance.id).where(ProcessInstance.id.in_(sorted(instance_ids))))
    return list(session.scalars(statement.order_by(ProcessInstance.id)))
