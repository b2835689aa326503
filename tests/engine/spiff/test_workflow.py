"""The façade: starting, evaluators of cached objects, sizes."""

from datetime import timedelta

import pytest

from engine.errors import UnknownTask
from engine.spiff import CaseWorkflow, compile_process
from tests.engine.spiff.drawings import (
    NOW,
    Answers,
    boundary,
    document,
    flows,
    message,
    node,
    process,
    simple,
    tasks,
    timer,
    walk,
)

LINE = simple("p", tasks("a", "b"), boundary("late", "b", timer("P1D")), flows("start a b end", "late end"))


class TestStart:
    @pytest.mark.parametrize("event", ["", message("m"), timer("R/P1D", "timeCycle")])
    def test_counts_the_start_event_as_having_happened(self, event: str) -> None:
        body = process("p", node("startEvent", "begun", event), tasks("a"), flows("begun a"))
        case = walk(document(body, messages=["m"]))

        assert (case.elements, case.open, case.messages, case.due) == (["begun"], ["a"], [], {})

    def test_knows_its_start_event(self) -> None:
        compiled = compile_process(document(LINE), "p")

        assert compiled.start_element == "start"
        assert CaseWorkflow.start(compiled, Answers(), start_element="start").run()[0].element == "start"
        with pytest.raises(ValueError, match="elsewhere"):
            CaseWorkflow.start(compiled, Answers(), start_element="elsewhere")

    def test_can_be_stored_before_it_is_run(self) -> None:
        compiled = compile_process(document(LINE), "p")
        state = CaseWorkflow.start(compiled, Answers()).dump()
        case = CaseWorkflow.load(compiled, state, Answers())

        assert [passed.element for passed in case.run()] == ["start"]


class TestEvaluator:
    def test_of_a_live_object_can_be_replaced(self) -> None:
        compiled = compile_process(document(LINE), "p")
        case = CaseWorkflow.start(compiled, Answers())
        case.run()
        later = Answers()
        later.now = NOW + timedelta(days=5)
        case.evaluator = later
        case.complete(case.open_tasks()[0].guid)
        case.run()

        assert case.evaluator is later
        assert case.timer_waits()[0].due_at == NOW + timedelta(days=6)

    def test_alone_knows_the_time(self) -> None:
        case = walk(document(LINE))
        case.complete("a")
        case.answers.now = NOW.replace(year=2126)
        case.step()

        assert case.elements == ["late", "end"]


def test_an_unknown_guid_is_refused() -> None:
    case = walk(document(LINE)).case

    for act in (case.complete, case.fire_message):
        with pytest.raises(UnknownTask):
            act("0" * 32)


def test_a_timer_can_not_be_fired_as_a_message() -> None:
    case = walk(document(LINE))
    case.complete("a")
    (wait,) = case.case.timer_waits()

    with pytest.raises(UnknownTask):
        case.case.fire_message(wait.guid)


def test_sizes_count_what_is_kept() -> None:
    case = walk(document(LINE))
    assert (case.case.task_count(), case.case.depth()) == (2, 2)
    case.complete("a")

    # The root, the guard of the boundary event, the task and the event.
    assert (case.case.task_count(), case.case.depth()) == (4, 3)
    assert case.case.is_consistent()
