"""User, manual, service, send and business rule tasks, and what a refusal does."""

import pytest

from engine.errors import BusinessError, UnknownTask
from engine.spiff import CaseWorkflow, StepBudgetExceeded, compile_process
from tests.engine.spiff.drawings import Answers, boundary, document, flows, node, simple, tasks, walk

REFUSED = '<bpmn:error id="refused" name="Refused" errorCode="refused"/>'
CATCH = '<bpmn:errorEventDefinition errorRef="refused"/>'


def refuse(code: str) -> Answers:
    answers = Answers()

    def operation(local: object) -> None:
        raise BusinessError(code)

    answers.operations["service"] = operation
    return answers


class TestHumanTasks:
    def test_are_open_until_they_are_completed(self) -> None:
        case = walk(document(simple("p", tasks("a"), node("manualTask", "b"), flows("start a b end"))))

        assert (case.open, case.elements) == (["a"], ["start"])
        case.complete("a")
        assert (case.open, case.elements) == (["b"], ["a"])
        case.complete("b")
        assert (case.open, case.elements, case.case.completed()) == ([], ["b", "end"], True)

    def test_keep_their_guid_of_32_hex_digits_through_reloads(self) -> None:
        case = walk(document(simple("p", tasks("a"), flows("start a end"))))
        before = case.task("a").guid
        case.step()

        assert case.task("a").guid == before
        assert len(before) == 32
        assert int(before, 16)

    def test_cannot_be_completed_twice(self) -> None:
        case = walk(document(simple("p", tasks("a", "b"), flows("start a b end"))))
        guid = case.task("a").guid
        case.complete("a")

        with pytest.raises(UnknownTask):
            case.case.complete(guid)

    def test_say_what_they_are_when_passed(self) -> None:
        case = walk(document(simple("p", tasks("a"), flows("start a end"))))
        guid = case.task("a").guid
        case.complete("a")

        assert [(p.element, p.kind, p.path) for p in case.passed] == [("a", "userTask", ()), ("end", "endEvent", ())]
        assert case.passed[0].guid == guid

    def test_hand_local_values_to_the_gateway_behind_them(self) -> None:
        gateway = node("exclusiveGateway", "g", default="g__no")
        drawing = simple(
            "p",
            tasks("a", "yes", "no"),
            gateway,
            flows("start a g yes end", "g no end", when={"g__yes": "=outcome = 1"}),
        )
        case = walk(document(drawing), Answers({"outcome = 1": lambda local: local["outcome"] == 1}))
        case.complete("a", outcome=1)

        assert case.open == ["yes"]

    def test_end_a_case_also_without_an_end_event(self) -> None:
        case = walk(document(simple("p", tasks("a"), flows("start a"))))
        case.complete("a")

        assert case.case.completed()


@pytest.mark.parametrize("kind", ["serviceTask", "sendTask", "businessRuleTask"])
def test_automatic_tasks_are_carried_out_by_the_evaluator(kind: str) -> None:
    case = walk(document(simple("p", node(kind, "service"), flows("start service end"))))

    assert case.answers.called == [("service", {})]
    assert [passed.kind for passed in case.passed] == ["startEvent", kind, "endEvent"]


class TestRefusals:
    def drawing(self, *more: str) -> str:
        return simple(
            "p", node("serviceTask", "service"), tasks("repair"), *more, flows("start service end", "caught repair end")
        )

    def test_are_caught_by_the_boundary_error_of_their_code(self) -> None:
        case = walk(document(self.drawing(boundary("caught", "service", CATCH)), roots=REFUSED), refuse("refused"))

        assert (case.open, case.elements) == (["repair"], ["start", "caught"])

    def test_are_caught_by_a_boundary_error_without_code(self) -> None:
        catch_all = boundary("caught", "service", "<bpmn:errorEventDefinition/>")
        case = walk(document(self.drawing(catch_all)), refuse("anything"))

        assert case.open == ["repair"]

    def test_prefer_the_boundary_with_their_own_code(self) -> None:
        body = self.drawing(
            boundary("other", "service", "<bpmn:errorEventDefinition/>"),
            boundary("caught", "service", CATCH),
            flows("other end"),
        )
        case = walk(document(body, roots=REFUSED), refuse("refused"))

        assert case.elements == ["start", "caught"]

    def test_of_another_code_propagate(self) -> None:
        tree = document(self.drawing(boundary("caught", "service", CATCH)), roots=REFUSED)

        with pytest.raises(BusinessError) as refusal:
            walk(tree, refuse("other"))

        assert refusal.value.code == "other"

    def test_go_outwards_through_sub_process_call_and_loop(self) -> None:
        loop = (
            '<bpmn:multiInstanceLoopCharacteristics isSequential="false"><bpmn:loopCardinality>2'
            "</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics>"
        )
        inner = simple(
            "called",
            node("serviceTask", "service"),
            tasks("beside"),
            node("parallelGateway", "g"),
            flows("start g service end", "g beside end"),
        )
        call = node("callActivity", "call", loop, calledElement="called")
        sub = node("subProcess", "sub", node("startEvent", "s"), call, flows("s call"))
        outer = simple(
            "p", sub, tasks("repair"), boundary("caught", "sub", CATCH), flows("start sub end", "caught repair end")
        )
        answers = refuse("refused")
        answers.answers["2"] = 2
        case = walk(document(outer, inner, roots=REFUSED), answers)

        assert (case.open, case.case.task_count()) == (["repair"], 2)

    def test_come_again_when_the_task_is_reached_again(self) -> None:
        body = simple(
            "p",
            node("serviceTask", "service"),
            tasks("repair"),
            boundary("caught", "service", CATCH),
            flows("start service end", "caught repair service"),
        )
        answers = refuse("refused")
        case = walk(document(body, roots=REFUSED), answers)
        case.complete("repair")
        assert case.elements == ["repair", "caught"]
        answers.operations.clear()
        case.complete("repair")

        assert case.case.completed()


class TestOtherFailures:
    def test_propagate_as_they_are(self) -> None:
        answers = Answers()

        def operation(local: object) -> None:
            raise ZeroDivisionError("by zero")

        answers.operations["service"] = operation
        with pytest.raises(ZeroDivisionError, match="by zero") as failure:
            walk(document(simple("p", node("serviceTask", "service"), flows("start service end"))), answers)

        assert type(failure.value) is ZeroDivisionError

    def test_a_loop_without_waiting_ends_at_the_step_budget(self) -> None:
        body = simple("p", node("serviceTask", "a"), node("serviceTask", "b"), flows("start a b a", "end"))
        case = CaseWorkflow.start(compile_process(document(body), "p"), Answers())

        with pytest.raises(StepBudgetExceeded):
            case.run(budget=3000)

        assert case.depth() < 500
