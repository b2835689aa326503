"""Call activities: resolving, paths, elements of the same id, many threads."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from lxml import etree

from engine.spiff import ModelRejected, compile_process
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


def calling(called: str, element: str = "call") -> str:
    extension = f'<bpmn:extensionElements><zeebe:calledElement processId="{called}"/></bpmn:extensionElements>'
    return node("callActivity", element, extension)


def sub(*body: str) -> str:
    return node("subProcess", "sub", node("startEvent", "s"), node("endEvent", "e"), *body)


MAIN = simple(
    "p",
    calling("supply"),
    sub(tasks("ask"), flows("s ask e")),
    tasks("after"),
    boundary("stop", "call", message("stop")),
    flows("start call sub after end", "stop after"),
)
SUPPLY = simple(
    "supply",
    sub(tasks("confirm"), boundary("late", "confirm", timer("P1D")), flows("s confirm e", "late e")),
    flows("start sub end"),
)


def library(*processes: str) -> dict[str, etree._Element]:
    return {name: document(text, messages=["stop"]) for name, text in zip(("supply", "third"), processes, strict=False)}


class TestCall:
    def test_runs_a_process_of_another_document(self) -> None:
        case = walk(document(MAIN, messages=["stop"]), resolve=library(SUPPLY).get)

        assert (case.open, case.task("confirm").path) == (["confirm"], ("call", "sub"))
        case.complete("confirm")
        assert [(p.element, p.path) for p in case.passed] == [
            ("confirm", ("call", "sub")),
            ("e", ("call", "sub")),
            ("sub", ("call",)),
            ("end", ("call",)),
            ("call", ()),
            ("s", ("sub",)),
        ]
        assert [p.kind for p in case.passed][2:5] == ["subProcess", "endEvent", "callActivity"]

    def test_runs_a_process_of_the_same_document(self) -> None:
        case = walk(document(MAIN, SUPPLY, messages=["stop"]))

        assert case.open == ["confirm"]

    def test_keeps_elements_of_the_same_id_apart(self) -> None:
        case = walk(document(MAIN, SUPPLY, messages=["stop"]))
        case.complete("confirm")
        case.complete("ask")

        assert case.open == ["after"]

    def test_is_withdrawn_by_its_boundary_with_everything_inside(self) -> None:
        case = walk(document(MAIN, SUPPLY, messages=["stop"]))
        assert case.due == {"late": NOW + timedelta(days=1)}
        case.message("stop")

        assert (case.open, case.due, case.messages, case.case.task_count()) == (["after"], {}, [], 2)

    def test_may_call_itself(self) -> None:
        body = simple(
            "p",
            tasks("a"),
            node("exclusiveGateway", "g", default="g__end"),
            calling("p"),
            flows("start a g call end", "g end", when={"g__call": "deeper"}),
        )
        answers = Answers({"deeper": True})
        case = walk(document(body), answers)
        for depth in range(3):
            assert case.task("a").path == ("call",) * depth
            case.complete("a")
        answers.answers["deeper"] = False
        case.complete("a")

        assert case.case.completed()

    def test_of_an_unknown_process_is_refused(self) -> None:
        with pytest.raises(ModelRejected) as refusal:
            compile_process(document(MAIN, messages=["stop"]), "p", lambda name: None)

        assert (refusal.value.code, refusal.value.element) == ("called_process_unknown", "call")
        assert refusal.value.details == {"process": "supply"}

    def test_of_a_process_with_a_problem_is_refused(self) -> None:
        broken = simple("supply", node("scriptTask", "script"), flows("start script end"))

        with pytest.raises(ModelRejected) as refusal:
            compile_process(document(MAIN, broken, messages=["stop"]), "p")

        assert (refusal.value.code, refusal.value.element) == ("script_task", "script")

    def test_knows_the_facts_of_elements_by_their_path(self) -> None:
        compiled = compile_process(document(MAIN, SUPPLY, messages=["stop"]), "p")

        assert compiled.element(("call", "sub"), "confirm").kind == "userTask"
        assert compiled.element(("sub",), "ask").kind == "userTask"
        assert compiled.element((), "call").called_process == "supply"


def test_many_threads_share_one_compiled_process() -> None:
    compiled = compile_process(document(MAIN, SUPPLY, messages=["stop"]), "p")

    def play(number: int) -> list[tuple[str, ...]]:
        seen = []
        for turn in range(20):
            case = Walk(compiled, Answers())
            if (number + turn) % 2:
                case.message("stop")
            else:
                case.complete("confirm")
                case.complete("ask")
            case.complete("after")
            seen.append((*case.elements, str(case.case.completed())))
        return seen

    with ThreadPoolExecutor(4) as threads:
        results = list(threads.map(play, range(8)))

    assert all(result == [("after", "end", "True")] * 20 for result in results)


def test_the_facts_of_an_element_come_from_its_extensions() -> None:
    body = simple(
        "p",
        node(
            "userTask",
            "needs",
            '<bpmn:extensionElements><zeebe:formDefinition formId="sales/needs"/>'
            '<zeebe:assignmentDefinition assignee="=worksheet.manager" candidateGroups="sales_manager"/>'
            '<zeebe:properties><zeebe:property name="due" value="PT30M"/></zeebe:properties></bpmn:extensionElements>',
            name="Analyse the needs",
        ),
        node(
            "serviceTask",
            "thank",
            '<bpmn:extensionElements><zeebe:taskDefinition type="sales.thank"/><zeebe:ioMapping>'
            '<zeebe:input source="=needs.customer" target="customer_id"/></zeebe:ioMapping><zeebe:taskHeaders>'
            '<zeebe:header key="resultVariable" value="thanks"/></zeebe:taskHeaders></bpmn:extensionElements>',
        ),
        node("intermediateCatchEvent", "paid", message("payment")),
        flows("start needs thank paid end"),
    )
    subscription = '<zeebe:subscription correlationKey="=case.key"/>'
    roots = (
        f'<bpmn:message id="payment" name="paid">'
        f"<bpmn:extensionElements>{subscription}</bpmn:extensionElements></bpmn:message>"
    )
    compiled = compile_process(document(body, roots=roots), "p")

    needs, thank, paid = (compiled.element((), name) for name in ("needs", "thank", "paid"))
    assert (needs.name, needs.form, needs.assignee) == ("Analyse the needs", "sales/needs", "=worksheet.manager")
    assert (needs.candidate_groups, needs.properties) == ("sales_manager", {"due": "PT30M"})
    assert (thank.operation, thank.inputs) == ("sales.thank", {"customer_id": "=needs.customer"})
    assert thank.headers == {"resultVariable": "thanks"}
    assert (paid.message, paid.correlation_key) == ("paid", "case.key")
