"""Putting drawings and forms live: all of a deployment or nothing."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import orjson
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from engine.definitions.decision_files import DecisionFile, write_asked
from engine.definitions.examining import Drawing, examine
from engine.definitions.flow_shape import same_flow
from engine.definitions.model import ProcessModel
from engine.definitions.models import DecisionDefinition, Deployment, FormDefinition, ProcessDefinition
from engine.definitions.problems import DefinitionRejected, Problem
from engine.feel import FeelError
from engine.history.recording import EventDraft, EventKind, write_same_event
from engine.instances.beginning import plan_start
from engine.instances.models import InstanceStatus, ProcessInstance
from engine.kernel import Kernel
from engine.milestones.rebuilding import adopt_plan
from engine.spiff.errors import UnreadableTimer


@dataclass(frozen=True)
class DeploymentReport:
    """What a deployment did. `following`: running cases that went over to the new versions at once."""

    deployment_id: int | None
    published: tuple[str, ...]
    unchanged: tuple[str, ...]
    warnings: tuple[Problem, ...]
    following: int


def deploy(
    session: Session,
    kernel: Kernel,
    files: Mapping[str, bytes],
    *,
    actor_id: int | None,
    now: datetime,
    note: str = "",
) -> DeploymentReport:
    """Check and publish `.bpmn`, `.form` and `.dmn` files (path -> content).

    Raises DefinitionRejected with all problems.

    Files that did not change since they were last published are left alone.
    Running cases follow at once where the flow is the same and only texts,
    times, conditions or forms differ; others keep their version.
    """
    found = examine(session, kernel, files)
    if found.errors:
        raise DefinitionRejected(found.errors)
    latest = _latest_versions(session)
    report = _Publication(session, actor_id, now, note, latest)
    for read in found.forms:
        report.publish_form(read.form.key, read.path, read.text)
    for file in found.decisions:
        report.publish_decisions(file)
    for model, drawing in _callees_first(found.drawings):
        report.publish_process(model, drawing)
    for key, before, published in report.versions:
        try:
            plan_start(session, kernel, before, published, now)
        except (UnreadableTimer, FeelError) as error:
            path = next(drawing.path for drawing in found.drawings for model in drawing.models if model.key == key)
            details = {"reason": str(error)}
            raise DefinitionRejected(
                [Problem("start_without_time", element=key, source=path, details=details)]
            ) from error
    replaced = [(key, old, new) for key, old, new in report.versions if old is not None]
    for key, old, new in replaced:
        old_plan, new_plan = kernel.store.get(session, old).plan, kernel.store.get(session, new).plan
        if old_plan != new_plan:
            adopt_plan(session, {key: new_plan}, old=old_plan, new=new_plan)
    following = sum(_follow(session, kernel, old, new, actor_id=actor_id, now=now) for _, old, new in replaced)
    return DeploymentReport(
        report.deployment_id, tuple(report.published), tuple(report.unchanged), tuple(found.warnings), following
    )


@dataclass(frozen=True)
class _Version:
    id: int
    version: int
    checksum: str


def _latest_versions(session: Session) -> dict[tuple[str, str], _Version]:
    found: dict[tuple[str, str], _Version] = {}
    tables = (("process", ProcessDefinition), ("form", FormDefinition), ("decision", DecisionDefinition))
    for kind, table in tables:
        newest = select(func.max(table.id)).group_by(table.key)
        rows = session.execute(select(table.id, table.key, table.version, table.checksum).where(table.id.in_(newest)))
        found |= {(kind, row.key): _Version(row.id, row.version, row.checksum) for row in rows}
    return found


class _Publication:
    """Writes new versions under one deployment row, which exists only if something changed."""

    def __init__(
        self,
        session: Session,
        actor_id: int | None,
        now: datetime,
        note: str,
        latest: dict[tuple[str, str], _Version],
    ) -> None:
        self._session, self._actor_id, self._now, self._note = session, actor_id, now, note
        self._latest = latest
        self.deployment_id: int | None = None
        self.published: list[str] = []
        self.unchanged: list[str] = []
        self.versions: list[tuple[str, int | None, int]] = []  # process key, old definition id, new definition id

    def publish_form(self, key: str, path: str, body: str) -> None:
        checksum = hashlib.sha256(body.encode()).hexdigest()
        version = self._next(("form", key), checksum, path)
        if version is not None:
            row = FormDefinition(key=key, version=version, checksum=checksum, body=body, **self._stamp())
            self._add(row, ("form", key), path)

    def publish_decisions(self, file: DecisionFile) -> None:
        checksum = hashlib.sha256(file.text.encode()).hexdigest()
        version = self._next(("decision", file.key), checksum, file.path)
        if version is not None:
            row = DecisionDefinition(
                key=file.key,
                version=version,
                checksum=checksum,
                source=file.path,
                xml=file.text,
                asked=write_asked(file.asked),
                **self._stamp(),
            )
            self._add(row, ("decision", file.key), file.path)

    def publish_process(self, model: ProcessModel, drawing: Drawing) -> None:
        calls = {key: self._latest[("process", key)].id for key in sorted(model.callees())}
        pinned = orjson.dumps(calls, option=orjson.OPT_SORT_KEYS).decode()
        checksum = hashlib.sha256((drawing.text + pinned).encode()).hexdigest()
        version = self._next(("process", model.key), checksum, drawing.path)
        if version is not None:
            old = self._latest.get(("process", model.key))
            row = ProcessDefinition(
                key=model.key,
                version=version,
                checksum=checksum,
                source=drawing.path,
                xml=drawing.text,
                calls=pinned,
                **self._stamp(),
            )
            new_id = self._add(row, ("process", model.key), drawing.path)
            self.versions.append((model.key, None if old is None else old.id, new_id))

    def _next(self, name: tuple[str, str], checksum: str, path: str) -> int | None:
        known = self._latest.get(name)
        if known is not None and known.checksum == checksum:
            self.unchanged.append(path)
            return None
        return 1 if known is None else known.version + 1

    def _stamp(self) -> dict[str, object]:
        if self.deployment_id is None:
            deployment = Deployment(at=self._now, actor_id=self._actor_id, note=self._note)
            self._session.add(deployment)
            self._session.flush()
            self.deployment_id = deployment.id
        return {"published_at": self._now, "deployment_id": self.deployment_id}

    def _add(
        self, row: ProcessDefinition | FormDefinition | DecisionDefinition, name: tuple[str, str], path: str
    ) -> int:
        self._session.add(row)
        self._session.flush()
        self._latest[name] = _Version(row.id, row.version, row.checksum)
        self.published.append(path)
        return row.id


def _callees_first(drawings: Sequence[Drawing]) -> list[tuple[ProcessModel, Drawing]]:
    """Called processes before their callers, else in the order of the files."""
    homes = {model.key: (model, drawing) for drawing in drawings for model in drawing.models}
    ordered: dict[str, tuple[ProcessModel, Drawing]] = {}

    def visit(key: str, trail: tuple[str, ...]) -> None:
        if key in ordered or key in trail:
            return
        for callee in homes[key][0].callees() & homes.keys():
            visit(callee, (*trail, key))
        ordered[key] = homes[key]

    for key in homes:
        visit(key, ())
    return list(ordered.values())


def _follow(session: Session, kernel: Kernel, old_id: int, new_id: int, *, actor_id: int | None, now: datetime) -> int:
    """Take running cases of the previous version over, if the stored state means the same in both drawings."""
    old, new = kernel.store.get(session, old_id), kernel.store.get(session, new_id)
    if not same_flow(old, new):
        return 0
    followers = (ProcessInstance.definition_id == old_id) & (ProcessInstance.status == InstanceStatus.ACTIVE)
    draft = EventDraft(EventKind.DEFINITION_CHANGED, payload={"from": old.version, "to": new.version})
    cases = select(ProcessInstance.id).where(followers)
    write_same_event(session, cases, draft, definition_id=new_id, actor_id=actor_id, at=now, command=f"follow-{new_id}")
    changed = session.execute(
        update(ProcessInstance)
        .where(followers)
        .values(definition_id=new_id, rev=ProcessInstance.rev + 1)
        .execution_options(synchronize_session=False)
    )
    return int(changed.rowcount)  # type: ignore[attr-defined]  # CursorResult of an UPDATE
