"""Figures of the control board: people and problems, steps, ages. Each figure has the same condition as its list."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, distinct, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from engine.expiries import CaseExpiry
from engine.human_tasks.inbox import awake_at
from engine.human_tasks.models import HumanTask, TaskState
from engine.instances.models import InstanceStatus, ProcessInstance
from engine.messages import MessageSubscription
from engine.milestones.times import seconds_between
from engine.timers.models import DueKind, DueRow, DueState
from webapp.control.columns import Columns
from webapp.control.models import ControlCheck, LoggedDeviation
from webapp.core.board import BoardProblem, Expiring
from webapp.core.permissions import RowScope, ScopeKind

PERIOD, DAY = timedelta(days=30), timedelta(days=1)
REFUSAL_FORM = "sales/review_refusal"
NOBODY = 0  # in an address: what nobody has taken

Person = int | None


@dataclass(frozen=True)
class Reach:
    """On what the board looks: the rows of the permission, the moment, and since when today is."""

    scope: RowScope
    now: datetime
    midnight: datetime

    def limit(self, statement: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
        return self.scope.limit(statement, owner=ProcessInstance.owner_id, scope=ProcessInstance.scope_id)


@dataclass
class PersonFigures:
    """One line of the board."""

    user_id: Person
    counts: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    looks: int = 0  # cases that need a look: late, or a refusal to confirm
    checked: int = 0
    stuck: int = 0  # open cases without a next step
    done: int = 0
    done_in_time: int = 0

    @property
    def on_time(self) -> int | None:
        """Percent of the steps with a due time that were completed by it; None when there were none."""
        return round(100 * self.done_in_time / self.done) if self.done else None

    @property
    def is_idle(self) -> bool:
        return not any(self.counts.values()) and not self.done


def is_overdue(reach: Reach) -> ColumnElement[bool]:
    """Late, and not put to sleep."""
    return and_(HumanTask.due_at < reach.now, awake_at(reach.now))


def is_today(reach: Reach) -> ColumnElement[bool]:
    """Due between this midnight and the next, and not put to sleep."""
    return and_(HumanTask.due_at >= reach.midnight, HumanTask.due_at < reach.midnight + DAY, awake_at(reach.now))


def is_postponed(reach: Reach) -> ColumnElement[bool]:
    """Put to sleep beyond this moment."""
    return HumanTask.sleeps_until > reach.now


def is_refusal(_: Reach) -> ColumnElement[bool]:
    """The head's review of a refusal; the moment does not matter."""
    return HumanTask.form == REFUSAL_FORM


def holder() -> ColumnElement[int | None]:
    """Whom a task is counted with: who has it, else who is responsible for the case."""
    return func.coalesce(HumanTask.assignee_id, ProcessInstance.owner_id)


def expires_soon(reach: Reach, kind: Expiring) -> ColumnElement[bool]:
    """Something of this kind has run out in the case, or is about to. Needs ProcessInstance."""
    return exists().where(
        CaseExpiry.instance_id == ProcessInstance.id,
        CaseExpiry.name == kind.name,
        CaseExpiry.at < reach.now + kind.ahead,
    )


def unseen_deviations(reach: Reach) -> ColumnElement[bool]:
    """Of the last thirty days, and no head has looked at them yet."""
    return and_(LoggedDeviation.seen_at.is_(None), LoggedDeviation.at >= reach.now - PERIOD)


def checked_since(moment: datetime) -> Select[*tuple[Any, ...]]:
    """Cases that a head has looked at since then."""
    return select(ControlCheck.instance_id).where(ControlCheck.at >= moment).distinct()


def cases_with(reach: Reach, problem: BoardProblem) -> Select[*tuple[Any, ...]]:
    """Open cases in reach with a problem that a slice knows of."""
    return reach.limit(problem.cases(reach.now))


def count_by_person(session: Session, reach: Reach, columns: Columns) -> list[PersonFigures]:
    """The board, in no order: five statements and one for each problem, whatever the number of people."""
    lines: defaultdict[Person, PersonFigures] = defaultdict(lambda: PersonFigures(None))
    opened = reach.limit(
        select(ProcessInstance.owner_id, func.count(), _how_many(waits_for_nothing()))
        .where(ProcessInstance.status == InstanceStatus.ACTIVE)
        .group_by(ProcessInstance.owner_id)
    )
    for person, number, stuck in session.execute(opened):
        lines[person].counts["open"], lines[person].stuck = number, stuck
    _count_tasks(session, reach, lines)
    for problem in columns.problems:
        found = cases_with(reach, problem).subquery()
        for person, number in session.execute(select(found.c.owner_id, func.count()).group_by(found.c.owner_id)):
            lines[person].counts[problem.name] = number
    _count_expiring(session, reach, columns, lines)
    _count_deviations(session, reach, lines)
    _count_done(session, reach, lines)
    for person, line in lines.items():
        line.user_id = person
    return list(lines.values())


