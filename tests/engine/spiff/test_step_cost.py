"""What a step costs: the same in round 1,000 as in round 5."""

from collections.abc import Callable
from statistics import median
from time import perf_counter

import pytest

from engine.spiff import CaseWorkflow, CompiledProcess, compile_process
from tests.engine.spiff.drawings import Answers, boundary, document, flows, node, simple, tasks, timer
from tests.engine.spiff.test_codec import follow_up

pytestmark = pytest.mark.performance
ROUND = ("note", "call", "rate", "rate")


def one_step(compiled: CompiledProcess, state: bytes, answers: Answers, element: str | None = None) -> bytes:
    """Load, complete an open task, run, store."""
    case = CaseWorkflow.load(compiled, state, answers)
    open_tasks = case.open_tasks()
    case.complete(next(task.guid for task in open_tasks if element in (None, task.element)))
    case.run()
    return case.dump()


def timed(action: Callable[[], bytes]) -> tuple[float, bytes]:
    begun = perf_counter()
    state = action()
    return perf_counter() - begun, state


def test_round_1000_costs_what_round_5_costs() -> None:
    compiled = follow_up().compiled
    answers = Answers({"2": 2})
    case = CaseWorkflow.start(compiled, answers)
    case.run()
    state = case.dump()
    kept = {}
    for number in range(1, 1001):
        for element in ROUND:
            state = one_step(compiled, state, answers, element)
        if number in (5, 1000):
            kept[number] = state

    # Alternating, so that whatever else the machine does meets both alike.
    costs: dict[int, list[float]] = {5: [], 1000: []}
    for _ in range(50):
        for number, state in kept.items():
            for element in ROUND:
                cost, state = timed(lambda state=state, element=element: one_step(compiled, state, answers, element))
                costs[number].append(cost)

    assert len(kept[5]) == len(kept[1000])
    assert median(costs[1000]) / median(costs[5]) <= 1.5


def test_a_step_of_a_long_process_is_cheap() -> None:
    """18 tasks with two boundary timers each: a small state, and far from anything a person would notice."""
    names = [f"t{number}" for number in range(18)]
    body = [tasks(*names)]
    for name in names:
        body.append(boundary(f"late_{name}", name, timer("PT1H"), interrupts=False))
        body.append(boundary(f"gone_{name}", name, timer("P30D")))
        body.append(node("endEvent", f"end_{name}"))
        body.append(flows(f"late_{name} end_{name}", f"gone_{name} end"))
    compiled = compile_process(document(simple("p", *body, flows(" ".join(["start", *names, "end"])))), "p")
    answers = Answers()
    costs, sizes = [], []
    for _ in range(20):
        case = CaseWorkflow.start(compiled, answers)
        case.run()
        state = case.dump()
        for _ in names:
            cost, state = timed(lambda state=state: one_step(compiled, state, answers))
            costs.append(cost)
            sizes.append(len(state))

    assert max(sizes) < 500
    assert median(costs) < 0.005
