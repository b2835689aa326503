"""The task inbox: what a person can do now, in the order in which it presses."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session

from engine.human_tasks.assignment import Actor
from engine.human_tasks.models import HumanTask, TaskState
from engine.instances.models import ProcessInstance


@dataclass(frozen=True)
class InboxTask:
    """An open task with its case, without the case's state."""

    id: int
    instance_id: int
    definition_id: int
    process_key: str
    business_key: str
    owner_id: int | None
    element: str
    path: str
    candidate_role: str
    assignee_id: int | None
    scope_id: int | None
    priority: int
    created_at: datetime
    due_at: datetime | None
    sleeps_until: datetime | None


INBOX_COLUMNS = (
    HumanTask.id,
    HumanTask.instance_id,
    ProcessInstance.definition_id,
    ProcessInstance.process_key,
    ProcessInstance.business_key,
    ProcessInstance.owner_id,
    HumanTask.element,
    HumanTask.path,
    HumanTask.candidate_role,
    HumanTask.assignee_id,
    HumanTask.scope_id,
    HumanTask.priority,
    HumanTask.created_at,
    HumanTask.due_at,
    HumanTask.sleeps_until,
)


def open_tasks() -> Select[*tuple[Any, ...]]:
    """All open tasks with their cases; narrow it further before running it."""
    return (
        select(*INBOX_COLUMNS)
        .join(ProcessInstance, ProcessInstance.id == HumanTask.instance_id)
        .where(HumanTask.state == TaskState.OPEN)
    )


def served_by(actor: Actor) -> ColumnElement[bool]:
    """Open tasks of this person: assigned to him or to somebody he represents, or free for one of his roles."""
    people = [user for user in {actor.user_id, *actor.represents} if user is not None]
    ways: list[tuple[ColumnElement[bool], ...]] = [(HumanTask.assignee_id.in_(people),)]
    for role, scope in sorted(actor.roles, key=str):
        free = (HumanTask.assignee_id.is_(None), HumanTask.candidate_role == role)
        ways += [free] if scope is None else [(*free, HumanTask.scope_id == place) for place in (scope, None)]
    # each way says "open" anew: SQLite enters an index of the open tasks only where its own part of an OR says so
    return or_(*(and_(HumanTask.state == TaskState.OPEN, *way) for way in ways))


def awake_at(now: datetime) -> ColumnElement[bool]:
    """Not postponed beyond this moment."""
    return or_(HumanTask.sleeps_until.is_(None), HumanTask.sleeps_until <= now)


def inbox(session: Session, actor: Actor, *, now: datetime, limit: int = 200) -> list[InboxTask]:
    """What the person can do now, the most pressing first; postponed tasks are left out."""
    statement = (
        open_tasks()
        .where(served_by(actor), awake_at(now))
        .order_by(HumanTask.due_at.is_(None), HumanTask.due_at, HumanTask.priority.desc(), HumanTask.id)
        .limit(limit)
    )
    return read_tasks(session, statement)


def read_tasks(session: Session, statement: Select[*tuple[Any, ...]]) -> list[InboxTask]:
    """Run a statement over INBOX_COLUMNS."""
    return [InboxTask(*row) for row in session.execute(statement)]


def tasks_by_id(session: Session, task_ids: Sequence[int]) -> list[InboxTask]:
    """These tasks, as far as they are open."""
    return read_tasks(session, open_tasks().where(HumanTask.id.in_(task_ids)))
