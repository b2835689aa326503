"""What a drawing must not contain because the runtime would carry it out wrongly or not at all.

Every problem has a stable code; the publishing checks translate them. Checks that need operations, forms, roles or
decisions are not here.
"""

from collections import Counter
from collections.abc import Callable, Iterator

from lxml import etree

from engine.spiff import drawing, graph
from engine.spiff.drawing import NAMES, Level, Node, feel_text, line_of, local_name
from engine.spiff.errors import Problem

SUPPORTED = frozenset(
    [
        "startEvent",
        "endEvent",
        "intermediateCatchEvent",
        "intermediateThrowEvent",
        "boundaryEvent",
        "userTask",
        "manualTask",
        "serviceTask",
        "sendTask",
        "receiveTask",
        "businessRuleTask",
        "exclusiveGateway",
        "inclusiveGateway",
        "parallelGateway",
        "eventBasedGateway",
        "subProcess",
        "callActivity",
    ]
)
OWN_CODES = {"transaction": "transaction", "adHocSubProcess": "ad_hoc_subprocess", "scriptTask": "script_task"}
GATEWAYS = frozenset(["exclusiveGateway", "inclusiveGateway", "parallelGateway", "eventBasedGateway"])
CONDITIONAL = frozenset(["exclusiveGateway", "inclusiveGateway"])
HOSTS = frozenset(
    [
        "userTask",
        "manualTask",
        "serviceTask",
        "sendTask",
        "receiveTask",
        "businessRuleTask",
        "subProcess",
        "callActivity",
    ]
)
EVENTS: dict[str, frozenset[str]] = {
    "startEvent": frozenset(["message", "timer"]),
    "intermediateCatchEvent": frozenset(["message", "timer", "signal", "conditional"]),
    "boundaryEvent": frozenset(["message", "timer", "signal", "conditional", "error", "escalation"]),
    "intermediateThrowEvent": frozenset(["message", "signal", "escalation"]),
    "endEvent": frozenset(["message", "error", "escalation", "signal", "terminate"]),
}
NEEDS_EVENT = frozenset(["intermediateCatchEvent", "boundaryEvent"])

Check = Callable[[etree._Element, Level], Iterator[Problem]]


def structural_problems(tree: etree._Element, process_id: str) -> list[Problem]:
    """All structural reasons why a process of a document can not be carried out; empty if there is none."""
    process = drawing.find_process(tree, process_id)
    if process is None:
        return [Problem("process_unknown", process_id, None)]
    top = drawing.read_level(process)
    problems = list(_duplicate_ids(top))
    for level in top.levels():
        for check in CHECKS:
            problems.extend(check(tree, level))
    if any(problem.code in BROKEN_GRAPH for problem in problems):
        return problems
    for level in top.levels():
        for check in GRAPH_CHECKS:
            problems.extend(check(tree, level))
    return problems


def _problem(code: str, node: Node, **details: object) -> Problem:
    return Problem(code, node.id, node.line, details)


def _duplicate_ids(top: Level) -> Iterator[Problem]:
    seen: Counter[str] = Counter()
    for xml in top.xml.iterdescendants(*(f"{{{drawing.BPMN}}}{kind}" for kind in drawing.FLOW_NODES)):
        element = xml.get("id") or ""
        seen[element] += 1
        if element and seen[element] == 2:
            yield Problem("duplicate_id", element, line_of(xml))


def _elements(_: etree._Element, level: Level) -> Iterator[Problem]:
    for xml in level.nameless:
        yield Problem("element_without_id", None, line_of(xml), {"kind": local_name(xml)})
    for node in level.nodes.values():
        if node.kind not in SUPPORTED:
            yield _problem(OWN_CODES.get(node.kind, "unsupported_element"), node, kind=node.kind)
        elif node.kind == "subProcess" and node.xml.get("triggeredByEvent") == "true":
            yield _problem("event_subprocess", node)
        if node.id in ("Start", "End", "Root") or node.id.endswith(".EndJoin") or ".BoundaryEvent" in node.id:
            yield _problem("reserved_id", node)
        if node.kind == "callActivity":
            called = drawing.called_process(node)
            if not called or called.startswith("="):
                yield _problem("call_without_process", node)
        if node.kind == "startEvent" and node.xml.get("isInterrupting") == "false":
            yield _problem("event_subprocess", node)


