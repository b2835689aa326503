"""Handing many cases to a colleague: what would happen, one portion after another, and back again."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Select, func, insert, select
from sqlalchemy.orm import Session

from engine import case_data
from engine.errors import NotAllowed, UnknownTask
from engine.human_tasks.assignment import Actor, may_serve
from engine.human_tasks.models import HumanTask, TaskState
from engine.instances.models import InstanceStatus, ProcessInstance
from engine.runtime import Engine
from webapp.cases.models import BulkAct, BulkItem, ItemState
from webapp.core.case_sight import case_within
from webapp.core.errors import NotFound, RuleViolation
from webapp.core.permissions import RowScope
from webapp.staff.models import User

PORTION = 25
MOST = 500  # cases of one act
UNDONE_WITHIN = timedelta(days=1)  # later the colleague's work would be taken from him
NOT_IN_REACH, CLOSED, NOT_YOURS, ALREADY = "not_in_reach", "case_closed", "task_not_yours", "already_with"


@dataclass
class Preview:
    """What handing over would do: cases by their owner, and the refused ones by reason."""

    ready: list[int] = field(default_factory=list)
    whose: Counter[int | None] = field(default_factory=Counter)
    refused: dict[int, str] = field(default_factory=dict)
    keys: dict[int, str] = field(default_factory=dict)  # of the refused ones, to name them

    @property
    def reasons(self) -> Counter[str]:
        return Counter(self.refused.values())


@dataclass(frozen=True)
class Progress:
    """How far an act has come: cases by state, and the refusals by reason."""

    states: Mapping[ItemState, int]
    reasons: Mapping[str, int]

    @property
    def total(self) -> int:
        return sum(self.states.values())

    @property
    def waiting(self) -> int:
        return self.states.get(ItemState.WAITING, 0)

    @property
    def done(self) -> int:
        return self.states.get(ItemState.DONE, 0)


def preview(
    session: Session, ids: Sequence[int], *, seen: RowScope, reach: RowScope, actor: Actor, to: int | None = None
) -> Preview:
    """Which of these cases could go, whose they are, and why not the others. Two statements.

    What the person may not even see is left out without a word. The engine decides again when the act is done.
    """
    rows = session.execute(
        select(
            ProcessInstance.id,
            ProcessInstance.business_key,
            ProcessInstance.owner_id,
            ProcessInstance.scope_id,
            ProcessInstance.status,
        )
        .where(ProcessInstance.id.in_(ids), case_within(seen))
        .order_by(ProcessInstance.id)
    ).all()
    steps: dict[int, list[HumanTask]] = {}
    for task in session.scalars(
        select(HumanTask).where(HumanTask.instance_id.in_([row.id for row in rows]), HumanTask.state == TaskState.OPEN)
    ):
        steps.setdefault(task.instance_id, []).append(task)
    found = Preview()
    for row in rows:
        own = [task for task in steps.get(row.id, ()) if row.owner_id is not None and task.assignee_id == row.owner_id]
        reason = ""
        if row.status is not InstanceStatus.ACTIVE:
            reason = CLOSED
        elif not reach.covers(row.owner_id, row.scope_id):
            reason = NOT_IN_REACH
        elif to is not None and row.owner_id == to:
            reason = ALREADY
        elif not all(may_serve(actor, task) for task in own):
            reason = NOT_YOURS
        if reason:
            found.refused[row.id], found.keys[row.id] = reason, row.business_key
        else:
            found.ready.append(row.id)
            found.whose[row.owner_id] += 1
    return found


def order_act(
    session: Session, found: Preview, *, to: int, comment: str, back: str, actor_id: int, now: datetime
) -> BulkAct:
    """Write down what is to be done; nothing is moved yet. RuleViolation: colleague_unknown, nothing_chosen."""
    colleague = session.get(User, to)
    if colleague is None or not colleague.active:
        raise RuleViolation("colleague_unknown")
    if not found.ready:
        raise RuleViolation("nothing_chosen")
    act = BulkAct(actor_id=actor_id, to_id=to, comment=comment, at=now, back=back)
    session.add(act)
    session.flush()
    rows = [{"act_id": act.id, "instance_id": each, "state": ItemState.WAITING} for each in found.ready]
    rows += [
        {"act_id": act.id, "instance_id": each, "state": ItemState.REFUSED, "reason": reason}
        for each, reason in found.refused.items()
    ]
    session.execute(insert(BulkItem), [{"reason": "", "before": "", **row} for row in rows])
    return act


def get_act(session: Session, act_id: int, *, actor_id: int, lock: bool = False) -> BulkAct:
    """One's own act. NotFound: act_unknown.

    `lock`: whoever does a portion of it waits for one that is being done, as from a second tab.
    """
    wanted = select(BulkAct).where(BulkAct.id == act_id).execution_options(populate_existing=True)
    act = session.scalar(wanted.with_for_update() if lock else wanted)
    if act is None or act.actor_id != actor_id:
        raise NotFound("act_unknown", f"There is no act {act_id}.")
    return act


def progress_of(session: Session, act: BulkAct) -> Progress:
    """One statement."""
    rows = session.execute(
        select(BulkItem.state, BulkItem.reason, func.count())
        .where(BulkItem.act_id == act.id)
        .group_by(BulkItem.state, BulkItem.reason)
    )
    states: Counter[ItemState] = Counter()
    reasons: Counter[str] = Counter()
    for state, reason, number in rows:
        states[state] += number
        if state is ItemState.REFUSED:
            reasons[reason] += number
    return Progress(states, reasons)


def go_on(session: Session, engine: Engine, act: BulkAct, *, reach: RowScope, actor: Actor, now: datetime) -> None:
    """The next portion: each case for itself, so that one refusal stops no other."""
    if act.undoing:
        return _undo_portion(session, engine, act, actor=actor, now=now)
    for item in _next(session, act, ItemState.WAITING):
        try:
            with session.begin_nested():
                _require_reach(session, item.instance_id, reach)
                before = engine.hand_over(
                    session, item.instance_id, to=act.to_id, comment=act.comment, actor=actor, now=now
                )
        except (NotAllowed, UnknownTask) as refusal:
            item.state, item.reason = ItemState.REFUSED, refusal.code
        else:
            item.state, item.before = ItemState.DONE, case_data.dump(before)
    session.flush()
    return None


def cancel(session: Session, act: BulkAct) -> int:
    """What has not been done yet stays undone; how many that were."""
    left = list(session.scalars(_items(act, ItemState.WAITING)))
    for item in left:
        item.state, item.reason = ItemState.REFUSED, "cancelled"
    session.flush()
    return len(left)


def undo(session: Session, engine: Engine, act: BulkAct, *, actor: Actor, now: datetime) -> None:
    """Begin to take back what was done; what has not been done is not done any more. RuleViolation: undo_too_late."""
    if not act.undoing and now - act.at > UNDONE_WITHIN:
        raise RuleViolation("undo_too_late")
    cancel(session, act)
    act.undoing = True
    _undo_portion(session, engine, act, actor=actor, now=now)


def is_under_way(act: BulkAct, progress: Progress) -> bool:
    """Whether another portion is to come."""
    return bool(progress.done if act.undoing else progress.waiting)


def _undo_portion(session: Session, engine: Engine, act: BulkAct, *, actor: Actor, now: datetime) -> None:
    for item in _next(session, act, ItemState.DONE):
        before = case_data.load(item.before)
        with session.begin_nested():
            undone = engine.take_back(session, item.instance_id, before, to=act.to_id, actor=actor, now=now)
        item.state = ItemState.UNDONE if undone else ItemState.KEPT
    session.flush()


def _next(session: Session, act: BulkAct, state: ItemState) -> Iterable[BulkItem]:
    return list(session.scalars(_items(act, state).limit(PORTION)))


def _items(act: BulkAct, state: ItemState) -> Select[BulkItem]:
    return select(BulkItem).where(BulkItem.act_id == act.id, BulkItem.state == state).order_by(BulkItem.instance_id)


def _require_reach(session: Session, instance_id: int, reach: RowScope) -> None:
    row = session.execute(
        select(ProcessInstance.owner_id, ProcessInstance.scope_id).where(ProcessInstance.id == instance_id)
    ).one_or_none()
    if row is None or not reach.covers(row.owner_id, row.scope_id):
        raise NotAllowed(NOT_IN_REACH, f"Case {instance_id} is out of reach.", instance_id=instance_id)
