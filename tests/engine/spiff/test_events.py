"""Events besides messages and timers: signals, escalations, errors, conditions, terminate."""

import pytest

from engine.spiff import UncaughtBpmnError
from tests.engine.spiff.drawings import Answers, Walk, boundary, document, flows, message, node, simple, tasks, walk

ROOTS = (
    '<bpmn:signal id="bell" name="bell"/><bpmn:error id="refused" errorCode="refused"/>'
    '<bpmn:escalation id="asked" escalationCode="asked"/>'
)
SIGNAL = '<bpmn:signalEventDefinition signalRef="bell"/>'
ERROR = '<bpmn:errorEventDefinition errorRef="refused"/>'
ESCALATION = '<bpmn:escalationEventDefinition escalationRef="asked"/>'
CONDITION = "<bpmn:conditionalEventDefinition><bpmn:condition>=ripe</bpmn:condition></bpmn:conditionalEventDefinition>"


def inside(*body: str, path: str) -> str:
    """A sub-process "sub" with a task "work" beside what is given."""
    return node(
        "subProcess",
        "sub",
        node("startEvent", "s"),
        node("parallelGateway", "g"),
        tasks("work"),
        *body,
        flows(f"s g {path}", "g work"),
    )


def sub(*body: str) -> str:
    """A sub-process "sub" of one element "work"."""
    return node("subProcess", "sub", node("startEvent", "s"), *body, node("endEvent", "e"), flows("s work e"))


def beside(event: str, *body: str, rounds: str = "") -> str:
    """A task "a" that is not interrupted by "heard", and a task "ring" that is done again and again."""
    return simple(
        "p",
        tasks("a", "x", *(["ring"] if rounds else [])),
        boundary("heard", "a", event, interrupts=False),
        node("endEvent", "heard_end"),
        *body,
        *(
            [
                node("parallelGateway", "split"),
                node("exclusiveGateway", "again"),
                flows(f"start split again ring {rounds} again", "split a end"),
            ]
            if rounds
            else [flows("start a end")]
        ),
        flows("heard x heard_end"),
    )


def run(body: str, answers: Answers | None = None) -> Walk:
    return walk(document(body, messages=["go"], roots=ROOTS), answers)


class TestError:
    def drawing(self) -> str:
        return simple(
            "p",
            inside(tasks("check"), node("endEvent", "fail", ERROR), path="check fail"),
            boundary("caught", "sub", ERROR),
            tasks("repair"),
            flows("start sub end", "caught repair end"),
        )

    def test_of_an_end_event_withdraws_the_sub_process(self) -> None:
        case = run(self.drawing())
        case.complete("check")

        assert (case.open, case.elements) == (["repair"], ["check", "fail", "caught"])

    def test_that_nobody_catches_stops_the_step(self) -> None:
        case = run(simple("p", tasks("check"), node("endEvent", "fail", ERROR), flows("start check fail", "end")))

        with pytest.raises(UncaughtBpmnError) as stop:
            case.complete("check")

        assert (stop.value.element, stop.value.code) == ("fail", "refused")


class TestEscalation:
    def drawing(self, *, interrupts: bool) -> str:
        return simple(
            "p",
            inside(tasks("check", "after"), node("intermediateThrowEvent", "ask", ESCALATION), path="check ask after"),
            boundary("heard", "sub", ESCALATION, interrupts=interrupts),
            tasks("decide"),
            node("endEvent", "decided"),
            flows("start sub end", "heard decide decided"),
        )

    def test_goes_beside_the_sub_process_when_it_does_not_interrupt(self) -> None:
        case = run(self.drawing(interrupts=False))
        case.complete("check")

        assert case.open == ["after", "decide", "work"]

    def test_withdraws_the_sub_process_when_it_interrupts(self) -> None:
        case = run(self.drawing(interrupts=True))
        case.complete("check")

        assert (case.open, case.elements) == (["decide"], ["check", "ask", "heard"])

    def test_stops_what_would_follow_it_inside_when_it_interrupts(self) -> None:
        body = simple(
            "p",
            inside(
                tasks("check"),
                node("intermediateThrowEvent", "ask", ESCALATION),
                node("serviceTask", "mail"),
                path="check ask mail",
            ),
            boundary("heard", "sub", ESCALATION),
            flows("start sub end", "heard end"),
        )
        case = run(body)
        case.complete("check")

        assert case.answers.called == []
        assert case.case.completed()

    def test_that_nobody_hears_changes_nothing(self) -> None:
        body = simple(
            "p", tasks("a", "b"), node("intermediateThrowEvent", "ask", ESCALATION), flows("start a ask b end")
        )
        case = run(body)
        case.complete("a")

        assert case.open == ["b"]


