"""Reads for the case page: the case with its tasks and its log, and what a person may do with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session

from engine import case_data
from engine.definitions.model import Element, unknown_element
from engine.definitions.store import Definition, DefinitionStore
from engine.history.models import HistoryEvent
from engine.history.timeline import Wanted, find_events
from engine.human_tasks.assignment import Actor, may_serve
from engine.human_tasks.inbox import served_by
from engine.human_tasks.models import HumanTask, TaskDraft, TaskState, path_of
from engine.incidents import Incident
from engine.instances.models import CaseData, InstanceStatus, ProcessInstance
from webapp.core.case_sight import case_within
from webapp.core.errors import NotFound
from webapp.core.permissions import RowScope
from webapp.customers.models import Interaction


@dataclass(frozen=True)
class CaseRecord:
    """A case as its page needs it. `document` holds no personal fields."""

    instance_id: int
    definition: Definition
    business_key: str
    scope_id: int | None
    owner_id: int | None
    status: InstanceStatus
    started_at: datetime
    ended_at: datetime | None
    document: Mapping[str, Any]
    tasks: Sequence[HumanTask]
    events: Sequence[HistoryEvent]
    versions: Mapping[int, Definition]  # by id: those that the case has run on, so far as its log names them
    incident_id: int | None = None  # the newest that nobody has resolved

    @property
    def is_open(self) -> bool:
        return self.status is InstanceStatus.ACTIVE

    @property
    def open_tasks(self) -> list[HumanTask]:
        return [task for task in self.tasks if task.state is TaskState.OPEN]

    @property
    def outcome(self) -> str | None:
        closed = next((event for event in reversed(self.events) if event.kind == "case_closed"), None)
        return None if closed is None else str(case_data.load(closed.payload).get("outcome", ""))

    def element(self, task: HumanTask) -> Element:
        """As the case's version draws it; a step that is done may have gone with an earlier one."""
        earlier = sorted(self.versions.values(), key=lambda definition: -definition.version)
        for definition in (self.definition, *earlier):
            model, _ = definition.place(path_of(task.path))
            if task.element in model.elements:
                return model.elements[task.element]
        return unknown_element(task.element)

    def has_now(self, task: HumanTask) -> bool:
        """Is the step still there in the version that the case runs on?"""
        model, _ = self.definition.place(path_of(task.path))
        return task.element in model.elements

    def known_at(self, task: HumanTask) -> dict[str, Any]:
        """The case document as seen from a task, inside the called processes around it."""
        _, calls = self.definition.place(path_of(task.path))
        return case_data.view(self.document, calls)


@dataclass(frozen=True)
class Trouble:
    """A step of the case that has failed: the number of the incident, and what broke down if it is drawn."""

    incident_id: int
    element: Element | None


UNRESOLVED = (
    select(func.max(Incident.id))
    .where(Incident.instance_id == ProcessInstance.id, Incident.resolved_at.is_(None))
    .scalar_subquery()
)


def get_case(
    session: Session, store: DefinitionStore, instance_id: int, *, reach: RowScope, actor: Actor
) -> CaseRecord:
    """The case, if it is in reach or has an open task for this person. Raises NotFound. Three statements."""
    row = session.execute(
        select(
            ProcessInstance.id,
            ProcessInstance.definition_id,
            ProcessInstance.business_key,
            ProcessInstance.scope_id,
            ProcessInstance.owner_id,
            ProcessInstance.status,
            ProcessInstance.started_at,
            ProcessInstance.ended_at,
            CaseData.document,
            UNRESOLVED.label("incident_id"),
        )
        .join(CaseData, CaseData.instance_id == ProcessInstance.id)
        .where(ProcessInstance.id == instance_id, _in_sight(reach, actor))
    ).one_or_none()
    if row is None:
        raise NotFound("case_unknown", f"There is no case {instance_id}.")
    tasks = session.scalars(select(HumanTask).where(HumanTask.instance_id == instance_id).order_by(HumanTask.id)).all()
    events = find_events(session, Wanted(cases=[instance_id]))
    return CaseRecord(
        instance_id=row.id,
        definition=store.get(session, row.definition_id),
        business_key=row.business_key,
        scope_id=row.scope_id,
        owner_id=row.owner_id,
        status=row.status,
        started_at=row.started_at,
        ended_at=row.ended_at,
        document=case_data.load(row.document),
        tasks=tasks,
        events=events,
        incident_id=row.incident_id,
        versions={each: store.get(session, each) for each in {event.definition_id for event in events}},
    )


def find_trouble(session: Session, case: CaseRecord) -> Trouble | None:
    """What has failed in an open case and waits to be tried again, or for somebody."""
    if case.incident_id is None or not case.is_open:
        return None
    incident = session.get_one(Incident, case.incident_id)
    return Trouble(incident.id, case.definition.find(incident.failed_element or incident.element or ""))


def is_in_sight(session: Session, instance_id: int, *, reach: RowScope, actor: Actor) -> bool:
    """Whether this person may open the case."""
    statement = select(ProcessInstance.id).where(ProcessInstance.id == instance_id, _in_sight(reach, actor))
    return session.scalar(statement) is not None


def _in_sight(reach: RowScope, actor: Actor) -> ColumnElement[bool]:
    """In reach, or with an open task for this person."""
    has_task = exists().where(
        HumanTask.instance_id == ProcessInstance.id, HumanTask.state == TaskState.OPEN, served_by(actor)
    )
    return or_(case_within(reach), has_task)


def choose_task(case: CaseRecord, actor: Actor, wanted: int | None) -> HumanTask | None:
    """The task to show: the wanted one, else the first that this person may do, else the first open one."""
    waiting = case.open_tasks
    by_id = {task.id: task for task in waiting}
    if wanted in by_id:
        return by_id[wanted]
    mine = [task for task in waiting if may_serve(actor, task)]
    return next(iter(mine or waiting), None)


def find_drafts(session: Session, task_id: int, actor_id: int | None) -> dict[str, dict[str, Any]]:
    """What this person has typed at a step and not submitted: by the step's form, or the boundary event it offers."""
    found = select(TaskDraft.form, TaskDraft.values)
    rows = session.execute(found.where(TaskDraft.task_id == task_id, TaskDraft.actor_id == actor_id))
    return {form: case_data.load(values) for form, values in rows}


def find_said(session: Session, business_key: str) -> dict[int, str]:
    """What was noted of contacts around this case, by the id of the row in the customer's chronicle."""
    rows = session.execute(
        select(Interaction.id, Interaction.subject, Interaction.comment).where(Interaction.case_key == business_key)
    )
    return {row.id: row.comment or row.subject for row in rows}
