"""What comes from a form: types, limits, options, hidden and required fields."""

from contextlib import suppress
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.definitions.problems import DefinitionRejected
from engine.human_tasks.form_values import FormInvalid, Reading, first_cells, first_values, read_values
from engine.human_tasks.forms import Form, read_form
from tests.engine.human_tasks import every_kind
from tests.engine.world import NOW, choice, form

READING = Reading(now=NOW, zone=ZoneInfo("Europe/Moscow"), kinds={"phone": lambda text: "+7" + text})


def number(**validate: Any) -> dict[str, Any]:
    return {"type": "number", "key": "x", "label": "X", "decimalDigits": 2, "validate": validate}


def read(component: dict[str, Any], raw: object, **known: object) -> dict[str, object]:
    return read_values(read_form(form("f", component)), {"x": raw}, known, READING)


def error(component: dict[str, Any], raw: object) -> str:
    with pytest.raises(FormInvalid) as refusal:
        read(component, raw)
    return refusal.value.errors["x"]


@pytest.mark.parametrize(
    ("component", "raw", "value"),
    [
        (number(), "1 500 000,50", Decimal("1500000.50")),
        (number(), "1.234,56", Decimal("1234.56")),
        (number(), "1,234.56", Decimal("1234.56")),
        (number(), "1.234.567", Decimal("1234567")),
        (number(), ",5", Decimal("0.5")),
        (number(), "1\u00a0500.5", Decimal("1500.50")),
        ({"type": "datetime", "subtype": "date", "key": "x", "dateLabel": "X"}, "2026-03-08", date(2026, 3, 8)),
        ({"type": "datetime", "subtype": "time", "key": "x"}, "09:30", time(9, 30)),
        (
            {"type": "datetime", "subtype": "datetime", "key": "x"},
            "2026-03-08T12:00",
            datetime(2026, 3, 8, 9, 0, tzinfo=UTC),
        ),
        ({"type": "checkbox", "key": "x", "label": "X"}, "on", True),
        ({"type": "checkbox", "key": "x", "label": "X"}, None, False),
        ({**choice("x", "a", "b"), "type": "checklist"}, ["a", "b"], ["a", "b"]),
        ({**choice("x", "a", "b"), "type": "checklist"}, "a", ["a"]),
        (choice("x", "a", "b"), "b", "b"),
        ({"type": "textfield", "key": "x", "label": "X"}, "  Anna ", "Anna"),
        ({"type": "textfield", "key": "x", "label": "X", "properties": {"kind": "phone"}}, "900", "+7900"),
    ],
)
def test_reads_by_type(component: dict[str, Any], raw: object, value: object) -> None:
    component = {**component, "validate": {}}

    assert read(component, raw) == {"x": value}


@pytest.mark.parametrize(
    ("component", "raw", "code"),
    [
        (number(), "many", "not_a_number"),
        (number(), "1,2.3,4", "not_a_number"),
        (number(), "1,234.567,8", "not_a_number"),
        (number(), "1.005", "too_precise"),
        (number(min=1), "0", "out_of_range"),
        (number(), "NaN", "not_a_number"),
        (number(), "1e400", "out_of_range"),
        (choice("x", "a"), "c", "not_an_option"),
        (choice("x", "a"), "", "required"),
        ({"type": "datetime", "subtype": "date", "key": "x"}, "30.02.2026", "not_a_date"),
        ({"type": "textfield", "key": "x", "validate": {"pattern": "[A-Z]{2}"}}, "abc", "bad_pattern"),
        ({"type": "textfield", "key": "x", "validate": {"maxLength": 3}}, "abcd", "bad_length"),
        ({"type": "textfield", "key": "x", "validate": {"validationType": "email"}}, "anna", "not_an_email"),
        ({"type": "checkbox", "key": "x", "validate": {"required": True}}, None, "required"),
    ],
)
def test_refuses_by_type(component: dict[str, Any], raw: object, code: str) -> None:
    assert error(component, raw) == code


@pytest.mark.parametrize("pattern", ["(a+)+", "(a|a)*", "(a|aa)+", "(.*)*x", "([a-z]+)*[0-9]"])
def test_a_tangled_pattern_is_decided_within_a_budget(pattern: str) -> None:
    """Python's own patterns would not come to an end before everybody here has retired."""
    field = {"type": "textfield", "key": "x", "validate": {"pattern": pattern}}

    assert error(field, "a" * 5_000 + "!") == "bad_pattern"