def _data(_: etree._Element, level: Level) -> Iterator[Problem]:
    parents = [level.xml, *(node.xml for node in level.nodes.values() if node.inside is None)]
    for parent in parents:
        for child in drawing.elements(parent):
            if local_name(child) in drawing.DATA_ELEMENTS:
                yield Problem("data_object", child.get("id"), line_of(child), {"kind": local_name(child)})


def _starts(_: etree._Element, level: Level) -> Iterator[Problem]:
    if local_name(level.xml) in ("transaction", "adHocSubProcess") or level.xml.get("triggeredByEvent") == "true":
        return
    starts = level.starts()
    if not starts:
        yield Problem("no_start_event", level.id, line_of(level.xml))
    for extra in starts[1:]:
        yield _problem("several_start_events", extra, level=level.id)
    for start in starts:
        if local_name(level.xml) == "subProcess" and start.event_definitions:
            yield _problem("start_event_inside_subprocess", start)


def _flows(_: etree._Element, level: Level) -> Iterator[Problem]:
    for flow in level.flows:
        if flow.source not in level.nodes or flow.target not in level.nodes:
            yield Problem("dangling_flow", flow.id, flow.line, {"source": flow.source, "target": flow.target})
    for node in level.nodes.values():
        outgoing, incoming = level.outgoing(node.id), level.incoming(node.id)
        if node.kind in ("startEvent", "boundaryEvent") and incoming:
            yield _problem("event_with_incoming_flow", node)
        if node.kind == "endEvent" and outgoing:
            yield _problem("end_event_with_outgoing_flow", node)
        if node.kind in GATEWAYS and not outgoing:
            yield _problem("gateway_without_outgoing_flow", node)
        if node.kind not in GATEWAYS and len(outgoing) > 1:
            yield _problem("several_outgoing_flows", node)
        conditional = node.kind in CONDITIONAL
        for flow in outgoing:
            is_default = flow.id == node.xml.get("default")
            if flow.condition is not None and not conditional:
                yield Problem("condition_without_choice", flow.id, flow.line, {"source": node.id})
            if flow.condition is None and conditional and not is_default and len(outgoing) > 1:
                yield Problem("flow_without_condition", flow.id, flow.line, {"source": node.id})


def _events(tree: etree._Element, level: Level) -> Iterator[Problem]:
    for node in level.nodes.values():
        if node.kind == "boundaryEvent":
            host = level.nodes.get(node.host or "")
            if host is None or host.kind not in HOSTS:
                yield _problem("boundary_without_host", node)
        if node.kind not in EVENTS:
            if node.kind == "receiveTask" and drawing.message_of(tree, node) is None:
                yield _problem("message_missing", node)
            continue
        definitions = node.event_definitions
        if len(definitions) > 1:
            yield _problem("multiple_event", node)
        if not definitions and node.kind in NEEDS_EVENT:
            yield _problem("event_without_definition", node)
        for xml in definitions:
            kind = local_name(xml).removesuffix("EventDefinition")
            if kind == "link":
                yield _problem("link_event", node)
            elif kind not in EVENTS[node.kind]:
                yield _problem("unsupported_event", node, kind=kind)
            else:
                yield from _definition(tree, node, kind, xml)


def _definition(tree: etree._Element, node: Node, kind: str, xml: etree._Element) -> Iterator[Problem]:
    reference = xml.get(f"{kind}Ref")
    if kind in ("message", "signal") and drawing.referenced(tree, kind, reference) is None:
        yield _problem(f"{kind}_missing", node)
    if kind in ("error", "escalation") and (reference or node.kind != "boundaryEvent"):
        target = drawing.referenced(tree, kind, reference)
        if target is None or not target.get(f"{kind}Code"):
            yield _problem(f"{kind}_missing", node)
    if kind == "conditional" and feel_text(xml.findtext("bpmn:condition", namespaces=NAMES)) is None:
        yield _problem("condition_missing", node)
    if kind == "error" and node.kind == "boundaryEvent" and not node.interrupts:
        yield _problem("error_must_interrupt", node)
    if kind == "timer":
        times = [child for child in drawing.elements(xml) if local_name(child).startswith("time")]
        if len(times) != 1 or feel_text(times[0].text) is None:
            yield _problem("timer_missing", node)
        elif is_cycle(node) and node.kind != "startEvent" and (node.kind != "boundaryEvent" or node.interrupts):
            yield _problem("cycle_timer_misplaced", node)


