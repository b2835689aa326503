"""What the library of the studio shows: processes, decisions and forms by department, and how their cases stand."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from engine.definitions.model import ProcessModel
from engine.definitions.models import DecisionDefinition, Deployment, FormDefinition, ProcessDefinition
from engine.human_tasks.models import HumanTask, TaskState, path_of
from engine.incidents import Incident
from engine.instances.models import InstanceStatus, ProcessInstance
from webapp.studio.departments.rules import department_of
from webapp.studio.drafts import title_of
from webapp.studio.models import Draft, DraftKind
from webapp.studio.queries import ProcessVersions, processes
from webapp.studio.titles import decisions_title, form_title
from webapp.studio.uses import Mention


@dataclass(frozen=True)
class Entry:
    """One process of the library."""

    versions: ProcessVersions
    department: str
    title: str
    late: int = 0
    problems: int = 0
    draft: Draft | None = None

    @property
    def key(self) -> str:
        return self.versions.key

    @property
    def running(self) -> int:
        return self.versions.live.open_cases + sum(each.open_cases for each in self.versions.older)


FindMentions = Callable[[str, str], Sequence[Mention]]  # by key and text of a file


@dataclass(frozen=True)
class FileEntry:
    """A form or a file of decisions."""

    key: str
    title: str
    department: str
    version: int | None
    published_at: datetime | None
    published_by: int | None
    draft: Draft | None = None
    used_in: Sequence[Mention] = ()


def entries(session: Session, titles: Mapping[str, str], now: datetime) -> list[Entry]:
    """Every process, the busiest first, with its late steps, open problems and draft; five statements."""
    found = processes(session)
    sources = _sources(session)
    late, problems = _late(session, now), _problems(session)
    drafts = {draft.key: draft for draft in session.scalars(select(Draft).where(Draft.kind == DraftKind.PROCESS)).all()}
    listed = [
        Entry(
            each,
            department_of(sources.get(each.key, "")),
            titles[each.key],
            late[each.key],
            problems[each.key],
            drafts.get(each.key),
        )
        for each in found
    ]
    return sorted(listed, key=lambda entry: (-entry.running, entry.title.casefold()))


def new_drafts(session: Session) -> list[Draft]:
    """Drafts of processes that were never published."""
    published = select(ProcessDefinition.key)
    statement = select(Draft).where(Draft.kind == DraftKind.PROCESS, Draft.key.not_in(published))
    return list(session.scalars(statement.order_by(Draft.key)))


def files(session: Session, kind: DraftKind, language: str, mentions: FindMentions) -> list[FileEntry]:
    """Forms or files of decisions, live ones and those that are only drawn; two statements."""
    drawn = {draft.key: draft for draft in session.scalars(select(Draft).where(Draft.kind == kind)).all()}
    live = _live_forms(session) if kind is DraftKind.FORM else _live_tables(session)
    told = form_title if kind is DraftKind.FORM else decisions_title
    found = [
        FileEntry(
            row.key,
            told(row.text, language) or row.key,
            department_of(path),
            row.version,
            row.published_at,
            row.actor_id,
            drawn.pop(row.key, None),
            mentions(row.key, row.text),
        )
        for path, row in live
    ]
    found += [
        FileEntry(
            key,
            title_of(draft, language),
            department_of(draft.path),
            None,
            None,
            None,
            draft,
            mentions(key, draft.body),
        )
        for key, draft in drawn.items()
    ]
    return sorted(found, key=lambda entry: entry.title.casefold())


def _live_forms(session: Session) -> Iterator[tuple[str, Any]]:
    table = FormDefinition
    newest = select(func.max(table.id)).group_by(table.key)
    columns = table.key, table.version, table.published_at, Deployment.actor_id, table.body.label("text")
    rows = select(*columns).join(Deployment, Deployment.id == table.deployment_id).where(table.id.in_(newest))
    return ((f"forms/{row.key}.form", row) for row in session.execute(rows))


def _live_tables(session: Session) -> Iterator[tuple[str, Any]]:
    table = DecisionDefinition
    newest = select(func.max(table.id)).group_by(table.key)
    columns = table.key, table.version, table.published_at, Deployment.actor_id, table.xml.label("text"), table.source
    rows = select(*columns).join(Deployment, Deployment.id == table.deployment_id).where(table.id.in_(newest))
    return ((row.source, row) for row in session.execute(rows))


@dataclass(frozen=True)
class Standing:
    """How many steps are open at an element, and how many of them are late. `shown_at`: its call in the drawing."""

    element: str
    cases: int
    late: int
    shown_at: str


def standing(session: Session, model: ProcessModel, now: datetime) -> list[Standing]:
    """Where the open cases of a process stand, in all its versions; the most first."""
    late = func.sum(case((HumanTask.due_at < now, 1), else_=0))
    rows = session.execute(
        select(HumanTask.element, HumanTask.path, func.count(), late)
        .join(ProcessInstance, ProcessInstance.id == HumanTask.instance_id)
        .where(
            ProcessInstance.process_key == model.key,
            ProcessInstance.status == InstanceStatus.ACTIVE,
            HumanTask.state == TaskState.OPEN,
        )
        .group_by(HumanTask.element, HumanTask.path)
        .order_by(func.count().desc(), HumanTask.element)
    )
    return [
        Standing(element, number, int(overdue), _call(model, path) or element)
        for element, path, number, overdue in rows
    ]


def _call(model: ProcessModel, path: str) -> str | None:
    """The call in the drawing of this process within which a step stands."""
    return next(
        (each for each in path_of(path) if each in model.elements and model.elements[each].called_process), None
    )


def _sources(session: Session) -> dict[str, str]:
    newest = select(func.max(ProcessDefinition.id)).group_by(ProcessDefinition.key)
    rows = session.execute(
        select(ProcessDefinition.key, ProcessDefinition.source).where(ProcessDefinition.id.in_(newest))
    )
    return {row.key: row.source for row in rows}


def _late(session: Session, now: datetime) -> Counter[str]:
    """Cases with a late step, by process."""
    rows = session.execute(
        select(ProcessInstance.process_key, func.count(func.distinct(HumanTask.instance_id)))
        .join(ProcessInstance, ProcessInstance.id == HumanTask.instance_id)
        .where(
            HumanTask.state == TaskState.OPEN,
            HumanTask.due_at < now,
            ProcessInstance.status == InstanceStatus.ACTIVE,
        )
        .group_by(ProcessInstance.process_key)
    )
    return Counter({key: number for key, number in rows})  # noqa: C416


def _problems(session: Session) -> Counter[str]:
    rows = session.execute(
        select(Incident.process_key, func.count())
        .where(Incident.resolved_at.is_(None), Incident.process_key.is_not(None))
        .group_by(Incident.process_key)
    )
    return Counter({key: number for key, number in rows if key is not None})
