"""Compiles drawings into specs that all threads share: BPMN with the zeebe extensions, our own element classes.

The library's parser is not used: it walks the flow recursively (a long chain of elements ends in a RecursionError),
silently stops at elements with a reserved id, and reads neither zeebe extensions nor the leading "=" of FEEL.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn.specs.event_definitions.conditional import ConditionalEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.item_aware_event import (
    ErrorEventDefinition,
    EscalationEventDefinition,
    SignalEventDefinition,
)
from SpiffWorkflow.bpmn.specs.event_definitions.message import MessageEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.simple import NoneEventDefinition

from engine.spiff import drawing, structure
from engine.spiff.drawing import NAMES, ElementFacts, Level, Node, feel_text, local_name
from engine.spiff.errors import ModelRejected
from engine.spiff.events import (
    BoundaryEvent,
    BoundarySplit,
    CatchEvent,
    EndEvent,
    StartEvent,
    ThrowEvent,
    TimeDefinition,
)
from engine.spiff.gateways import EventGateway, ExclusiveGateway, InclusiveGateway, ParallelGateway
from engine.spiff.loops import MultiInstance, StandardLoop
from engine.spiff.specs import ManualTask, ProcessSpec, ServiceTask, SubProcess, UserTask
from engine.spiff.timers import is_iso

Resolve = Callable[[str], "etree._Element | CompiledProcess | None"]

PLAIN_ELEMENTS: dict[str, Any] = {
    "startEvent": StartEvent,
    "userTask": UserTask,
    "manualTask": ManualTask,
    "serviceTask": ServiceTask,
    "sendTask": ServiceTask,
    "businessRuleTask": ServiceTask,
    "exclusiveGateway": ExclusiveGateway,
    "inclusiveGateway": InclusiveGateway,
    "parallelGateway": ParallelGateway,
    "eventBasedGateway": EventGateway,
}


@dataclass(frozen=True, eq=False)
class CompiledProcess:
    """A process ready to run, with everything it calls. Never changed after compiling."""

    process_id: str
    specs: Mapping[str, Any]
    facts: Mapping[str, Mapping[str, ElementFacts]]
    start_element: str

    def element(self, path: tuple[str, ...], element: str) -> ElementFacts:
        """What the drawing says about an element; `path` as in Passed, because called processes may reuse ids."""
        key = self.process_id
        for host in path:
            key = self.specs[key].scopes[host]
        return self.facts[key][element]


def compile_process(tree: etree._Element, process_id: str, resolve: Resolve | None = None) -> CompiledProcess:
    """Compile a process of a parsed and hardened document.

    `resolve` answers with a called process, as compiled or as its document (None: unknown); processes of the same
    document are found by themselves. Raises ModelRejected with the first reason of `structural_problems`, also of
    called processes.
    """
    specs: dict[str, Any] = {}
    facts: dict[str, Mapping[str, ElementFacts]] = {}
    start_element = _Compilation(tree, process_id, specs, facts).run()
    waiting = [(tree, process_id)]
    while waiting:
        document, caller = waiting.pop()
        for node in _calls(document, caller):
            called = drawing.called_process(node) or ""
            if called in specs:
                continue
            target: etree._Element | CompiledProcess | None = document
            if drawing.find_process(document, called) is None:
                target = resolve(called) if resolve is not None else None
            if isinstance(target, CompiledProcess):
                specs |= {name: spec for name, spec in target.specs.items() if name not in specs}
                facts |= {name: each for name, each in target.facts.items() if name not in facts}
                continue
            if target is None or drawing.find_process(target, called) is None:
                raise ModelRejected(node.id, node.line, "called_process_unknown", {"process": called})
            _Compilation(target, called, specs, facts).run()
            waiting.append((target, called))
    return CompiledProcess(process_id, specs, facts, start_element)


def _calls(document: etree._Element, process_id: str) -> list[Node]:
    process = drawing.find_process(document, process_id)
    if process is None:
        return []
    levels = drawing.read_level(process).levels()
    return [node for level in levels for node in level.nodes.values() if node.kind == "callActivity"]


class _Compilation:
    """Builds the specs of one process: one per level, keyed `process` or `process/sub-process`."""

    def __init__(
        self,
        document: etree._Element,
        process_id: str,
        specs: dict[str, Any],
        facts: dict[str, Mapping[str, ElementFacts]],
    ) -> None:
        self.document = document
        self.process_id = process_id
        self.specs = specs
        self.facts = facts

    def run(self) -> str:
        """Build all levels; the id of the start event."""
        problems = structure.structural_problems(self.document, self.process_id)
        if problems:
            raise ModelRejected.because(problems[0])
        process = drawing.find_process(self.document, self.process_id)
        assert process is not None  # noqa: S101  # structural_problems reports an unknown process
        level = drawing.read_level(process)
        self._build(level, self.process_id)
        return level.starts()[0].id

    def _build(self, level: Level, key: str) -> None:
        spec = ProcessSpec(key)
        self.specs[key] = spec
        self.facts[key] = {node.id: drawing.read_facts(self.document, node) for node in level.nodes.values()}
        for node in level.nodes.values():
            self._add(spec, node)
        for host, events in level.boundaries.items():
            split = BoundarySplit(spec, f"{host}(boundary)")
            split.connect(spec.task_specs[host])
            for event in events:
                split.connect(spec.task_specs[event.id])
        self._connect(spec, level)
        self._check_complete(spec, level)
        for node in level.nodes.values():
            if node.inside is not None:
                inner = spec.scopes[node.id] = f"{self.process_id}/{node.id}"
                self._build(node.inside, inner)
            elif node.kind == "callActivity":
                spec.scopes[node.id] = drawing.called_process(node) or ""

    def _connect(self, spec: ProcessSpec, level: Level) -> None:
        spec.start.connect(self._entry(spec, level.starts()[0].id))
        for node in level.nodes.values():
            source = spec.task_specs[node.id]
            outgoing = level.outgoing(node.id)
            for flow in outgoing:
                target = self._entry(spec, flow.target)
                is_default = flow.id == node.xml.get("default") or (flow.condition is None and len(outgoing) == 1)
                if node.kind in ("exclusiveGateway", "inclusiveGateway"):
                    source.connect_outgoing_if(None if is_default else flow.condition, target)
                else:
                    source.connect(target)
        for join in spec.task_specs.values():
            if isinstance(join, InclusiveGateway):
                join.reach = _reach(spec, join)

    def _entry(self, spec: ProcessSpec, node_id: str) -> Any:
        return spec.task_specs.get(f"{node_id}(boundary)") or spec.task_specs[node_id]

    def _check_complete(self, spec: ProcessSpec, level: Level) -> None:
        """Nothing drawn may be missing in what will run."""
        for node in level.nodes.values():
            built = spec.task_specs.get(node.id)
            if built is None or built.element != node.id:
                raise ModelRejected(node.id, node.line, "element_lost", {"kind": node.kind})

    def _add(self, spec: ProcessSpec, node: Node) -> None:
        loop = node.loop
        if loop is None:
            self._add_element(spec, node, node.id)
            return
        common: dict[str, Any] = {"element": node.id, "kind": node.kind}
        if local_name(loop) == "standardLoopCharacteristics":
            maximum = loop.get("loopMaximum")
            StandardLoop(
                spec,
                node.id,
                condition=feel_text(loop.findtext("bpmn:loopCondition", namespaces=NAMES)),
                maximum=int(maximum) if maximum else None,
                test_before=loop.get("testBefore") == "true",
                **common,
            )
        else:
            zeebe = loop.find("bpmn:extensionElements/zeebe:loopCharacteristics", NAMES)
            MultiInstance(
                spec,
                node.id,
                sequential=loop.get("isSequential") == "true",
                cardinality=feel_text(loop.findtext("bpmn:loopCardinality", namespaces=NAMES)),
                collection=feel_text(zeebe.get("inputCollection")) if zeebe is not None else None,
                item=zeebe.get("inputElement") if zeebe is not None else None,
                condition=feel_text(loop.findtext("bpmn:completionCondition", namespaces=NAMES)),
                **common,
            )
        self._add_element(spec, node, f"{node.id}(instance)").is_instance = True

    def _add_element(self, spec: ProcessSpec, node: Node, name: str) -> Any:
        common: dict[str, Any] = {"element": node.id, "kind": node.kind}
        if node.kind in PLAIN_ELEMENTS:
            return PLAIN_ELEMENTS[node.kind](spec, name, **common)
        if node.kind == "callActivity":
            return SubProcess(spec, name, subworkflow_spec=drawing.called_process(node), **common)
        if node.kind == "subProcess":
            return SubProcess(spec, name, subworkflow_spec=f"{self.process_id}/{node.id}", **common)
        event = self._event(node)
        if node.kind in ("endEvent", "intermediateThrowEvent"):
            event.pop("event_definition")
            return (EndEvent if node.kind == "endEvent" else ThrowEvent)(spec, name, **event, **common)
        if node.kind == "boundaryEvent":
            return BoundaryEvent(spec, name, cancel_activity=node.interrupts, **event, **common)
        return CatchEvent(spec, name, **event, **common)

    def _event(self, node: Node) -> dict[str, Any]:
        """The constructor arguments for what an event waits for or throws."""
        if node.kind == "receiveTask":
            return self._message_event(node, "messageEventDefinition")
        if not node.event_definitions:
            return {"event_kind": None, "event_definition": NoneEventDefinition()}
        xml = node.event_definitions[0]
        kind = local_name(xml)
        if kind == "messageEventDefinition":
            return self._message_event(node, kind)
        if kind == "timerEventDefinition":
            return {"event_kind": kind, "event_definition": _timer(node, xml)}
        if kind == "conditionalEventDefinition":
            text = feel_text(xml.findtext("bpmn:condition", namespaces=NAMES))
            return {"event_kind": kind, "event_definition": ConditionalEventDefinition(text)}
        reference = kind.removesuffix("EventDefinition")
        target = drawing.referenced(self.document, reference, xml.get(f"{reference}Ref"))
        name = (target.get("name") or target.get("id")) if target is not None else None
        code = target.get(f"{reference}Code") if target is not None else None
        definitions = {
            "signal": SignalEventDefinition(name),
            "error": ErrorEventDefinition(name, code),
            "escalation": EscalationEventDefinition(name, code),
        }
        definition = definitions.get(reference, NoneEventDefinition())
        return {"event_kind": kind, "event_name": name, "code": code, "event_definition": definition}

    def _message_event(self, node: Node, kind: str) -> dict[str, Any]:
        message = drawing.message_of(self.document, node)
        name = (message.get("name") or message.get("id")) if message is not None else None
        return {"event_kind": kind, "event_name": name, "event_definition": MessageEventDefinition(name)}


def _timer(node: Node, xml: etree._Element) -> TimeDefinition:
    """A timer as drawn: a bare ISO text is taken literally, everything else is FEEL."""
    for tag in ("timeDate", "timeDuration", "timeCycle"):
        text = xml.findtext(f"bpmn:{tag}", namespaces=NAMES)
        if text is not None:
            literal = text.strip() if is_iso(text.strip()) else None
            expression = None if literal else feel_text(text)
            return TimeDefinition(node.id, expression=expression, literal=literal, cyclic=tag == "timeCycle")
    raise ModelRejected(node.id, node.line, "timer_missing")


def _reach(spec: ProcessSpec, join: InclusiveGateway) -> dict[str, frozenset[str]]:
    """For every element: through which inputs of a join a token there can still arrive without passing the join."""
    reach: dict[str, set[str]] = {name: set() for name in spec.task_specs}
    for source in set(join._inputs) - {join.name}:
        seen, stack = {source}, [source]
        while stack:
            name = stack.pop()
            reach[name].add(source)
            for before in spec.task_specs[name]._inputs:
                if before != join.name and before not in seen:
                    seen.add(before)
                    stack.append(before)
    return {name: frozenset(inputs) for name, inputs in reach.items()}
