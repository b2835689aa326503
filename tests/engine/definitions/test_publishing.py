"""Publishing: what is refused with its place, what becomes a new version, and which cases follow."""

import re
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import select

from engine import case_data
from engine.database import Database
from engine.definitions.models import FormDefinition, ProcessDefinition
from engine.definitions.problem_texts import describe
from engine.definitions.problems import DefinitionRejected, Problem
from engine.instances.models import ProcessInstance
from tests.engine.world import World, choice, end, flows, form, process, user_task

NAME_FORM = form("test/name", "name")
SECRET_FORM = form(
    "test/secret", {"type": "textfield", "key": "passport", "label": "P", "properties": {"personal": True}}
)


def drawing(*parts: str, key: str = "sale", **values: str) -> str:
    return process('<bpmn:startEvent id="begun"/>', *parts, end("done", outcome="won"), key=key, **values)


def with_task(**more: str) -> str:
    return drawing(user_task("call", **more), flows("begun > call", "call > done"))


@pytest.fixture
def world(sqlite_database: Database) -> World:
    return World(sqlite_database)


def refusal(world: World, *texts: str) -> Sequence[Problem]:
    with pytest.raises(DefinitionRejected) as refused:
        world.deploy(*texts)
    return refused.value.problems


GATEWAY = '<bpmn:exclusiveGateway id="which" default="f3"/>'


def with_condition(condition: str) -> str:
    return drawing(
        user_task("call"),
        GATEWAY,
        user_task("again"),
        flows("begun > call", "call > which", "which > done", f"which > again : {condition}", "again > done"),
    )