def test_a_signal_reaches_everything_that_waits_for_it_in_the_case() -> None:
    body = simple(
        "p",
        node("parallelGateway", "split"),
        inside(node("intermediateCatchEvent", "c1", SIGNAL), tasks("after"), path="c1 after"),
        node("intermediateCatchEvent", "c2", SIGNAL),
        tasks("ring", "x", "guarded", "y"),
        boundary("c3", "guarded", SIGNAL),
        node("intermediateThrowEvent", "throw", SIGNAL),
        flows("start split ring throw end", "split sub end", "split c2 x end", "split guarded end", "c3 y end"),
    )
    case = run(body)
    assert case.open == ["guarded", "ring", "work"]
    case.complete("ring")

    assert case.open == ["after", "work", "x", "y"]


class TestCondition:
    def test_fires_as_soon_as_it_is_true(self) -> None:
        body = simple("p", node("intermediateCatchEvent", "wait", CONDITION), tasks("a"), flows("start wait a end"))
        answers = Answers({"ripe": None})
        case = run(body, answers)
        assert case.open == []
        answers.answers["ripe"] = True
        case.step()

        assert (case.open, case.elements) == (["a"], ["wait"])

    def test_interrupts_an_activity(self) -> None:
        body = simple(
            "p",
            tasks("a", "b", "c"),
            node("parallelGateway", "g"),
            boundary("when", "a", CONDITION),
            flows("start g a end", "g b end", "when c end"),
        )
        answers = Answers({"ripe": False})
        case = run(body, answers)
        answers.answers["ripe"] = True
        case.complete("b")

        assert case.open == ["c"]

    def test_beside_an_activity_happens_each_time_it_becomes_true(self) -> None:
        body = simple(
            "p",
            tasks("a", "look"),
            boundary("when", "a", CONDITION, interrupts=False),
            node("endEvent", "looked"),
            flows("start a end", "when look looked"),
        )
        answers = Answers({"ripe": True})
        case = run(body, answers)
        case.step()  # it still holds
        assert case.open == ["a", "look"]
        answers.answers["ripe"] = False
        case.step()
        answers.answers["ripe"] = True
        case.step()

        assert case.open == ["a", "look", "look"]

    def test_comes_too_late_for_a_sub_process_whose_last_token_is_used_up(self) -> None:
        body = simple(
            "p",
            sub(node("serviceTask", "work")),
            boundary("when", "sub", CONDITION),
            tasks("c"),
            flows("start sub end", "when c end"),
        )

        assert run(body, Answers({"ripe": True})).case.completed()


class TestHappensAgain:
    """What does not interrupt is heard as often as it happens while the activity is active."""

    def test_a_message(self) -> None:
        case = run(beside(message("go")))
        for _ in range(2):
            case.message("heard")

        assert (case.open, case.messages) == (["a", "x", "x"], ["heard"])
        case.complete("a")
        assert (case.open, case.messages) == (["x", "x"], [])

    def test_a_signal(self) -> None:
        case = run(beside(SIGNAL, node("intermediateThrowEvent", "throw", SIGNAL), rounds="throw"))
        for _ in range(2):
            case.complete("ring")

        assert case.open == ["a", "ring", "x", "x"]


class TestTerminate:
    def test_ends_the_case_whatever_is_open(self) -> None:
        stop = node("endEvent", "stop", "<bpmn:terminateEventDefinition/>")
        body = simple(
            "p",
            node("parallelGateway", "split"),
            tasks("a"),
            stop,
            inside(tasks("work2"), path="work2"),
            flows("start split a stop", "split sub end"),
        )
        case = run(body)
        case.complete("a")

        assert (case.case.completed(), case.open, case.case.task_count()) == (True, [], 1)

    def test_ends_only_its_own_level(self) -> None:
        stop = node("endEvent", "stop", "<bpmn:terminateEventDefinition/>")
        body = simple("p", inside(tasks("check"), stop, path="check stop"), tasks("next"), flows("start sub next end"))
        case = run(body)
        case.complete("check")

        assert case.open == ["next"]


def test_a_message_catch_event_waits_for_exactly_its_own_firing() -> None:
    catches = [node("intermediateCatchEvent", name, message("go")) for name in ("c1", "c2")]
    body = simple("p", node("parallelGateway", "g"), *catches, tasks("a", "b"), flows("start g c1 a end", "g c2 b end"))
    case = run(body)
    case.message("c2")

    assert (case.open, case.messages) == (["b"], ["c1"])