def _count_expiring(session: Session, reach: Reach, columns: Columns, lines: Mapping[Person, PersonFigures]) -> None:
    if not columns.expiring:
        return
    numbers = [_how_many(expires_soon(reach, kind)) for kind in columns.expiring]
    statement = reach.limit(
        select(ProcessInstance.owner_id, *numbers)
        .where(
            ProcessInstance.status == InstanceStatus.ACTIVE,
            exists().where(CaseExpiry.instance_id == ProcessInstance.id),
        )
        .group_by(ProcessInstance.owner_id)
    )
    for person, *found in session.execute(statement):
        for kind, number in zip(columns.expiring, found, strict=True):
            lines[person].counts[kind.name] = number


def _count_deviations(session: Session, reach: Reach, lines: Mapping[Person, PersonFigures]) -> None:
    statement = reach.limit(
        select(LoggedDeviation.person_id, func.count())
        .join(ProcessInstance, ProcessInstance.id == LoggedDeviation.instance_id)
        .where(unseen_deviations(reach))
        .group_by(LoggedDeviation.person_id)
    )
    for person, number in session.execute(statement):
        lines[person].counts["deviations"] = number


def _count_tasks(session: Session, reach: Reach, lines: Mapping[Person, PersonFigures]) -> None:
    looks = or_(is_overdue(reach), is_refusal(reach))
    checked = checked_since(reach.midnight).subquery()
    statement = reach.limit(
        select(
            HumanTask.assignee_id,
            ProcessInstance.owner_id,
            _how_many(is_overdue(reach)),
            _how_many(is_today(reach)),
            _how_many(is_postponed(reach)),
            _how_many(is_refusal(reach)),
            func.count(distinct(case((looks, HumanTask.instance_id)))),
            func.count(distinct(case((looks, checked.c.instance_id)))),
        )
        .join(ProcessInstance, ProcessInstance.id == HumanTask.instance_id)
        .outerjoin(checked, checked.c.instance_id == HumanTask.instance_id)
        .where(HumanTask.state == TaskState.OPEN)
        .group_by(HumanTask.assignee_id, ProcessInstance.owner_id)
    )
    for assignee, owner, overdue, today, postponed, refusals, to_look, done in session.execute(statement):
        line = lines[assignee if assignee is not None else owner]
        line.counts["overdue"] += overdue
        line.counts["today"] += today
        line.counts["postponed"] += postponed
        line.looks += to_look
        line.checked += done
        lines[owner].counts["refusals"] += refusals


def _count_done(session: Session, reach: Reach, lines: Mapping[Person, PersonFigures]) -> None:
    """Completed in time, by the person who did it. Who sees all of them needs no look at their cases."""
    statement = (
        select(
            HumanTask.completed_by,
            _how_many(and_(HumanTask.state == TaskState.COMPLETED, HumanTask.due_at.is_not(None))),
            _how_many(and_(HumanTask.state == TaskState.COMPLETED, HumanTask.completed_at <= HumanTask.due_at)),
        )
        .where(HumanTask.completed_at >= reach.now - PERIOD, HumanTask.completed_by.is_not(None))
        .group_by(HumanTask.completed_by)
    )
    if reach.scope.kind is not ScopeKind.GROUP:
        own = reach.limit(select(ProcessInstance.id).where(ProcessInstance.id == HumanTask.instance_id))
        statement = statement.where(own.exists())
    for person, done, in_time in session.execute(statement):
        lines[person].done, lines[person].done_in_time = done, in_time


@dataclass(frozen=True)
class StepFigures:
    """One step of one process: how many stand there, how many too long, and how late the latest is."""

    process_key: str
    definition_id: int
    element: str
    path: str
    waiting: int
    overdue: int
    oldest_due: datetime | None
    planned: timedelta | None = None  # on average, of those completed in thirty days
    taken: timedelta | None = None


