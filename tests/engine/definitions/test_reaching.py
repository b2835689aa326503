"""Which act leads to a milestone: on small drawings, on the shipped one, and on random ones beside the real engine."""

from datetime import UTC, datetime
from pathlib import Path
from random import Random

from hypothesis import example, given, settings
from hypothesis import strategies as st

from engine.definitions.foreseeing import foresee
from engine.definitions.model import Element
from engine.definitions.parsing import read_processes
from engine.definitions.reaching import Goal, Net, OpenStep, Place, Way, find_way, moves_at
from engine.definitions.xml import read_xml
from engine.spiff import CaseWorkflow, compile_process
from tests.engine.random_drawings import Drawing
from tests.engine.random_models import Generator
from tests.engine.spiff.test_random_models import Decisions
from tests.engine.world import end, flows, milestone, process, user_task

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SALES = Path(__file__).parents[3] / "processes" / "sales"


def net_of(text: str) -> Net:
    models = read_processes(read_xml(text.encode()))
    return Net(models[0], {model.key: model for model in models[1:]})


def reaches(name: str) -> Goal:
    return lambda element: element.milestone == name


def way(net: Net, goal: Goal, *steps: str, known: dict[str, object] | None = None, outcomes: str = "") -> Way | None:
    standing = [OpenStep(Place((), step), tuple(outcomes.split())) for step in steps]
    return find_way(net, standing, goal, foresee(net.model, known or {}, now=NOW))


def names(way: Way | None) -> list[str]:
    assert way is not None
    return [place.element for place in way.between]


LINE = net_of(
    process(
        '<bpmn:startEvent id="s"/><bpmn:exclusiveGateway id="x" default="f4"/><bpmn:exclusiveGateway id="y"/>',
        user_task("call"),
        user_task("show"),
        user_task("offer"),
        milestone("seen", "seen"),
        milestone("offered", "offered"),
        end("won", outcome="won"),
        end("lost", outcome="lost"),
        flows(
            "s > call",
            "call > x",
            'x > seen : call.outcome = "came"',
            "x > lost",
            "seen > show",
            "show > offer",
            "offer > offered",
            "offered > won",
        ),
        milestones="seen, offered",
    )
)


class TestAcrossOneLine:
    def test_the_outcome_that_decides_is_named(self) -> None:
        found = way(LINE, reaches("seen"), "call", outcomes="away came")

        assert found is not None
        assert (found.move.outcome, found.between, found.sure) == ("came", (), True)

    def test_steps_between_are_named_in_their_order(self) -> None:
        assert names(way(LINE, reaches("offered"), "call", outcomes="away came")) == ["show", "offer"]

    def test_the_last_step_before_it_leads_there_without_an_outcome(self) -> None:
        found = way(LINE, reaches("offered"), "offer")

        assert found is not None
        assert (found.move.outcome, found.between) == (None, ())

    def test_nothing_leads_back(self) -> None:
        assert way(LINE, reaches("seen"), "offer") is None

    def test_an_end_is_a_goal_too(self) -> None:
        found = way(LINE, lambda element: element.outcome == "lost", "call", outcomes="away came")

        assert found is not None
        assert (found.move.outcome, found.between) == ("away", ())

    def test_what_is_still_to_be_typed_may_go_either_way(self) -> None:
        net = net_of(
            process(
                '<bpmn:startEvent id="s"/><bpmn:exclusiveGateway id="x" default="f3"/>',
                user_task("ask"),
                milestone("rich", "rich"),
                end("e"),
                flows("s > ask", "ask > x", "x > e", "x > rich : ask.budget > 10", "rich > e"),
            )
        )

        found = way(net, reaches("rich"), "ask", known={"ask": {"budget": 5}})

        assert found is not None
        assert (found.between, found.sure) == ((), False)

    def test_what_the_case_knows_is_respected(self) -> None:
        net = net_of(
            process(
                '<bpmn:startEvent id="s"/><bpmn:exclusiveGateway id="x" default="f3"/>',
                user_task("ask"),
                milestone("rich", "rich"),
                end("e"),
                flows("s > ask", "ask > x", "x > e", "x > rich : s.budget > 10", "rich > e"),
            )
        )

        assert way(net, reaches("rich"), "ask", known={"s": {"budget": 5}}) is None
        assert way(net, reaches("rich"), "ask", known={"s": {"budget": 50}}) is not None


