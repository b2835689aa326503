"""What must hold between the state of the cases and the rows beside it, read in one snapshot (reliability, I3).

A step writes them in one transaction; who restores a backup, upgrades or kills a process may ask whether they agree.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from engine.definitions.store import Definition, DefinitionStore
from engine.errors import EngineError
from engine.human_tasks.models import HumanTask, TaskState
from engine.instances.models import NOT_DUE, InstanceStatus, ProcessInstance
from engine.instances.step import Waits
from engine.messages import MessageSubscription
from engine.spiff import CaseWorkflow
from engine.spiff.errors import UnreadableState
from engine.spiff.script_engine import OnlyLooking
from engine.timers.models import DueKind, DueRow

AT_A_TIME = 500
_Case = tuple[int, int, InstanceStatus, bytes, datetime]


class FindingKind(StrEnum):
    """What does not agree with the state of a case."""

    STATE = "state"  # it cannot be read, or the library finds other tasks in it than stand there
    TASK = "task"
    TIMER = "timer"
    MESSAGE = "message"
    DUE = "due"  # the case's own row says another moment than its open steps


@dataclass(frozen=True)
class Finding:
    """A case whose rows are not what its state says. `missing`: the state has it and the table has not."""

    instance_id: int
    kind: FindingKind
    missing: tuple[str, ...] = ()
    surplus: tuple[str, ...] = ()
    detail: str = ""


@dataclass(frozen=True)
class _Rows:
    """What the tables say of some cases: keys of tasks, timers and subscriptions by case, and when steps are due."""

    tasks: Mapping[int, set[str]]
    timers: Mapping[int, set[str]]
    messages: Mapping[int, set[str]]
    due: Mapping[int, datetime]


def check_cases(session: Session, store: DefinitionStore, *, now: datetime) -> Iterator[Finding]:
    """Every disagreement, the oldest case first; a few statements for AT_A_TIME cases, memory does not grow."""
    last = 0
    while rows := session.execute(_after(last)).all():
        last = rows[-1].id
        known = _read(session, [row.id for row in rows])
        for row in rows:
            yield from _check(row, store.get(session, row.definition_id), known, now)
        session.expunge_all()


def _after(instance_id: int) -> Select[*_Case]:
    columns = (
        ProcessInstance.id,
        ProcessInstance.definition_id,
        ProcessInstance.status,
        ProcessInstance.state,
        ProcessInstance.due_at,
    )
    return select(*columns).where(ProcessInstance.id > instance_id).order_by(ProcessInstance.id).limit(AT_A_TIME)


def _read(session: Session, ids: Sequence[int]) -> _Rows:
    open_tasks = select(HumanTask.instance_id, HumanTask.task_guid, HumanTask.due_at).where(
        HumanTask.instance_id.in_(ids), HumanTask.state == TaskState.OPEN
    )
    tasks = session.execute(open_tasks).all()
    due: dict[int, datetime] = {}
    for case, _, at in tasks:
        due[case] = min(at or NOT_DUE, due.get(case, NOT_DUE))
    timers = select(DueRow.ref, DueRow.detail, DueRow.due_at).where(
        DueRow.ref.in_(ids), DueRow.kind == DueKind.BPMN_TIMER
    )
    messages = select(MessageSubscription.instance_id, MessageSubscription.task_guid).where(
        MessageSubscription.instance_id.in_(ids)
    )
    return _Rows(
        _grouped((case, guid) for case, guid, _ in tasks),
        _grouped((case, _timer(guid, due)) for case, guid, due in session.execute(timers)),
        _grouped((case, guid) for case, guid in session.execute(messages)),
        due,
    )


def _grouped(pairs: Iterator[tuple[int, str]]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    for case, key in pairs:
        found.setdefault(case, set()).add(key)
    return found


def _timer(guid: str, due: datetime) -> str:
    return f"{guid} {due.isoformat()}"


def _check(row: Row[*_Case], definition: Definition, known: _Rows, now: datetime) -> Iterator[Finding]:
    try:
        waits = _waits(row, definition, now)
    except (EngineError, UnreadableState) as error:
        yield Finding(row.id, FindingKind.STATE, detail=str(error))
        return
    if waits is None:
        yield Finding(row.id, FindingKind.STATE, detail="tasks are lost in the tree")
        return
    said = {
        FindingKind.TASK: (set(waits.tasks), known.tasks),
        FindingKind.TIMER: ({_timer(guid, due) for guid, due in waits.timers}, known.timers),
        FindingKind.MESSAGE: (
            {
                guid
                for guid, wait in waits.messages.items()
                if not definition.element(wait.element, wait.path).is_offer  # a button, nothing waits outside
            },
            known.messages,
        ),
    }
    for kind, (state, stored) in said.items():
        rows = stored.get(row.id, set())
        if state != rows:
            yield Finding(row.id, kind, tuple(sorted(state - rows)), tuple(sorted(rows - state)))
    due = known.due.get(row.id, NOT_DUE)
    if row.due_at != due and set(waits.tasks) == known.tasks.get(row.id, set()):  # else it is told above
        yield Finding(row.id, FindingKind.DUE, (due.isoformat(),), (row.due_at.isoformat(),))


def _waits(row: Row[*_Case], definition: Definition, now: datetime) -> Waits | None:
    """What the state waits for; nothing in a case that has ended. None when the tree is not sound."""
    if row.status is not InstanceStatus.ACTIVE:
        return Waits()
    workflow = CaseWorkflow.load(definition.compiled, row.state, OnlyLooking(now))
    return Waits.of(workflow) if workflow.is_consistent() else None
