"""Whose cases and incidents these pages show, and what every act of theirs begins with."""

from flask import Blueprint, request
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.errors import BusinessError
from engine.instances.models import ProcessInstance
from engine.instances.saving import new_command_key
from engine.repair.acts import Act
from webapp.cases.queries import CaseRecord, get_case
from webapp.core.clock import now
from webapp.core.engine_errors import status_of
from webapp.core.errors import NotFound
from webapp.core.forms import read_number
from webapp.core.permissions import actor_id, current_scope
from webapp.core.workflow import current_actor, engine

bp = Blueprint("repair", __name__, template_folder="templates")

LONGEST_REASON = 500


def require_repairable(session: Session, instance_id: int) -> CaseRecord:
    """The case, if this person may mend it: to have a step of it is not enough. Raises NotFound."""
    reach = current_scope("repair.change")
    within = reach.condition(owner=ProcessInstance.owner_id, scope=ProcessInstance.scope_id)
    if session.scalar(select(ProcessInstance.id).where(ProcessInstance.id == instance_id, within)) is None:
        raise NotFound("case_unknown", f"There is no case {instance_id}.")
    return get_case(session, engine().store, instance_id, reach=reach, actor=current_actor())


def status_for(refusal: BusinessError) -> int:
    """A form that is shown again: what was typed does not fit, unless the case is out of sight or has gone on."""
    status = status_of(refusal)
    return status if status in (404, 409) else 422


def revision_of(session: Session, instance_id: int) -> int:
    """What an act says that it has seen."""
    return session.scalars(select(ProcessInstance.rev).where(ProcessInstance.id == instance_id)).one()


def posted_act() -> Act:
    """Reason, revision and key of the form that was sent; who and when."""
    return Act(
        reason=request.form.get("reason", "").strip()[:LONGEST_REASON],
        actor_id=actor_id(),
        now=now(),
        command_key=request.form.get("command_key", "")[:64] or new_command_key(),
        rev=read_number(request.form.get("rev")),
    )
