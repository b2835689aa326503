"""Reading where a run stands from its private database and from what was recorded on the way."""

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.definitions.reaching import Place
from engine.definitions.store import Definition
from engine.history.recording import EventKind
from engine.human_tasks.models import HumanTask, TaskState, path_of
from engine.instances.case import Case, load_by_id
from engine.instances.models import InstanceStatus, ProcessInstance
from engine.messages import MessageSubscription
from engine.outbox import OutboxMessage
from engine.sandbox.coverage import cover
from engine.sandbox.material import Sandbox
from engine.sandbox.people import OWNER
from engine.sandbox.refusals import Refusal
from engine.sandbox.standing import Awaited, OpenStep, Planned, Sent, Standing, Told
from engine.spiff import CaseWorkflow
from engine.spiff.script_engine import OnlyLooking
from engine.timers.due_rows import next_after
from engine.timers.models import DueKind, DueRow

if TYPE_CHECKING:
    from engine.sandbox.playing import Run


def read_standing(
    session: Session, run: "Run", sandbox: Sandbox, definition: Definition, *, done: int, refusal: Refusal | None
) -> Standing:
    """Everything there is to show after the last act."""
    row = None if run.instance_id is None else session.get(ProcessInstance, run.instance_id)
    if row is None or run.now is None or run.instance_id is None:
        return Standing(definition, refusal=refusal, done=done)
    case, _ = load_by_id(session, run.kernel, run.instance_id)
    steps, awaited = _steps(session, sandbox, case), _awaited(session, case)
    ended = next((each for each in reversed(run.trail) if each.kind is EventKind.CASE_CLOSED), None)
    passed = [place for _, place in run.passed]
    standing = [each.place for each in steps] + [each.place for each in awaited]
    acts = done if refusal is None else refusal.act
    return Standing(
        definition=definition,
        now=run.now,
        zone=run.zone,
        done=done,
        refusal=refusal,
        begun=True,
        ended_at=row.ended_at,
        outcome=None if ended is None else str(ended.payload.get("outcome")),
        milestones=_milestones(run),
        document=case.document,
        steps=steps,
        awaited=awaited,
        timers=_timers(session, case) if row.status is InstanceStatus.ACTIVE else (),
        next_due=next_after(session, 0),
        trail=tuple(run.trail),
        calls=tuple(run.outside.calls),
        sent=_sent(session, acts),
        passed=_by_act(run, acts),
        coverage=cover(definition, passed, standing),
    )


def _steps(session: Session, sandbox: Sandbox, case: Case) -> tuple[OpenStep, ...]:
    tasks = session.scalars(
        select(HumanTask)
        .where(HumanTask.instance_id == case.instance_id, HumanTask.state == TaskState.OPEN)
        .order_by(HumanTask.id)
    ).all()
    told: defaultdict[int, list[Told]] = defaultdict(list)
    rows = select(DueRow).where(
        DueRow.ref.in_([task.id for task in tasks]), DueRow.kind.in_([DueKind.REMINDER, DueKind.ESCALATION])
    )
    for row in session.scalars(rows.order_by(DueRow.due_at, DueRow.id)):
        told[row.ref].append(Told(row.kind, row.due_at, row.detail))
    return tuple(_step(session, sandbox, case, task, told[task.id]) for task in tasks)


def _step(session: Session, sandbox: Sandbox, case: Case, task: HumanTask, told: Sequence[Told]) -> OpenStep:
    path = path_of(task.path)
    _, calls = case.definition.place(path)
    return OpenStep(
        place=Place(path, task.element),
        element=case.definition.element(task.element, path),
        form=sandbox.store.form(session, task.form).form if task.form else None,
        role=task.candidate_role,
        of_owner=task.assignee_id == OWNER,
        created_at=task.created_at,
        due_at=task.due_at,
        told=tuple(told),
        offers=tuple(case.definition.offers_at(task.element, path)),
        known=case.known_in(calls),
    )


def _awaited(session: Session, case: Case) -> tuple[Awaited, ...]:
    if case.status is not InstanceStatus.ACTIVE:
        return ()
    waits = CaseWorkflow.load(case.definition.compiled, case.state, OnlyLooking(case.started_at)).message_waits()
    paths = {wait.guid: wait.path for wait in waits}
    rows = session.scalars(
        select(MessageSubscription)
        .where(MessageSubscription.instance_id == case.instance_id)
        .order_by(MessageSubscription.id)
    ).all()
    found = []
    for row in rows:
        path = paths.get(row.task_guid, ())
        found.append(Awaited(Place(path, row.element), case.definition.element(row.element, path), row.message))
    return tuple(found)


def _timers(session: Session, case: Case) -> tuple[Planned, ...]:
    waits = CaseWorkflow.load(case.definition.compiled, case.state, OnlyLooking(case.started_at)).timer_waits()
    found = [Planned(wait.due_at, case.definition.element(wait.element, wait.path)) for wait in waits]
    return tuple(sorted(found, key=lambda each: each.at))


def _sent(session: Session, act: int) -> tuple[Sent, ...]:
    rows = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)).all()
    return tuple(Sent(act, row.channel, row.recipient, row.body) for row in rows)


def _milestones(run: "Run") -> tuple[str, ...]:
    found: dict[str, None] = {}
    for each in run.trail:
        if each.milestone and each.kind is EventKind.MILESTONE_ENTERED:
            found.setdefault(each.milestone)
        elif each.milestone and each.kind is EventKind.MILESTONE_TAKEN_BACK:
            found.pop(each.milestone, None)
    return tuple(found)


def _by_act(run: "Run", acts: int) -> tuple[tuple[str, ...], ...]:
    """Sorted: which of two timers of the same moment fires first is nobody's decision."""
    found: list[list[str]] = [[] for _ in range(acts)]
    for act, place in run.passed:
        found[act - 1].append("/".join((*place.path, place.element)))
    return tuple(tuple(sorted(names)) for names in found)
