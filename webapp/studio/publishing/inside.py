"""A process that others call: where it runs inside their cases, which keep the version they were published with."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from engine.definitions.model import ProcessModel
from engine.definitions.store import Definition
from engine.human_tasks.models import HumanTask, TaskState, path_of
from engine.instances.models import InstanceStatus, ProcessInstance
from engine.kernel import Kernel


@dataclass(frozen=True)
class Inside:
    """`callers`: live processes that call it, directly or through others; `cases`: theirs with an open step in it."""

    callers: Sequence[ProcessModel]
    cases: int


def inside(session: Session, kernel: Kernel, key: str, along: frozenset[str]) -> Inside:
    """`along`: processes that are published in the same file, whose cases have a plan of their own."""
    callers = [
        each.model
        for each in kernel.store.live(session)
        if key in each.called and each.key != key and each.key not in along
    ]
    if not callers:
        return Inside((), 0)
    running = (
        HumanTask.state == TaskState.OPEN,
        ProcessInstance.status == InstanceStatus.ACTIVE,
        ProcessInstance.process_key.in_([each.key for each in callers]),
    )
    joined = HumanTask.instance_id == ProcessInstance.id
    places = session.execute(
        select(ProcessInstance.definition_id, HumanTask.path).join(HumanTask, joined).where(*running).distinct()
    )
    held = [(id_, path) for id_, path in places if _holds(kernel.store.get(session, id_), path, key)]
    if not held:
        return Inside(callers, 0)
    here = tuple_(ProcessInstance.definition_id, HumanTask.path).in_(held)
    number = select(func.count(func.distinct(ProcessInstance.id))).join(HumanTask, joined).where(*running, here)
    return Inside(callers, session.scalar(number) or 0)


def _holds(definition: Definition, path: str, key: str) -> bool:
    """Does a step with this path stand in that process, or in one that it calls?"""
    steps = path_of(path)
    return any(definition.place(steps[: end + 1])[0].key == key for end in range(len(steps)))
