"""The shared vectors: expression, context, expected value. The browser's FEEL runs the same file."""

import json
from pathlib import Path
from typing import Any

import pytest

from engine.feel import FeelSyntaxError, compile_expression, compile_unary_tests
from tests.engine.feel.typed_json import NOW, alike, read

VECTORS: list[dict[str, Any]] = json.loads((Path(__file__).parent / "vectors.json").read_text("utf-8"))["vectors"]


def name_of(vector: dict[str, Any]) -> str:
    return f"{vector['group']}: {vector.get('expression', vector.get('tests'))}"


def answer(vector: dict[str, Any]) -> object:
    context = {name: read(value) for name, value in vector.get("context", {}).items()}
    if "tests" in vector:
        return compile_unary_tests(vector["tests"]).matches(read(vector["value"]), context, now=NOW)
    return compile_expression(vector["expression"]).evaluate(context, now=NOW)


@pytest.mark.parametrize("vector", [vector for vector in VECTORS if "expected" in vector], ids=name_of)
def test_it_has_the_value_of_the_standard(vector: dict[str, Any]) -> None:
    found = answer(vector)

    assert alike(read(vector["expected"]), found), found


@pytest.mark.parametrize("vector", [vector for vector in VECTORS if "syntax error at" in vector], ids=name_of)
def test_it_is_refused_at_the_right_place(vector: dict[str, Any]) -> None:
    with pytest.raises(FeelSyntaxError) as refusal:
        compile_expression(vector["expression"])

    assert refusal.value.position == vector["syntax error at"]


def test_no_vector_stands_twice() -> None:
    questions = [
        json.dumps([vector.get(key) for key in ("expression", "tests", "value", "context")]) for vector in VECTORS
    ]

    assert len(set(questions)) == len(VECTORS)


def test_the_notation_tells_kinds_apart() -> None:
    assert not alike(read({"number": "1"}), True)
    assert not alike(
        read({"date and time": "2026-03-02T12:00:00Z"}), read({"date and time": "2026-03-02T15:00:00+03:00"})
    )
    assert alike(read([{"number": "1.0"}, None]), read([{"number": "1"}, None]))
