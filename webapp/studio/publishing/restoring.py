"""What would become of running cases if an older version went live again. Nothing is written."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.definitions.flow_shape import same_flow
from engine.definitions.models import ProcessDefinition
from engine.errors import BusinessError
from engine.instances.models import InstanceStatus, ProcessInstance
from engine.kernel import Kernel
from webapp.studio.publishing.preview import process_lines
from webapp.studio.publishing.wording import Line


@dataclass(frozen=True)
class Restoring:
    """`live`: number of the version that is replaced. `cases`: open ones on it; `follow`: they go over at once.

    `before`: open cases on other versions, which stay there. `lines`: what changes against what is live.
    """

    live: int
    cases: int
    follow: bool
    before: int
    lines: Sequence[Line]


def restoring(session: Session, kernel: Kernel, key: str, definition_id: int) -> Restoring:
    """For a version of this process, which the caller has found. Raises UnknownDefinition."""
    live = kernel.store.latest(session, key)
    rows = select(ProcessDefinition).where(ProcessDefinition.id.in_({definition_id, live.id}))
    texts = {each.id: each.xml for each in session.scalars(rows)}
    try:
        follow = same_flow(live, kernel.store.preview(session, key, texts[definition_id]))
    except BusinessError:
        follow = False  # it cannot be live as it is, and publishing says why
    is_live = ProcessInstance.definition_id == live.id
    running = ProcessInstance.process_key == key, ProcessInstance.status == InstanceStatus.ACTIVE
    rows_of = session.execute(select(is_live, func.count()).where(*running).group_by(is_live))
    counted = {bool(here): number for here, number in rows_of}
    lines = process_lines(session, kernel, texts[live.id], texts[definition_id])
    return Restoring(live.version, counted.get(True, 0), follow, counted.get(False, 0), lines)