BAD_DRAWINGS: dict[str, tuple[str, str | None, str]] = {
    "an unknown operation": ("unknown_operation", "call", with_task(onComplete="test.fly")),
    "an unknown role": ("unknown_role", "call", with_task(role="astronaut")),
    "an unknown form": (
        "unknown_form",
        "call",
        drawing(user_task("call", "test/none"), flows("begun > call", "call > done")),
    ),
    "no prompt": ("prompt_missing", "call", with_task(prompt="")),
    "a due time that cannot be read": ("bad_duration", "call", with_task(due="soon")),
    "reminders that cannot be read": ("reminders_unreadable", "call", with_task(reminders="early")),
    "an escalation that cannot be read": ("escalate_unreadable", "call", with_task(escalate="to everybody")),
    "an escalation to nobody": ("unknown_role", "call", with_task(escalate="PT1H to astronaut")),
    "an unknown calendar": ("unknown_calendar", "call", with_task(calendar="lunar")),
    "an assignee that is no expression": ("assignee_not_feel", "call", with_task(assignee="anna")),
    "Python in a condition": ("bad_feel", "f4", with_condition("__import__('os').system('true') or True")),
    "a lambda in a condition": ("bad_feel", "f4", with_condition("(lambda: 1)()")),
    "an unknown function": ("unknown_function", "f4", with_condition('exec("x") = 1')),
    "a gateway without default": (
        "gateway_without_default",
        "which",
        with_condition("1 = 1").replace(' default="f3"', ""),
    ),
    "an undeclared milestone": (
        "undeclared_milestone",
        "done",
        drawing(flows("begun > done")).replace('name="outcome"', 'name="milestone"'),
    ),
    "words of a button on an event": (
        "submit_misplaced",
        "done",
        drawing(flows("begun > done")).replace('name="outcome" value="won"', 'name="submit" value="Go"'),
    ),
    "roles of a button that is none": ("offer_to_misplaced", "call", with_task(offerTo="sales_manager")),
    "a step that reaches into calls": ("offer_in_calls_misplaced", "call", with_task(offerInCalls="true")),
    "a deviation that is no button": ("deviation_misplaced", "call", with_task(deviation="true")),
    "an outcome on a task": ("outcome_misplaced", "call", with_task(outcome="won")),
    "an unreachable step": (
        "unreachable",
        "lonely",
        drawing(user_task("lonely"), flows("begun > done", "lonely > done")),
    ),
    "a loop that never waits": (
        "loop_without_wait",
        "one",
        drawing(
            '<bpmn:exclusiveGateway id="one"/>',
            '<bpmn:exclusiveGateway id="two" default="f4"/>',
            flows("begun > one", "one > two", "two > one : 1 = 1", "two > done"),
        ),
    ),
    "a script": ("script_task", "call", drawing('<bpmn:scriptTask id="call"/>', flows("begun > call", "call > done"))),
    "a reserved id": ("reserved_id", "Start", with_task().replace('"call"', '"Start"')),
    "an event sub-process": (
        "event_subprocess",
        "sudden",
        drawing(
            flows("begun > done"),
            '<bpmn:subProcess id="sudden" triggeredByEvent="true"><bpmn:startEvent id="s"/></bpmn:subProcess>',
        ),
    ),
    "no end": ("no_end_event", "sale", with_task().replace("endEvent", "intermediateThrowEvent")),
    "an id with a space": ("bad_id", "my call", with_task().replace('"call"', '"my call"')),
    "a DOCTYPE": ("xml_doctype", None, with_task().replace("?>", '?><!DOCTYPE x [<!ENTITY a "b">]>', 1)),
    "broken XML": ("xml_malformed", None, with_task()[:-20]),
    "no process": ("no_process", None, with_task().replace("bpmn:process", "bpmn:category")),
    "an unknown process called": (
        "unknown_process",
        "sub",
        drawing(
            '<bpmn:callActivity id="sub"><bpmn:extensionElements><zeebe:calledElement processId="other"/>'
            "</bpmn:extensionElements></bpmn:callActivity>",
            flows("begun > sub", "sub > done"),
        ),
    ),
    "a process that calls itself": (
        "process_calls_itself",
        "sale",
        drawing('<bpmn:callActivity id="sub" calledElement="sale"/>', flows("begun > sub", "sub > done")),
    ),
    "an operation missing at a send task": (
        "service_task_without_operation",
        "tell",
        drawing('<bpmn:sendTask id="tell"/>', flows("begun > tell", "tell > done")),
    ),
    "a key for a message that is not sent": ("sending_misplaced", "call", with_task(messageKey="1")),
    "a milestone list that cannot be read": (
        "milestone_declared_twice",
        "sale",
        drawing(flows("begun > done"), milestones="a, a"),
    ),
    **{
        f"a ratio like {ratios}": (
            code,
            "sale",
            drawing(flows("begun > done"), milestones="a, b", ratios=ratios),
        )
        for ratios, code in [
            ("rate: a per b", "ratio_unfit"),
            ("rate: a of b; rate: b of a", "ratio_declared_twice"),
            ("rate: a of a", "ratio_of_itself"),
            ("rate: a of c", "ratio_milestone_unknown"),
            ("rate: a of b", "ratio_without_name"),
        ]
    },
}


@pytest.mark.parametrize("name", BAD_DRAWINGS)
def test_refuses_with_place_and_sentence(world: World, name: str) -> None:
    code, element, text = BAD_DRAWINGS[name]

    problems = refusal(world, text, NAME_FORM)

    found = {(problem.code, problem.element) for problem in problems}
    assert (code, element) in found
    for problem in problems:
        assert problem.source
        assert problem.code not in {describe(problem, "en"), describe(problem, "ru")}
        assert describe(problem, "en") != describe(problem, "ru")


def test_a_refused_file_keeps_the_others_from_going_live(world: World) -> None:
    refusal(world, with_task(onComplete="test.fly"), with_task().replace("sale", "other"), NAME_FORM)

    with world.database.read() as session:
        assert session.scalars(select(ProcessDefinition)).all() == []


def test_a_service_task_must_fit_its_operation(world: World) -> None:
    service = (
        '<bpmn:serviceTask id="count"><bpmn:extensionElements><zeebe:taskDefinition type="test.record"/>'
        '<zeebe:ioMapping><zeebe:input source="=1" target="speed"/></zeebe:ioMapping>'
        "</bpmn:extensionElements></bpmn:serviceTask>"
    )

    problems = refusal(world, drawing(service, flows("begun > count", "count > done")))

    assert {problem.code for problem in problems} == {"extra_parameter", "missing_parameter"}


