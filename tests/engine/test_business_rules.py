"""Decisions that drawings ask: published with their files, answered by the live version, explained in the log."""

import re
from pathlib import Path

import pytest

from engine import case_data
from engine.database import Database
from engine.definitions.problem_texts import describe
from engine.definitions.problems import DefinitionRejected
from engine.history.models import HistoryEvent
from engine.incidents import Incident
from engine.instances.models import CaseData
from engine.operations import Context, OperationSet
from tests.engine.world import World, form, rows

HERE = Path(__file__).parent / "elements"
DRAWING = (HERE / "business_rule_task.bpmn").read_text(encoding="utf-8")
TABLE = (HERE / "how_warm.dmn").read_text(encoding="utf-8")
NAME_FORM = form("test/name", "name")
COOLER = TABLE.replace('"hot"', '"lukewarm"')
ANOTHER_FILE = TABLE.replace('id="warmth"', 'id="copied"').replace("com/warmth", "com/copied")

# the drawing in which the person's step asks the table by its operation, and no task of the drawing does
RULE_TASK = re.compile(r"<bpmn:businessRuleTask.*?</bpmn:businessRuleTask>", re.DOTALL)
ON_COMPLETE = '<zeebe:property name="onComplete" value="asking.judge"/>'
ASKED_BY_OPERATION = (
    RULE_TASK.sub('<bpmn:intermediateThrowEvent id="warmth"/>', DRAWING)
    .replace('<zeebe:property name="prompt"', f'{ON_COMPLETE}<zeebe:property name="prompt"', 1)
    .replace("lead.result", "ask.warm")
)

JUDGING = OperationSet("asking")


@JUDGING.asking(how_warm=("what he said",))
def judge(context: Context, *, name: str) -> dict[str, object]:
    """Ask how warm a lead is."""
    given = {"what he said": name} if name != "silently" else {}
    return {"warm": context.decide("how_warm", given)}


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
        (('decisionId="how_warm" ', ""), "decision_not_chosen"),
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


class TestOperations:
    """What an operation asks in the middle of its work."""

    @pytest.fixture
    def world(self, database: Database) -> World:
        world = World(database)
        kernel = world.kernel
        kernel.operations = {**kernel.operations, **JUDGING.operations}
        kernel.asks = {"how_warm": frozenset({"what he said", "age"})}
        return world

    def test_is_explained_in_the_log_of_the_step(self, world: World) -> None:
        world.deploy(ASKED_BY_OPERATION, TABLE, NAME_FORM)
        world.start()
        world.complete("ask", name="now")

        told = explanation(world)
        assert (told["decision"], told["value"], told["version"]) == ("how_warm", "hot", 1)
        assert world.events("decision_made")[-1].element == "ask"

    def test_a_changed_table_counts_at_once(self, world: World) -> None:
        world.deploy(ASKED_BY_OPERATION, TABLE, NAME_FORM)
        world.start()
        world.deploy(COOLER)
        world.complete("ask", name="now")

        assert explanation(world)["value"] == "lukewarm"

    def test_what_is_not_declared_is_not_asked(self, world: World) -> None:
        world.deploy(ASKED_BY_OPERATION, TABLE, NAME_FORM)
        world.start()

        world.complete("ask", name="silently")

        with world.database.read() as session:
            assert "does not declare that it asks how_warm" in rows(session, Incident)[0].error
        assert world.events("decision_made") == []

    def test_must_find_its_table(self, world: World) -> None:
        assert "unknown_decision" in refused(world, ASKED_BY_OPERATION, NAME_FORM)

    @pytest.mark.parametrize(
        ("old", "new", "code"),
        [
            ("what he said", "what she said", "decision_input_not_given"),
            ("how_warm", "how_cold", "unknown_decision"),
        ],
    )
    def test_must_give_what_the_table_needs(self, world: World, old: str, new: str, code: str) -> None:
        assert code in refused(world, ASKED_BY_OPERATION, TABLE.replace(old, new), NAME_FORM)

    @pytest.mark.parametrize(("old", "new"), [("what he said", "what she said"), ("how_warm", "how_cold")])
    def test_a_published_one_keeps_its_table(self, world: World, old: str, new: str) -> None:
        world.deploy(ASKED_BY_OPERATION, TABLE, NAME_FORM)

        assert set(refused(world, TABLE.replace(old, new))) == {"decision_still_used", "decision_still_on_pages"}
