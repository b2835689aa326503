"""What may still come: on small drawings, on the shipped ones, and on random ones beside the real engine."""

from pathlib import Path
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.definitions.coming import may_come
from engine.definitions.parsing import read_processes
from engine.definitions.reaching import Net, Place
from engine.definitions.xml import read_xml
from engine.spiff import CaseWorkflow, compile_process
from tests.engine.random_drawings import Drawing
from tests.engine.random_models import Generator
from tests.engine.spiff.test_random_models import Decisions
from tests.engine.world import end, flows, process, user_task

SERVICE = Path(__file__).parents[3] / "processes" / "aftersales"


def net_of(text: str) -> Net:
    models = read_processes(read_xml(text.encode()))
    return Net(models[0], {model.key: model for model in models[1:]})


def coming(net: Net, *steps: str) -> set[str]:
    found = may_come(net, [Place((), step) for step in steps])
    return {place.element for place in found if net.element(place).is_user_task}


def test_a_line_leaves_its_beginning_behind() -> None:
    line = net_of(
        process(
            '<bpmn:startEvent id="s"/>',
            *(user_task(each) for each in "abc"),
            end("won", outcome="won"),
            flows("s > a", "a > b", "b > c", "c > won"),
        )
    )

    assert coming(line, "b") == {"c"}
    assert coming(line, "c") == set()


def test_a_way_back_keeps_what_lies_on_it() -> None:
    round_trip = net_of(
        process(
            '<bpmn:startEvent id="s"/><bpmn:exclusiveGateway id="x" default="out"/>',
            *(user_task(each) for each in "abc"),
            end("won", outcome="won"),
            flows("s > a", "a > b", "b > c", "c > x", 'x > b : c.outcome = "again"'),
            '<bpmn:sequenceFlow id="out" sourceRef="x" targetRef="won"/>',
        )
    )

    assert coming(round_trip, "c") == {"b", "c"}


def test_what_waits_beside_an_open_step_may_come_until_the_ways_have_met() -> None:
    sides = net_of(
        process(
            '<bpmn:startEvent id="s"/><bpmn:parallelGateway id="fork"/><bpmn:parallelGateway id="join"/>'
            '<bpmn:intermediateCatchEvent id="day"><bpmn:timerEventDefinition>'
            "<bpmn:timeDuration>P1D</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>",
            *(user_task(each) for each in ("prepare", "call", "receive")),
            end("won", outcome="won"),
            flows(
                *("s > fork", "fork > prepare", "fork > day", "day > call", "prepare > join", "call > join"),
                *("join > receive", "receive > won"),
            ),
        )
    )

    assert coming(sides, "prepare") == {"call", "receive"}
    assert coming(sides, "receive") == set()


def service(key: str) -> Net:
    models = {
        model.key: model
        for file in sorted(SERVICE.glob("*.bpmn"))
        for model in read_processes(read_xml(file.read_bytes()))
    }
    return Net(models.pop(key), models)


def test_a_visit_that_is_over_does_not_announce_its_booking() -> None:
    net = service("service_seven_processes")
    calls = {each.called_process: each.id for each in net.model.elements.values() if each.called_process}

    def calls_to_come(process_key: str) -> set[str | None]:
        call = calls[process_key]
        path = (*reversed(list(net.model.enclosing(call))), call)
        (task, *_) = (each.id for each in net.model_at(path).elements.values() if each.is_user_task)
        found = may_come(net, [Place(path, task)])
        return {net.element(each).called_process for each in found if net.model_at(each.path) is net.model} - {None}

    assert calls_to_come("service_follow_up") & {"service_booking", "service_quality", "service_reminder"} == set()
    assert {"service_reception", "service_quality", "service_follow_up"} <= calls_to_come("service_booking")
    assert "service_reminder" not in calls_to_come("service_booking")


@given(st.integers(0, 100_000))
@settings(max_examples=60, deadline=None)
def test_every_step_that_the_engine_opens_was_to_come(seed: int) -> None:
    """Since any earlier moment: a step that a page no longer announces never opens."""
    chance = Random(seed)
    model = Generator(chance, size=chance.randint(6, 18)).model()
    tree = Drawing(model).tree()
    models = {each.key: each for each in read_processes(tree)}
    net = Net(models.pop("main"), models)
    decisions = Decisions()
    decisions.decide(model, chance, go_round=True)
    case = CaseWorkflow.start(compile_process(tree, "main"), decisions)
    case.run()
    announced: list[frozenset[str]] = []
    seen: set[str] = set()
    for number in range(12):
        tasks = case.open_tasks()
        opened = {task.guid: task.element for task in tasks if task.guid not in seen}
        for guid, element in opened.items():
            assert all(element in each for each in announced), (seed, guid, element)
        seen |= opened.keys()
        if not tasks:
            return
        found = may_come(net, [Place(tuple(task.path), task.element) for task in tasks])
        announced.append(frozenset(place.element for place in found))
        decisions.decide(model, chance, go_round=number < 8)
        case.complete(chance.choice(tasks).guid)
        case.run()
