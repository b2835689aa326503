"""Publishing checks: everything that a drawing may not contain, each with its place.

The rules are those of docs/guides/processes.md. What concerns the token flow
itself (joins, boundaries, reserved ids) is checked by engine.spiff.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from engine.definitions.model import Element, ProcessModel
from engine.definitions.parsing import strip_feel
from engine.definitions.problems import Problem, unread_expression
from engine.errors import BusinessError
from engine.feel import KNOWN_FUNCTIONS, FeelError, compile_expression, parse_duration
from engine.human_tasks.forms import Form
from engine.milestones.plan import MilestonePlanRefused
from engine.operations import Operation
from engine.spiff.errors import UnreadableTimer
from engine.spiff.timers import is_iso, read_due, read_repetition
from engine.timers.reminders import HEAD, OWNER, parse_escalations, parse_reminders

CASE_FUNCTIONS = frozenset({"reached"})
MILESTONE_HOLDERS = frozenset({"intermediateThrowEvent", "endEvent"})
GATEWAYS_WITH_CHOICE = frozenset({"exclusiveGateway", "inclusiveGateway"})
WAITS = frozenset({"userTask", "manualTask", "receiveTask", "intermediateCatchEvent", "eventBasedGateway"})
MAX_NAME = 120
ANY_ZONE = ZoneInfo("UTC")
ANY_TIME = datetime(2000, 1, 1, tzinfo=UTC)  # whether a timer can be read does not depend on when


@dataclass(frozen=True)
class Surroundings:
    """What a drawing may refer to."""

    operations: Mapping[str, Operation]
    roles: frozenset[str]
    forms: Mapping[str, Form]
    processes: frozenset[str]
    calendars: frozenset[str]
    decisions: Mapping[str, frozenset[str]] = field(default_factory=dict)  # id -> what it needs to be given
    languages: tuple[str, ...] = ("ru",)


def find_problems(model: ProcessModel, around: Surroundings) -> list[Problem]:
    """All findings for one process, in the order of the drawing."""
    found: list[Problem] = [*_process_problems(model, around)]
    for element in model.elements.values():
        for problem in _element_problems(model, element, around):
            found.append(replace(problem, element=element.id, line=element.line))
    for flow in model.flows.values():
        if flow.condition:
            found += [replace(p, element=flow.id, line=flow.line) for p in _feel_problems(flow.condition)]
    return found


def _process_problems(model: ProcessModel, around: Surroundings) -> Iterator[Problem]:
    if not any(element.tag == "endEvent" and element.container == model.key for element in model.elements.values()):
        yield Problem("no_end_event", element=model.key)
    if "calendar" in model.properties and model.calendar not in around.calendars:
        yield Problem("unknown_calendar", element=model.key, details={"calendar": model.calendar})
    for listed, expressions in (("dimensions", model.dimensions), ("expires", model.expires)):
        for name, expression in expressions.items():
            for problem in _feel_problems(expression):
                yield replace(problem, element=model.key, details={**problem.details, "property": f"{listed}.{name}"})
    yield from _milestone_list_problems(model, around)
    yield from _missing_translations(model.name.others, around, "name", model.key)
    yield from _unreachable(model)
    yield from _dead_ends(model)
    yield from _loops_without_wait(model)
    yield from _not_drawn(model)


def _not_drawn(model: ProcessModel) -> Iterator[Problem]:
    """Such a file runs, but nobody sees in the picture where a case stands."""
    if not model.drawn:
        yield Problem("no_picture", element=model.key, warning=True)
        return
    for element in model.elements.values():
        if element.id not in model.drawn:
            yield Problem("not_in_picture", element=element.id, line=element.line, warning=True)


def _element_problems(model: ProcessModel, element: Element, around: Surroundings) -> Iterator[Problem]:
    if element.is_user_task:
        yield from _user_task_problems(element, around)
    if element.is_user_task and not element.name.base and not any(element.name.others.values()):
        yield Problem("name_missing", warning=True)
    elif element.is_user_task or element.is_offer or element.milestone:
        yield from _missing_translations(element.name.others, around, "name", element.id)
    if element.tag == "serviceTask" or (element.tag == "sendTask" and not element.sends):
        yield from _service_task_problems(element, around)
    if element.tag == "businessRuleTask":
        yield from _decision_problems(element, around)
    if element.tag == "callActivity" and element.called_process not in around.processes:
        yield Problem("unknown_process", details={"process": element.called_process or ""})
    if element.tag in GATEWAYS_WITH_CHOICE:
        yield from _gateway_problems(model, element)
    if element.timer is not None:
        yield from _timer_problems(element.timer)
    if element.message is None and element.event == "messageEventDefinition":
        yield Problem("message_without_name")
    for text in (*element.asked.values(), element.correlation or ""):
        if text:
            yield from _feel_problems(text)
    yield from _sending_problems(element)
    if element.is_offer:
        yield from _offer_problems(element, around)
    yield from _milestone_problems(element)
    if element.submit and not element.is_user_task:
        yield Problem("submit_misplaced")
    if "offerTo" in element.properties and not element.is_offer:
        yield Problem("offer_to_misplaced")
    if "offerInCalls" in element.properties and not (element.is_offer and element.is_offered_in_calls):
        yield Problem("offer_in_calls_misplaced")
    if "deviation" in element.properties and not (element.is_offer and element.is_deviation):
        yield Problem("deviation_misplaced")
    if element.properties.get("reason"):
        yield from _feel_problems(strip_feel(element.properties["reason"]) or "")
    if len(element.name.base) > MAX_NAME:
        yield Problem("name_too_long", details={"limit": MAX_NAME}, warning=True)


def _user_task_problems(element: Element, around: Surroundings) -> Iterator[Problem]:
    if not element.role:
        yield Problem("user_task_without_role")
    elif element.role not in around.roles:
        yield Problem("unknown_role", details={"role": element.role})
    if not element.prompt.base:
        yield Problem("prompt_missing")
    yield from _missing_translations(element.prompt.others, around, "prompt", element.id)
    if element.submit:
        yield from _missing_translations(element.submit.others, around, "submit", element.id)
    if not element.form:
        yield Problem("user_task_without_form")
    elif element.form not in around.forms:
        yield Problem("unknown_form", details={"form": element.form})
    else:
        yield from _on_complete_problems(element, around.forms[element.form], around)
    if element.assignee and element.assignee.startswith("="):
        yield from _feel_problems(strip_feel(element.assignee) or "")
    elif element.assignee:
        yield Problem("assignee_not_feel", details={"assignee": element.assignee})
    yield from _due_problems(element, around)


def _due_problems(element: Element, around: Surroundings) -> Iterator[Problem]:
    due = element.properties.get("due")
    if not due:
        yield Problem("no_due_time", warning=True)
    elif due.startswith("="):
        yield from _feel_problems(strip_feel(due) or "")
    else:
        yield from _duration_problems(due)
    calendar = element.properties.get("calendar")
    if calendar and calendar not in around.calendars:
        yield Problem("unknown_calendar", details={"calendar": calendar})
    try:
        parse_reminders(element.properties.get("reminders"))
        escalations = parse_escalations(element.properties.get("escalate"))
    except BusinessError as error:
        yield Problem(error.code, details=error.details)
        return
    for escalation in escalations:
        if escalation.target not in (HEAD, OWNER) and escalation.target not in around.roles:
            yield Problem("unknown_role", details={"role": escalation.target})


def _on_complete_problems(element: Element, form: Form, around: Surroundings) -> Iterator[Problem]:
    for name in filter(None, (element.on_complete, element.properties.get("onCorrect"))):
        if name not in around.operations:
            yield Problem("unknown_operation", details={"operation": name})
            return
    operation = around.operations.get(element.on_complete or "")
    taken = set(operation.parameters) if operation else set()
    for key, asked in form.fields.items():
        if asked.personal and key not in taken:
            yield Problem("personal_field_unused", details={"field": key, "form": form.key})
    if operation:
        yield from _asked_problems(operation, around)
        for parameter in operation.parameters.values():
            if parameter.required and parameter.name not in form.fields:
                details = {"operation": operation.name, "parameter": parameter.name, "form": form.key}
                yield Problem("parameter_not_in_form", details=details)


def _offer_problems(element: Element, around: Surroundings) -> Iterator[Problem]:
    if element.event != "messageEventDefinition" or not element.interrupting:
        yield Problem("offer_not_message_boundary")
    if not element.form:
        yield Problem("user_task_without_form")
    elif element.form not in around.forms:
        yield Problem("unknown_form", details={"form": element.form})
    else:
        yield from _on_complete_problems(element, around.forms[element.form], around)
    for role in sorted(element.offered_to - around.roles - {"owner"}):
        yield Problem("unknown_role", details={"role": role})


def _decision_problems(element: Element, around: Surroundings) -> Iterator[Problem]:
    if not element.decision:
        yield Problem("decision_not_chosen")
        return
    needed = around.decisions.get(element.decision)
    if needed is None:
        yield Problem("unknown_decision", details={"decision": element.decision})
        return
    for name in sorted(needed - element.inputs.keys()):
        yield Problem("decision_input_missing", details={"decision": element.decision, "input": name})
    for name in sorted(element.inputs.keys() - needed):
        yield Problem("decision_input_unknown", details={"decision": element.decision, "input": name})
    for source in element.inputs.values():
        if source.startswith("="):
            yield from _feel_problems(strip_feel(source) or "")


def _asked_problems(operation: Operation, around: Surroundings) -> Iterator[Problem]:
    """An operation gives a table what it knows; the table may use less of it, but not more."""
    for decision, given in sorted(operation.asks.items()):
        needed = around.decisions.get(decision)
        if needed is None:
            yield Problem("unknown_decision", details={"decision": decision})
            continue
        for name in sorted(needed - given):
            details = {"operation": operation.name, "decision": decision, "input": name}
            yield Problem("decision_input_not_given", details={**details, "given": ", ".join(sorted(given))})


def _sending_problems(element: Element) -> Iterator[Problem]:
    if not element.sends:
        for name in ("messageKey", "keepFor"):
            if name in element.properties:
                yield Problem("sending_misplaced", details={"property": name})
        return
    for source in (*element.inputs.values(), element.properties.get("messageKey", "")):
        if source.startswith("="):
            yield from _feel_problems(strip_feel(source) or "")
    if "keepFor" in element.properties:
        for problem in _duration_problems(element.properties["keepFor"]):
            yield replace(problem, code="keep_for_unreadable")


def _service_task_problems(element: Element, around: Surroundings) -> Iterator[Problem]:
    if element.call is None:
        yield Problem("service_task_without_operation")
        return
    operation = around.operations.get(element.call.operation)
    if operation is None:
        yield Problem("unknown_operation", details={"operation": element.call.operation})
        return
    yield from _asked_problems(operation, around)
    for name in element.call.inputs.keys() - operation.parameters.keys():
        yield Problem("extra_parameter", details={"operation": operation.name, "parameter": name})
    for parameter in operation.parameters.values():
        if parameter.required and parameter.name not in element.call.inputs:
            yield Problem("missing_parameter", details={"operation": operation.name, "parameter": parameter.name})
    for source in element.call.inputs.values():
        if source.startswith("="):
            yield from _feel_problems(strip_feel(source) or "")


def _gateway_problems(model: ProcessModel, element: Element) -> Iterator[Problem]:
    outgoing = [flow for flow in model.flows.values() if flow.source == element.id]
    if len(outgoing) < 2:
        return
    if element.default_flow is None:
        yield Problem("gateway_without_default")


def _milestone_problems(element: Element) -> Iterator[Problem]:
    for name in ("milestone", "outcome"):
        if name in element.properties:
            holders = {"endEvent"} if name == "outcome" else MILESTONE_HOLDERS
            if element.tag not in holders or element.event is not None:
                yield Problem(f"{name}_misplaced")


def _milestone_list_problems(model: ProcessModel, around: Surroundings) -> Iterator[Problem]:
    try:
        plan = model.milestone_plan()
    except MilestonePlanRefused as refusal:
        yield Problem(refusal.code, element=model.key, details=refusal.details)
        return
    for element in model.elements.values():
        if element.milestone and element.milestone not in plan.milestones:
            details = {"milestone": element.milestone}
            yield Problem("undeclared_milestone", element=element.id, line=element.line, details=details)
    for ratio in plan.ratios:
        name = model.ratio_name(ratio.name)
        if not name.base:
            yield Problem("ratio_without_name", element=model.key, details={"ratio": ratio.name})
        yield from _missing_translations(name.others, around, f"ratio.{ratio.name}", model.key)


def _timer_problems(text: str) -> Iterator[Problem]:
    if not text:
        yield Problem("timer_empty")
    elif text.startswith("="):
        yield from _feel_problems(strip_feel(text) or "")
    elif is_iso(text):
        try:
            read_repetition(text, ANY_TIME, ANY_ZONE) if text.startswith("R") else read_due(text, ANY_TIME, ANY_ZONE)
        except UnreadableTimer:
            yield Problem("timer_unreadable", details={"text": text})
    else:
        yield Problem("timer_unreadable", details={"text": text})


def _duration_problems(text: str) -> Iterator[Problem]:
    try:
        parse_duration(text)
    except FeelError:
        yield Problem("bad_duration", details={"text": text})


def _feel_problems(text: str) -> Iterator[Problem]:
    try:
        expression = compile_expression(text)
    except FeelError as error:
        yield Problem("bad_feel", details=unread_expression(text, error))
        return
    for name in sorted(expression.functions - KNOWN_FUNCTIONS - CASE_FUNCTIONS):
        yield Problem("unknown_function", details={"text": text, "function": name})


def _missing_translations(texts: Mapping[str, str], around: Surroundings, what: str, element: str) -> Iterator[Problem]:
    for language in around.languages:
        if not texts.get(language):
            details = {"what": what, "language": language}
            yield Problem("missing_translation", element=element, details=details, warning=True)


def _unreachable(model: ProcessModel) -> Iterator[Problem]:
    targets: dict[str, set[str]] = {}
    for flow in model.flows.values():
        targets.setdefault(flow.source, set()).add(flow.target)
    for element in model.elements.values():
        if element.attached_to:
            targets.setdefault(element.attached_to, set()).add(element.id)
    seen: set[str] = set()
    agenda = [element.id for element in model.elements.values() if element.tag == "startEvent"]
    while agenda:
        current = agenda.pop()
        if current not in seen:
            seen.add(current)
            agenda.extend(targets.get(current, ()))
    for element in model.elements.values():
        if element.id not in seen:
            yield Problem("unreachable", element=element.id, line=element.line)


def _dead_ends(model: ProcessModel) -> Iterator[Problem]:
    """BPMN allows it (2.0.2, 13.4.6): the way ends there. In a drawing it is mostly a way that was forgotten."""
    left = {flow.source for flow in model.flows.values()}
    for element in model.elements.values():
        if element.tag != "endEvent" and element.id not in left:
            yield Problem("nothing_follows", element=element.id, line=element.line, warning=True)


def _loops_without_wait(model: ProcessModel) -> Iterator[Problem]:
    """A circle of flows in which nothing waits would run for ever: found as a cycle among the other nodes."""
    holders = {element.container for element in model.elements.values() if element.tag in WAITS}
    waiting = {element.id for element in model.elements.values() if element.tag in WAITS or element.id in holders}
    waiting |= {element.id for element in model.elements.values() if element.tag == "callActivity"}
    edges: dict[str, list[str]] = {}
    for flow in model.flows.values():
        drawn = flow.source in model.elements and flow.target in model.elements
        if drawn and flow.source not in waiting and flow.target not in waiting:
            edges.setdefault(flow.source, []).append(flow.target)
    done: set[str] = set()
    for start in edges:
        trail: list[tuple[str, Iterator[str]]] = [(start, iter(edges.get(start, ())))]
        on_trail = {start}
        while trail:
            node, successors = trail[-1]
            following = next((target for target in successors if target not in done), None)
            if following is None:
                trail.pop()
                on_trail.discard(node)
                done.add(node)
            elif following in on_trail:
                yield Problem("loop_without_wait", element=following, line=model.elements[following].line)
                return
            else:
                on_trail.add(following)
                trail.append((following, iter(edges.get(following, ()))))
