"""Taking what an earlier version of the product has stored of running cases over into the present forms.

Whatever reads them understands the earlier forms, too; an upgrade takes them over once, so that a later version need
not. The cases keep their places and moments.
"""

from dataclasses import dataclass

import orjson
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from engine.instances.models import InstanceStatus, ProcessInstance
from engine.spiff.errors import UnreadableState
from engine.spiff.formats import lifted
from engine.spiff.timers import Repetition
from engine.timers.models import DueKind, DueRow

AT_A_TIME = 500


@dataclass(frozen=True)
class CarriedOver:
    """How many cases and planned starts had an earlier form, and the cases whose state nobody can read."""

    cases: int
    starts: int
    unreadable: tuple[int, ...]


def carry_over(session: Session) -> CarriedOver:
    """Write every active case and every planned start in the present form; what has it already stays untouched."""
    last, carried, unreadable = 0, 0, list[int]()
    columns = ProcessInstance.id, ProcessInstance.rev, ProcessInstance.state
    cases = select(*columns).where(ProcessInstance.status == InstanceStatus.ACTIVE).order_by(ProcessInstance.id)
    while rows := session.execute(cases.where(ProcessInstance.id > last).limit(AT_A_TIME)).all():
        last = rows[-1].id
        for row in rows:
            try:
                state = lifted(row.state)
            except UnreadableState:
                unreadable.append(row.id)
                continue
            if state is not None:
                carried += _save(session, row.id, row.rev, state)
    return CarriedOver(carried, _carry_starts_over(session), tuple(unreadable))


def _save(session: Session, case: int, rev: int, state: bytes) -> int:
    """The same state, and so the same revision; a step that was quicker has written the present form itself."""
    found = session.execute(
        update(ProcessInstance)
        .where(ProcessInstance.id == case, ProcessInstance.rev == rev)
        .values(state=state)
        .execution_options(synchronize_session=False)
    )
    return int(found.rowcount)  # type: ignore[attr-defined]  # CursorResult of an UPDATE


def _carry_starts_over(session: Session) -> int:
    carried = 0
    for row in session.scalars(select(DueRow).where(DueRow.kind == DueKind.START)):
        present = orjson.dumps(Repetition.read(orjson.loads(row.detail)).written()).decode()
        if present != row.detail:
            row.detail = present
            carried += 1
    session.flush()
    return carried
