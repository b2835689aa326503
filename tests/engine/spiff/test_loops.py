"""Standard loops and multi-instance, of tasks and of sub-processes."""

from datetime import timedelta
from decimal import Decimal

import pytest

from engine.spiff import UnusableLoop
from tests.engine.spiff.drawings import (
    NOW,
    Answers,
    Walk,
    boundary,
    document,
    flows,
    message,
    node,
    simple,
    tasks,
    timer,
    walk,
)


def multi(count: str = "", *, sequential: bool = False, collection: str = "", item: str = "", until: str = "") -> str:
    parts = []
    if collection:
        parts.append(
            f'<bpmn:extensionElements><zeebe:loopCharacteristics inputCollection="{collection}" inputElement="{item}"/>'
            "</bpmn:extensionElements>"
        )
    if count:
        parts.append(f"<bpmn:loopCardinality>{count}</bpmn:loopCardinality>")
    if until:
        parts.append(f"<bpmn:completionCondition>{until}</bpmn:completionCondition>")
    name = "multiInstanceLoopCharacteristics"
    return f'<bpmn:{name} isSequential="{str(sequential).lower()}">{"".join(parts)}</bpmn:{name}>'


def standard(condition: str = "", **attributes: str) -> str:
    written = "".join(f' {name}="{value}"' for name, value in attributes.items())
    inner = f"<bpmn:loopCondition>{condition}</bpmn:loopCondition>" if condition else ""
    return f"<bpmn:standardLoopCharacteristics{written}>{inner}</bpmn:standardLoopCharacteristics>"


def looped(loop: str, answers: dict[str, object] | None = None, kind: str = "userTask") -> Walk:
    body = simple("p", node(kind, "a", loop), tasks("after"), flows("start a after end"))
    return walk(document(body), Answers(answers))


class TestParallel:
    def test_opens_all_instances_and_waits_for_all(self) -> None:
        case = looped(multi("=3"), {"3": Decimal(3)})
        assert case.open == ["a", "a", "a"]
        assert [task.local for task in case.case.open_tasks()] == [{"loopCounter": n} for n in (1, 2, 3)]
        for left in (2, 1):
            case.complete("a")
            assert case.open == ["a"] * left
        case.complete("a")

        assert case.open == ["after"]
        assert case.elements == ["a"]

    def test_gives_each_instance_its_item(self) -> None:
        items = [{"vin": "X1"}, {"vin": "X2"}]
        case = looped(multi(collection="=cars", item="car"), {"cars": items})

        assert [task.local["car"] for task in case.case.open_tasks()] == items

    def test_items_keep_their_types_through_reloads(self) -> None:
        items: list[object] = [Decimal("1.10"), True, 1, NOW, NOW.date(), timedelta(hours=1), {"$": [None]}]
        case = looped(multi(collection="=items", item="item", sequential=True), {"items": items})
        for item in items:
            local = case.task("a").local["item"]
            assert (local, type(local)) == (item, type(item))
            case.complete("a")

        assert case.open == ["after"]

    def test_ends_early_when_its_condition_is_true(self) -> None:
        enough = {"3": 3, "enough": lambda local: local["numberOfCompletedInstances"] == 2}
        case = looped(multi("3", until="=enough"), enough)
        case.complete("a")
        case.complete("a")

        assert case.open == ["after"]

    def test_with_no_items_is_passed(self) -> None:
        assert looped(multi(collection="=items", item="item"), {"items": []}).open == ["after"]

    @pytest.mark.parametrize("count", [None, -1, 1.5, "3", True, 1001])
    def test_refuses_what_is_no_count(self, count: object) -> None:
        with pytest.raises(UnusableLoop):
            looped(multi("=n"), {"n": count})

    @pytest.mark.parametrize("items", [None, {"a": 1}, "abc", [0] * 1001])
    def test_refuses_what_is_no_collection(self, items: object) -> None:
        with pytest.raises(UnusableLoop):
            looped(multi(collection="=items", item="item"), {"items": items})

    def test_carries_out_service_tasks(self) -> None:
        case = looped(multi(collection="=items", item="item"), {"items": [1, 2]}, "serviceTask")

        assert case.answers.called == [("a", {"item": 1, "loopCounter": 1}), ("a", {"item": 2, "loopCounter": 2})]


class TestSequential:
    def test_opens_one_instance_after_the_other(self) -> None:
        case = looped(multi(collection="=cars", item="car", sequential=True), {"cars": ["X1", "X2"]})
        assert [task.local for task in case.case.open_tasks()] == [{"car": "X1", "loopCounter": 1}]
        case.complete("a")
        assert [task.local for task in case.case.open_tasks()] == [{"car": "X2", "loopCounter": 2}]
        case.complete("a")

        assert case.open == ["after"]

    def test_does_not_leak_its_counter_to_what_follows(self) -> None:
        case = looped(multi("2", sequential=True), {"2": 2})
        case.complete("a")
        case.complete("a")

        assert case.task("after").local == {}


class TestStandardLoop:
    def test_stops_at_its_maximum(self) -> None:
        case = looped(standard(loopMaximum="2"))
        case.complete("a")
        assert case.open == ["a"]
        case.complete("a")

        assert case.open == ["after"]

    def test_goes_on_while_its_condition_is_true(self) -> None:
        answers: dict[str, object] = {"more": True}
        case = looped(standard("=more"), answers)
        case.complete("a")
        assert case.open == ["a"]
        case.answers.answers["more"] = None
        case.complete("a")

        assert case.open == ["after"]

    def test_may_be_passed_when_it_tests_before(self) -> None:
        assert looped(standard("=more", testBefore="true"), {"more": False}).open == ["after"]


class TestSubProcesses:
    def drawing(self) -> str:
        inner = flows("s x y e")
        sub = node(
            "subProcess", "deal", multi("3"), node("startEvent", "s"), node("endEvent", "e"), tasks("x", "y"), inner
        )
        return simple(
            "p",
            sub,
            tasks("after", "lost_task"),
            boundary("lost", "deal", message("lost")),
            boundary("late", "deal", timer("P1D"), interrupts=False),
            node("endEvent", "late_end"),
            flows("start deal after end", "lost lost_task end", "late late_end"),
        )

    def test_move_independently_with_their_counters(self) -> None:
        case = walk(document(self.drawing(), messages=["lost"]), Answers({"3": 3}))
        first = case.case.open_tasks()[0]
        case.case.complete(first.guid)
        case.step()

        assert [(t.element, t.local) for t in case.case.open_tasks()] == [
            ("y", {"loopCounter": 1}),
            ("x", {"loopCounter": 2}),
            ("x", {"loopCounter": 3}),
        ]

    def test_are_all_withdrawn_by_one_boundary(self) -> None:
        case = walk(document(self.drawing(), messages=["lost"]), Answers({"3": 3}))
        case.complete("x")
        assert case.due == {"late": NOW + timedelta(days=1)}
        case.message("lost")

        assert (case.open, case.due, case.messages, case.case.task_count()) == (["lost_task"], {}, [], 2)

    def test_are_done_when_all_are_done(self) -> None:
        case = walk(document(self.drawing(), messages=["lost"]), Answers({"3": 3}))
        for _ in range(3):
            case.complete("x")
        for _ in range(3):
            case.complete("y")

        assert case.open == ["after"]
        assert case.task("after").local == {}
