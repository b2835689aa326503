"""Boundary events: what they withdraw, what goes on, and entering the same activity again."""

from datetime import timedelta

import pytest

from engine.errors import UnknownTask
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

DEAL = simple(
    "p",
    node(
        "subProcess",
        "deal",
        node("startEvent", "s"),
        node("endEvent", "e"),
        tasks("x", "y"),
        node("parallelGateway", "g"),
        node("parallelGateway", "j"),
        flows("s g x j e", "g y j"),
    ),
    tasks("review"),
    boundary("lost", "deal", message("lost")),
    boundary("late", "deal", timer("PT1H"), interrupts=False),
    node("serviceTask", "remind"),
    node("endEvent", "reminded"),
    node("exclusiveGateway", "back", default="back__deal"),
    flows("start deal end", "lost review back deal", "back end", "late remind reminded", when={"back__end": "refused"}),
)


def deal() -> Walk:
    return walk(document(DEAL, messages=["lost"]), Answers({"refused": False}))


class TestMessageBoundaryOnSubProcess:
    def test_withdraws_parallel_branches_and_is_entered_again_twice_in_a_row(self) -> None:
        case = deal()
        for _ in range(2):
            assert case.open == ["x", "y"]
            case.message("lost")
            assert case.elements == ["lost"]
            assert (case.open, case.messages, case.due) == (["review"], [], {})
            case.complete("review")
            assert case.elements == ["review", "back", "s", "g"]

        case.complete("y")
        case.complete("x")

        assert case.elements == ["x", "j", "e", "deal", "end"]
        assert case.case.completed()

    def test_names_its_host_and_the_path_of_what_is_inside(self) -> None:
        case = deal()
        (wait,) = case.case.message_waits()

        assert (wait.element, wait.message, wait.boundary, wait.host, wait.path) == ("lost", "lost", True, "deal", ())
        assert {task.path for task in case.case.open_tasks()} == {("deal",)}

    def test_starts_afresh_when_entered_again(self) -> None:
        case = deal()
        case.complete("x")
        case.message("lost")
        case.complete("review")

        assert case.open == ["x", "y"]

    def test_fires_once_only(self) -> None:
        case = deal()
        (wait,) = case.case.message_waits()
        case.message("lost")

        with pytest.raises(UnknownTask):
            case.case.fire_message(wait.guid)


class TestTwoEventsInOneStep:
    def drawing(self) -> Walk:
        body = simple(
            "p",
            tasks("work", "x", "y"),
            boundary("beside", "work", message("beside"), interrupts=False),
            boundary("instead", "work", message("instead")),
            node("endEvent", "beside_end"),
            flows("start work end", "beside x beside_end", "instead y end"),
        )
        return walk(document(body, messages=["beside", "instead"]))

    def test_an_event_that_has_fired_goes_its_way_although_the_next_interrupts(self) -> None:
        case = self.drawing()
        beside, instead = (wait.guid for wait in case.case.message_waits())
        case.case.fire_message(beside)
        case.case.fire_message(instead)
        case.step()

        assert case.open == ["x", "y"]

    def test_nothing_fires_beside_an_activity_that_was_interrupted(self) -> None:
        case = self.drawing()
        beside, instead = (wait.guid for wait in case.case.message_waits())
        case.case.fire_message(instead)

        with pytest.raises(UnknownTask):
            case.case.fire_message(beside)


class TestNonInterruptingTimer:
    def test_goes_its_own_way_beside_the_open_tasks(self) -> None:
        case = deal()
        assert case.due == {"late": NOW + timedelta(hours=1)}

        case.wait(minutes=59)
        assert case.elements == []
        case.wait(minutes=1)

        assert case.elements == ["late", "remind", "reminded"]
        assert (case.open, case.due) == (["x", "y"], {})

    def test_is_forgotten_when_the_activity_is_done(self) -> None:
        case = deal()
        case.complete("x")
        case.complete("y")
        case.wait(hours=2)

        assert case.elements == []

    def test_keeps_its_due_time_through_reloads_while_other_things_happen(self) -> None:
        case = deal()
        case.wait(minutes=30)
        case.complete("x")

        assert case.due == {"late": NOW + timedelta(hours=1)}
