"""From BPMN XML with the zeebe extension namespace to ProcessModels."""

import re
from collections.abc import Iterator

from lxml import etree

from engine.definitions.model import Element, Flow, OperationCall, ProcessModel, Texts
from engine.definitions.xml import BPMN, BPMNDI, NAMESPACES, ZEEBE, local_name
from engine.spiff.drawing import line_of

FLOW_NODES = frozenset(
    {
        *("startEvent", "endEvent", "intermediateThrowEvent", "intermediateCatchEvent", "boundaryEvent"),
        *("task", "userTask", "manualTask", "serviceTask", "businessRuleTask", "scriptTask", "sendTask", "receiveTask"),
        *("exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway", "complexGateway"),
        *("subProcess", "adHocSubProcess", "transaction", "callActivity"),
    }
)
CONTAINERS = frozenset({"subProcess", "adHocSubProcess", "transaction"})
LOOP_EXPRESSIONS = ("loopCondition", "loopCardinality", "completionCondition")


def read_processes(root: etree._Element) -> list[ProcessModel]:
    """Every process of the file, in its order."""
    messages = {node.get("id", ""): node for node in root.iterfind(f"{BPMN}message")}
    shapes = frozenset(shape.get("bpmnElement", "") for shape in root.iter(f"{BPMNDI}BPMNShape"))
    return [_read_process(node, messages, shapes) for node in root.iterfind(f"{BPMN}process")]


def strip_feel(text: str | None) -> str | None:
    """The expression without the "=" that marks FEEL in zeebe files."""
    return None if text is None else text.strip().removeprefix("=").strip()


def _read_process(process: etree._Element, messages: dict[str, etree._Element], shapes: frozenset[str]) -> ProcessModel:
    key = process.get("id", "")
    properties = _properties(process)
    elements: dict[str, Element] = {}
    flows: dict[str, Flow] = {}
    for container, node in _walk(process, key):
        if local_name(node) == "sequenceFlow":
            flow = _read_flow(node, container)
            flows[flow.id] = flow
        else:
            element = _read_element(node, container, messages)
            elements[element.id] = element
    return ProcessModel(
        key=key,
        name=_texts(process.get("name") or key, properties, "name"),
        properties=properties,
        elements=elements,
        flows=flows,
        milestone_names={each.milestone: each.name for each in elements.values() if each.milestone},
        dimensions=_named_feel(properties.get("dimensions", "")),
        expires=_named_feel(properties.get("expires", "")),
        drawn=shapes & elements.keys(),
    )


def _walk(container: etree._Element, container_id: str) -> Iterator[tuple[str, etree._Element]]:
    for node in container:
        tag = local_name(node)
        if tag == "sequenceFlow" or tag in FLOW_NODES:
            yield container_id, node
        if tag in CONTAINERS:
            yield from _walk(node, node.get("id", ""))


def _read_element(node: etree._Element, container: str, messages: dict[str, etree._Element]) -> Element:
    properties = _properties(node)
    definition = next((child for child in node if local_name(child).endswith("EventDefinition")), None)
    message = messages.get(definition.get("messageRef", "") if definition is not None else node.get("messageRef", ""))
    form = _extension(node, "formDefinition")
    assignment = _extension(node, "assignmentDefinition")
    called = _extension(node, "calledElement")
    decision = _extension(node, "calledDecision")
    subscription = _extension(message, "subscription") if message is not None else None
    timer = _timer(definition)
    return Element(
        id=node.get("id", ""),
        tag=local_name(node),
        line=line_of(node),
        container=container,
        name=_texts(node.get("name", ""), properties, "name"),
        prompt=_texts(properties.get("prompt", ""), properties, "prompt"),
        properties=properties,
        submit=_texts(properties.get("submit", ""), properties, "submit"),
        form=properties.get("form") if form is None else form.get("formId"),
        assignee=None if assignment is None else assignment.get("assignee"),
        role=None if assignment is None else assignment.get("candidateGroups"),
        call=_operation_call(node),
        called_process=node.get("calledElement") if called is None else called.get("processId"),
        decision=None if decision is None else decision.get("decisionId"),
        result_variable=None if decision is None else decision.get("resultVariable"),
        message=None if message is None else message.get("name"),
        correlation=None if subscription is None else strip_feel(subscription.get("correlationKey")),
        inputs=_inputs(node),
        timer=None if timer is None else timer[1],
        timer_kind=None if timer is None else timer[0],
        attached_to=node.get("attachedToRef"),
        interrupting=node.get("cancelActivity", "true") != "false",
        default_flow=node.get("default"),
        many=node.find(f"{BPMN}multiInstanceLoopCharacteristics") is not None,
        looped=any(node.find(f"{BPMN}{kind}LoopCharacteristics") is not None for kind in ("multiInstance", "standard")),
        event=None if definition is None else local_name(definition),
        asked=_asked(node, definition),
    )


