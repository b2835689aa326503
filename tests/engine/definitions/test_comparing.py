"""Which ways of a drawing are told as new or gone, and which only lead through a step put between two others."""

from itertools import pairwise

import pytest

from engine.definitions.comparing import compare_processes
from engine.definitions.model import Element, Flow, ProcessModel, Texts

ASKED = "which"


def drawing(*ways: str, otherwise: str = "") -> ProcessModel:
    """From `"id: a > b"` or `"id: a > b : condition"`; `otherwise`: the default way out of the choice."""
    flows: dict[str, Flow] = {}
    for way in ways:
        name, route, *condition = way.split(": ")
        source, target = route.strip().split(" > ")
        flows[name] = Flow(name, source, target, condition[0] if condition else None, Texts(), None, "p")
    ids = dict.fromkeys(end for flow in flows.values() for end in (flow.source, flow.target))
    elements = {
        each: Element(
            each, "userTask", None, "p", Texts(), Texts(), {}, default_flow=otherwise or None if each == ASKED else None
        )
        for each in ids
    }
    return ProcessModel("p", Texts(), {}, elements, flows, {}, {})


def line(*steps: str, first: str = "f") -> list[str]:
    return [f"{first if not n else f'{first}{n}'}: {a} > {b}" for n, (a, b) in enumerate(pairwise(steps))]


def told(old: ProcessModel, new: ProcessModel) -> set[tuple[str, str]]:
    return {(str(each.kind), each.element.id) for each in compare_processes(old, new)}


LIVE = drawing(*line("begun", "call", "done"))


def test_a_choice_with_its_ways_is_told_way_by_way() -> None:
    new = drawing("f: begun > which", "g: which > call", "h: which > done : call.budget > 2000000", "f1: call > done")
    assert told(LIVE, new) == {("added", "which"), ("changed", "f"), ("added", "g"), ("added", "h")}
    assert told(new, LIVE) == {("removed", "which"), ("changed", "f"), ("removed", "g"), ("removed", "h")}


@pytest.mark.parametrize("between", [["x"], ["x", "y"]])
def test_a_way_through_steps_between_two_others_is_folded(between: list[str]) -> None:
    more = [f"m{n}: {a} > {b}" for n, (a, b) in enumerate(pairwise([*between, "call"]))]
    new = drawing(f"f: begun > {between[0]}", *more, "f1: call > done")
    assert told(LIVE, new) == {*(("added", step) for step in between), ("changed", "f")}
    assert told(new, LIVE) == {*(("removed", step) for step in between), ("changed", "f")}


@pytest.mark.parametrize(
    ("ways", "otherwise", "new"),
    [
        (["f: begun > x", "m: x > call : begun.big", "f1: call > done"], "", "m"),  # a condition of its own
        (["f: begun > which", "m: which > call", "f1: call > done"], "m", "m"),  # the way otherwise
        (["f: begun > x", "m: x > done", "f1: call > done"], "", "m"),  # leads on elsewhere
        (["f: begun > call", "m: begun > x", "n: x > call", "f1: call > done"], "", "m"),  # a second way beside
        (["f: begun > x", "m: x > y", "n: y > x", "f1: call > done"], "", "m"),  # a circle
    ],
)
def test_what_is_more_than_that_is_told(ways: list[str], otherwise: str, new: str) -> None:
    assert ("added", new) in told(LIVE, drawing(*ways, otherwise=otherwise))
