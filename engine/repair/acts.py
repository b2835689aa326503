"""What every repair begins with: the case, locked, as the person has seen it; and what it ends with."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from engine.errors import BusinessError, DatabaseBusy, NotAllowed, StaleState
from engine.incidents import describe_cause
from engine.instances.case import Case, load_by_id
from engine.instances.commands import StepResult, repeated
from engine.instances.models import InstanceStatus
from engine.instances.saving import remember_command, save
from engine.instances.step import Step
from engine.kernel import Kernel

logger = logging.getLogger(__name__)
Done = TypeVar("Done")


@dataclass(frozen=True)
class Act:
    """Who repairs, why and when. `rev`: the revision of the case that the person has seen; None: whatever it is."""

    reason: str
    actor_id: int | None
    now: datetime
    command_key: str
    rev: int | None = None


def take(session: Session, kernel: Kernel, instance_id: int, act: Act) -> tuple[Case, StepResult | None]:
    """The case, locked, and the answer if this very act has been done already.

    Raises NotAllowed (reason_missing) and StaleState (case_changed).
    """
    case, row = load_by_id(session, kernel, instance_id, act.command_key)
    if row.command_result is not None:
        return case, repeated(row)
    if not act.reason.strip():
        raise NotAllowed("reason_missing", "Say why.")
    if act.rev is not None and act.rev != case.rev:
        raise StaleState("case_changed", f"Case {instance_id} was changed meanwhile.")
    return case, None


def require(case: Case, *, active: bool) -> None:
    """Raise NotAllowed if the case is closed (case_closed) or still open (case_open)."""
    if active and case.status is not InstanceStatus.ACTIVE:
        raise NotAllowed("case_closed", f"Case {case.id} is closed.", instance_id=case.id)
    if not active and case.status is InstanceStatus.ACTIVE:
        raise NotAllowed("case_open", f"Case {case.id} is open.", instance_id=case.id)


def step_of(session: Session, kernel: Kernel, case: Case, act: Act) -> Step:
    return Step(session, kernel, case, actor_id=act.actor_id, now=act.now, command_key=act.command_key)


def finish(step: Step, act: Act) -> StepResult:
    """Write the step and remember its answer."""
    result = StepResult.of(save(step))
    remember_command(step.session, act.command_key, act.actor_id, act.now, result.remembered())
    return result


def undone_if_it_breaks(session: Session, kernel: Kernel, work: Callable[[], Done]) -> Done:
    """Carry out a repair whole or not at all. What breaks down on the way is a refusal that says so: repair_failed.

    Its details: `cause` as incidents keep it, and where it is known the `element` with its `path`, joined by "/".
    """
    try:
        with session.begin_nested():
            return work()
    except (BusinessError, DatabaseBusy, DBAPIError):
        kernel.live_cases.forget(session)
        raise
    except Exception as error:
        kernel.live_cases.forget(session)
        logger.warning("a repair was undone", exc_info=error)  # there is no incident that would keep it
        cause = describe_cause(error)
        element, path = getattr(error, "element", None) or "", getattr(error, "path", "")
        raise NotAllowed("repair_failed", cause, cause=cause, element=element, path=path) from error
