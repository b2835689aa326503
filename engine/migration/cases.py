"""One case of a migration: the look at it, the taking over, and the way back."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, update
from sqlalchemy.orm import Session

from engine import case_data
from engine.history.recording import EventKind
from engine.instances.case import Case, load_by_id
from engine.instances.models import InstanceStatus
from engine.instances.saving import new_command_key, save
from engine.instances.statements import INSTANCE
from engine.instances.step import Step, Waits
from engine.kernel import Kernel
from engine.migration.mapping import Change
from engine.migration.rows import Image, follow, put_back, take_image
from engine.spiff.places import markings
from engine.spiff.transfer import transfer
from engine.spiff.workflow import CaseWorkflow

# What cannot be taken back by putting the rows back: it has left the case, or counts in the funnel
LASTING = frozenset(
    {
        EventKind.OPERATION_CALLED,
        EventKind.DECISION_MADE,
        EventKind.MESSAGE_SENT,
        EventKind.MILESTONE_ENTERED,
        EventKind.TIMER_FIRED,
        EventKind.CASE_CLOSED,
    }
)
_SET_DEFINITION = (
    update(INSTANCE).where(INSTANCE.c.id == bindparam("of_instance")).values(definition_id=bindparam("definition"))
)


class CaseGone(Exception):
    """The case is closed, or not in the version that it is to be taken from."""


@dataclass(frozen=True)
class Kept:
    """What is needed to put a case back as it was. `rev`: its revision after the move; None: it has gone on since."""

    rev: int | None
    state: bytes
    document: str
    rows: str


class _TakingOver(Step):
    """The step of a case in its other version; what it waited for is known from the step in its own."""

    def __init__(self, source: Step, case: Case, move: Callable[["_TakingOver"], CaseWorkflow]) -> None:
        self._move = move
        super().__init__(
            source.session,
            source.kernel,
            case,
            actor_id=source.actor_id,
            now=source.now,
            command_key=source.command_key,
        )
        self.before = source.before
        self._dimensions = source.dimensions()  # as the log knows them: a change is noted when the step advances

    def _restore(self) -> CaseWorkflow:
        return self._move(self)


def look(session: Session, kernel: Kernel, change: Change, case: Case, *, now: datetime) -> None:
    """Try a case without writing anything. Raises NotTransferable, and what a new timer's expression raises."""
    _taken_over(Step(session, kernel, case, actor_id=None, now=now, command_key=""), change)


def move(
    session: Session,
    kernel: Kernel,
    change: Change,
    instance_id: int,
    *,
    migration_id: int,
    actor_id: int | None,
    now: datetime,
) -> Kept:
    """Take a case over. Raises CaseGone, NotTransferable, and whatever a step that goes on by itself raises."""
    case = _load(session, kernel, instance_id, change.old.id)
    source = Step(session, kernel, case, actor_id=actor_id, now=now, command_key=new_command_key())
    state, document = case.state, case_data.dump(case.document)
    step = _taken_over(source, change)
    ending = frozenset(source.before.tasks.keys() - Waits.of(step.workflow).tasks.keys())
    image = take_image(step.connection, instance_id, ending)
    follow(step, source.before, change)
    _note(step, change, migration_id)
    step.advance()
    goes_on = any(event.kind in LASTING for event in step.events)
    _save(step, change.new.id)
    return Kept(None if goes_on else case.rev + 1, state, document, image.written())


def take_back(
    session: Session,
    kernel: Kernel,
    change: Change,
    instance_id: int,
    kept: Kept,
    *,
    migration_id: int,
    actor_id: int | None,
    now: datetime,
) -> None:
    """Undo a move. A case that nobody has touched is put back as it was; another one is moved by the way back.

    `change`: as it was applied. Raises like `move`.
    """
    back = change.reversed()
    case = _load(session, kernel, instance_id, change.new.id)
    if case.rev != kept.rev:
        move(session, kernel, back, instance_id, migration_id=migration_id, actor_id=actor_id, now=now)
        return
    source = Step(session, kernel, case, actor_id=actor_id, now=now, command_key=new_command_key())
    before = replace(case, definition=change.old, state=kept.state, document=case_data.load(kept.document))
    step = _TakingOver(source, before, lambda step: CaseWorkflow.load(change.old.compiled, kept.state, step))
    put_back(step, source.before, back, Image.read(kept.rows))
    _note(step, back, migration_id, undone=True)
    step.note_move()
    _save(step, change.old.id)


def _load(session: Session, kernel: Kernel, instance_id: int, definition_id: int) -> Case:
    case, _ = load_by_id(session, kernel, instance_id)
    if case.status is not InstanceStatus.ACTIVE or case.definition.id != definition_id:
        raise CaseGone(instance_id)
    return case


def _taken_over(source: Step, change: Change) -> _TakingOver:
    case = source.case
    there = replace(case, definition=change.new, document=change.renamed_answers(case.document))

    def carry(step: _TakingOver) -> CaseWorkflow:
        moved = transfer(source.workflow, change.new.compiled, change, step)
        for level, marking in markings(moved):
            change.require_ways_on(level, marking)
        return moved

    return _TakingOver(source, there, carry)


def _note(step: Step, change: Change, migration_id: int, *, undone: bool = False) -> None:
    payload: dict[str, Any] = {"from": change.old.version, "to": change.new.version, "migration": migration_id}
    if change.renames:
        payload["renamed"] = change.renames
    if undone:
        payload["undone"] = True
    step.record(EventKind.DEFINITION_CHANGED, payload=payload)


def _save(step: Step, definition_id: int) -> None:
    step.connection.execute(_SET_DEFINITION, {"of_instance": step.case.instance_id, "definition": definition_id})
    save(step)
