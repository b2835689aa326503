"""What runs for a customer right now: his open cases with their next step, for the card."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import false, select
from sqlalchemy.orm import Session

from engine.human_tasks.inbox import InboxTask, open_tasks, read_tasks
from engine.human_tasks.models import HumanTask
from engine.instances.models import InstanceStatus, ProcessInstance
from webapp.core.case_sight import case_within
from webapp.core.permissions import RowScope
from webapp.core.steps import step_name
from webapp.core.workflow import describe_cases
from webapp.customers.models import Interaction
from webapp.staff.models import User


@dataclass(frozen=True)
class OpenCase:
    """A case in work: what it is, who has it, what comes next and until when."""

    instance_id: int
    key: str
    title: str
    owner: str
    step: str
    due_at: datetime | None
    in_reach: bool  # whether the page of the case opens for who asks


def list_open_cases(session: Session, customer_id: int, *, reach: RowScope | None) -> list[OpenCase]:
    """Cases of the customer that are not closed, the most urgent first. `reach`: on which cases somebody may look."""
    keys = select(Interaction.case_key).where(Interaction.customer_id == customer_id, Interaction.case_key.is_not(None))
    rows = session.execute(
        select(ProcessInstance.id, ProcessInstance.business_key, ProcessInstance.definition_id, User.name)
        .add_columns((false() if reach is None else case_within(reach)).label("in_reach"))
        .outerjoin(User, User.id == ProcessInstance.owner_id)
        .where(ProcessInstance.business_key.in_(keys), ProcessInstance.status == InstanceStatus.ACTIVE)
    ).all()
    if not rows:
        return []
    labels = describe_cases(session, [row.business_key for row in rows])
    following = _next_tasks(session, [row.id for row in rows])
    cases = []
    for row in rows:
        label, task = labels[row.business_key], following.get(row.id)
        step, due = (step_name(session, task), task.due_at) if task else ("", None)
        cases.append(
            OpenCase(
                row.id, row.business_key, label.detail or label.title, row.name or "", step, due, bool(row.in_reach)
            )
        )
    return sorted(cases, key=lambda case: (case.due_at is None, case.due_at, case.instance_id))


def _next_tasks(session: Session, instance_ids: Sequence[int]) -> dict[int, InboxTask]:
    found = read_tasks(
        session,
        open_tasks()
        .where(HumanTask.instance_id.in_(instance_ids))
        .order_by(HumanTask.due_at.is_not(None), HumanTask.due_at.desc(), HumanTask.id.desc()),
    )
    return {task.instance_id: task for task in found}  # the earliest is written last, undated ones before all
