"""Every element of the shipped drawings of a service visit is passed by a walk with a moved clock."""

from itertools import product
from pathlib import Path

import pytest

from engine.instances.step import Step
from engine.spiff.workflow import Passed
from tests.processes.drawings import ACTIVITIES, FLOW_NODES, ROOT, Drawing
from tests.webapp.aftersales.service import follow, open_service, prepare_service
from tests.webapp.aftersales.walks import BY_ONE_STANDARD, WALKS
from webapp.aftersales.reference import DEFAULT_STANDARD, STANDARDS

PATHS = {path.stem: str(path.relative_to(ROOT)) for path in sorted((ROOT / "processes/aftersales").glob("*.bpmn"))}
WALKED = [
    (standard, name)
    for standard, name in product(STANDARDS, WALKS)
    if standard == DEFAULT_STANDARD or name not in BY_ONE_STANDARD
]
Results = dict[tuple[str, str], Exception | None]


@pytest.fixture(scope="module")
def walked(dealer_template: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Results, dict[str, set[str]]]:
    """Every walk by every standard on a dealer of its own: what went wrong, and the elements that were passed."""
    seen: dict[str, set[str]] = {}
    results: Results = {}
    note = Step._note

    def note_and_remember(step: Step, passed: Passed) -> None:
        model, _ = step.case.definition.place(passed.path)
        seen.setdefault(model.key, set()).add(passed.element)
        note(step, passed)

    template = prepare_service(dealer_template, tmp_path_factory.mktemp("service"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Step, "_note", note_and_remember)  # listens, and lets the engine's own work go on
        for standard, name in WALKED:
            with open_service(template, tmp_path_factory.mktemp("walk")) as dealer:
                follow(dealer, standard)
                try:
                    WALKS[name](dealer)
                    results[standard, name] = None
                except Exception as error:
                    results[standard, name] = error
    return results, seen


@pytest.mark.parametrize(("standard", "name"), WALKED)
def test_walk(walked: tuple[Results, dict[str, set[str]]], standard: str, name: str) -> None:
    results, _ = walked
    if (error := results[standard, name]) is not None:
        raise error


@pytest.mark.parametrize("process", PATHS)
def test_every_element_is_passed_by_some_walk(walked: tuple[Results, dict[str, set[str]]], process: str) -> None:
    _, seen = walked
    elements = {element.get("id") for element in Drawing(PATHS[process]).elements(*FLOW_NODES, *ACTIVITIES)}
    passed = seen.get(process, set())

    print(f"elements of {process}: {len(elements & passed)} of {len(elements)} passed")  # noqa: T201  # the figure is wanted
    assert sorted(elements - passed) == []
