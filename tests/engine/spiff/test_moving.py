"""Tokens that are moved by hand: random models agree with the token oracle afterwards, and what is refused.

MARSHRUT_RANDOM_MOVES sets how many models are walked (default 200), MARSHRUT_RANDOM_SEED where they begin.
"""

import os
from collections import Counter

import pytest

from engine.spiff import CaseWorkflow, MoveRefused, compile_process, targets
from tests.engine.spiff.drawings import (
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
from tests.engine.spiff.test_random_models import SEED, LockStep
from tests.engine.token_moves import activity_of, element_of, move, path_of
from tests.engine.token_moves import targets as blocks

MODELS = int(os.environ.get("MARSHRUT_RANDOM_MOVES", "200"))
CHUNK = 50


class Moved(LockStep):
    """Walks a model as ever, and at one step in four moves a token to an element chosen by chance."""

    def __init__(self, seed: int, done: Counter[str]) -> None:
        self.done = done
        super().__init__(seed)

    def act(self) -> None:
        places = [(task.guid, task.element) for task in self.case.open_tasks()]
        places += [(wait.guid, wait.element) for wait in self.case.message_waits() if not wait.boundary]
        if not places or self.chance.random() < 0.75:
            super().act()
            return
        chosen = self.chance.randrange(len(places))
        guid, element = places[chosen]
        activity = activity_of(self.oracle, element, [place for _, place in places[:chosen]].count(element))
        trail = self.chance.choice(blocks(self.model))
        stood = self.case.dump()
        refused = ""
        try:
            self.case.move(guid, element_of(trail[-1]), path_of(trail))
        except MoveRefused as refusal:
            refused = refusal.code
        self.done[refused or "moved"] += 1
        assert not refused or self.case.dump() == stood
        assert move(self.oracle, activity, trail) != bool(refused), f"{element} to {element_of(trail[-1])}: {refused}"
        self.oracle.settle()  # after a refusal as well: the conditions have been decided anew


@pytest.mark.parametrize("chunk", range((MODELS + CHUNK - 1) // CHUNK))
def test_a_case_goes_on_after_random_moves_as_the_token_oracle_says(chunk: int) -> None:
    done: Counter[str] = Counter()
    for number in range(chunk * CHUNK, min((chunk + 1) * CHUNK, MODELS)):
        try:
            Moved(SEED + number, done).walk()
        except Exception as problem:
            problem.add_note(f"model with seed {SEED + number}")
            raise
    assert done["moved"] > CHUNK


DEAL = document(
    simple(
        "p",
        tasks("call", "thank"),
        node(
            "subProcess",
            "deal",
            node("startEvent", "s"),
            node("endEvent", "e"),
            tasks("paper", "credit"),
            node("parallelGateway", "g"),
            node("parallelGateway", "j"),
            flows("s g paper j e", "g credit j"),
        ),
        boundary("late", "deal", timer("PT1H")),
        boundary("asked", "deal", message("asked"), interrupts=False),
        tasks("answer"),
        node("endEvent", "answered"),
        node("eventBasedGateway", "race"),
        node("intermediateCatchEvent", "came", message("came")),
        node("intermediateCatchEvent", "gone", timer("PT2H")),
        node(
            "subProcess",
            "every",
            node("startEvent", "s2"),
            tasks("one"),
            node("endEvent", "e2"),
            "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>=2</bpmn:loopCardinality>"
            "</bpmn:multiInstanceLoopCharacteristics>",
            flows("s2 one e2"),
        ),
        flows("start call deal race came every thank end", "race gone thank", "late thank", "asked answer answered"),
    ),
    messages=["asked", "came"],
)


def deal() -> Walk:
    return walk(DEAL, Answers({"2": 2}))


def moved(case: Walk, token: str, element: str, *path: str) -> Walk:
    case.case.move(next(each.guid for each in case.case.tokens() if each.element == token), element, path)
    case.step()
    return case


class TestMoving:
    def test_into_a_sub_process_opens_it_with_its_boundary_and_counts_the_other_branch_as_done(self) -> None:
        case = moved(deal(), "call", "credit", "deal")

        assert (case.open, case.messages, list(case.due)) == (["credit"], ["asked"], ["late"])
        case.complete("credit")
        assert case.messages == ["came"]

    def test_out_of_a_sub_process_takes_everything_inside_and_on_its_boundary_along(self) -> None:
        case = deal()
        case.complete("call")

        moved(case, "paper", "call")

        assert (case.open, case.messages, case.due) == (["call"], [], {})

    def test_of_a_gateway_that_waits_for_events_withdraws_all_of_them(self) -> None:
        case = moved(deal(), "call", "race")

        moved(case, "race", "thank")

        assert (case.open, case.messages, case.due) == (["thank"], [], {})

    def test_of_one_instance_takes_the_whole_loop_along(self) -> None:
        case = moved(deal(), "call", "every")
        assert case.open == ["one", "one"]
        guid = case.task("one").guid

        case.case.move(guid, "call")
        case.step()

        assert case.open == ["call"]

    def test_is_told_beforehand(self) -> None:
        case = deal()
        case.complete("call")
        stood = case.case.dump()

        plan = case.case.plan_move(case.task("paper").guid, "thank")

        assert {token.element for token in plan.withdrawn} == {"deal", "paper", "credit"}
        assert (plan.opened, plan.done, case.case.dump()) == ((), (), stood)

    @pytest.mark.parametrize(
        ("element", "path", "code"),
        [
            ("start", (), "move_to_start"),
            ("late", (), "move_to_boundary"),
            ("came", (), "move_behind_gateway"),
            ("j", ("deal",), "move_to_join"),
            ("one", ("every",), "move_into_loop"),
            ("answer", (), "move_across_side_branch"),
            ("nothing", (), "move_target_unknown"),
            ("call", ("call",), "move_target_unknown"),
        ],
    )
    def test_refuses_what_would_be_wrong(self, element: str, path: tuple[str, ...], code: str) -> None:
        case = deal()

        with pytest.raises(MoveRefused) as refusal:
            case.case.move(case.task("call").guid, element, path)

        assert (refusal.value.code, case.open) == (code, ["call"])

    def test_refuses_another_branch_that_runs_beside(self) -> None:
        case = deal()
        case.complete("call")

        with pytest.raises(MoveRefused, match="another branch"):
            case.case.move(case.task("paper").guid, "credit", ("deal",))


def test_a_case_is_taken_up_at_an_element() -> None:
    compiled, answers = compile_process(DEAL, "p"), Answers({"2": 2})
    case = CaseWorkflow.resume(compiled, answers, "paper", ("deal",))
    case.run()
    assert [task.element for task in case.open_tasks()] == ["paper"]
    assert case.is_consistent()

    case.cancel()

    assert (case.completed(), case.open_tasks(), case.timer_waits(), case.tokens()) == (True, [], [], [])


def test_the_targets_are_all_that_a_token_can_be_put_on() -> None:
    assert set(targets(compile_process(DEAL, "p"))) == {
        *((element, ()) for element in ("end", "call", "thank", "deal", "answer", "answered", "race", "every")),
        *((element, ("deal",)) for element in ("e", "paper", "credit", "g")),
    }
