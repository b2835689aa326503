"""What publishing refuses for the sake of the runtime: one small drawing per code."""

import pytest

from engine.spiff import ModelRejected, compile_process, structural_problems
from tests.engine.spiff.drawings import boundary, document, flows, message, node, process, simple, tasks, timer
from tests.engine.spiff.test_loops import multi, standard

START, END = node("startEvent", "start"), node("endEvent", "end")
CYCLE = timer("R3/PT1H", "timeCycle")
CHOICE = node("exclusiveGateway", "again", default="again__end")
AND = node("parallelGateway", "g") + node("parallelGateway", "j") + tasks("x", "y")


def sub(id: str, *body: str, **attributes: str) -> str:
    return node("subProcess", id, *body, **attributes)


def side(event: str, *body: str) -> tuple[str, ...]:
    """A task "a" with a non-interrupting event "b" and what its branch consists of."""
    return tasks("a"), boundary("b", "a", event, interrupts=False), node("endEvent", "side_end"), *body


REFUSED: dict[str, tuple[str, str | None, tuple[str, ...]]] = {
    "script": ("script_task", "s", (START, END, node("scriptTask", "s"), flows("start s end"))),
    "undefined task": ("unsupported_element", "s", (START, END, node("task", "s"), flows("start s end"))),
    "complex gateway": ("unsupported_element", "s", (START, END, node("complexGateway", "s"), flows("start s end"))),
    "transaction": ("transaction", "s", (START, END, node("transaction", "s"), flows("start s end"))),
    "ad hoc": ("ad_hoc_subprocess", "s", (START, END, node("adHocSubProcess", "s"), flows("start s end"))),
    "event sub-process": (
        "event_subprocess",
        "s",
        (START, END, flows("start end"), sub("s", node("startEvent", "t", message("m")), triggeredByEvent="true")),
    ),
    "no start": ("no_start_event", "p", (END,)),
    "two starts": ("several_start_events", "other", (START, END, node("startEvent", "other"), flows("start end"))),
    "two starts inside": (
        "several_start_events",
        "t",
        (START, END, sub("s", node("startEvent", "u"), node("startEvent", "t")), flows("start s end")),
    ),
    "waiting start inside": (
        "start_event_inside_subprocess",
        "u",
        (START, END, sub("s", node("startEvent", "u", message("m"))), flows("start s end")),
    ),
    "reserved Start": ("reserved_id", "Start", (node("startEvent", "Start"), END, flows("Start end"))),
    "reserved End": ("reserved_id", "End", (START, node("endEvent", "End"), flows("start End"))),
    "reserved Root": ("reserved_id", "Root", (START, END, tasks("Root"), flows("start Root end"))),
    "reserved join": ("reserved_id", "p.EndJoin", (START, END, tasks("p.EndJoin"), flows("start p.EndJoin end"))),
    "reserved split": (
        "reserved_id",
        "a.BoundaryEventSplit",
        (START, END, tasks("a.BoundaryEventSplit"), flows("start a.BoundaryEventSplit end")),
    ),
    "same id twice": (
        "duplicate_id",
        "a",
        (START, END, tasks("a"), sub("s", START.replace('"start"', '"u"'), tasks("a"))),
    ),
    "no id": ("element_without_id", None, (START, END, flows("start end"), "<bpmn:userTask/>")),
    "dangling flow": ("dangling_flow", "start__nowhere", (START, END, flows("start nowhere"))),
    "flow out of a sub-process": (
        "dangling_flow",
        "u__end",
        (START, END, sub("s", node("startEvent", "u"), flows("u end")), flows("start s end")),
    ),
    "flow into a start": ("event_with_incoming_flow", "start", (START, END, tasks("a"), flows("start a start"))),
    "flow out of an end": ("end_event_with_outgoing_flow", "end", (START, END, tasks("a"), flows("start end a"))),
    "gateway at the end": ("gateway_without_outgoing_flow", "again", (START, END, CHOICE, flows("start again"))),
    "two flows from a task": (
        "several_outgoing_flows",
        "a",
        (START, END, tasks("a", "c"), flows("start a end", "a c end")),
    ),
    "condition on a task's flow": (
        "condition_without_choice",
        "a__end",
        (START, END, tasks("a"), flows("start a end", when={"a__end": "x"})),
    ),
    "choice without condition": (
        "flow_without_condition",
        "again__a",
        (START, END, CHOICE, tasks("a"), flows("start again end", "again a end")),
    ),
    "link": (
        "link_event",
        "s",
        (START, END, node("intermediateThrowEvent", "s", "<bpmn:linkEventDefinition/>"), flows("start s end")),
    ),
    "compensation": (
        "unsupported_event",
        "s",
        (START, END, node("intermediateThrowEvent", "s", "<bpmn:compensateEventDefinition/>"), flows("start s end")),
    ),
    "throwing a time": (
        "unsupported_event",
        "end",
        (START, node("endEvent", "end", timer("PT1H")), flows("start end")),
    ),
    "two events in one": (
        "multiple_event",
        "s",
        (START, END, node("intermediateCatchEvent", "s", message("m"), timer("PT1H")), flows("start s end")),
    ),
    "waiting for nothing": (
        "event_without_definition",
        "s",
        (START, END, node("intermediateCatchEvent", "s"), flows("start s end")),
    ),
    "unknown message": (
        "message_missing",
        "s",
        (START, END, node("intermediateCatchEvent", "s", message("nobody")), flows("start s end")),
    ),
    "receiving nothing": ("message_missing", "s", (START, END, node("receiveTask", "s"), flows("start s end"))),
    "unknown signal": (
        "signal_missing",
        "s",
        (START, END, node("intermediateThrowEvent", "s", "<bpmn:signalEventDefinition/>"), flows("start s end")),
    ),
    "unknown error": (
        "error_missing",
        "b",
        (
            START,
            END,
            tasks("a"),
            boundary("b", "a", '<bpmn:errorEventDefinition errorRef="x"/>'),
            flows("start a end", "b end"),
        ),
    ),
    "error thrown without code": (
        "error_missing",
        "end",
        (START, node("endEvent", "end", "<bpmn:errorEventDefinition/>"), flows("start end")),
    ),
    "error beside": (
        "error_must_interrupt",
        "b",
        (START, END, *side("<bpmn:errorEventDefinition/>"), flows("start a end", "b side_end")),
    ),
    "no condition": (
        "condition_missing",
        "s",
        (START, END, node("intermediateCatchEvent", "s", "<bpmn:conditionalEventDefinition/>"), flows("start s end")),
    ),
    "no time": (
        "timer_missing",
        "s",
        (START, END, node("intermediateCatchEvent", "s", "<bpmn:timerEventDefinition/>"), flows("start s end")),
    ),
    "interrupting cycle": (
        "cycle_timer_misplaced",
        "b",
        (START, END, tasks("a"), boundary("b", "a", CYCLE), flows("start a end", "b end")),
    ),
    "waiting for a cycle": (
        "cycle_timer_misplaced",
        "s",
        (START, END, node("intermediateCatchEvent", "s", CYCLE), flows("start s end")),
    ),
    "boundary on nothing": (
        "boundary_without_host",
        "b",
        (START, END, boundary("b", "start", timer("PT1H")), flows("start end", "b end")),
    ),
    "endless loop": ("loop_without_end", "a", (START, END, node("userTask", "a", standard()), flows("start a end"))),
    "loop of no number": (
        "loop_without_end",
        "a",
        (START, END, node("userTask", "a", standard(loopMaximum="x")), flows("start a end")),
    ),
    "uncounted instances": (
        "multi_instance_without_count",
        "a",
        (START, END, node("userTask", "a", multi()), flows("start a end")),
    ),
    "instances counted twice": (
        "multi_instance_without_count",
        "a",
        (START, END, node("userTask", "a", multi("3", collection="=x", item="i")), flows("start a end")),
    ),
    "race to a task": (
        "event_gateway_target",
        "race",
        (START, END, node("eventBasedGateway", "race"), tasks("a"), flows("start race a end")),
    ),
    "race of two timers": (
        "event_gateway_two_timers",
        "race",
        (
            START,
            END,
            node("eventBasedGateway", "race"),
            *(node("intermediateCatchEvent", name, timer("PT1H")) for name in ("t1", "t2")),
            flows("start race t1 end", "race t2 end"),
        ),
    ),
    "join with loop-back": (
        "parallel_join_with_loop_back",
        "j",
        (
            START,
            END,
            AND,
            tasks("z"),
            CHOICE,
            flows("start g x j z again end", "g y j", "again j", when={"again__j": "more"}),
        ),
    ),
    "side branch into the main flow": (
        "side_branch_merges",
        "b",
        (START, END, *side(timer("PT1H")), tasks("c"), flows("start a c end", "b c")),
    ),
    "join in a repeated side branch": (
        "side_branch_with_join",
        "g",
        (
            START,
            END,
            *side(timer("PT1H"), AND),
            CHOICE,
            flows("start a again end", "again a", "b g x j side_end", "g y j", when={"again__a": "more"}),
        ),
    ),
    "join in the side branch of what may happen again": (
        "side_branch_with_join",
        "g",
        (START, END, *side(message("m"), AND), flows("start a end", "b g x j side_end", "g y j")),
    ),
    "human task in a cycle": (
        "human_task_in_cycle_branch",
        "c",
        (START, END, *side(CYCLE, tasks("c")), flows("start a end", "b c side_end")),
    ),
    "human task inside a sub-process in a cycle": (
        "human_task_in_cycle_branch",
        "c",
        (
            START,
            END,
            *side(CYCLE, sub("s", node("startEvent", "u"), tasks("c"), flows("u c"))),
            flows("start a end", "b s side_end"),
        ),
    ),
    "call of nothing": ("call_without_process", "s", (START, END, node("callActivity", "s"), flows("start s end"))),
    "computed call": (
        "call_without_process",
        "s",
        (START, END, node("callActivity", "s", calledElement="=name"), flows("start s end")),
    ),
    "data object": ("data_object", "d", (START, END, flows("start end"), node("dataObjectReference", "d"))),
    "data of a task": (
        "data_object",
        "d",
        (START, END, node("userTask", "a", node("dataInputAssociation", "d")), flows("start a end")),
    ),
}