def test_a_personal_field_must_be_taken_by_an_operation(world: World) -> None:
    text = drawing(user_task("call", "test/secret"), flows("begun > call", "call > done"))

    (problem,) = refusal(world, text, SECRET_FORM)

    assert (problem.code, problem.element) == ("personal_field_unused", "call")


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("json_malformed", '{"id": '),
        ("form_without_id", "{}"),
        ("form_without_components", '{"id": "a"}'),
        ("unknown_component", form("a", {"type": "html", "content": "<script>"})),
        ("bad_field_key", form("a", {"type": "textfield", "key": "__class__.x"})),
        ("duplicate_field", form("a", "x", "x")),
        ("field_without_options", form("a", {"type": "select", "key": "x"})),
        ("bad_pattern", form("a", {"type": "textfield", "key": "x", "validate": {"pattern": "("}})),
        ("bad_pattern", form("a", {"type": "textfield", "key": "x", "validate": {"pattern": "(?=a)b"}})),
        ("bad_feel", form("a", {"type": "textfield", "key": "x", "conditional": {"hide": "=1 +"}})),
    ],
)  # fmt: skip
def test_refuses_a_bad_form(world: World, code: str, text: str) -> None:
    problems = refusal(world, text)

    assert code in {problem.code for problem in problems}


class TestVersions:
    def test_an_unchanged_file_is_left_alone(self, world: World) -> None:
        world.deploy(with_task(), NAME_FORM)

        report = world.deploy(with_task(), NAME_FORM)

        assert (report.published, len(report.unchanged), report.deployment_id) == ((), 2, None)

    def test_a_changed_prompt_is_a_new_version_that_running_cases_follow(self, world: World) -> None:
        world.deploy(with_task(), NAME_FORM)
        world.start()

        report = world.deploy(with_task(prompt="Smile"), NAME_FORM)

        with world.database.read() as session:
            instance = session.scalars(select(ProcessInstance)).one()
            prompt = world.kernel.store.get(session, instance.definition_id).model.elements["call"].prompt.base
        assert (report.following, prompt) == (1, "Smile")
        (noted,) = world.events("definition_changed")
        assert (noted.instance_id, noted.definition_id) == (instance.id, instance.definition_id)
        assert case_data.load(noted.payload) == {"from": 1, "to": 2}

    def test_a_changed_flow_leaves_running_cases_on_their_version(self, world: World) -> None:
        world.deploy(with_task(), NAME_FORM)
        world.start()
        longer = drawing(user_task("call"), user_task("thank"), flows("begun > call", "call > thank", "thank > done"))

        report = world.deploy(longer, NAME_FORM)
        world.complete("call", name="anna")
        world.start()
        world.complete("call", name="anna")

        assert (report.following, world.open_elements()) == (0, ["thank"])
        assert world.events("definition_changed") == []

    def test_a_case_that_followed_goes_on(self, world: World) -> None:
        world.deploy(with_condition("call.name = &quot;x&quot;".replace("&quot;", '"')), NAME_FORM)
        world.start()
        world.deploy(with_condition('call.name = "y"'), NAME_FORM)

        world.complete("call", name="y")

        assert world.open_elements() == ["again"]

    def test_a_changed_form_is_asked_at_once(self, world: World) -> None:
        world.deploy(with_task(), NAME_FORM)
        world.start()
        world.deploy(with_task(), form("test/name", choice("mood", "good", "bad")))

        world.complete("call", mood="good")

        with world.database.read() as session:
            assert session.scalars(select(FormDefinition.version)).all() == [1, 2]


DI = "http://www.omg.org/spec/BPMN/20100524/DI"


def pictured(text: str, *elements: str) -> str:
    """The drawing with shapes (of no size: only their presence counts) for these elements."""
    shapes = "".join(f'<di:BPMNShape bpmnElement="{element}"/>' for element in elements)
    picture = f'<di:BPMNDiagram xmlns:di="{DI}"><di:BPMNPlane>{shapes}</di:BPMNPlane></di:BPMNDiagram>'
    return text.replace("</bpmn:definitions>", f"{picture}</bpmn:definitions>")