class TestHiddenFields:
    FORM = form(
        "f",
        choice("pay", "cash", "credit"),
        {
            "type": "number",
            "key": "rate",
            "label": "Rate",
            "validate": {"required": True},
            "conditional": {"hide": '=pay != "credit"'},
        },
    )

    def test_are_required_only_when_shown(self) -> None:
        assert read_values(read_form(self.FORM), {"pay": "cash"}, {}, READING) == {"pay": "cash"}

    def test_are_dropped_when_hidden(self) -> None:
        assert read_values(read_form(self.FORM), {"pay": "cash", "rate": "5"}, {}, READING) == {"pay": "cash"}

    def test_are_asked_when_shown(self) -> None:
        with pytest.raises(FormInvalid) as refusal:
            read_values(read_form(self.FORM), {"pay": "credit"}, {}, READING)

        assert refusal.value.errors == {"rate": "required"}

    def test_a_hidden_group_hides_its_fields(self) -> None:
        group = {
            "type": "group",
            "label": "G",
            "conditional": {"hide": "=deal.quiet = true"},
            "components": [choice("x", "a")],
        }

        assert read_values(read_form(form("f", group)), {}, {"deal": {"quiet": True}}, READING) == {}


def test_names_fields_that_the_form_does_not_have() -> None:
    with pytest.raises(FormInvalid) as refusal:
        read_values(read_form(form("f", "x")), {"x": "a", "owner_id": "1"}, {}, READING)

    assert refusal.value.errors == {"owner_id": "unknown_field"}


@given(
    st.dictionaries(st.sampled_from(["outcome", "n", "d", "t", "c", "l"]), st.one_of(st.text(), st.lists(st.text())))
)
def test_anything_from_outside_is_either_read_or_refused_by_field(raw: dict[str, Any]) -> None:
    kinds = [
        choice("outcome", "a", "b"),
        {"type": "number", "key": "n"},
        {"type": "datetime", "subtype": "datetime", "key": "d"},
        {"type": "textfield", "key": "t", "validate": {"pattern": "a*"}},
        {"type": "checkbox", "key": "c"},
        {**choice("l", "x", "y"), "type": "taglist"},
    ]

    asked = read_form(form("f", *kinds))

    with suppress(FormInvalid):
        values = read_values(asked, raw, {}, READING)
        assert values["outcome"] in {"a", "b"}
        return
    with pytest.raises(FormInvalid) as refusal:
        read_values(asked, raw, {}, READING)
    assert set(refusal.value.errors) <= asked.fields.keys()


class TestFirstValues:
    def test_come_from_what_is_known(self) -> None:
        known = {"begun": {"source": "radio", "days": [1, 2]}, "record": {"name": "Ada"}}

        assert first_values(prefilled(a="=record.name", b="=begun.source"), known, now=NOW) == {
            "a": "Ada",
            "b": "radio",
        }

    @pytest.mark.parametrize("expression", ["=begun.unknown", "=nobody.name", '=""', "=1 / 0", "=null"])
    def test_what_finds_nothing_or_fails_leaves_the_field_alone(self, expression: str) -> None:
        assert first_values(prefilled(a=expression), {"begun": {}}, now=NOW) == {}

    def test_an_expression_that_cannot_be_read_is_refused_when_published(self) -> None:
        with pytest.raises(DefinitionRejected) as refusal:
            prefilled(a="=record.(")

        assert [(problem.code, problem.element) for problem in refusal.value.problems] == [("bad_feel", "a")]


def prefilled(**expressions: str) -> Form:
    fields = [
        {"type": "textfield", "key": key, "label": key, "properties": {"value": text}}
        for key, text in expressions.items()
    ]
    return read_form(form("f", *fields))


@pytest.mark.parametrize("raw", ["0001-01-01T00:00", "9999-12-31T23:59", "1899-12-31T23:59"])
def test_a_day_that_not_every_time_zone_knows_is_no_date(raw: str) -> None:
    assert error({"type": "datetime", "subtype": "datetime", "key": "x"}, raw) == "not_a_date"


class TestFirstCells:
    FORM = form(
        "f", every_kind.lines(every_kind.text("title"), every_kind.number("rate", properties={"value": "=record.rate"}))
    )

    def test_come_into_a_new_row_from_what_is_known(self) -> None:
        assert first_cells(read_form(self.FORM), {"record": {"rate": 25}}, now=NOW) == {"lines": {"rate": 25}}

    def test_a_row_in_which_nothing_else_was_typed_is_left_out(self) -> None:
        typed = {"lines.0.title": "", "lines.0.rate": "25", "lines.1.title": "Oil", "lines.1.rate": "25"}

        assert read_values(read_form(self.FORM), typed, {}, READING) == {
            "lines": [{"title": "Oil", "rate": Decimal(25)}]
        }
