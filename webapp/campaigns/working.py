"""The order of work of a campaign or an event: each task is a case of the process by which colleagues give tasks."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from engine.errors import UnknownDefinition
from engine.human_tasks.assignment import Actor
from engine.human_tasks.form_values import Reading
from engine.human_tasks.models import HumanTask, TaskState
from engine.instances.models import InstanceStatus, ProcessInstance
from webapp.campaigns.models import Campaign, CampaignTask, Event
from webapp.core.errors import Conflict
from webapp.core.workflow import engine
from webapp.staff.models import User

Plan = Campaign | Event

ERRAND = "errand"
DOING, TAKING_BACK = "do_task", "withdrawn"  # the step of whoever does it, and the button that takes it back


@dataclass(frozen=True)
class WorkRow:
    """A task and where it stands. `instance_id`: its case."""

    title: str
    person: str
    until: datetime
    instance_id: int | None
    done: bool


def give_tasks(
    session: Session,
    plan: Plan,
    tasks: Sequence[Mapping[str, Any]],
    *,
    actor_id: int | None,
    now: datetime,
) -> int:
    """Give each task to its person; they stand on his day at once. Conflict: errand_missing."""
    for position, task in enumerate(tasks):
        person, until = int(str(task["person"])), task["until"]
        key = _key(plan, position, now)
        _begin(session, plan, key, str(task["title"]), person, until, actor_id=actor_id, now=now)
        session.add(CampaignTask(**_of(plan), case_key=key, title=str(task["title"]), person_id=person, until=until))
    session.flush()
    return len(tasks)


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
    rows = session.execute(
        select(CampaignTask, User.name, ProcessInstance.id, ProcessInstance.status)
        .join(User, User.id == CampaignTask.person_id)
        .outerjoin(ProcessInstance, ProcessInstance.business_key == CampaignTask.case_key)
        .where(_is_of(plan))
        .order_by(CampaignTask.until, CampaignTask.id)
    )
    return [
        WorkRow(task.title, name, task.until, instance_id, status is not InstanceStatus.ACTIVE)
        for task, name, instance_id, status in rows
    ]


def _begin(
    session: Session,
    plan: Plan,
    key: str,
    title: str,
    person: int,
    until: datetime,
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
            business_key=key,
            payload={"subject": f"{title} – {plan.name}"},
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
        {"person": str(person), "until": until.isoformat()},
        actor=Actor(owner, supervises=frozenset({None})),
        reading=Reading(now=now),
        command_key=hashlib.sha256(key.encode()).hexdigest()[:40],
    )


def _of(plan: Plan) -> dict[str, int]:
    return {"event_id" if isinstance(plan, Event) else "campaign_id": plan.id}


def _is_of(plan: Plan) -> ColumnElement[bool]:
    column = CampaignTask.event_id if isinstance(plan, Event) else CampaignTask.campaign_id
    return column == plan.id


def _key(plan: Plan, position: int, now: datetime) -> str:
    """The business key of a case that was begun by hand and has no record of its own."""
    digest = hashlib.sha256(f"{plan.business_key}:{position}:{now.isoformat()}".encode()).digest()
    return f"cases.case:{int.from_bytes(digest[:7])}"
