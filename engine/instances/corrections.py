"""Correcting an earlier answer: the case document changes, the log keeps both, and records follow."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.definitions.model import ProcessModel
from engine.errors import NotAllowed
from engine.history.recording import EventKind
from engine.human_tasks.assignment import Actor, may_correct
from engine.human_tasks.form_values import Reading, read_values
from engine.human_tasks.models import HumanTask, TaskState
from engine.instances.case import load_by_id
from engine.instances.models import InstanceStatus
from engine.instances.saving import new_command_key, save
from engine.instances.step import Step
from engine.kernel import Kernel


def correct_answer(
    session: Session,
    kernel: Kernel,
    instance_id: int,
    element_id: str,
    raw: Mapping[str, object],
    *,
    reason: str,
    actor: Actor,
    reading: Reading,
) -> None:
    """Replace answers given at an element that has been passed.

    Fields that decided where the token went stay as they were: the way back is an
    act of the process, not a correction. The element's property `onCorrect` names
    the operation that brings the records up to date and may refuse; `correct="never"`
    makes the answers final. Personal fields are corrected where they are kept, not here.

    Raises NotAllowed: answer_unknown, answer_final, answer_not_yours, case_closed.
    """
    case, _ = load_by_id(session, kernel, instance_id)
    element = case.definition.model.elements.get(element_id)
    given = case.document.get(element_id)
    if element is None or not element.form or not isinstance(given, dict):
        raise NotAllowed("answer_unknown", f"Nothing was answered at {element_id}.", element=element_id)
    if case.status is not InstanceStatus.ACTIVE:
        raise NotAllowed("case_closed", f"Case {instance_id} is closed.", instance_id=instance_id)
    if element.is_final:
        raise NotAllowed("answer_final", f"The answers at {element_id} are final.", element=element_id)
    done = _last_done(session, instance_id, element_id)
    if done is None or not may_correct(actor, done):
        raise NotAllowed("answer_not_yours", f"The answers at {element_id} were given by others.", element=element_id)
    form = kernel.store.form(session, element.form).form
    decided = fixed_fields(case.definition.model, element_id) & form.fields.keys()
    fixed = {name: given[name] for name in decided if name in given}
    personal = form.personal_keys
    with_files = kernel.reading_for(session, instance_id, reading)
    kept = values = read_values(form, {**raw, **fixed}, case.known_in(()), with_files, without=personal, before=given)
    before = {key: given.get(key) for key in form.fields if key not in personal and given.get(key) != kept.get(key)}
    after = {key: kept.get(key) for key in before}
    if not before:
        return
    step = Step(session, kernel, case, actor_id=actor.user_id, now=reading.now, command_key=new_command_key())
    step.record(EventKind.ANSWER_CORRECTED, element_id, {"before": before, "after": after, "reason": reason})
    step.put(element_id, after)
    operation = element.properties.get("onCorrect")
    if operation:
        step.put(element_id, step.run_operation(operation, element_id, values))
    step.advance()
    save(step)


def fixed_fields(model: ProcessModel, element_id: str) -> frozenset[str]:
    """What a correction leaves as it was."""
    return model.deciding_fields(element_id) | {"outcome"}


def _last_done(session: Session, instance_id: int, element_id: str) -> HumanTask | None:
    done = select(HumanTask).where(
        HumanTask.instance_id == instance_id,
        HumanTask.element == element_id,
        HumanTask.state == TaskState.COMPLETED,
    )
    return session.scalars(done.order_by(HumanTask.id.desc()).limit(1)).one_or_none()
