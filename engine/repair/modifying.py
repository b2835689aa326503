"""Moving a case by hand: a token to another element, everything away, back to the beginning, open again."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.definitions.model import ProcessModel
from engine.errors import NotAllowed, UnknownTask
from engine.history.recording import EventDraft, EventKind
from engine.incidents import resolve_all_of
from engine.instances.case import Case, milestones_entered
from engine.instances.commands import StepResult
from engine.instances.models import InstanceStatus, ProcessInstance
from engine.kernel import Kernel
from engine.milestones.fold import WON
from engine.repair.acts import Act, finish, require, step_of, take
from engine.spiff import CaseWorkflow, MovePlan, Token
from engine.spiff.script_engine import OnlyLooking

CANCELLED = "cancelled"  # the outcome of a cancelled case when none of the drawing's own is chosen
Path = tuple[str, ...]


def standing(session: Session, kernel: Kernel, instance_id: int, now: datetime) -> list[Token]:
    """Where an open case stands, outer levels first; read only. Empty when it is closed."""
    workflow = _look(session, kernel, instance_id, now)
    return [] if workflow is None else workflow.tokens()


def plan_move(
    session: Session, kernel: Kernel, instance_id: int, guid: str, element: str, path: Path, now: datetime
) -> MovePlan:
    """What a move would do; read only. Raises MoveRefused, NotAllowed (case_closed)."""
    workflow = _look(session, kernel, instance_id, now)
    if workflow is None:
        raise NotAllowed("case_closed", f"Case {instance_id} is closed.", instance_id=instance_id)
    return workflow.plan_move(guid, element, path)


def move(
    session: Session,
    kernel: Kernel,
    instance_id: int,
    guid: str,
    element: str,
    path: Path,
    act: Act,
    *,
    take_back: Collection[str] = (),
) -> StepResult:
    """Move a token to an element of the process. `take_back`: milestones that had been entered by mistake.

    Milestones stay entered when a case goes back, and going forward enters none. Raises MoveRefused, NotAllowed
    (case_closed, milestone_not_entered, reason_missing) and StaleState.
    """
    case, told = take(session, kernel, instance_id, act)
    if told is not None:
        return told
    require(case, active=True)
    _require_entered(session, case, take_back)
    step = step_of(session, kernel, case, act)
    moved = next((token for token in step.workflow.tokens() if token.guid == guid), None)
    plan = step.workflow.move(guid, element, path)
    payload: dict[str, object] = {
        "from": None if moved is None else moved.element,
        "to": element,
        "path": list(path),
        "withdrawn": _names(plan.withdrawn),
        "reason": act.reason,
    }
    step.record(EventKind.STEP_MOVED, element, payload)
    for milestone in sorted(take_back):
        draft = EventDraft(EventKind.MILESTONE_TAKEN_BACK, None, milestone, {"reason": act.reason})
        step.events.append(draft)
    step.advance()
    return finish(step, act)


def cancel(session: Session, kernel: Kernel, instance_id: int, act: Act, *, outcome: str = CANCELLED) -> StepResult:
    """End an open case: nothing is open or awaited any more, for the funnel it closes with this outcome.

    Raises NotAllowed (case_closed, outcome_unknown, reason_missing) and StaleState.
    """
    case, told = take(session, kernel, instance_id, act)
    if told is not None:
        return told
    require(case, active=True)
    if outcome not in outcomes(case.definition.model):
        raise NotAllowed("outcome_unknown", f"Case {instance_id} cannot end as {outcome}.", outcome=outcome)
    step = step_of(session, kernel, case, act)
    payload = {"outcome": outcome, "withdrawn": _names(step.workflow.tokens()), "reason": act.reason}
    step.record(EventKind.CASE_CANCELLED, payload=payload)
    step.cancel(outcome)
    result = finish(step, act)
    _drop_incidents(session, kernel, instance_id, act)
    return result


def restart(session: Session, kernel: Kernel, instance_id: int, act: Act, *, clear: bool) -> StepResult:
    """Begin a case anew, open or closed, with what it was started with; `clear` drops all answers since.

    An open case goes on in its episode of the funnel, a closed one is reopened. Raises NotAllowed and StaleState.
    """
    case, told = take(session, kernel, instance_id, act)
    if told is not None:
        return told
    was_open = case.status is InstanceStatus.ACTIVE
    if not was_open:
        case.state = b""
    step = step_of(session, kernel, case, act)
    payload: dict[str, object] = {"reason": act.reason, "cleared": clear}
    if was_open:
        payload["withdrawn"] = _names(step.workflow.tokens())
        step.workflow = CaseWorkflow.start(case.definition.compiled, step)
    if clear:
        beginning = next(case.definition.model.starts()).id
        case.document = {beginning: case.document.get(beginning, {})}
    if was_open:
        step.record(EventKind.CASE_RESTARTED, payload=payload)
    else:
        step.record(EventKind.CASE_REOPENED, payload={**step.standing(), **payload, "restarted": True})
    step.advance()
    result = finish(step, act)
    _drop_incidents(session, kernel, instance_id, act)
    return result


def reopen(session: Session, kernel: Kernel, instance_id: int, element: str, path: Path, act: Act) -> StepResult:
    """Open a closed case again at an element: a new episode of the funnel begins.

    Raises MoveRefused, NotAllowed (case_open, reason_missing) and StaleState.
    """
    case, told = take(session, kernel, instance_id, act)
    if told is not None:
        return told
    require(case, active=False)
    case.state = b""
    step = step_of(session, kernel, case, act)
    step.workflow = CaseWorkflow.resume(case.definition.compiled, step, element, path)
    payload = {**step.standing(), "reason": act.reason, "path": list(path)}
    step.record(EventKind.CASE_REOPENED, element, payload)
    step.advance()
    return finish(step, act)


def outcomes(model: ProcessModel) -> list[str]:
    """How a case may be cancelled: «cancelled», and the outcomes that its drawing knows, but for success.

    What was not won along the drawing is none for the funnel; who has won it moves the case to where it is.
    """
    drawn = [each.outcome for each in model.elements.values() if each.outcome and each.container == model.key]
    return [each for each in dict.fromkeys([CANCELLED, *drawn]) if each != WON]


def _look(session: Session, kernel: Kernel, instance_id: int, now: datetime) -> CaseWorkflow | None:
    columns = ProcessInstance.definition_id, ProcessInstance.status, ProcessInstance.state
    row = session.execute(select(*columns).where(ProcessInstance.id == instance_id)).one_or_none()
    if row is None:
        raise UnknownTask("case_unknown", f"There is no case {instance_id}.", instance_id=instance_id)
    if row.status is not InstanceStatus.ACTIVE:
        return None
    definition = kernel.store.get(session, row.definition_id)
    return CaseWorkflow.load(definition.compiled, row.state, OnlyLooking(now))


def _require_entered(session: Session, case: Case, milestones: Collection[str]) -> None:
    unknown = set(milestones) - milestones_entered(session, case.id) if milestones else set()
    if unknown:
        names = ", ".join(sorted(unknown))
        raise NotAllowed("milestone_not_entered", f"Case {case.id} has not entered {names}.", milestones=names)


def _names(tokens: Sequence[Token]) -> list[Mapping[str, object]]:
    return [{"element": token.element, "path": list(token.path)} for token in tokens]


def _drop_incidents(session: Session, kernel: Kernel, instance_id: int, act: Act) -> None:
    """What had failed in the case is no matter any more."""
    for incident in resolve_all_of(session, instance_id, act.now, actor_id=act.actor_id, because=act.reason):
        kernel.tell_of_incident(session, incident, act.now)
