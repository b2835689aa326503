"""A case in hand: its row, its document and its live engine object, locked for one step."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from engine import case_data
from engine.definitions.store import Definition
from engine.errors import UnknownTask
from engine.instances.models import InstanceStatus
from engine.instances.statements import LOAD_BY_ID, LOAD_BY_TASK, LOCK_BY_ID, LOCK_BY_TASK
from engine.kernel import Kernel
from engine.milestones.models import Episode, EpisodeMilestone


@dataclass
class Case:
    """What one step works on. Changes stay in memory until the step is saved."""

    instance_id: int
    definition: Definition
    business_key: str
    scope_id: int | None
    owner_id: int | None
    status: InstanceStatus
    rev: int
    state: bytes
    started_at: datetime
    document: dict[str, Any]
    moved: bool = field(default=False)
    stored: tuple[object, ...] = field(init=False)

    def __post_init__(self) -> None:
        self.stored = self.place(self.status)

    @property
    def id(self) -> int:
        return self.instance_id

    @property
    def process_key(self) -> str:
        return self.definition.key

    def place(self, status: InstanceStatus) -> tuple[object, ...]:
        """What lists find it by; `stored` is what of it is in the database."""
        return status, self.owner_id, self.scope_id, self.business_key

    def set_owner(self, owner_id: int | None) -> None:
        self.moved |= owner_id != self.owner_id
        self.owner_id = owner_id

    def set_scope(self, scope_id: int | None) -> None:
        self.moved |= scope_id != self.scope_id
        self.scope_id = scope_id

    def set_business_key(self, business_key: str) -> None:
        self.business_key = business_key

    def known_in(self, calls: Sequence[str]) -> dict[str, Any]:
        """What expressions see inside the called processes `calls`: the document, and the facts as `case`."""
        return {**case_data.view(self.document, calls), "case": self.facts()}

    def facts(self) -> dict[str, object]:
        """What expressions see as `case`."""
        return {
            "id": self.instance_id,
            "key": self.business_key,
            "scope": self.scope_id,
            "owner": self.owner_id,
            "opened_at": self.started_at,
        }


def milestones_entered(session: Session, instance_id: int) -> frozenset[str]:
    """Milestones of the case's current episode, from the fold of the log."""
    latest = select(Episode.id).where(Episode.instance_id == instance_id).order_by(Episode.number.desc()).limit(1)
    rows = select(EpisodeMilestone.milestone).where(EpisodeMilestone.episode_id == latest.scalar_subquery())
    return frozenset(session.scalars(rows))


def load_by_task(session: Session, kernel: Kernel, task_id: int, command_key: str = "") -> tuple[Case, Row[Any]]:
    """Lock the case of a task; one statement then reads case, document, task, and an earlier answer to the command."""
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        connection.execute(LOCK_BY_TASK, {"task_id": task_id})
    row = connection.execute(LOAD_BY_TASK, {"task_id": task_id, "command_key": command_key}).one_or_none()
    if row is None:
        raise UnknownTask("task_unknown", f"There is no task {task_id}.", task_id=task_id)
    return _case_from(session, kernel, row), row


def load_by_id(session: Session, kernel: Kernel, instance_id: int, command_key: str = "") -> tuple[Case, Row[Any]]:
    """Lock a case by its id, and read it."""
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        connection.execute(LOCK_BY_ID, {"instance_id": instance_id})
    found = connection.execute(LOAD_BY_ID, {"instance_id": instance_id, "command_key": command_key})
    row = found.one_or_none()
    if row is None:
        raise UnknownTask("case_unknown", f"There is no case {instance_id}.", instance_id=instance_id)
    return _case_from(session, kernel, row), row


def _case_from(session: Session, kernel: Kernel, row: Row[Any]) -> Case:
    kernel.store.notice(session, row.newest_deployment)
    return Case(
        instance_id=row.instance_id,
        definition=kernel.store.get(session, row.definition_id),
        business_key=row.business_key,
        scope_id=row.case_scope_id,
        owner_id=row.owner_id,
        status=row.status,
        rev=row.rev,
        state=row.workflow_state,
        started_at=row.started_at,
        document=case_data.load(row.document),
    )
