"""Gateways: choices, joins in loops, and events that race."""

import pytest

from engine.spiff import NoMatchingFlow
from tests.engine.spiff.drawings import NOW, Answers, document, flows, message, node, simple, tasks, timer, walk


def loop_with(kind: str, *extra: str, default: str = "") -> str:
    """A loop over a block of A and B that a gateway of this kind joins, followed by C."""
    split = node(kind, "split", **({"default": default} if default else {}))
    return simple(
        "p",
        node("exclusiveGateway", "merge"),
        split,
        node(kind, "join"),
        node("exclusiveGateway", "again", default="again__merge"),
        tasks("a", "b", "c"),
        *extra,
    )


class TestExclusiveGateway:
    def drawing(self, default: str = "") -> str:
        gateway = node("exclusiveGateway", "g", **({"default": default} if default else {}))
        conditions = {"g__a": "=one", "g__b": "two"} | ({} if default else {"g__c": "three"})
        return simple("p", gateway, tasks("a", "b", "c"), flows("start g a end", "g b end", "g c end", when=conditions))

    @pytest.mark.parametrize(
        ("answers", "taken"),
        [({"one": True, "two": True}, "a"), ({"one": False, "two": True}, "b"), ({"one": None, "two": None}, "c")],
    )
    def test_takes_the_first_true_flow_or_the_default(self, answers: dict[str, object], taken: str) -> None:
        assert walk(document(self.drawing("g__c")), Answers(answers)).open == [taken]

    def test_takes_only_true_for_true(self) -> None:
        assert walk(document(self.drawing("g__c")), Answers({"one": "yes", "two": 1})).open == ["c"]

    def test_without_a_matching_flow_stops_the_step(self) -> None:
        with pytest.raises(NoMatchingFlow) as stop:
            walk(document(self.drawing()), Answers({"one": False, "two": False, "three": None}))

        assert stop.value.element == "g"

    def test_does_not_ask_behind_the_flow_it_takes(self) -> None:
        case = walk(document(self.drawing("g__c")), Answers({"one": True}))

        assert case.answers.asked == ["one"]


class TestParallelJoin:
    def test_waits_for_every_branch_in_every_round(self) -> None:
        body = loop_with("parallelGateway")
        drawn = flows("start merge split a join c again merge", "split b join", "again end", when={"again__end": "out"})
        case = walk(document(body.replace("</bpmn:process>", drawn + "</bpmn:process>")), Answers({"out": False}))
        for _ in range(3):
            case.complete("b")
            assert case.open == ["a"]
            case.complete("a")
            assert case.open == ["c"]
            case.complete("c")
            assert case.open == ["a", "b"]

    def test_passes_once(self) -> None:
        body = loop_with("parallelGateway")
        drawn = flows("start merge split a join c again merge", "split b join", "again end", when={"again__end": "out"})
        case = walk(document(body.replace("</bpmn:process>", drawn + "</bpmn:process>")), Answers({"out": True}))
        case.complete("a")
        assert case.elements == ["a"]
        case.complete("b")

        assert case.elements == ["b", "join"]

    def test_counts_two_direct_flows_as_two(self) -> None:
        body = simple(
            "p", node("parallelGateway", "g"), node("parallelGateway", "j"), tasks("a"), flows("start g j a end", "g j")
        )

        assert walk(document(body.replace('id="g__j"', 'id="first"', 1))).open == ["a"]

    def test_splits_wide_blocks_in_a_row_without_a_large_state(self) -> None:
        body, path = [], "start"
        for number in range(6):
            split, join = f"g{number}", f"j{number}"
            names = [f"{letter}{number}" for letter in "abc"]
            body += [node("parallelGateway", split), node("parallelGateway", join), tasks(*names)]
            body.append(flows(*(f"{split} {name} {join}" for name in names)))
            body.append(flows(f"{path} {split}"))
            path = join
        case = walk(document(simple("p", *body, flows(f"{path} end"))))

        assert len(case.state) < 400
        for number in range(6):
            for letter in "abc":
                case.complete(f"{letter}{number}")
        assert case.case.completed()


class TestInclusiveJoin:
    def drawing(self) -> str:
        conditions = {"split__a": "x", "split__b": "y", "again__end": "out"}
        drawn = flows(
            "start merge split a join c again merge", "split b join", "split d join", "again end", when=conditions
        )
        body = loop_with("inclusiveGateway", tasks("d"), default="split__d")
        return body.replace("</bpmn:process>", drawn + "</bpmn:process>")

    def test_waits_for_the_branches_that_were_taken_in_every_round(self) -> None:
        answers = Answers({"x": True, "y": True, "out": False})
        case = walk(document(self.drawing()), answers)
        case.complete("a")
        assert case.open == ["b"]
        case.complete("b")
        assert case.open == ["c"]
        answers.answers["y"] = False
        case.complete("c")
        assert case.open == ["a"]
        case.complete("a")
        assert case.open == ["c"]
        answers.answers["x"] = None
        case.complete("c")

        assert case.open == ["d"]

    def test_without_a_matching_flow_stops_the_step(self) -> None:
        body = simple(
            "p",
            node("inclusiveGateway", "g"),
            tasks("a", "b"),
            flows("start g a end", "g b end", when={"g__a": "x", "g__b": "y"}),
        )

        with pytest.raises(NoMatchingFlow):
            walk(document(body), Answers({"x": False, "y": False}))


class TestEventGateway:
    def drawing(self) -> str:
        return simple(
            "p",
            node("eventBasedGateway", "race"),
            node("intermediateCatchEvent", "paid", message("payment")),
            node("intermediateCatchEvent", "gone", message("cancellation")),
            node("intermediateCatchEvent", "late", timer("P1D")),
            node("receiveTask", "called", messageRef="call"),
            tasks("a", "b", "c", "d"),
            flows("start race paid a end", "race gone b end", "race late c end", "race called d end"),
        )

    def test_waits_for_each_event_by_itself(self) -> None:
        case = walk(document(self.drawing(), messages=["payment", "cancellation", "call"]))

        assert case.messages == ["called", "gone", "paid"]
        assert case.due == {"late": NOW.replace(day=3)}
        assert {wait.message for wait in case.case.message_waits()} == {"payment", "cancellation", "call"}
        assert not any(wait.boundary or wait.host for wait in case.case.message_waits())

    @pytest.mark.parametrize(("event", "task"), [("paid", "a"), ("gone", "b"), ("called", "d")])
    def test_follows_the_message_that_came_first(self, event: str, task: str) -> None:
        case = walk(document(self.drawing(), messages=["payment", "cancellation", "call"]))
        case.message(event)

        assert (case.open, case.messages, case.due, case.elements) == ([task], [], {}, [event])

    def test_follows_the_timer_when_it_is_due(self) -> None:
        case = walk(document(self.drawing(), messages=["payment", "cancellation", "call"]))
        case.wait(days=1)

        assert (case.open, case.messages, case.due) == (["c"], [], {})

    def test_races_again_in_a_loop(self) -> None:
        body = simple(
            "p",
            node("exclusiveGateway", "merge"),
            node("eventBasedGateway", "race"),
            node("intermediateCatchEvent", "asked", message("question")),
            node("intermediateCatchEvent", "late", timer("PT1H")),
            tasks("answer"),
            flows("start merge race asked answer merge", "race late end"),
        )
        case = walk(document(body, messages=["question"]))
        for _ in range(3):
            case.wait(minutes=30)
            case.message("asked")
            case.complete("answer")
        assert case.due == {"late": NOW.replace(hour=11, minute=30)}
        case.wait(hours=1)

        assert case.case.completed()
