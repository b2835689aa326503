"""Reads the XML of a process into plain levels, nodes and flows; knows nothing of SpiffWorkflow.

A level is the inside of a process or of an embedded sub-process. Elements are identified by their BPMN id.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
ZEEBE = "http://camunda.org/schema/zeebe/1.0"
NAMES = {"bpmn": BPMN, "zeebe": ZEEBE}

# Everything of the BPMN schema that stands in the flow, supported or not: nothing may be overlooked silently.
FLOW_NODES = frozenset(
    [
        "startEvent",
        "endEvent",
        "intermediateCatchEvent",
        "intermediateThrowEvent",
        "boundaryEvent",
        "implicitThrowEvent",
        "task",
        "userTask",
        "manualTask",
        "serviceTask",
        "businessRuleTask",
        "scriptTask",
        "sendTask",
        "receiveTask",
        "exclusiveGateway",
        "inclusiveGateway",
        "parallelGateway",
        "eventBasedGateway",
        "complexGateway",
        "subProcess",
        "adHocSubProcess",
        "transaction",
        "callActivity",
        "subChoreography",
        "choreographyTask",
        "callChoreography",
    ]
)
DATA_ELEMENTS = frozenset(
    [
        "dataObject",
        "dataObjectReference",
        "dataStoreReference",
        "ioSpecification",
        "dataInputAssociation",
        "dataOutputAssociation",
    ]
)


@dataclass(frozen=True)
class Flow:
    """A sequence flow; `condition` is FEEL without the leading "="."""

    id: str
    source: str
    target: str
    condition: str | None
    line: int | None


@dataclass
class Node:
    """A flow node as drawn. `inside` is set for embedded sub-processes only."""

    id: str
    kind: str
    xml: etree._Element
    line: int | None
    inside: "Level | None" = None

    @property
    def name(self) -> str:
        return self.xml.get("name") or ""

    @property
    def host(self) -> str | None:
        """The element that a boundary event sits on."""
        return self.xml.get("attachedToRef")

    @property
    def interrupts(self) -> bool:
        return self.xml.get("cancelActivity", "true") == "true"

    @property
    def event_definitions(self) -> list[etree._Element]:
        return [child for child in elements(self.xml) if local_name(child).endswith("EventDefinition")]

    @property
    def loop(self) -> etree._Element | None:
        """The loop characteristics (standard or multi-instance), if any."""
        return next((child for child in elements(self.xml) if local_name(child).endswith("LoopCharacteristics")), None)


@dataclass
class Level:
    """The inside of one process or embedded sub-process."""

    id: str
    xml: etree._Element
    nodes: dict[str, Node] = field(default_factory=dict)
    flows: list[Flow] = field(default_factory=list)
    boundaries: dict[str, list[Node]] = field(default_factory=dict)
    nameless: list[etree._Element] = field(default_factory=list)
    _by_source: dict[str, list[Flow]] = field(default_factory=dict)
    _by_target: dict[str, list[Flow]] = field(default_factory=dict)

    def add_flow(self, flow: Flow) -> None:
        self.flows.append(flow)
        self._by_source.setdefault(flow.source, []).append(flow)
        self._by_target.setdefault(flow.target, []).append(flow)

    def outgoing(self, node_id: str) -> list[Flow]:
        return self._by_source.get(node_id, [])

    def incoming(self, node_id: str) -> list[Flow]:
        return self._by_target.get(node_id, [])

    def levels(self) -> Iterator["Level"]:
        """This level and all embedded ones."""
        yield self
        for node in self.nodes.values():
            if node.inside is not None:
                yield from node.inside.levels()

    def starts(self) -> list[Node]:
        return [node for node in self.nodes.values() if node.kind == "startEvent"]


@dataclass(frozen=True)
class ElementFacts:
    """What the drawing says about one element besides its place in the flow (zeebe extensions included)."""

    id: str
    kind: str
    name: str
    line: int | None
    properties: Mapping[str, str]
    form: str | None = None
    assignee: str | None = None
    candidate_groups: str | None = None
    operation: str | None = None
    inputs: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    called_decision: str | None = None
    called_process: str | None = None
    message: str | None = None
    correlation_key: str | None = None
    host: str | None = None


def local_name(element: etree._Element) -> str:
    return etree.QName(element).localname


def line_of(element: etree._Element) -> int | None:
    """The line of the document in which the element begins; None if it was not parsed from a text."""
    line: Any = element.sourceline
    return line if isinstance(line, int) else None


def elements(parent: etree._Element) -> Iterator[etree._Element]:
    """Child elements in the BPMN namespace: comments, processing instructions and extensions are not elements."""
    for child in parent:
        if isinstance(child.tag, str) and child.tag.startswith("{" + BPMN + "}"):
            yield child


def feel_text(text: str | None) -> str | None:
    """The FEEL text of an expression attribute or element, without its leading "="; None when there is none."""
    stripped = (text or "").strip()
    if stripped.startswith("="):
        stripped = stripped[1:].strip()
    return stripped or None


def find_process(tree: etree._Element, process_id: str) -> etree._Element | None:
    """A process of a document, given its root element (bpmn:definitions)."""
    return next((xml for xml in tree.iterchildren(f"{{{BPMN}}}process") if xml.get("id") == process_id), None)


def read_level(xml: etree._Element) -> Level:
    """Read a process or an embedded sub-process with everything inside it."""
    level = Level(xml.get("id") or "", xml)
    for child in elements(xml):
        kind = local_name(child)
        if kind == "sequenceFlow":
            condition = feel_text(child.findtext("bpmn:conditionExpression", namespaces=NAMES))
            level.add_flow(
                Flow(
                    child.get("id") or "",
                    child.get("sourceRef") or "",
                    child.get("targetRef") or "",
                    condition,
                    line_of(child),
                )
            )
        elif kind in FLOW_NODES:
            node_id = child.get("id")
            if not node_id:
                level.nameless.append(child)
                continue
            node = Node(node_id, kind, child, line_of(child))
            if kind in ("subProcess", "transaction", "adHocSubProcess"):
                node.inside = read_level(child)
            level.nodes[node_id] = node
            if kind == "boundaryEvent":
                level.boundaries.setdefault(node.host or "", []).append(node)
    return level


def referenced(tree: etree._Element, kind: str, reference: str | None) -> etree._Element | None:
    """The root element (message, error, signal, escalation) with that id."""
    if reference is None:
        return None
    wanted = reference.rpartition(":")[2]
    return next((xml for xml in tree.iterchildren(f"{{{BPMN}}}{kind}") if xml.get("id") == wanted), None)


def called_process(node: Node) -> str | None:
    """The process id that a call activity names, as an extension or as the plain attribute."""
    extension = node.xml.find("bpmn:extensionElements/zeebe:calledElement", NAMES)
    named = extension.get("processId") if extension is not None else None
    return named or node.xml.get("calledElement")


def message_of(tree: etree._Element, node: Node) -> etree._Element | None:
    """The message that an event or a receive task waits for."""
    if node.kind in ("receiveTask", "sendTask"):
        return referenced(tree, "message", node.xml.get("messageRef"))
    for definition in node.event_definitions:
        if local_name(definition) == "messageEventDefinition":
            return referenced(tree, "message", definition.get("messageRef"))
    return None


def read_facts(tree: etree._Element, node: Node) -> ElementFacts:
    """Everything that the extensions of a node say."""

    def attribute(extension: str, name: str) -> str | None:
        found = node.xml.find(f"bpmn:extensionElements/zeebe:{extension}", NAMES)
        return found.get(name) if found is not None else None

    def pairs(path: str, key: str, value: str) -> dict[str, str]:
        found = node.xml.iterfind(f"bpmn:extensionElements/zeebe:{path}", NAMES)
        return {entry.get(key) or "": entry.get(value) or "" for entry in found}

    message = message_of(tree, node)
    subscription = None
    if message is not None:
        subscription = message.find("bpmn:extensionElements/zeebe:subscription", NAMES)
    return ElementFacts(
        id=node.id,
        kind=node.kind,
        name=node.name,
        line=node.line,
        properties=pairs("properties/zeebe:property", "name", "value"),
        form=attribute("formDefinition", "formId"),
        assignee=attribute("assignmentDefinition", "assignee"),
        candidate_groups=attribute("assignmentDefinition", "candidateGroups"),
        operation=attribute("taskDefinition", "type"),
        inputs=pairs("ioMapping/zeebe:input", "target", "source"),
        headers=pairs("taskHeaders/zeebe:header", "key", "value"),
        called_decision=attribute("calledDecision", "decisionId"),
        called_process=called_process(node) if node.kind == "callActivity" else None,
        message=(message.get("name") or message.get("id")) if message is not None else None,
        correlation_key=feel_text(subscription.get("correlationKey")) if subscription is not None else None,
        host=node.host if node.kind == "boundaryEvent" else None,
    )
