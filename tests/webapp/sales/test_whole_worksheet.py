"""Every element of the shipped worksheet is passed by a walk through the service layer with a moved clock."""

import shutil
from pathlib import Path

import pytest

from engine.instances.step import Step
from engine.spiff.workflow import Passed
from tests.dealer import open_dealer
from tests.processes.drawings import ACTIVITIES, FLOW_NODES, Drawing
from tests.webapp.sales.walks import WALKS

SHEET = Drawing("processes/sales/sales_worksheet.bpmn")
Results = dict[str, Exception | None]


@pytest.fixture(scope="module")
def walked(dealer_template: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Results, set[str]]:
    """Every walk on a dealer of its own: what went wrong in it, and the elements that all of them have passed."""
    seen: set[str] = set()
    results: Results = {}
    note = Step._note

    def note_and_remember(step: Step, passed: Passed) -> None:
        model, _ = step.case.definition.place(passed.path)
        if model.key == "sales_worksheet":  # and none of the processes that it calls
            seen.add(passed.element)
        note(step, passed)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Step, "_note", note_and_remember)  # listens, and lets the engine's own work go on
        for name, walk in WALKS.items():
            folder = tmp_path_factory.mktemp("walk")
            shutil.copyfile(dealer_template, folder / "dealer.sqlite")
            dealer = open_dealer(f"sqlite:///{folder}/dealer.sqlite", folder)
            try:
                walk(dealer)
                results[name] = None
            except Exception as error:
                results[name] = error
            finally:
                dealer.database.close()
    return results, seen


@pytest.mark.parametrize("name", WALKS)
def test_walk(walked: tuple[Results, set[str]], name: str) -> None:
    results, _ = walked
    if (error := results[name]) is not None:
        raise error


def test_every_element_is_passed_by_some_walk(walked: tuple[Results, set[str]]) -> None:
    _, seen = walked
    elements = {element.get("id") for element in SHEET.elements(*FLOW_NODES, *ACTIVITIES)}

    print(f"elements of the worksheet: {len(elements & seen)} of {len(elements)} passed")  # noqa: T201  # the figure is wanted
    assert sorted(elements - seen) == []
