"""Putting drawings and forms live: all of a deployment or nothing."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

import orjson
from lxml import etree
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from engine.definitions.decision_files import (
    Asked,
    DecisionFile,
    asked_of,
    read_decision_files,
    still_asked_otherwise,
    write_asked,
)
from engine.definitions.limits import (
    MAX_BOUNDARY_EVENTS,
    MAX_NODES,
    MAX_PROCESSES,
    expression_size,
    refuse_large,
    too_many_expressions,
)
from engine.definitions.model import ProcessModel
from engine.definitions.models import DecisionDefinition, Deployment, FormDefinition, ProcessDefinition
from engine.definitions.parsing import FLOW_NODES, read_processes
from engine.definitions.problems import DefinitionRejected, Problem
from engine.definitions.validation import Surroundings, find_problems
from engine.definitions.xml import BPMN, local_name, read_xml
from engine.feel import FeelError
from engine.history.recording import EventDraft, EventKind, write_same_event
from engine.human_tasks.forms import Form, read_form
from engine.instances.beginning import plan_start
from engine.instances.models import InstanceStatus, ProcessInstance
from engine.kernel import Kernel
from engine.milestones.rebuilding import adopt_plan
from engine.spiff import structural_problems
from engine.spiff.drawing import line_of
from engine.spiff.errors import UnreadableTimer
from engine.timers.calendars import calendar_names


@dataclass(frozen=True)
class DeploymentReport:
    """What a deployment did. `following`: running cases that went over to the new versions at once."""

    deployment_id: int | None
    published: tuple[str, ...]
    unchanged: tuple[str, ...]
    warnings: tuple[Problem, ...]
    following: int


@dataclass(frozen=True)
class _Drawing:
    path: str
    text: str
    root: etree._Element
    models: tuple[ProcessModel, ...]


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
    refuse_large(files)
    decisions, _ = read_decision_files(session, files)
    forms, drawings = _read_all({path: body for path, body in files.items() if not path.endswith(".dmn")})
    known_forms = {**_published_forms(session), **{form.key: form for form, _, _ in forms}}
    asked = asked_of(session, decisions)
    warnings = _check(session, kernel, drawings, known_forms, asked)
    if decisions:
        _check_askers(session, kernel, drawings, asked)
    latest = _latest_versions(session)
    report = _Publication(session, actor_id, now, note, latest)
    for form, path, body in forms:
        report.publish_form(form.key, path, body)
    for file in decisions:
        report.publish_decisions(file)
    for model, drawing in _callees_first(drawings):
        report.publish_process(model, drawing)
    for key, before, published in report.versions:
        try:
            plan_start(session, kernel, before, published, now)
        except (UnreadableTimer, FeelError) as error:
            path = next(drawing.path for drawing in drawings for model in drawing.models if model.key == key)
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
        report.deployment_id, tuple(report.published), tuple(report.unchanged), tuple(warnings), following
    )


def _read_all(files: Mapping[str, bytes]) -> tuple[list[tuple[Form, str, str]], list[_Drawing]]:
    problems: list[Problem] = []
    forms: list[tuple[Form, str, str]] = []
    drawings: list[_Drawing] = []
    for path, body in sorted(files.items()):
        try:
            if path.endswith(".form"):
                forms.append((read_form(body), path, body.decode()))
            else:
                root = read_xml(body)
                refuse_many(root)
                models = tuple(read_processes(root))
                problems += [replace(problem, source=path) for problem in _file_problems(root, models)]
                drawings.append(_Drawing(path, body.decode("utf-8-sig"), root, models))
        except DefinitionRejected as refusal:
            problems += [replace(problem, source=path) for problem in refusal.problems]
    if problems:
        raise DefinitionRejected(problems)
    return forms, drawings


def refuse_many(root: etree._Element) -> None:
    """Raises DefinitionRejected for a drawing of more than anybody can have drawn."""
    counts = Counter(local_name(node) for node in _flow_nodes(root))
    problems = too_many_expressions(expression_size(root))
    for code, count, limit in (
        ("xml_too_many_nodes", counts.total(), MAX_NODES),
        ("too_many_boundary_events", counts["boundaryEvent"], MAX_BOUNDARY_EVENTS),
        ("too_many_processes", sum(1 for _ in root.iterfind(f"{BPMN}process")), MAX_PROCESSES),
    ):
        if count > limit:
            problems.append(Problem(code, details={"limit": limit}))
    if problems:
        raise DefinitionRejected(problems)


def _flow_nodes(root: etree._Element) -> Iterator[etree._Element]:
    return root.iter(*(f"{BPMN}{name}" for name in FLOW_NODES))


def _file_problems(root: etree._Element, models: tuple[ProcessModel, ...]) -> list[Problem]:
    if not models:
        return [Problem("no_process")]
    problems: list[Problem] = []
    seen: set[str] = set()
    for node in _flow_nodes(root):
        name = node.get("id", "")
        if not name.isidentifier() or not name.isascii():
            problems.append(Problem("bad_id", element=name, line=line_of(node), details={"id": name}))
        if name in seen:
            problems.append(Problem("duplicate_id", element=name, line=line_of(node), details={"id": name}))
        seen.add(name)
    return problems


def _check_askers(session: Session, kernel: Kernel, drawings: list[_Drawing], asked: Asked) -> None:
    """What is live and not in this deployment must find the decisions it asks as it asks them."""
    replaced = {model.key for drawing in drawings for model in drawing.models}
    live = [each.model for each in kernel.store.live(session) if each.key not in replaced]
    problems = list(still_asked_otherwise(asked, live, kernel.operations))
    before = asked_of(session, ())
    for name in sorted(kernel.asks.keys() & before.keys()):  # on a new database they come one after another
        if name not in asked or asked[name] - kernel.asks[name]:
            problems.append(Problem("decision_still_on_pages", element=name, details={"decision": name}))
    if problems:
        raise DefinitionRejected(problems)


def _check(
    session: Session, kernel: Kernel, drawings: list[_Drawing], forms: Mapping[str, Form], asked: Asked
) -> list[Problem]:
    around = Surroundings(
        operations=kernel.operations,
        roles=kernel.directory(session).roles(),
        forms=forms,
        processes=frozenset({model.key for drawing in drawings for model in drawing.models} | _published(session)),
        calendars=calendar_names(session),
        decisions=asked,
    )
    found: list[Problem] = []
    for drawing in drawings:
        for model in drawing.models:
            structural = structural_problems(drawing.root, model.key)
            problems = [Problem(p.code, p.element, p.line, p.details) for p in structural]
            found += [replace(problem, source=drawing.path) for problem in problems + find_problems(model, around)]
    found += _calling_themselves(drawings)
    errors = [problem for problem in found if not problem.warning]
    if errors:
        raise DefinitionRejected(errors)
    return found


def _published(session: Session) -> set[str]:
    return set(session.scalars(select(ProcessDefinition.key).distinct()))


def _published_forms(session: Session) -> dict[str, Form]:
    newest = select(func.max(FormDefinition.id)).group_by(FormDefinition.key)
    rows = session.execute(select(FormDefinition.key, FormDefinition.body).where(FormDefinition.id.in_(newest)))
    return {row.key: read_form(row.body) for row in rows}


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

    def publish_process(self, model: ProcessModel, drawing: _Drawing) -> None:
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


def _callees_first(drawings: list[_Drawing]) -> list[tuple[ProcessModel, _Drawing]]:
    """Called processes before their callers, else in the order of the files."""
    homes = {model.key: (model, drawing) for drawing in drawings for model in drawing.models}
    ordered: dict[str, tuple[ProcessModel, _Drawing]] = {}

    def visit(key: str, trail: tuple[str, ...]) -> None:
        if key in ordered or key in trail:
            return
        for callee in homes[key][0].callees() & homes.keys():
            visit(callee, (*trail, key))
        ordered[key] = homes[key]

    for key in homes:
        visit(key, ())
    return list(ordered.values())


def _calling_themselves(drawings: list[_Drawing]) -> Iterator[Problem]:
    """A process that calls itself, through others or directly, would never come to an end."""
    callees = {model.key: model.callees() for drawing in drawings for model in drawing.models}
    homes = {model.key: drawing.path for drawing in drawings for model in drawing.models}
    for key, path in homes.items():
        reached, agenda = set[str](), [key]
        while agenda:
            for callee in callees.get(agenda.pop(), frozenset()) - reached:
                reached.add(callee)
                agenda.append(callee)
        if key in reached:
            yield Problem("process_calls_itself", element=key, source=path)


def _follow(session: Session, kernel: Kernel, old_id: int, new_id: int, *, actor_id: int | None, now: datetime) -> int:
    """Take running cases of the previous version over, if the stored state means the same in both drawings."""
    old, new = kernel.store.get(session, old_id), kernel.store.get(session, new_id)
    if old.called.keys() != new.called.keys() or _flow_shape(old.model) != _flow_shape(new.model):
        return 0
    if any(_flow_shape(old.called[name]) != _flow_shape(new.called[name]) for name in old.called):
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


def _flow_shape(model: ProcessModel) -> object:
    """What the stored state depends on: elements with their kinds and places, and the flows between them."""
    elements = {
        (e.id, e.tag, e.container, e.attached_to, e.interrupting, e.event, e.message, e.called_process, e.many)
        for e in model.elements.values()
    }
    return elements, {(flow.id, flow.source, flow.target) for flow in model.flows.values()}
