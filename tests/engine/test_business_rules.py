"""Decisions that drawings ask: published with their files, answered by the live version, explained in the log."""

from pathlib import Path

import pytest

from engine import case_data
from engine.database import Database
from engine.definitions.problem_texts import describe
from engine.definitions.problems import DefinitionRejected
from engine.history.models import HistoryEvent
from engine.instances.models import CaseData
from tests.engine.world import World, form, rows

HERE = Path(__file__).parent / "elements"
DRAWING = (HERE / "business_rule_task.bpmn").read_text(encoding="utf-8")
TABLE = (HERE / "how_warm.dmn").read_text(encoding="utf-8")
NAME_FORM = form("test/name", "name")
COOLER = TABLE.replace('"hot"', '"lukewarm"')
ANOTHER_FILE = TABLE.replace('id="warmth"', 'id="copied"').replace("com/warmth", "com/copied")


@pytest.fixture
def world(database: Database) -> World:
    world = World(database)
    world.deploy(DRAWING, TABLE, NAME_FORM)
    return world


def explanation(world: World) -> dict[str, object]:
    event: HistoryEvent = world.events("decision_made")[-1]
    payload: dict[str, object] = case_data.load(event.payload)
    return payload


def refused(world: World, *texts: str) -> list[str]:
    with pytest.raises(DefinitionRejected) as refusal:
        world.deploy(*texts)
    for problem in refusal.value.problems:
        assert describe(problem, "en") != describe(problem, "ru")
    return [problem.code for problem in refusal.value.problems]


def test_the_answer_leads_the_case_and_the_log_says_why(world: World) -> None:
    world.start()
    world.complete("ask", name="now")

    assert world.open_elements() == ["call"]
    told = explanation(world)
    assert (told["decision"], told["file"], told["version"], told["value"]) == ("how_warm", "warmth", 1, "hot")
    (step,) = told["steps"]  # type: ignore[misc]
    (table,) = step["tables"]
    assert table["inputs"] == [{"expression": "what he said", "value": "now"}]
    assert [rule["id"] for rule in table["rules"]] == ["wants_now"]
    with world.database.read() as session:
        assert case_data.load(rows(session, CaseData)[0].document)["lead"] == {"result": "hot"}


def test_a_changed_table_is_asked_at_once_also_by_running_cases(world: World) -> None:
    world.start()
    world.deploy(COOLER)

    world.complete("ask", name="now")

    assert world.open_elements() == ["other"]
    assert explanation(world)["version"] == 2


def test_another_process_hears_of_a_changed_table(world: World) -> None:
    world.start()
    colleague = World(world.database)
    colleague.deploy(COOLER)

    world.complete("ask", name="now")

    assert world.open_elements() == ["other"]


def test_an_unchanged_table_is_left_alone(world: World) -> None:
    assert world.deploy(TABLE).published == ()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (('decisionId="how_warm"', 'decisionId="how_cold"'), "unknown_decision"),
        (('target="what he said"', 'target="what she said"'), "decision_input_missing"),
        (("</zeebe:ioMapping>", '<zeebe:input source="1" target="age"/></zeebe:ioMapping>'), "decision_input_unknown"),
        (('source="=ask.name"', 'source="=ask."'), "bad_feel"),
    ],
)
def test_a_drawing_that_asks_wrongly_is_refused(world: World, change: tuple[str, str], code: str) -> None:
    assert code in refused(world, DRAWING.replace(*change))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (TABLE.replace('id="warmth" ', ""), "decision_without_id"),
        (TABLE.replace("<text>-</text>", "<text>1 +</text>"), "dmn_bad_feel"),
        (ANOTHER_FILE, "decision_elsewhere"),
        (TABLE.replace("how_warm", "how_cold"), "decision_still_used"),
        (TABLE.replace("what he said", "what she said"), "decision_still_used"),
        (TABLE[:-20], "xml_malformed"),
    ],
)
def test_a_file_that_cannot_be_asked_is_refused(world: World, text: str, code: str) -> None:
    assert code in refused(world, text)


def test_a_drawing_and_its_decision_may_change_together(world: World) -> None:
    texts = [text.replace("what he said", "what she said") for text in (DRAWING, TABLE)]

    assert len(world.deploy(*texts).published) == 2