def _asked(node: etree._Element, definition: etree._Element | None) -> dict[str, str]:
    """The expressions that a loop and a conditional event ask, without the "=" of FEEL."""
    texts: dict[str, str | None] = {}
    if definition is not None:
        texts["condition"] = definition.findtext(f"{BPMN}condition")
    for loop in node:
        if local_name(loop) in ("multiInstanceLoopCharacteristics", "standardLoopCharacteristics"):
            texts |= {name: loop.findtext(f"{BPMN}{name}") for name in LOOP_EXPRESSIONS}
            items = _extension(loop, "loopCharacteristics")
            texts["inputCollection"] = None if items is None else items.get("inputCollection")
    return {name: found for name, text in texts.items() if (found := strip_feel(text))}


def _read_flow(node: etree._Element, container: str) -> Flow:
    condition = node.find(f"{BPMN}conditionExpression")
    text = None if condition is None else "".join(str(part) for part in condition.itertext())
    return Flow(
        id=node.get("id", ""),
        source=node.get("sourceRef", ""),
        target=node.get("targetRef", ""),
        condition=strip_feel(text),
        name=_texts(node.get("name", ""), _properties(node), "name"),
        line=line_of(node),
        container=container,
    )


def _properties(node: etree._Element) -> dict[str, str]:
    found = node.iterfind("bpmn:extensionElements/zeebe:properties/zeebe:property", NAMESPACES)
    return {item.get("name", ""): item.get("value", "") for item in found}


def _extension(node: etree._Element, name: str) -> etree._Element | None:
    return node.find(f"{BPMN}extensionElements/{ZEEBE}{name}")


def _texts(base: str, properties: dict[str, str], stem: str) -> Texts:
    prefix = f"{stem}."
    return Texts(base, {name[len(prefix) :]: text for name, text in properties.items() if name.startswith(prefix)})


def _operation_call(node: etree._Element) -> OperationCall | None:
    task = _extension(node, "taskDefinition")
    if task is None:
        return None
    headers = node.iterfind("bpmn:extensionElements/zeebe:taskHeaders/zeebe:header", NAMESPACES)
    result = {header.get("key"): header.get("value") for header in headers}.get("resultVariable")
    return OperationCall(task.get("type", ""), _inputs(node), result)


def _inputs(node: etree._Element) -> dict[str, str]:
    found = node.iterfind("bpmn:extensionElements/zeebe:ioMapping/zeebe:input", NAMESPACES)
    return {item.get("target", ""): item.get("source", "") for item in found}


def _timer(definition: etree._Element | None) -> tuple[str | None, str] | None:
    """Kind and text of a timer; a timer that says nothing has neither."""
    if definition is None or local_name(definition) != "timerEventDefinition":
        return None
    rule = next((child for child in definition if local_name(child).startswith("time")), None)
    if rule is None:
        return None, ""
    return local_name(rule), "".join(str(part) for part in rule.itertext()).strip()


def _named_feel(text: str) -> dict[str, str]:
    """`source: =register.source; model: =…`: each name with the FEEL that answers its value."""
    pairs = (part.partition(":") for part in re.split(r";\s*", text) if ":" in part)
    return {name.strip(): strip_feel(value) or "" for name, _, value in pairs}
