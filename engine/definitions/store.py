"""Published definitions in memory: each version is parsed once per process and shared by its threads."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

import orjson
from lxml import etree
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.decisions import Model
from engine.definitions.decision_files import model_of
from engine.definitions.model import Element, ProcessModel
from engine.definitions.models import NEWEST_DEPLOYMENT, DecisionDefinition, FormDefinition, ProcessDefinition
from engine.definitions.parsing import read_processes
from engine.definitions.reaching import Net
from engine.definitions.xml import read_xml
from engine.errors import UnknownDefinition
from engine.human_tasks.forms import Form, read_form
from engine.milestones.plan import MilestonePlan
from engine.spiff.parser import CompiledProcess, compile_process


@dataclass(frozen=True, eq=False)
class Drawing:
    """What follows from the text of one process and of those that it calls, ready to run."""

    key: str
    model: ProcessModel
    compiled: CompiledProcess
    called: Mapping[str, ProcessModel]
    plan: MilestonePlan

    @cached_property
    def net(self) -> Net:
        """The process with those it calls, to be walked."""
        return Net(self.model, self.called)


@dataclass(frozen=True)
class Definition:
    """One published version, with the processes that it calls pinned to their versions."""

    id: int
    version: int
    drawing: Drawing

    @property
    def key(self) -> str:
        return self.drawing.key

    @property
    def model(self) -> ProcessModel:
        return self.drawing.model

    @property
    def compiled(self) -> CompiledProcess:
        return self.drawing.compiled

    @property
    def called(self) -> Mapping[str, ProcessModel]:
        return self.drawing.called

    @property
    def plan(self) -> MilestonePlan:
        return self.drawing.plan

    @property
    def net(self) -> Net:
        return self.drawing.net

    def place(self, path: Sequence[str]) -> tuple[ProcessModel, tuple[str, ...]]:
        """The process that holds an element with this path, and the call activities on the way to it."""
        model, calls = self.model, []
        for step in path:
            element = model.elements.get(step)
            if element is not None and element.tag == "callActivity":
                calls.append(step)
                model = self.called[element.called_process or ""]
        return model, tuple(calls)

    def element(self, element_id: str, path: Sequence[str] = ()) -> Element:
        model, _ = self.place(path)
        return model.elements[element_id]

    def offers_at(self, element_id: str, path: Sequence[str] = ()) -> list[Element]:
        """The buttons on a task: those of its own drawing, and those around the calls on its path that reach into them.

        The nearest come first.
        """
        model, _ = self.place(path)
        found = model.offers_for(element_id)
        for depth in range(len(path) - 1, -1, -1):
            outer, _ = self.place(path[:depth])
            host = outer.elements.get(path[depth])
            if host is not None and host.tag == "callActivity":
                found += [offer for offer in outer.offers_for(host.id) if offer.is_offered_in_calls]
        return found

    def nodes(self) -> Iterator[tuple[tuple[str, ...], Element]]:
        """Every node with the calls on the way to it, those of called processes after the process's own.

        A process that calls itself is entered once.
        """
        agenda: list[tuple[tuple[str, ...], ProcessModel, frozenset[str]]] = [((), self.model, frozenset({self.key}))]
        while agenda:
            calls, model, around = agenda.pop(0)
            for element in model.elements.values():
                yield calls, element
                called = self.called.get(element.called_process or "")
                if called is not None and called.key not in around:
                    agenda.append(((*calls, element.id), called, around | {called.key}))

    def find(self, element_id: str) -> Element | None:
        """The node of this name: the log of a case notes no path. The process's own comes first."""
        return next((element for _, element in self.nodes() if element.id == element_id), None)


@dataclass(frozen=True)
class PublishedForm:
    """A form with the version it was published as."""

    form: Form
    version: int


@dataclass(frozen=True)
class PublishedDecision:
    """A decision of a published file, with the version of the file."""

    id: str
    file: str
    version: int
    model: Model


@dataclass
class _Latest:
    """What is live since the newest deployment."""

    deployment_id: int = 0
    processes: Mapping[str, int] = field(default_factory=dict)  # key -> definition id
    forms: Mapping[str, int] = field(default_factory=dict)
    decisions: Mapping[str, PublishedDecision] = field(default_factory=dict)  # by id
    starters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # message -> process keys


