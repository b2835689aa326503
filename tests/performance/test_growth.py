"""Whether a step costs more where there are many cases, and whether it costs more late in a long case."""

import os
from contextlib import closing
from pathlib import Path

import pytest

from engine.human_tasks.form_values import Reading
from tests.engine.world import CENTRE, NOW, SELLER, end, flows, process, seller, user_task
from tests.performance.crowd import multiply
from tests.performance.guided import STEPS
from tests.performance.measuring import Report, race
from tests.performance.product import FORM, Product

pytestmark = pytest.mark.performance

FEW = 1_000
WALKED = 20  # few enough to be walked, enough to stand everywhere
ROUNDS, PER_ROUND = 5, 5
AGAIN = '<bpmn:exclusiveGateway id="more" default="f3"/>'
LOOP = process(
    '<bpmn:startEvent id="begun"/>',
    user_task("follow_up", "test/name", role="seller", due="PT4H", reminders="-PT30M, PT0S"),
    AGAIN,
    end("done", outcome="won"),
    flows("begun > follow_up", "follow_up > more", "more > done", 'more > follow_up : follow_up.comment = "again"'),
    key="loop",
)


def among(product: Product, cases: int) -> None:
    """Walked cases at every depth, copied until there are so many."""
    for number in range(WALKED):
        product.waiting.clear()
        for _ in range(1 + number % (STEPS - 1)):
            product.step()
    product.waiting.clear()
    with product.database.write() as session:
        multiply(session, cases // WALKED - 1)


@pytest.mark.parametrize("many", [20_000, pytest.param(1_000_000, marks=pytest.mark.long)])
def test_a_step_among_many_cases(report: Report, disk: Path, many: int) -> None:
    many = int(os.environ.get("MEASURED_CROWD", many))
    with closing(Product(disk / "few.db")) as few, closing(Product(disk / "many.db")) as full:
        among(few, FEW)
        among(full, many)
        results = race({"few": few.step, "many": full.step}, rounds=9, per_round=2 * STEPS)

    name = f"among {many:,} cases"
    told = {f"among {FEW:,} cases": results["few"], name: results["many"]}
    report.add("growth", told, against=f"among {FEW:,} cases", goals={name: 1.2})


def test_a_late_step_of_a_long_case(report: Report, disk: Path) -> None:
    number = (ROUNDS + 1) * PER_ROUND
    with closing(Product(disk / "long.db")) as product:
        product.world.deploy(LOOP, FORM)
        early = [walked(product, 4) for _ in range(number)]
        late = [walked(product, 99) for _ in range(number)]
        contestants = {"step 5": lambda: again(product, early.pop()), "step 100": lambda: again(product, late.pop())}
        results = race(contestants, rounds=ROUNDS, per_round=PER_ROUND)

    report.add("growth", results, against="step 5", goals={"step 100": 1.5})


def walked(product: Product, steps: int) -> int:
    """A case of the loop after so many steps; its open task."""
    with product.database.write() as session:
        started = product.world.engine.start(
            session, "loop", business_key="", payload={}, actor_id=SELLER, now=NOW, scope_id=CENTRE, owner_id=SELLER
        )
    (task,) = started.next_tasks
    for _ in range(steps):
        task = again(product, task)
    return task


def again(product: Product, task: int) -> int:
    """One more round; the next task."""
    product.count += 1
    with product.database.write() as session:
        done = product.world.engine.complete(
            session,
            task,
            {"name": "anna", "price": "1 500 000", "comment": "again"},
            actor=seller,
            reading=Reading(now=product.world.now),
            command_key=f"round-{product.count}",
        )
    (following,) = done.next_tasks
    return following
