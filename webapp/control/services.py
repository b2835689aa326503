"""What a head does from the board: hand over, remind, comment, answer, mark as checked."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.orm import Session

from engine.history.recording import EventKind
from engine.human_tasks.assignment import Actor
from engine.runtime import Engine
from webapp.cases.bulk import BulkReport, act_on_each
from webapp.control.findings import EscalationRow
from webapp.control.following import ESCALATION, SEEN
from webapp.control.models import ControlCheck
from webapp.core.errors import RuleViolation
from webapp.staff.models import User


def reassign_tasks(
    session: Session,
    engine: Engine,
    task_ids: Sequence[int],
    *,
    to: int,
    comment: str,
    with_case: bool,
    actor: Actor,
    now: datetime,
) -> BulkReport:
    """Hand tasks to one colleague, each for itself. Raises RuleViolation when he does not work here any more."""
    colleague = session.get(User, to)
    if colleague is None or not colleague.active:
        raise RuleViolation("colleague_unknown")

    def delegate(task_id: int) -> None:
        engine.delegate(session, task_id, to=to, comment=comment, actor=actor, now=now, with_case=with_case)

    return act_on_each(session, task_ids, delegate)


def remind_of_tasks(
    session: Session, engine: Engine, task_ids: Sequence[int], *, actor: Actor, now: datetime
) -> BulkReport:
    """Remind whoever has the tasks, each for itself."""

    def remind(task_id: int) -> None:
        engine.remind(session, task_id, actor=actor, now=now)

    return act_on_each(session, task_ids, remind)


def comment_cases(
    session: Session, engine: Engine, instance_ids: Sequence[int], *, text: str, actor_id: int, now: datetime
) -> None:
    """Write the same remark into the chronicle of each case."""
    for instance_id in instance_ids:
        engine.note(session, instance_id, EventKind.COMMENTED, {"text": text}, actor_id=actor_id, now=now)


def check_cases(
    session: Session, engine: Engine, instance_ids: Sequence[int], *, instruction: str, actor_id: int, now: datetime
) -> None:
    """Mark cases as looked at today; an instruction stands on their steps and in the diary until one is done."""
    if not instance_ids:
        return
    row = {"checked_by": actor_id, "at": now, "instruction": instruction}
    session.execute(insert(ControlCheck), [{"instance_id": each, **row} for each in instance_ids])
    if instruction:
        for instance_id in instance_ids:
            engine.note(session, instance_id, EventKind.INSTRUCTED, {"text": instruction}, actor_id=actor_id, now=now)


def acknowledge(
    session: Session, engine: Engine, deviations: Mapping[int, Sequence[int]], *, actor_id: int, now: datetime
) -> int:
    """A head has looked at deviations, given by case; how many they are."""
    for instance_id, numbers in sorted(deviations.items()):
        payload = {SEEN: list(numbers)}
        engine.note(session, instance_id, EventKind.DEVIATION_SEEN, payload, actor_id=actor_id, now=now)
    return sum(len(numbers) for numbers in deviations.values())


def answer_escalation(
    session: Session, engine: Engine, escalation: EscalationRow, *, text: str, actor_id: int, now: datetime
) -> None:
    """Close an escalation with an answer, which stands in the case and on its step."""
    payload = {ESCALATION: escalation.seq, "task": escalation.task_id, "text": text}
    engine.note(session, escalation.instance_id, EventKind.ESCALATION_ANSWERED, payload, actor_id=actor_id, now=now)