def count_by_step(session: Session, reach: Reach) -> list[StepFigures]:
    """Where cases stand, the most overdue step first, and plan and fact of the steps done lately: two statements."""
    statement = reach.limit(
        select(
            ProcessInstance.process_key,
            func.max(ProcessInstance.definition_id),
            HumanTask.element,
            HumanTask.path,
            func.count(),
            _how_many(is_overdue(reach)),
            func.min(case((is_overdue(reach), HumanTask.due_at))),
        )
        .join(ProcessInstance, ProcessInstance.id == HumanTask.instance_id)
        .where(HumanTask.state == TaskState.OPEN)
        .group_by(ProcessInstance.process_key, HumanTask.element, HumanTask.path)
    )
    times = _times_of_steps(session, reach)
    found = [
        StepFigures(*row, *times.get((row.process_key, row.element, row.path), (None, None)))
        for row in session.execute(statement)
    ]
    return sorted(found, key=lambda step: (-step.overdue, -step.waiting, step.element))


def _times_of_steps(session: Session, reach: Reach) -> dict[tuple[str, str, str], tuple[timedelta, timedelta]]:
    """Mean time from creation to due, and from creation to completion, by process, step and path."""
    statement = reach.limit(
        select(
            ProcessInstance.process_key,
            HumanTask.element,
            HumanTask.path,
            func.avg(seconds_between(HumanTask.created_at, HumanTask.due_at)),
            func.avg(seconds_between(HumanTask.created_at, HumanTask.completed_at)),
        )
        .join(ProcessInstance, ProcessInstance.id == HumanTask.instance_id)
        .where(
            HumanTask.completed_at >= reach.now - PERIOD,
            HumanTask.state == TaskState.COMPLETED,
            HumanTask.due_at.is_not(None),
        )
        .group_by(ProcessInstance.process_key, HumanTask.element, HumanTask.path)
    )
    return {
        (process, element, path): (timedelta(seconds=float(planned)), timedelta(seconds=float(taken)))
        for process, element, path, planned, taken in session.execute(statement)
    }


# how late, from the youngest: name in the address and the least lateness
AGES: Sequence[tuple[str, timedelta]] = (
    ("hour", timedelta(0)),
    ("day", timedelta(hours=1)),
    ("three_days", timedelta(days=1)),
    ("week", timedelta(days=3)),
    ("older", timedelta(days=7)),
)


def is_aged(reach: Reach, name: str) -> ColumnElement[bool]:
    """Overdue for at least this long and less than the next."""
    number = [age for age, _ in AGES].index(name)
    condition = HumanTask.due_at <= reach.now - AGES[number][1]
    if number + 1 < len(AGES):
        condition = and_(condition, HumanTask.due_at > reach.now - AGES[number + 1][1])
    return and_(is_overdue(reach), condition)


def count_by_age(session: Session, reach: Reach) -> dict[str, int]:
    """Overdue steps by how late they are; one statement."""
    statement = reach.limit(
        select(*[_how_many(is_aged(reach, name)) for name, _ in AGES])
        .select_from(HumanTask)
        .join(ProcessInstance, ProcessInstance.id == HumanTask.instance_id)
        .where(HumanTask.state == TaskState.OPEN)
    )
    counted = session.execute(statement).one()
    return {name: number for (name, _), number in zip(AGES, counted, strict=True)}


def waits_for_nothing() -> ColumnElement[bool]:
    """An open case with no task, no timer and no message to wait for. There must be none."""
    other = aliased(HumanTask)  # the list joins tasks of its own
    task = exists().where(other.instance_id == ProcessInstance.id, other.state == TaskState.OPEN)
    timer = exists().where(
        DueRow.ref == ProcessInstance.id, DueRow.kind == DueKind.BPMN_TIMER, DueRow.state == DueState.WAITING
    )
    message = exists().where(MessageSubscription.instance_id == ProcessInstance.id)
    return and_(~task, ~timer, ~message)


def count_without_next_step(session: Session, reach: Reach) -> int:
    """Open cases in reach that wait for nothing."""
    statement = reach.limit(
        select(func.count())
        .select_from(ProcessInstance)
        .where(ProcessInstance.status == InstanceStatus.ACTIVE, waits_for_nothing())
    )
    return int(session.execute(statement).scalar_one())


def _how_many(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


PROBLEM_CONDITIONS: Mapping[str, Callable[[Reach], ColumnElement[bool]]] = {
    "overdue": is_overdue,
    "today": is_today,
    "postponed": is_postponed,
    "refusals": is_refusal,
}