class TestBesideEachOther:
    SIDES = net_of(
        process(
            '<bpmn:startEvent id="s"/><bpmn:parallelGateway id="p"/><bpmn:parallelGateway id="j"/>',
            user_task("drive"),
            user_task("appraise"),
            milestone("both", "both"),
            end("e"),
            flows("s > p", "p > drive", "p > appraise", "drive > j", "appraise > j", "j > both", "both > e"),
        )
    )

    def test_a_join_waits_for_the_other_side(self) -> None:
        assert names(way(self.SIDES, reaches("both"), "drive", "appraise")) == ["appraise"]

    def test_the_last_side_leads_on(self) -> None:
        assert names(way(self.SIDES, reaches("both"), "appraise")) == []


def worksheet() -> Net:
    """The shipped worksheet with the processes it calls."""
    models = {
        model.key: model
        for file in sorted(SALES.glob("*.bpmn"))
        for model in read_processes(read_xml(file.read_bytes()))
    }
    return Net(models.pop("sales_worksheet"), models)


def standing_at(net: Net, element: str, *outcomes: str) -> OpenStep:
    """An open step of the shipped drawing inside the sub-processes that hold it."""
    return OpenStep(Place(tuple(reversed(list(net.model.enclosing(element)))), element), outcomes)


class TestTheShippedWorksheet:
    def test_a_welcome_leads_to_the_visit(self) -> None:
        net = worksheet()
        step = standing_at(net, "welcome", "new_time", "arrived")

        found = find_way(net, [step], reaches("visit"), foresee(net.model, {}, now=NOW))

        assert found is not None
        assert found.between == ()
        assert found.move.place.element == "welcome"

    def test_every_milestone_ahead_has_a_way_or_none_at_all(self) -> None:
        net = worksheet()
        verdict = foresee(net.model, {}, now=NOW)

        ahead = {
            name: find_way(net, [standing_at(net, "first_answer")], reaches(name), verdict)
            for name in net.model.milestone_plan().milestones
        }

        assert {name for name, found in ahead.items() if found is None} == {"contact"}
        assert "needs_analysis" in names(ahead["worksheet"])

    def test_a_refusal_is_the_button_of_that_name(self) -> None:
        net = worksheet()

        found = find_way(
            net,
            [standing_at(net, "needs_analysis")],
            lambda element: element.outcome == "refused",
            foresee(net.model, {}, now=NOW),
        )

        assert found is not None
        assert (found.move.boundary, found.between) == ("refused", ())


def event(kind: str, element: str, inside: str, **attributes: str) -> str:
    given = "".join(f' {name}="{value}"' for name, value in attributes.items())
    definition = f"<bpmn:{inside}EventDefinition/>"
    return f'<bpmn:{kind} id="{element}"{given}>{definition}</bpmn:{kind}>'