def _loops(_: etree._Element, level: Level) -> Iterator[Problem]:
    for node in level.nodes.values():
        loop = node.loop
        if loop is None:
            continue
        if local_name(loop) == "standardLoopCharacteristics":
            maximum = loop.get("loopMaximum")
            condition = feel_text(loop.findtext("bpmn:loopCondition", namespaces=NAMES))
            if (maximum is None and condition is None) or not (maximum or "1").isdigit():
                yield _problem("loop_without_end", node)
            continue
        zeebe = loop.find("bpmn:extensionElements/zeebe:loopCharacteristics", NAMES)
        sources = [
            feel_text(loop.findtext("bpmn:loopCardinality", namespaces=NAMES)),
            feel_text(zeebe.get("inputCollection")) if zeebe is not None else None,
        ]
        if sum(source is not None for source in sources) != 1:
            yield _problem("multi_instance_without_count", node)


def _event_gateways(_: etree._Element, level: Level) -> Iterator[Problem]:
    for node in level.nodes.values():
        if node.kind != "eventBasedGateway":
            continue
        targets = [level.nodes[flow.target] for flow in level.outgoing(node.id)]
        for target in targets:
            waits = target.kind in ("intermediateCatchEvent", "receiveTask") and target.loop is None
            if not waits or len(level.incoming(target.id)) != 1 or target.id in level.boundaries:
                yield _problem("event_gateway_target", node, target=target.id)
        if sum(has_event(target, "timer") for target in targets) > 1:
            yield _problem("event_gateway_two_timers", node)


def _parallel_loop_backs(_: etree._Element, level: Level) -> Iterator[Problem]:
    """A gateway that both joins and receives a loop-back would wait for a round that it must begin itself."""
    edges = graph.edges(level)
    starts = [node.id for node in level.starts()]
    reached = graph.reachable(edges, starts)
    for node in level.nodes.values():
        sources = {flow.source for flow in level.incoming(node.id)}
        if node.kind == "parallelGateway" and len(level.incoming(node.id)) > 1:
            without = graph.reachable(edges, starts, avoiding={node.id})
            back = sorted(source for source in sources if source in reached and source not in without)
            if back:
                yield _problem("parallel_join_with_loop_back", node, sources=back)


def _side_branches(_: etree._Element, level: Level) -> Iterator[Problem]:
    """Branches of non-interrupting events are tokens of their own: they must end by themselves."""
    edges = graph.edges(level)
    starts = [node.id for node in level.starts()]
    for events in level.boundaries.values():
        for event in events:
            if event.interrupts:
                continue
            branch = graph.reachable(edges, edges[event.id])
            main = graph.reachable(edges, starts, avoiding={event.id})
            inside = [level.nodes[name] for name in level.nodes if name in branch]
            shared = [node.id for node in inside if node.id in main and node.kind != "endEvent"]
            if shared:
                yield _problem("side_branch_merges", event, into=shared[0])
                continue
            host = event.host or ""
            once = has_event(event, "timer") and not is_cycle(event)
            repeated = not once or host in graph.reachable(edges, edges[host])
            joins = [node for node in inside if node.kind in ("parallelGateway", "inclusiveGateway")]
            if repeated and joins:
                yield _problem("side_branch_with_join", joins[0], event=event.id)
            if is_cycle(event):
                for node in inside:
                    yield from _human_tasks(node, event)


def _human_tasks(node: Node, event: Node) -> Iterator[Problem]:
    if node.kind in ("userTask", "manualTask"):
        yield _problem("human_task_in_cycle_branch", node, event=event.id)
    if node.inside is not None:
        for inner in node.inside.nodes.values():
            yield from _human_tasks(inner, event)


def has_event(node: Node, kind: str) -> bool:
    return any(local_name(xml) == f"{kind}EventDefinition" for xml in node.event_definitions)


def is_cycle(node: Node) -> bool:
    return node.xml.find("bpmn:timerEventDefinition/bpmn:timeCycle", NAMES) is not None


CHECKS: tuple[Check, ...] = (_elements, _data, _starts, _flows, _events, _loops)
GRAPH_CHECKS: tuple[Check, ...] = (_event_gateways, _parallel_loop_backs, _side_branches)
# With one of these there is no graph that could be searched.
BROKEN_GRAPH = frozenset(["dangling_flow", "no_start_event", "duplicate_id", "boundary_without_host"])