@lru_cache(maxsize=4)
def _read_file(xml: str) -> tuple[etree._Element, Mapping[str, ProcessModel]]:
    """The processes of a file are read one after another, but the file once; nothing changes what was read."""
    root = read_xml(xml.encode())
    return root, {model.key: model for model in read_processes(root)}


@lru_cache(maxsize=512)
def _read_drawing(key: str, xml: str, callees: tuple[Drawing, ...]) -> Drawing:
    """One process of a text; `callees`: what it calls itself. The same text with the same callees is read once."""
    root, found = _read_file(xml)
    models = dict(found)
    model = models.pop(key)
    known = {drawing.key: drawing for drawing in callees}
    compiled = compile_process(root, key, resolve=lambda name: known[name].compiled if name in known else None)
    called = {name: each for drawing in callees for name, each in drawing.called.items()}
    called |= {name: drawing.model for name, drawing in known.items()} | models
    return Drawing(key, model, compiled, called, model.milestone_plan())


def _read_decisions(session: Session) -> dict[str, PublishedDecision]:
    newest = select(func.max(DecisionDefinition.id)).group_by(DecisionDefinition.key)
    rows = session.execute(
        select(DecisionDefinition.key, DecisionDefinition.version, DecisionDefinition.xml).where(
            DecisionDefinition.id.in_(newest)
        )
    ).all()
    texts = {row.key: row.xml for row in rows}
    found: dict[str, PublishedDecision] = {}
    for row in rows:
        model = model_of(row.key, texts)
        found |= {name: PublishedDecision(name, row.key, row.version, model) for name in model.asked_by_id()}
    return found


