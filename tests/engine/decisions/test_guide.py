"""The examples of the guide, run: its file decides what its table says, its expressions have their values."""

import re
from pathlib import Path

import pytest

from engine.decisions import Model, parse
from engine.feel import evaluate

GUIDES = Path(__file__).parents[3] / "docs" / "guides"
ENGLISH, RUSSIAN = ((GUIDES / name).read_text("utf-8") for name in ("decisions.md", "decisions.ru.md"))


def rows_of(guide: str, columns: int) -> list[tuple[str, ...]]:
    """The rows of tables in which every cell is code."""
    pattern = r"^\|" + r" `([^`]+)` \|" * columns + "$"
    return [match if isinstance(match, tuple) else (match,) for match in re.findall(pattern, guide, re.MULTILINE)]


@pytest.fixture(scope="module")
def model() -> Model:
    found = re.search(r"```xml\n(.*?)```", ENGLISH, re.DOTALL)
    assert found is not None
    return parse(found[1])


def test_the_file_decides_what_the_table_says(model: Model) -> None:
    rows = rows_of(ENGLISH, 3)
    assert len(rows) == 4
    assert not model.problems
    for days, channel, limit in rows:
        inputs = {"days in stock": evaluate(days), "channel": evaluate(channel)}
        assert model.evaluate("discount limit", inputs) == evaluate(limit), inputs


def test_the_explanation_names_the_rule(model: Model) -> None:
    steps = model.explain("discount limit", {"days in stock": 200, "channel": "site"}).steps

    assert [step.name for step in steps] == ["age of the car", "discount limit"]
    table = steps[1].tables[0]
    assert table.inputs == [("age of the car", "old"), ("channel", "site")]
    assert [rule.id for rule in table.rules] == ["old_anywhere"]


@pytest.mark.parametrize(("expression", "value"), rows_of(ENGLISH, 2))
def test_an_expression_has_its_value(expression: str, value: str) -> None:
    assert evaluate(expression) == evaluate(value)


def test_both_languages_show_the_same() -> None:
    assert [rows_of(RUSSIAN, columns) for columns in (2, 3)] == [rows_of(ENGLISH, columns) for columns in (2, 3)]