@pytest.mark.parametrize(
    ("shapes", "missing"),
    [
        ((), [("no_picture", "sale")]),
        (("begun", "done"), [("not_in_picture", "call")]),
        (("begun", "call", "done"), []),
    ],
)
def test_what_the_picture_does_not_show_is_said_but_published(
    world: World, shapes: Sequence[str], missing: Sequence[tuple[str, str]]
) -> None:
    report = world.deploy(pictured(with_task(), *shapes), NAME_FORM)

    found = [(each.code, each.element) for each in report.warnings if "picture" in each.code]
    assert found == missing


LATE = (
    '<bpmn:boundaryEvent id="late" attachedToRef="call" cancelActivity="false"><bpmn:timerEventDefinition>'
    '<bpmn:timeDuration xsi:type="bpmn:tFormalExpression" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">PT1H'
    "</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:boundaryEvent>"
)


@pytest.mark.parametrize(
    ("text", "warned"),
    [
        (with_task(), []),
        (with_task().replace(' name="call"', ""), [("name_missing", "call")]),
        (with_task().replace("</bpmn:process>", f"{LATE}</bpmn:process>"), [("nothing_follows", "late")]),
    ],
)
def test_what_was_forgotten_is_said_but_published(world: World, text: str, warned: list[tuple[str, str]]) -> None:
    report = world.deploy(text, NAME_FORM)

    found = [(each.code, each.element) for each in report.warnings]
    assert [each for each in found if each[0] in ("name_missing", "nothing_follows")] == warned


def test_a_question_that_becomes_personal_names_the_process_that_would_lose_it(world: World) -> None:
    world.deploy(with_task(), NAME_FORM)
    personal = {"type": "textfield", "key": "name", "label": "Name", "properties": {"personal": "true"}}

    (problem,) = refusal(world, form("test/name", personal))

    assert (problem.code, problem.element) == ("personal_field_in_use", "name")
    assert problem.details == {"process": "sale", "element": "call", "form": "test/name", "field": "name"}
    assert problem.source.endswith(".form")


def calling(*called: str, key: str) -> str:
    """A process that calls others, one after another."""
    extension = '<bpmn:extensionElements><zeebe:calledElement processId="{}"/></bpmn:extensionElements>'
    calls = [f'<bpmn:callActivity id="to_{each}">{extension.format(each)}</bpmn:callActivity>' for each in called]
    way = ["begun", *(f"to_{each}" for each in called), "done"]
    return drawing(*calls, flows(*(f"{a} > {b}" for a, b in pairwise(way))), key=key)


def test_a_process_reads_what_it_calls_itself_and_through_others_as_it_was_pinned(world: World) -> None:
    inner, middle, outer = with_task(), calling("inner", key="middle"), calling("middle", "inner", key="outer")
    inner = inner.replace('"sale"', '"inner"')
    world.deploy(NAME_FORM, inner, middle, outer)
    world.deploy(inner.replace('id="call"', 'id="ring"').replace('"call"', '"ring"'))  # nobody follows it by himself
    store = world.kernel.store

    def names(key: str) -> tuple[bool, bool]:
        with world.database.read() as session:
            definition = store.latest(session, key)
        task = "ring" if "ring" in definition.called["inner"].elements else "call"
        return task == "ring", task in definition.compiled.specs["inner"].task_specs

    assert (names("middle"), names("outer")) == ((False, True), (False, True))
    world.deploy(outer)  # called anew, its own call takes the new version, in the picture and in what runs
    assert (names("middle"), names("outer")) == ((False, True), (True, True))


def test_every_finding_has_a_sentence_in_both_languages() -> None:
    sources = [
        *Path("engine/definitions").glob("*.py"),
        Path("engine/spiff/structure.py"),
        *Path("engine/human_tasks/forms").glob("*.py"),
    ]
    codes = {code for path in sources for code in re.findall(r'[Pp]roblem\(\s*"([a-z_]+)"', path.read_text())}

    untold = {code for code in codes for language in ("en", "ru") if describe(Problem(code), language) == code}

    assert len(codes) > 50
    assert untold == set()