class DefinitionStore:
    """Read access to published definitions. `refresh` costs one statement and sees other processes' deployments."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._definitions: dict[int, Definition] = {}
        self._forms: dict[int, PublishedForm] = {}
        self._latest = _Latest()
        self._once: dict[tuple[str, str], Element] = {}

    def get(self, session: Session, definition_id: int) -> Definition:
        """One version by id; reads it once per process."""
        found = self._definitions.get(definition_id)
        if found is None:
            with self._lock:
                found = self._definitions.get(definition_id) or self._load(session, definition_id)
                self._definitions[definition_id] = found
        return found

    def once(self, session: Session, key: str, element_id: str) -> Element | None:
        """An element as the newest version that had it drew it: cases outlive the steps that they have done."""
        if (key, element_id) not in self._once:
            versions = select(ProcessDefinition.id).where(ProcessDefinition.key == key)
            for definition_id in session.scalars(versions.order_by(ProcessDefinition.version.desc())).all():
                found = self.get(session, definition_id).find(element_id)
                if found is not None:
                    self._once[key, element_id] = found
                    break
        return self._once.get((key, element_id))

    def preview(self, session: Session, key: str, xml: str) -> Definition:
        """A process of a text that is not published, as it would run: with what it calls as that is live now.

        Its id is 0. Raises UnknownDefinition for a called process that is not there, and what reading raises.
        """
        self.refresh(session)
        before = self._latest.processes.get(key)
        version = self.get(session, before).version + 1 if before is not None else 1
        return Definition(0, version, self._unpublished(session, key, xml))

    def _unpublished(self, session: Session, key: str, xml: str) -> Drawing:
        _, models = _read_file(xml)
        callees = []
        for name in sorted(models[key].callees()):
            callees.append(
                self._unpublished(session, name, xml) if name in models else self.latest(session, name).drawing
            )
        return _read_drawing(key, xml, tuple(callees))

    def refresh(self, session: Session) -> None:
        """Take over what has been deployed since, by this process or another."""
        self.notice(session, session.scalar(select(NEWEST_DEPLOYMENT)))

    def notice(self, session: Session, newest: int | None) -> None:
        """The newest deployment has this id, as another statement happened to learn by NEWEST_DEPLOYMENT."""
        newest = newest or 0
        if newest != self._latest.deployment_id:
            with self._lock:
                self._latest = self._read_latest(session, newest)

    def latest(self, session: Session, key: str) -> Definition:
        self.refresh(session)
        if key not in self._latest.processes:
            raise UnknownDefinition("process_unknown", f"No process {key} is published.", process=key)
        return self.get(session, self._latest.processes[key])

    def current_plan(self, definition: Definition) -> MilestonePlan:
        """Milestones as the newest version known here declares them: all cases of a process are ranked alike."""
        newest = self._definitions.get(self._latest.processes.get(definition.key, definition.id))
        return definition.plan if newest is None else newest.plan

    def live(self, session: Session) -> list[Definition]:
        """The newest version of every process, by key."""
        self.refresh(session)
        return self._all_latest(session)

    def last_seen(self, session: Session) -> list[Definition]:
        """The live processes as last read here, for what stands on every page; asks only when none was seen."""
        if not self._latest.processes:
            self.refresh(session)
        return self._all_latest(session)

    def _all_latest(self, session: Session) -> list[Definition]:
        return [self.get(session, definition_id) for _, definition_id in sorted(self._latest.processes.items())]

    def plans(self, session: Session) -> dict[str, MilestonePlan]:
        """The plan of every live process."""
        return {definition.key: definition.plan for definition in self.live(session)}

    def started_by(self, session: Session, message: str) -> list[Definition]:
        """The live processes that begin with this message."""
        self.refresh(session)
        return [self.latest(session, key) for key in self._latest.starters.get(message, ())]

    def form(self, session: Session, key: str) -> PublishedForm:
        """The live version of a form."""
        form_id = self._latest.forms.get(key)
        if form_id is None:
            self.refresh(session)
            form_id = self._latest.forms.get(key)
        if form_id is None:
            raise UnknownDefinition("form_unknown", f"No form {key} is published.", form=key)
        if form_id not in self._forms:
            row = session.execute(
                select(FormDefinition.body, FormDefinition.version).where(FormDefinition.id == form_id)
            ).one()
            self._forms[form_id] = PublishedForm(read_form(row.body), row.version)
        return self._forms[form_id]

    def live_forms(self, session: Session) -> list[Form]:
        """The newest version of every form, by key."""
        self.refresh(session)
        return [self.form(session, key).form for key in sorted(self._latest.forms)]

    def decision(self, session: Session, decision_id: str) -> PublishedDecision:
        """The live version of a decision."""
        found = self._latest.decisions.get(decision_id)
        if found is None:
            self.refresh(session)
            found = self._latest.decisions.get(decision_id)
        if found is None:
            raise UnknownDefinition(
                "decision_unknown", f"No decision {decision_id} is published.", decision=decision_id
            )
        return found

    def _read_latest(self, session: Session, newest: int) -> _Latest:
        process_ids = select(func.max(ProcessDefinition.id)).group_by(ProcessDefinition.key)
        rows = session.execute(
            select(ProcessDefinition.id, ProcessDefinition.key).where(ProcessDefinition.id.in_(process_ids))
        ).all()
        form_ids = select(func.max(FormDefinition.id)).group_by(FormDefinition.key)
        forms = session.execute(
            select(FormDefinition.id, FormDefinition.key).where(FormDefinition.id.in_(form_ids))
        ).all()
        starters: dict[str, list[str]] = {}
        for row in rows:
            message = self.get(session, row.id).model.start_message
            if message:
                starters.setdefault(message, []).append(row.key)
        return _Latest(
            deployment_id=newest,
            processes={row.key: row.id for row in rows},
            forms={row.key: row.id for row in forms},
            decisions=_read_decisions(session),
            starters={message: tuple(sorted(keys)) for message, keys in starters.items()},
        )

    def _load(self, session: Session, definition_id: int) -> Definition:
        row = session.get(ProcessDefinition, definition_id)
        if row is None:
            raise UnknownDefinition("process_unknown", f"There is no definition {definition_id}.")
        callees = (self.get(session, called_id).drawing for called_id in orjson.loads(row.calls).values())
        return Definition(row.id, row.version, _read_drawing(row.key, row.xml, tuple(callees)))
