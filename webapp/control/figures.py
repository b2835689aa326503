"""Figures of the control board: people and problems, steps, ages. Each figure has the same condition as its list."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, and_, case, cast, distinct, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from engine.human_tasks.inbox import awake_at
from engine.human_tasks.models import HumanTask, TaskState
from engine.instances.models import InstanceStatus, ProcessInstance
from engine.messages import MessageSubscription
from engine.timers.models import DueKind, DueRow
from webapp.control.models import ControlCheck
from webapp.core.permissions import RowScope
from webapp.customers.models import Interaction
from webapp.sales.models import SUBJECT, Worksheet
from webapp.sales.temperature import OVERRIDE_LASTS, Horizon, Temperature

PERIOD = timedelta(days=30)
HOT_SILENCE, WARM_SILENCE = timedelta(days=3), timedelta(days=10)  # specification §1.6
REFUSAL_FORM = "sales/review_refusal"
NOBODY = 0  # in an address: what nobody has taken
PROBLEMS = ("open", "overdue", "silent", "postponed", "refusals", "deviations")

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
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(PROBLEMS, 0))
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


def is_postponed(reach: Reach) -> ColumnElement[bool]:
    """Put to sleep beyond this moment."""
    return HumanTask.sleeps_until > reach.now


def is_refusal(_: Reach) -> ColumnElement[bool]:
    """The head's review of a refusal; the moment does not matter."""
    return HumanTask.form == REFUSAL_FORM


def holder() -> ColumnElement[int | None]:
    """Whom a task is counted with: who has it, else who is responsible for the case."""
    return func.coalesce(HumanTask.assignee_id, ProcessInstance.owner_id)


def is_silent(reach: Reach) -> ColumnElement[bool]:
    """A hot customer without a contact for three days, or a warm one for ten. Needs Worksheet joined."""
    now = reach.now
    overridden = and_(
        Worksheet.temperature_override.is_not(None), Worksheet.temperature_overridden_at > now - OVERRIDE_LASTS
    )
    hot = case(
        (overridden, Worksheet.temperature_override == Temperature.HOT),
        else_=Worksheet.horizon.in_([Horizon.NOW, Horizon.WEEK]),
    )
    warm = case(
        (overridden, Worksheet.temperature_override == Temperature.WARM), else_=Worksheet.horizon == Horizon.MONTH
    )
    return or_(and_(hot, _without_contact(now - HOT_SILENCE)), and_(warm, _without_contact(now - WARM_SILENCE)))


def _without_contact(since: datetime) -> ColumnElement[bool]:
    contact = exists().where(Interaction.customer_id == Worksheet.customer_id, Interaction.at >= since)
    return and_(Worksheet.opened_at < since, ~contact)


def silent_cases(reach: Reach) -> Select[*tuple[Any, ...]]:
    """Active sales cases of hot and warm customers whom nobody has spoken to for too long."""
    # from the open cases to their worksheets by number: the other way round would read every worksheet there is
    prefix = f"{SUBJECT}:"
    number = case(
        (
            ProcessInstance.business_key.startswith(prefix, autoescape=True),
            cast(func.substr(ProcessInstance.business_key, len(prefix) + 1), Integer),
        )
    )
    statement = (
        select(ProcessInstance.id, ProcessInstance.owner_id)
        .join(Worksheet, Worksheet.id == number)
        .where(ProcessInstance.status == InstanceStatus.ACTIVE, is_silent(reach))
    )
    return reach.limit(statement)


def checked_since(moment: datetime) -> Select[*tuple[Any, ...]]:
    """Cases that a head has looked at since then."""
    return select(ControlCheck.instance_id).where(ControlCheck.at >= moment).distinct()


def count_by_person(session: Session, reach: Reach, *, with_sales: bool) -> list[PersonFigures]:
    """The board, in no order: four statements, whatever the number of people."""
    lines: defaultdict[Person, PersonFigures] = defaultdict(lambda: PersonFigures(None))
    opened = reach.limit(
        select(ProcessInstance.owner_id, func.count(), _how_many(waits_for_nothing()))
        .where(ProcessInstance.status == InstanceStatus.ACTIVE)
        .group_by(ProcessInstance.owner_id)
    )
    for person, number, stuck in session.execute(opened):
        lines[person].counts["open"], lines[person].stuck = number, stuck
    _count_tasks(session, reach, lines)
    if with_sales:
        silent = silent_cases(reach).subquery()
        for person, number in session.execute(select(silent.c.owner_id, func.count()).group_by(silent.c.owner_id)):
            lines[person].counts["silent"] = number
    _count_done(session, reach, lines)
    for person, line in lines.items():
        line.user_id = person
    return list(lines.values())


def _count_tasks(session: Session, reach: Reach, lines: Mapping[Person, PersonFigures]) -> None:
    looks = or_(is_overdue(reach), is_refusal(reach))
    checked = checked_since(reach.midnight).subquery()
    statement = reach.limit(
        select(
            HumanTask.assignee_id,
            ProcessInstance.owner_id,
            _how_many(is_overdue(reach)),
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
    for assignee, owner, overdue, postponed, refusals, to_look, done in session.execute(statement):
        line = lines[assignee if assignee is not None else owner]
        line.counts["overdue"] += overdue
        line.counts["postponed"] += postponed
        line.looks += to_look
        line.checked += done
        lines[owner].counts["refusals"] += refusals


def _count_done(session: Session, reach: Reach, lines: Mapping[Person, PersonFigures]) -> None:
    """Completed in time and passed over, by the person who did it; one without an index on the log."""
    statement = reach.limit(
        select(
            HumanTask.completed_by,
            _how_many(HumanTask.state == TaskState.SKIPPED),
            _how_many(and_(HumanTask.state == TaskState.COMPLETED, HumanTask.due_at.is_not(None))),
            _how_many(and_(HumanTask.state == TaskState.COMPLETED, HumanTask.completed_at <= HumanTask.due_at)),
        )
        .join(ProcessInstance, ProcessInstance.id == HumanTask.instance_id)
        .where(HumanTask.completed_at >= reach.now - PERIOD, HumanTask.completed_by.is_not(None))
        .group_by(HumanTask.completed_by)
    )
    for person, skipped, done, in_time in session.execute(statement):
        line = lines[person]
        line.counts["deviations"], line.done, line.done_in_time = skipped, done, in_time


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


def count_by_step(session: Session, reach: Reach) -> list[StepFigures]:
    """Where cases stand, the most overdue step first; one statement."""
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
    found = [StepFigures(*row) for row in session.execute(statement)]
    return sorted(found, key=lambda step: (-step.overdue, -step.waiting, step.element))


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
    timer = exists().where(DueRow.ref == ProcessInstance.id, DueRow.kind == DueKind.BPMN_TIMER)
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
    "postponed": is_postponed,
    "refusals": is_refusal,
}
