"""What the studio shows: versions with their open cases, migrations and what became of their cases."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from engine.definitions.models import Deployment, ProcessDefinition
from engine.definitions.store import Definition
from engine.human_tasks.models import HumanTask, TaskState
from engine.instances.models import InstanceStatus, ProcessInstance
from engine.migration.models import CaseStage, MigratedCase, Migration
from webapp.core.errors import NotFound
from webapp.core.workflow import describe_cases, engine

PAGE = 50
LISTED = 50
STUCK = (CaseStage.UNMAPPED, CaseStage.BLOCKED, CaseStage.FAILED, CaseStage.KEPT)


@dataclass(frozen=True)
class Version:
    """One published version; `open_cases` run on it now."""

    definition_id: int
    number: int
    published_at: datetime
    published_by: int | None
    note: str
    open_cases: int


@dataclass(frozen=True)
class ProcessVersions:
    """A process: its live version, and the older ones on which cases still run, the newest first."""

    key: str
    live: Version
    older: tuple[Version, ...]
    versions: int  # that were ever published


@dataclass(frozen=True)
class Group:
    """Cases of one stage for one reason."""

    stage: CaseStage
    sample: MigratedCase
    cases: int


@dataclass(frozen=True)
class CaseLine:
    """A case in the list of a migration, as it is called on screen."""

    row: MigratedCase
    title: str
    detail: str


def processes(session: Session) -> list[ProcessVersions]:
    """Every published process, by key; two statements."""
    open_cases = (
        select(ProcessInstance.definition_id, func.count())
        .where(ProcessInstance.status == InstanceStatus.ACTIVE)
        .group_by(ProcessInstance.definition_id)
    )
    counted: dict[int, int] = {id_: number for id_, number in session.execute(open_cases)}  # noqa: C416
    columns = ProcessDefinition.id, ProcessDefinition.key, ProcessDefinition.version, ProcessDefinition.published_at
    rows = session.execute(
        select(*columns, Deployment.actor_id, Deployment.note)
        .join(Deployment, Deployment.id == ProcessDefinition.deployment_id)
        .order_by(ProcessDefinition.key, ProcessDefinition.version.desc())
    ).all()
    found: dict[str, list[Version]] = {}
    for id_, key, number, at, actor_id, note in rows:
        found.setdefault(key, []).append(Version(id_, number, at, actor_id, note, counted.get(id_, 0)))
    return [
        ProcessVersions(key, versions[0], tuple(each for each in versions[1:] if each.open_cases), len(versions))
        for key, versions in found.items()
    ]


def definition_of(session: Session, key: str, definition_id: int | None) -> Definition:
    """A version of a process. Raises NotFound."""
    row = session.get(ProcessDefinition, definition_id) if definition_id is not None else None
    if row is None or row.key != key:
        raise NotFound("process_unknown")
    return engine().store.get(session, row.id)


def version_of(session: Session, key: str, definition_id: int) -> int:
    """The number of a version of a process; nothing is compiled for it. Raises NotFound."""
    number = numbers_of(session, {definition_id}, key).get(definition_id)
    if number is None:
        raise NotFound("process_unknown")
    return number


def numbers_of(session: Session, definition_ids: Collection[int], key: str | None = None) -> dict[int, int]:
    """Numbers of versions, by id; one statement."""
    rows = select(ProcessDefinition.id, ProcessDefinition.version).where(ProcessDefinition.id.in_(definition_ids))
    if key is not None:
        rows = rows.where(ProcessDefinition.key == key)
    return {id_: number for id_, number in session.execute(rows)}  # noqa: C416


def newest_of(session: Session, key: str) -> Definition:
    """The live version of a process. Raises UnknownDefinition."""
    return engine().store.latest(session, key)


def migrations(session: Session, key: str | None = None) -> list[Migration]:
    """The newest first."""
    statement = select(Migration).order_by(Migration.id.desc()).limit(LISTED)
    if key is not None:
        statement = statement.where(Migration.process_key == key)
    return list(session.scalars(statement))


def migration_of(session: Session, migration_id: int) -> Migration:
    """Raises NotFound."""
    found = session.get(Migration, migration_id)
    if found is None:
        raise NotFound("migration_unknown")
    return found


def standing_at(session: Session, definition_id: int) -> Counter[str]:
    """How many open steps of a version's cases there are, by element."""
    rows = session.execute(
        select(HumanTask.element, func.count())
        .join(ProcessInstance, ProcessInstance.id == HumanTask.instance_id)
        .where(
            ProcessInstance.definition_id == definition_id,
            ProcessInstance.status == InstanceStatus.ACTIVE,
            HumanTask.state == TaskState.OPEN,
        )
        .group_by(HumanTask.element)
    )
    return Counter({element: number for element, number in rows})  # noqa: C416


