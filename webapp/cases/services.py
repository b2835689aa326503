"""What is done around a case besides moving its token."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.errors import UnknownTask
from engine.history.recording import EventKind
from engine.human_tasks.assignment import Actor, may_serve, require_service
from engine.human_tasks.inbox import tasks_by_id
from engine.human_tasks.models import HumanTask
from engine.instances.commands import StepResult
from webapp.cases.queries import CaseRecord, get_case
from webapp.core.errors import RuleViolation
from webapp.core.feature import Text
from webapp.core.permissions import current_scope
from webapp.core.workflow import current_actor, engine
from webapp.staff.queries import names_of

CHANNELS: Mapping[str, Text] = {
    "call": _l("Call"),
    "visit": _l("Visit"),
    "email": _l("E-mail"),
    "messenger": _l("Messenger"),
    "sms": _l("SMS"),
    "other": _l("Other"),
}
DIRECTIONS: Mapping[str, Text] = {"in": _l("Incoming"), "out": _l("Outgoing")}


def require_case(session: Session, instance_id: int) -> CaseRecord:
    """The case, if this person may change it. Raises NotFound."""
    return get_case(session, engine().store, instance_id, reach=current_scope("cases.change"), actor=current_actor())


def case_of(session: Session, task_id: int) -> int:
    """The case of a task. Raises UnknownTask."""
    found = session.scalar(select(HumanTask.instance_id).where(HumanTask.id == task_id))
    if found is None:
        raise UnknownTask("task_unknown", f"There is no task {task_id}.", task_id=task_id)
    return found


def require_colleague(session: Session, user_id: int) -> str:
    """The name of an active colleague. Raises RuleViolation."""
    name = names_of(session, [user_id], only_active=True).get(user_id)
    if name is None:
        raise RuleViolation("colleague_unknown", "Choose a colleague from the list.")
    return name


def save_draft(
    session: Session, task_id: int, typed: Mapping[str, Any], *, boundary: str | None, actor: Actor, now: datetime
) -> None:
    """Keep what is typed on a step, or on the form of a button it offers."""
    task = session.get(HumanTask, task_id)
    if task is None:
        raise UnknownTask("task_unknown", f"There is no task {task_id}.", task_id=task_id)
    require_service(actor, task)
    form = boundary or task.form
    engine().save_draft(session, task_id, form, typed, actor_id=actor.user_id or 0, now=now)


def note_contact(
    session: Session, instance_id: int, *, channel: str, direction: str, result: str, actor_id: int, now: datetime
) -> None:
    """Record a contact that happened on the side: in the case's log, and in the customer's chronicle."""
    case = require_case(session, instance_id)
    payload = {"channel": channel, "direction": direction, "result": result}
    engine().note(session, case.instance_id, EventKind.CONTACT_NOTED, payload, actor_id=actor_id, now=now)


def next_task(session: Session, result: StepResult, actor: Actor) -> int | None:
    """The first task that the step opened and this person may do."""
    return next((task.id for task in tasks_by_id(session, result.next_tasks) if may_serve(actor, task)), None)
