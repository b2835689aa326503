"""The list of cases: filters by address, a page at a time; counting never blocks it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from engine.human_tasks.models import HumanTask, TaskState, path_of
from engine.instances.models import InstanceStatus, ProcessInstance
from engine.milestones.models import Episode
from webapp.core.clock import now
from webapp.core.feature import CaseLabel
from webapp.core.forms import number
from webapp.core.i18n import current_language
from webapp.core.permissions import RowScope
from webapp.core.requests import page_number
from webapp.core.workflow import describe_cases, engine
from webapp.staff.queries import names_of

PAGE = 50
STATES = ("open", "late", "closed", "all")


@dataclass(frozen=True)
class CaseRow:
    """One case of the list: who, where it stands, and when it is due."""

    instance_id: int
    label: CaseLabel
    process: str
    step: str
    owner: str
    due_at: datetime | None
    late: bool
    status: InstanceStatus
    outcome: str | None
    started_at: datetime


@dataclass(frozen=True)
class CaseList:
    """A page of cases with the filter that made it."""

    rows: Sequence[CaseRow]
    state: str
    process: str
    owner: int | None
    page: int
    more: bool
    processes: Mapping[str, str]
    owners: Mapping[int, str]

    def address(self, **changes: object) -> dict[str, object]:
        """The filter as parameters of the page's address, with changes."""
        kept = {"state": self.state, "process": self.process, "owner": self.owner, "page": None}
        return {name: value for name, value in {**kept, **changes}.items() if value}


def load_list(session: Session, asked: MultiDict[str, str], reach: RowScope) -> CaseList:
    """Cases in reach by the filter of the address, the most pressing first. About eight statements."""
    state = asked.get("state", "open")
    state = state if state in STATES else "open"
    process, owner = asked.get("process", ""), asked.get("owner", type=number)
    page = page_number(asked)
    due = (
        select(func.min(HumanTask.due_at))
        .where(HumanTask.instance_id == ProcessInstance.id, HumanTask.state == TaskState.OPEN)
        .correlate(ProcessInstance)
        .scalar_subquery()
    )
    statement = reach.limit(
        select(
            ProcessInstance.id,
            ProcessInstance.definition_id,
            ProcessInstance.process_key,
            ProcessInstance.business_key,
            ProcessInstance.owner_id,
            ProcessInstance.status,
            ProcessInstance.started_at,
            due.label("due_at"),
        ),
        owner=ProcessInstance.owner_id,
        scope=ProcessInstance.scope_id,
    ).where(*_conditions(state, process, owner, due))
    order = (due.is_(None), due, ProcessInstance.id) if state in {"open", "late"} else (ProcessInstance.id.desc(),)
    found = session.execute(statement.order_by(*order).limit(PAGE + 1).offset((page - 1) * PAGE)).all()
    shown = found[:PAGE]
    ids = [row.id for row in shown]
    steps, outcomes = _open_steps(session, ids), _outcomes(session, ids)
    labels = describe_cases(session, [row.business_key for row in shown])
    owners = _owners_in_reach(session, reach)
    store, language, moment = engine().store, current_language(), now()
    rows = []
    for row in shown:
        definition = store.get(session, row.definition_id)
        elements = [definition.element(element, path_of(path)) for element, path in steps.get(row.id, ())]
        rows.append(
            CaseRow(
                instance_id=row.id,
                label=labels[row.business_key],
                process=definition.model.name.in_language(language),
                step=", ".join(element.name.in_language(language) for element in elements),
                owner=owners.get(row.owner_id, ""),
                due_at=row.due_at,
                late=row.due_at is not None and row.due_at < moment,
                status=row.status,
                outcome=outcomes.get(row.id),
                started_at=row.started_at,
            )
        )
    processes = {each.key: each.model.name.in_language(language) for each in store.live(session)}
    return CaseList(rows, state, process, owner, page, len(found) > PAGE, processes, owners)


def _conditions(
    state: str, process: str, owner: int | None, due: ColumnElement[datetime | None]
) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if state in {"open", "late"}:
        conditions.append(ProcessInstance.status == InstanceStatus.ACTIVE)
    if state == "late":
        conditions.append(due < now())
    if state == "closed":
        conditions.append(ProcessInstance.status != InstanceStatus.ACTIVE)
    if process:
        conditions.append(ProcessInstance.process_key == process)
    if owner is not None:
        conditions.append(ProcessInstance.owner_id == owner)
    return conditions


def _open_steps(session: Session, ids: Sequence[int]) -> dict[int, list[tuple[str, str]]]:
    steps: dict[int, list[tuple[str, str]]] = {}
    rows = session.execute(
        select(HumanTask.instance_id, HumanTask.element, HumanTask.path)
        .where(HumanTask.instance_id.in_(ids), HumanTask.state == TaskState.OPEN)
        .order_by(HumanTask.id)
    )
    for row in rows:
        steps.setdefault(row.instance_id, []).append((row.element, row.path))
    return steps


def _outcomes(session: Session, ids: Sequence[int]) -> dict[int, str | None]:
    rows = session.execute(
        select(Episode.instance_id, Episode.outcome).where(Episode.instance_id.in_(ids)).order_by(Episode.number)
    )
    return {row.instance_id: row.outcome for row in rows}


def _owners_in_reach(session: Session, reach: RowScope) -> dict[int, str]:
    """People who own open cases in reach, by name."""
    statement = reach.limit(
        select(ProcessInstance.owner_id).distinct(), owner=ProcessInstance.owner_id, scope=ProcessInstance.scope_id
    )
    ids = [owner for owner in session.scalars(statement) if owner is not None]
    return dict(sorted(names_of(session, ids).items(), key=lambda pair: pair[1]))
