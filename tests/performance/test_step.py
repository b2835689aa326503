"""What one guided step costs, in one run with the floor and with the bare library."""

from contextlib import closing
from pathlib import Path

import pytest

from tests.performance.bare_spiff import BareSpiff
from tests.performance.floor import Floor, complete_next, started
from tests.performance.guided import STEPS
from tests.performance.measuring import Report, race
from tests.performance.product import Product
from tests.performance.rivals.contestants import BpmnEngine, Viewflow, install
from tests.performance.statements import listening

pytestmark = pytest.mark.performance


def test_the_measured_model_has_seventeen_steps() -> None:
    workflow = started()

    passed = 0
    while not workflow.is_completed():
        complete_next(workflow)
        passed += 1

    assert passed == STEPS


def test_a_step_beside_the_floor_and_the_bare_library(report: Report, disk: Path) -> None:
    with (
        closing(Floor(disk / "floor.db")) as floor,
        closing(BareSpiff(disk / "bare.db")) as bare,
        closing(Product(disk / "product.db")) as product,
        closing(Product(disk / "cold.db", live_cases=0)) as cold,
    ):
        contestants = {
            "floor": floor.step,
            "bare SpiffWorkflow": bare.step,
            "Marshrut": product.step,
            "Marshrut, state read anew": cold.step,
        }
        results = race(contestants, rounds=7, per_round=2 * STEPS)
        with listening(product.database.bind(write=True)) as said:
            for _ in range(STEPS):
                product.step()

    said_each = {"statements": round(len(said.statements) / STEPS, 1), "statements wanted at most": 15}
    facts = {"Marshrut": {**said_each, "commits": round(said.commits / STEPS, 1)}}
    report.add("guided step", results, against="floor", goals={"Marshrut": 4}, facts=facts)
    assert results["bare SpiffWorkflow"].ratio_to(results["floor"]) > 1  # else one of the two does not do its work


@pytest.mark.long
def test_a_step_beside_the_rivals(report: Report, disk: Path) -> None:
    """Everything a step does here, beside engines with nothing around them."""
    installed = install(disk.parent)
    with (
        closing(Floor(disk / "floor.db")) as floor,
        closing(Product(disk / "product.db")) as product,
        closing(BpmnEngine(disk, installed)) as bpmn_engine,
        closing(Viewflow(disk, installed)) as viewflow,
    ):
        contestants = {
            "floor": floor.step,
            "Marshrut": product.step,
            "bpmn-engine": bpmn_engine.step,
            "django-viewflow": viewflow.step,
        }
        results = race(contestants, rounds=7, per_round=2 * STEPS)

    report.add("guided step, rivals", results, against="floor", goals={"Marshrut": 4})
    for rival in ("bpmn-engine", "django-viewflow"):
        assert results["Marshrut"].ratio_to(results[rival]) < 1