class TestWhatMustHappenFirst:
    """Nobody brings it about by completing a step: it stands between as a wait."""

    BOUNDARIES = net_of(
        process(
            '<bpmn:startEvent id="s"/>',
            user_task("call"),
            *(
                event("boundaryEvent", kind, kind, attachedToRef="call")
                for kind in ("timer", "signal", "conditional", "message", "error")
            ),
            *(milestone(f"after_{kind}", kind) for kind in ("timer", "signal", "conditional", "message", "error")),
            end("done"),
            flows(
                "s > call",
                "call > done",
                *(f"{kind} > after_{kind}" for kind in ("timer", "signal", "conditional", "message", "error")),
            ),
        )
    )
    BESIDE = net_of(
        process(
            '<bpmn:startEvent id="s"/><bpmn:parallelGateway id="split"/><bpmn:eventBasedGateway id="either"/>',
            '<bpmn:exclusiveGateway id="x" default="f12"/>',
            user_task("call"),
            event("intermediateCatchEvent", "heard", "signal"),
            event("intermediateCatchEvent", "early", "message"),
            event("intermediateCatchEvent", "late", "timer"),
            event("intermediateCatchEvent", "passed", "conditional"),
            *(milestone(f"m_{name}", name) for name in ("heard", "early", "late", "other")),
            user_task("think"),
            end("done"),
            flows(
                "s > passed",
                "passed > x",
                "split > call",
                "split > heard",
                "heard > m_heard",
                "m_heard > done",
                "call > either",
                "either > early",
                "either > late",
                "early > m_early",
                "late > m_late",
                "x > split",
                "x > m_other : 1 = 2",
            ),
        )
    )

    def test_what_sits_on_the_step(self) -> None:
        for kind in ("timer", "signal", "conditional", "message"):
            found = way(self.BOUNDARIES, reaches(kind), "call")
            assert names(found) == [kind]
            assert found is not None
            assert not found.sure
        assert way(self.BOUNDARIES, reaches("error"), "call") is None

    def test_what_waits_beside_the_step(self) -> None:
        assert names(way(self.BESIDE, reaches("heard"), "call")) == ["heard"]

    def test_what_an_event_gateway_waits_for(self) -> None:
        assert names(way(self.BESIDE, reaches("early"), "call")) == ["early"]
        assert names(way(self.BESIDE, reaches("late"), "call")) == ["late"]

    def test_a_wait_that_is_over_leads_nowhere(self) -> None:
        assert way(self.BESIDE, reaches("other"), "call") is None


@given(st.integers(0, 100_000))
@example(1371)  # a step of a sub-process that a loop around it enters again: the next round is another one
@example(7714)
@settings(max_examples=60, deadline=None)
def test_what_the_engine_does_was_foreseen(seed: int) -> None:
    """Whatever a completed step passes at once is found to be directly reachable before: no drop is refused wrongly.

    Where rounds run beside each other a path does not tell them apart, and a way may name a step of another round.
    What a signal or a condition sets off elsewhere in the case is not foreseen.
    """
    chance = Random(seed)
    model = Generator(chance, size=chance.randint(6, 18), flavours=("plain", "error", "escalation", "rush")).model()
    tree = Drawing(model).tree()
    models = {each.key: each for each in read_processes(tree)}
    net = Net(models.pop("main"), models)
    is_looped = any(each.looped for part in (net.model, *models.values()) for each in part.elements.values())
    decisions = Decisions()
    decisions.decide(model, chance, go_round=True)
    case = CaseWorkflow.start(compile_process(tree, "main"), decisions)
    case.run()
    for number in range(12):
        tasks = case.open_tasks()
        if not tasks:
            return
        decisions.decide(model, chance, go_round=number < 8)
        chosen = chance.choice(tasks)
        standing = [OpenStep(Place(tuple(task.path), task.element)) for task in tasks]
        case.complete(chosen.guid)
        passed = {step.element for step in case.run() if step.kind == "intermediateThrowEvent"}
        for element in passed:
            found = find_way(net, standing, is_element(element), lambda flow, move: None)
            assert found is not None, (seed, chosen.element, element)
            assert found.between == () or is_looped, (seed, chosen.element, element)


@given(st.integers(0, 100_000))
@settings(max_examples=60, deadline=None)
def test_a_way_never_passes_the_goal_and_begins_at_an_open_step(seed: int) -> None:
    """Steps between are stops of the drawing, each once, and the move is one that the open step offers."""
    chance = Random(seed)
    tree = Drawing(Generator(chance, size=chance.randint(6, 18)).model()).tree()
    models = {each.key: each for each in read_processes(tree)}
    net = Net(models.pop("main"), models)
    steps = [each.id for each in net.model.user_tasks() if each.container == net.model.key]
    if not steps:
        return
    step = OpenStep(Place((), chance.choice(steps)))
    for element in net.model.elements.values():
        found = find_way(net, [step], is_element(element.id), lambda flow, move: None)
        if found is not None:
            assert found.move in list(moves_at(net, step))
            assert len(set(found.between)) == len(found.between)
            assert all(net.element(place).id != element.id for place in found.between)


def is_element(wanted: str) -> Goal:
    def goal(element: Element) -> bool:
        return element.id == wanted

    return goal