def groups_of(session: Session, migration_id: int) -> list[Group]:
    """The reasons why cases stay where they are, the most frequent first."""
    reasons = (MigratedCase.stage, MigratedCase.code, MigratedCase.process, MigratedCase.element, MigratedCase.target)
    counted = session.execute(
        select(func.min(MigratedCase.instance_id), func.count(), *reasons)
        .where(MigratedCase.migration_id == migration_id, MigratedCase.stage.in_(STUCK))
        .group_by(*reasons)
        .order_by(func.count().desc())
    ).all()
    samples = _samples(session, migration_id, [row[0] for row in counted])
    return [Group(row[2], samples[row[0]], row[1]) for row in counted]


def _samples(session: Session, migration_id: int, ids: Sequence[int]) -> Mapping[int, MigratedCase]:
    rows = session.scalars(
        select(MigratedCase).where(MigratedCase.migration_id == migration_id, MigratedCase.instance_id.in_(ids))
    )
    return {row.instance_id: row for row in rows}


def cases_of(session: Session, migration_id: int, stage: CaseStage, page: int) -> list[CaseLine]:
    """One page of the cases at a stage, by age."""
    rows = session.execute(
        select(MigratedCase, ProcessInstance.business_key)
        .join(ProcessInstance, ProcessInstance.id == MigratedCase.instance_id)
        .where(MigratedCase.migration_id == migration_id, MigratedCase.stage == stage)
        .order_by(MigratedCase.instance_id)
        .offset((page - 1) * PAGE)
        .limit(PAGE)
    ).all()
    labels = describe_cases(session, {row.business_key for row in rows})
    return [CaseLine(row.MigratedCase, labels[row.business_key].title, labels[row.business_key].detail) for row in rows]


def titles_of(session: Session, instance_ids: Sequence[int]) -> dict[int, str]:
    """How these cases are called on screen."""
    rows = session.execute(
        select(ProcessInstance.id, ProcessInstance.business_key).where(ProcessInstance.id.in_(instance_ids))
    ).all()
    labels = describe_cases(session, {row.business_key for row in rows})
    return {row.id: labels[row.business_key].title for row in rows}


def versions_of(session: Session, key: str) -> list[Version]:
    """Every version of a process that was ever published, the newest first; two statements."""
    open_cases = (
        select(ProcessInstance.definition_id, func.count())
        .join(ProcessDefinition, ProcessDefinition.id == ProcessInstance.definition_id)
        .where(ProcessInstance.status == InstanceStatus.ACTIVE, ProcessDefinition.key == key)
        .group_by(ProcessInstance.definition_id)
    )
    counted: dict[int, int] = {id_: number for id_, number in session.execute(open_cases)}  # noqa: C416
    columns = ProcessDefinition.id, ProcessDefinition.version, ProcessDefinition.published_at
    rows = session.execute(
        select(*columns, Deployment.actor_id, Deployment.note)
        .join(Deployment, Deployment.id == ProcessDefinition.deployment_id)
        .where(ProcessDefinition.key == key)
        .order_by(ProcessDefinition.version.desc())
    ).all()
    return [Version(id_, number, at, actor, note, counted.get(id_, 0)) for id_, number, at, actor, note in rows]


def run_on(session: Session, key: str, live_id: int) -> int:
    """The version whose cases a publication moves: the newest on which any run; the live one where none do."""
    runs = exists().where(
        ProcessInstance.definition_id == ProcessDefinition.id, ProcessInstance.status == InstanceStatus.ACTIVE
    )
    newest = select(func.max(ProcessDefinition.id)).where(ProcessDefinition.key == key, runs)
    return session.scalar(newest) or live_id


def cases_before(session: Session, key: str, definition_id: int) -> int:
    """Open cases on versions older than this one."""
    older = select(ProcessDefinition.id).where(ProcessDefinition.key == key, ProcessDefinition.id < definition_id)
    open_cases = select(func.count()).where(
        ProcessInstance.definition_id.in_(older), ProcessInstance.status == InstanceStatus.ACTIVE
    )
    return session.scalar(open_cases) or 0


def path_of(session: Session, key: str) -> str:
    """Where the live drawing of a process lies. Raises NotFound."""
    newest = select(func.max(ProcessDefinition.id)).where(ProcessDefinition.key == key).scalar_subquery()
    row = session.execute(select(ProcessDefinition.source).where(ProcessDefinition.id == newest)).one_or_none()
    if row is None:
        raise NotFound("process_unknown")
    return row.source or f"processes/{key}.bpmn"
