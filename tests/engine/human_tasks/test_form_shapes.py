"""Whatever a form file holds, it is read or refused with its place; nothing breaks when somebody submits it."""

from contextlib import suppress
from decimal import Decimal
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.definitions.problems import DefinitionRejected
from engine.human_tasks.forms import Form, read_form

WORDS = st.sampled_from(
    [
        "number",
        "textfield",
        "select",
        "checklist",
        "dynamiclist",
        "filepicker",
        "expression",
        "group",
        "x",
        "",
        "=a + 1",
    ]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=4,
)
PARTS = (
    *("path", "label", "values", "validate", "properties", "conditional", "components", "layout", "appearance"),
    *("decimalDigits", "defaultValue", "expression", "accept", "multiple", "subtype"),
)
NODES = st.fixed_dictionaries({"type": WORDS | VALUES, "key": WORDS | VALUES}, optional=dict.fromkeys(PARTS, VALUES))


def read(*components: Any) -> Form:
    return read_form(orjson.dumps({"id": "a", "components": list(components)}))


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(NODES | VALUES, max_size=3))
def test_any_form_is_read_or_refused(nodes: list[Any]) -> None:
    with suppress(DefinitionRejected):
        read(*nodes)


@pytest.mark.parametrize(
    ("node", "place"),
    [
        ({"type": ["x"], "key": "x"}, "type"),
        ({"type": "number", "key": "x", "properties": [1]}, "properties"),
        ({"type": "number", "key": "x", "validate": ["r"]}, "validate"),
        ({"type": "select", "key": "x", "values": ["q"]}, "values"),
        ({"type": "select", "key": "x", "values": "q"}, "values"),
        ({"type": "group", "key": "x", "components": {"a": 1}}, "components"),
        ({"type": "group", "key": "x", "components": [7]}, "components"),
    ],
)
def test_a_part_of_another_kind_is_refused_with_its_place(node: dict[str, Any], place: str) -> None:
    with pytest.raises(DefinitionRejected) as refused:
        read(node)

    (problem,) = refused.value.problems
    assert (problem.code, problem.details["place"]) == ("form_misshapen", place)


@pytest.mark.parametrize(
    "limits",
    [{"min": "=y"}, {"max": True}, {"min": "NaN"}, {"min": 3, "max": 2}, {"minLength": "three"}, {"maxLength": -1}],
)
def test_a_limit_that_cannot_be_kept_is_refused(limits: dict[str, object]) -> None:
    with pytest.raises(DefinitionRejected) as refused:
        read({"type": "number", "key": "x", "validate": limits})

    assert [problem.code for problem in refused.value.problems] == ["bad_limit"]


def test_limits_are_typed_and_empty_ones_are_none() -> None:
    form = read(
        {"type": "number", "key": "x", "validate": {"min": "1.5", "max": None, "minLength": "3", "maxLength": ""}}
    )

    assert form.fields["x"].validate == {"min": Decimal("1.5"), "minLength": 3}
