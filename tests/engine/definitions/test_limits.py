"""What is larger than anybody draws is refused before it is read closely, in a sentence that says what to do."""

from pathlib import Path

import pytest

from engine.database import Database
from engine.decisions import parse
from engine.definitions.limits import MAX_BYTES
from engine.definitions.problem_texts import describe
from engine.definitions.problems import DefinitionRejected, Problem
from tests.engine.definitions.hostile_files import HOSTILE
from tests.engine.world import World
from webapp.core.publishing import contents_of

REFUSED = {
    "drawing of 50 MB": "file_too_large",
    "table of 50 MB": "file_too_large",
    "form of 50 MB": "file_too_large",
    "4,000 steps one after another": "xml_too_many_nodes",
    "900 events on one step": "too_many_boundary_events",
    "600 processes": "too_many_processes",
    "2,500 long conditions": "too_many_expressions",
    "20,000 milestones": "milestones_too_many",
    "form of 20,000 fields": "form_too_large",
    "2,000 long conditions in a form": "too_many_expressions",
    "checklist of 30,000 mandatory lines": "mandatory_too_many",
    "pattern of 100,000 brackets": "bad_pattern",
    "table of 10,000 rules": "dmn_too_many_elements",
    "table of 400 rules of 140 ranges": "too_many_expressions",
    "4,000 decisions in a row": "dmn_too_many_drawn",
    "context of 7,000 entries": "dmn_too_many_names",
    "1,200 decisions in a circle": "dmn_circle",
}


def findings(database: Database, path: str, body: bytes) -> tuple[Problem, ...]:
    world = World(database)
    with pytest.raises(DefinitionRejected) as refused, database.write() as session:
        world.engine.deploy(session, {path: body}, actor_id=None, now=world.now)
    return refused.value.problems


@pytest.mark.parametrize("name", REFUSED)
def test_is_refused_with_a_sentence(sqlite_database: Database, name: str) -> None:
    path, body = HOSTILE[name]()

    problems = findings(sqlite_database, path, body)

    (problem,) = [each for each in problems if each.code == REFUSED[name]]
    assert problem.source
    assert describe(problem, "en") != describe(problem, "ru")
    assert problem.code not in (describe(problem, "en"), describe(problem, "ru"))


def test_of_a_large_file_only_the_beginning_is_read(tmp_path: Path) -> None:
    path = tmp_path / "large.bpmn"
    with path.open("wb") as file:
        file.truncate(10**10)  # holds nothing but says that it is of ten gigabytes

    (body,) = contents_of([path]).values()

    assert len(body) == MAX_BYTES + 1


def test_a_file_with_as_many_decisions_as_the_largest_of_the_tck_is_read() -> None:
    """Its 0100-arithmetic.dmn has 1,087."""
    decisions = "".join(
        f'<decision id="d{number}" name="d{number}"><variable name="d{number}"/>'
        f"<literalExpression><text>{number} + 1</text></literalExpression></decision>"
        for number in range(1_100)
    )
    head = '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" namespace="n" name="n">'

    assert parse(f"{head}{decisions}</definitions>").evaluate("d1099") == 1100
