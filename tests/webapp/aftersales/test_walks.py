"""Every element of the shipped drawings of a service visit is passed by a walk with a moved clock."""

from pathlib import Path

import pytest

from engine.instances.step import Step
from engine.spiff.workflow import Passed
from tests.processes.drawings import ACTIVITIES, FLOW_NODES, ROOT, Drawing
from tests.webapp.aftersales.service import follow, open_service, prepare_service
from tests.webapp.aftersales.walks import BY_ONE_STANDARD, WALKS
from webapp.aftersales.reference import DEFAULT_STANDARD, STANDARDS

PATHS = {path.stem: str(path.relative_to(ROOT)) for path in sorted((ROOT / "processes/aftersales").glob("*.bpmn"))}


@pytest.fixture(scope="module")
def template(dealer_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return prepare_service(dealer_template, tmp_path_factory.mktemp("service"))


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> dict[str, set[str]]:
    """The elements that are passed, by the process that holds them."""
    found: dict[str, set[str]] = {}
    note = Step._note

    def note_and_remember(step: Step, passed: Passed) -> None:
        model, _ = step.case.definition.place(passed.path)
        found.setdefault(model.key, set()).add(passed.element)
        note(step, passed)

    monkeypatch.setattr(Step, "_note", note_and_remember)  # listens, and lets the engine's own work go on
    return found


@pytest.mark.parametrize("standard", STANDARDS)
def test_all_walks_by_a_standard_pass_every_element(
    template: Path, tmp_path_factory: pytest.TempPathFactory, seen: dict[str, set[str]], standard: str
) -> None:
    """The walks of one standard belong into one test: each alone passes only a part."""
    whole = standard == DEFAULT_STANDARD
    for name, walk in WALKS.items():
        if whole or name not in BY_ONE_STANDARD:
            with open_service(template, tmp_path_factory.mktemp(name[:20])) as dealer:
                follow(dealer, standard)
                walk(dealer)

    for process in [*sorted(PATHS.keys() - STANDARDS.keys() if whole else ()), standard]:
        elements = {element.get("id") for element in Drawing(PATHS[process]).elements(*FLOW_NODES, *ACTIVITIES)}
        passed = seen.get(process, set())
        print(f"elements of {process}: {len(elements & passed)} of {len(elements)} passed")  # noqa: T201  # wanted
        assert sorted(elements - passed) == [], process
