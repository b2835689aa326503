"""What two texts of a table or a form differ in, cell by cell and field by field."""

from dataclasses import fields, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.definitions.comparing import ChangeKind, Part, compare_forms
from engine.definitions.comparing_tables import HIT_POLICY, ORDER, TableDifference, compare_tables
from engine.human_tasks.forms import FormField, read_form
from tests.engine.world import choice, form

TABLE = Path("processes/sales/lead_temperature.dmn").read_text(encoding="utf-8")
DAYS = ("buys_at_once", "buys_within_a_month", "buys_within_a_quarter", "buys_some_day")


def differences(new: str, old: str = TABLE) -> list[TableDifference]:
    return list(compare_tables(old, new))


def rule(name: str) -> str:
    start = TABLE.index(f'<rule id="{name}">')
    return TABLE[start : TABLE.index("</rule>", start) + len("</rule>")]


def test_the_same_says_nothing() -> None:
    assert differences(TABLE) == []
    assert differences(TABLE.replace(">\n", ">\n\n")) == []


def test_a_cell() -> None:
    (found,) = differences(TABLE.replace('<text>"30d"</text>', '<text>"30d", "90d"</text>'))
    assert (found.kind, found.rule, found.element) == (ChangeKind.CHANGED, 2, "buys_within_a_month")
    assert found.parts == (Part("Means to buy", '"30d"', '"30d", "90d"'),)


def test_a_rule_more_and_a_rule_less() -> None:
    less = TABLE.replace(rule("buys_some_day"), "")
    (gone,) = differences(less)
    (come,) = differences(TABLE, less)
    assert (gone.kind, gone.rule, gone.parts[1]) == (ChangeKind.REMOVED, 4, Part("Temperature", '"cold"', ""))
    assert (come.kind, come.rule, come.parts[1]) == (ChangeKind.ADDED, 4, Part("Temperature", "", '"cold"'))


def test_the_hit_policy_and_the_order() -> None:
    (found,) = differences(TABLE.replace('hitPolicy="UNIQUE"', 'hitPolicy="FIRST"'))
    assert found.parts == (Part(HIT_POLICY, "UNIQUE", "FIRST"),)
    first, second = rule(DAYS[0]), rule(DAYS[1])
    (found,) = differences(TABLE.replace(first, "@@").replace(second, first).replace("@@", second))
    assert found.parts == (Part(ORDER, "1, 2, 3, 4", "2, 1, 3, 4"),)


@given(st.permutations(DAYS), st.integers(0, 4))
def test_what_differs_is_told(order: list[str], kept: int) -> None:
    start, end = TABLE.index("<rule "), TABLE.rindex("</rule>") + len("</rule>")
    changed = TABLE[:start] + "".join(rule(name) for name in order[:kept]) + TABLE[end:]
    same = tuple(order[:kept]) == DAYS
    assert (differences(changed) == []) == same


@pytest.mark.parametrize("name", [each.name for each in fields(FormField) if each.name not in {"key", "row"}])
def test_every_part_of_a_field_is_told(name: str) -> None:
    """A part of a field that nobody compares would go past the second person."""
    old = read_form(form("test/visit", choice("outcome", "came")))
    field = old.fields["outcome"]
    other = {
        str: "another",
        bool: not getattr(field, name),
        int: 7,
    }
    value = getattr(field, name)
    samples = {
        "label": replace(field.label, base="Other"),
        "hint": replace(field.hint, base="Other"),
        "suffix": replace(field.suffix, base="Other"),
        "options": field.options * 2,
        "validate": {"min": 3},
        "accept": frozenset({".pdf"}),
        "mandatory": ("a line",),
    }
    expression = (
        read_form(form("test/x", {"type": "textfield", "key": "x", "label": "x", "conditional": {"hide": "=a = 1"}}))
        .fields["x"]
        .hide
    )
    samples |= dict.fromkeys(("hide", "first", "computed"), expression)
    changed = samples.get(name, other.get(type(value), "another"))
    new = replace(old, fields={"outcome": replace(field, **{name: changed})})
    (told,) = compare_forms(old, new)
    assert [part.name.partition(".")[0] for part in told[2]] == [name]
