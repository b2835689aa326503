"""The order of work of a campaign or an event: each task is a case of the process by which colleagues give tasks.

A task may follow another one. It stands on the day of its person at once, with its own time, and says what it waits
for; that it is done is only taken when the other is.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session, aliased

from engine.errors import UnknownDefinition
from engine.human_tasks.assignment import Actor
from engine.human_tasks.form_values import Reading, judge_references
from engine.human_tasks.models import HumanTask, TaskState
from engine.instances.models import InstanceStatus, ProcessInstance
from engine.instances.report import StepReport
from webapp.campaigns.models import TASK_SUBJECT, Campaign, CampaignTask, Event
from webapp.core.errors import Conflict, RuleViolation
from webapp.core.workflow import engine
from webapp.staff.models import User

Plan = Campaign | Event

ERRAND = "errand"
DONE, WON = "done", "won"  # the milestone of work that is done, and how such a case ends
DOING, TAKING_BACK = "do_task", "withdrawn"  # the step of whoever does it, and the button that takes it back


@dataclass(frozen=True)
class WorkRow:
    """A task and where it stands. `instance_id`: its case; `after`: what it follows; `waits`: that is not done yet."""

    title: str
    person: str
    until: datetime
    instance_id: int | None
    done: bool
    after: str = ""
    waits: bool = False


def give_tasks(
    session: Session,
    plan: Plan,
    tasks: Sequence[Mapping[str, Any]],
    *,
    actor_id: int | None,
    now: datetime,
) -> int:
    """Give each task to its person; they stand on his day at once. `after`: number of the task it follows, from 1.

    Conflict: errand_missing; RuleViolation: work_order_wrong.
    """
    order = [task.get("after") for task in tasks]
    if judge_references(order):
        raise RuleViolation("work_order_wrong", f"No order of work: {order}.")
    given = [
        CampaignTask(
            **_of(plan), case_key="", title=str(task["title"]), person_id=int(str(task["person"])), until=task["until"]
        )
        for task in tasks
    ]
    session.add_all(given)
    session.flush()
    for task, after in zip(given, order, strict=True):
        task.case_key = task.business_key
        task.after_id = given[int(after) - 1].id if after is not None else None
    session.flush()
    for task in given:
        _begin(session, plan, task, actor_id=actor_id, now=now)
    return len(given)


def keep_order(session: Session, report: StepReport, now: datetime) -> None:
    """A task is not done before the one that it follows. Conflict: task_waits."""
    subject, _, number = report.business_key.rpartition(":")
    if subject != TASK_SUBJECT or not (
        report.outcome == WON or any(event.milestone == DONE for event in report.events)
    ):
        return
    for before in waits_for(session, [int(number)]).values():
        raise Conflict("task_waits", f"{report.business_key} follows {before.id}.", before=before.title)


def waits_for(session: Session, ids: Sequence[int]) -> dict[int, CampaignTask]:
    """What each of these tasks waits for: the one that it follows, while somebody still has it to do."""
    before = aliased(CampaignTask)
    rows = session.execute(
        select(CampaignTask.id, before)
        .join(before, before.id == CampaignTask.after_id)
        .where(
            CampaignTask.id.in_(ids),
            exists(
                select(HumanTask.id)
                .join(ProcessInstance, ProcessInstance.id == HumanTask.instance_id)
                .where(
                    ProcessInstance.business_key == before.case_key,
                    HumanTask.element == DOING,
                    HumanTask.state == TaskState.OPEN,
                )
            ),
        )
    )
    return dict(rows.all())


def take_back_tasks(session: Session, plan: Plan, reason: str, *, now: datetime) -> None:
    """Take back what nobody has done yet, as the giver could himself."""
    statement = (
        select(HumanTask.id)
        .join(ProcessInstance, ProcessInstance.id == HumanTask.instance_id)
        .join(CampaignTask, CampaignTask.case_key == ProcessInstance.business_key)
        .where(_is_of(plan), HumanTask.element == DOING, HumanTask.state == TaskState.OPEN)
    )
    for task_id in session.scalars(statement.order_by(HumanTask.id)).all():
        engine().take_offer(
            session,
            task_id,
            TAKING_BACK,
            {"reason": reason[:200]},
            actor=Actor(plan.owner_id, supervises=frozenset({None})),
            reading=Reading(now=now),
            command_key=f"{plan.business_key}-{task_id}",
        )


def list_work(session: Session, plan: Plan) -> list[WorkRow]:
    """Each after the one that it follows; else the one that is due first stands first."""
    rows = session.execute(
        select(CampaignTask, User.name, ProcessInstance.id, ProcessInstance.status)
        .join(User, User.id == CampaignTask.person_id)
        .outerjoin(ProcessInstance, ProcessInstance.business_key == CampaignTask.case_key)
        .where(_is_of(plan))
        .order_by(CampaignTask.until, CampaignTask.id)
    ).all()
    known = {task.id: task for task, *_ in rows}
    waiting = waits_for(session, list(known)) if any(task.after_id for task in known.values()) else {}
    found: dict[int, WorkRow] = {}
    left = list(rows)
    while left:
        row = next((each for each in left if each[0].after_id is None or each[0].after_id in found), left[0])
        left.remove(row)
        task, name, instance_id, status = row
        done = status is not InstanceStatus.ACTIVE
        after = known[task.after_id].title if task.after_id in known else ""
        waits = not done and task.id in waiting
        found[task.id] = WorkRow(task.title, name, task.until, instance_id, done, after, waits)
    return list(found.values())


def _begin(
    session: Session,
    plan: Plan,
    given: CampaignTask,
    *,
    actor_id: int | None,
    now: datetime,
) -> None:
    """Begin the case and answer its first step for the giver: for whom, and until when."""
    owner = plan.owner_id or actor_id
    try:
        begun = engine().start(
            session,
            ERRAND,
            business_key=given.case_key,
            payload={"subject": f"{given.title} – {plan.name}"},
            actor_id=actor_id,
            now=now,
            scope_id=plan.centre_id,
            owner_id=owner,
        )
    except UnknownDefinition as error:
        raise Conflict("errand_missing", "The process by which tasks are given is not published.") from error
    task = session.scalars(
        select(HumanTask).where(HumanTask.instance_id == begun.instance_id, HumanTask.state == TaskState.OPEN)
    ).one()
    engine().complete(
        session,
        task.id,
        {"person": str(given.person_id), "until": given.until.isoformat()},
        actor=Actor(owner, supervises=frozenset({None})),
        reading=Reading(now=now),
        command_key=hashlib.sha256(given.case_key.encode()).hexdigest()[:40],
    )


def _of(plan: Plan) -> dict[str, int]:
    return {"event_id" if isinstance(plan, Event) else "campaign_id": plan.id}


def _is_of(plan: Plan) -> ColumnElement[bool]:
    column = CampaignTask.event_id if isinstance(plan, Event) else CampaignTask.campaign_id
    return column == plan.id