@pytest.mark.parametrize("drawn", REFUSED.values(), ids=REFUSED.keys())
def test_refuses(drawn: tuple[str, str | None, tuple[str, ...]]) -> None:
    code, element, body = drawn
    tree = document(process("p", *body), messages=["m"])
    problems = structural_problems(tree, "p")

    assert [(problem.code, problem.element) for problem in problems] == [(code, element)]
    with pytest.raises(ModelRejected) as refusal:
        compile_process(tree, "p")
    assert (refusal.value.code, refusal.value.element, refusal.value.line) == (code, element, problems[0].line)


def test_refuses_an_unknown_process() -> None:
    with pytest.raises(ModelRejected) as refusal:
        compile_process(document(), "p")

    assert refusal.value.code == "process_unknown"


def test_reports_all_problems_with_their_lines() -> None:
    body = "\n".join([START, node("scriptTask", "s"), node("task", "t"), END, flows("start s t end")])
    problems = structural_problems(document("\n" + process("p", body)), "p")

    assert [(problem.code, problem.line) for problem in problems] == [("script_task", 3), ("unsupported_element", 4)]


ALLOWED: dict[str, tuple[str, ...]] = {
    "a loop around a whole block": (
        AND,
        CHOICE,
        node("exclusiveGateway", "m"),
        flows("start m g x j again end", "g y j", "again m", when={"again__m": "more"}),
    ),
    "a join in a side branch that is active once": (
        *side(timer("PT1H"), AND),
        flows("start a end", "b g x j side_end", "g y j"),
    ),
    "a join in a sub-process of a repeated side branch": (
        *side(CYCLE, sub("s", node("startEvent", "u"), node("serviceTask", "v"), flows("u v"))),
        flows("start a end", "b s side_end"),
    ),
    "side branches that share an end": (
        *side(message("m")),
        boundary("b2", "a", timer("PT1H"), interrupts=False),
        flows("start a end", "b side_end", "b2 side_end"),
    ),
    "comments and processing instructions": ("<!-- drawn by hand --><?editor x?>", flows("start end")),
    "annotations and groups": (node("textAnnotation", "t"), node("group", "grp"), flows("start end")),
}


@pytest.mark.parametrize("body", ALLOWED.values(), ids=ALLOWED.keys())
def test_allows(body: tuple[str, ...]) -> None:
    assert structural_problems(document(simple("p", *body), messages=["m"]), "p") == []


def test_a_chain_of_two_thousand_elements_is_compiled() -> None:
    names = [f"t{number}" for number in range(2000)]
    compiled = compile_process(document(simple("p", tasks(*names), flows(" ".join(["start", *names, "end"])))), "p")

    assert len(compiled.facts["p"]) == 2002
