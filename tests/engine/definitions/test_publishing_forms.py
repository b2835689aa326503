"""What publishing refuses in forms with rows, files and computed values, and where."""

from typing import Any

import pytest

from engine.definitions.problem_texts import describe
from engine.definitions.problems import DefinitionRejected, Problem
from engine.human_tasks.forms import read_form
from tests.engine.human_tasks.every_kind import computed, files, lines, number, offer, text
from tests.engine.world import choice, form


def refused(*components: dict[str, Any]) -> list[Problem]:
    with pytest.raises(DefinitionRejected) as refusal:
        read_form(form("f", *components))
    return list(refusal.value.problems)


def checklist(mandatory: str, **properties: str) -> dict[str, Any]:
    return {
        **choice("told", "phone", "offer"),
        "type": "checklist",
        "properties": {"mandatory": mandatory, **properties},
    }


@pytest.mark.parametrize(
    ("code", "element", "component"),
    [
        ("bad_field_key", None, lines(text("a"), key="my lines")),
        ("list_without_fields", "lines", lines()),
        ("list_without_fields", "lines", lines(computed("c", "1"))),
        ("list_in_list", "inner", lines(text("a"), lines(text("b"), key="inner"))),
        ("personal_in_row", "a", lines(text("a", properties={"personal": "true"}))),
        ("bad_feel", "a", lines(text("a", properties={"value": "=1 +"}))),
        ("duplicate_field", "a", lines(text("a"), text("a"))),
        ("unknown_component", None, lines(text("a"), {"type": "html"})),
        ("bad_feel", "a", lines({**text("a"), "conditional": {"hide": "=1 +"}})),
        ("passed_dates_without_day", "x", {**number("x"), "disallowPassedDates": True}),
        ("bad_count", "lines", lines(text("a"), max="many")),
        ("bad_count", "lines", lines(text("a"), min="-1")),
        ("bad_count_range", "lines", lines(text("a"), min="3", max="2")),
        ("bad_count_range", "lines", lines(text("a"), max="101")),
        ("bad_count_range", "x", files("x", max="51")),
        ("bad_count_range", "x", files("x", multiple=False, min="2")),
        ("unknown_field_kind", "x", files("x", "film")),
        ("bad_accept", "x", files("x", accept="image/*")),
        ("unknown_field_kind", "x", computed("x", "1", kind="date")),
        ("computed_without_expression", "x", computed("x", " ")),
        ("bad_feel", "x", computed("x", "1 +")),
        ("unknown_function", "x", computed("x", "payment(1)")),
        ("unknown_function", "x", {**text("x"), "conditional": {"hide": "=open(1)"}}),
        ("bad_decimals", "x", computed("x", "1", decimals="12")),
        ("bad_decimals", "x", number("x", decimalDigits=-1)),
        ("computed_circle", "x", computed("x", "x + 1")),
        ("unknown_mandatory_line", "told", checklist("phone, gift")),
        ("mandatory_without_lines", "x", text("x", properties={"mandatory": "all"})),
        ("mandatory_personal", "told", checklist("all", personal="true")),
        ("mandatory_in_row", "told", lines(text("a"), checklist("all"))),
        (
            "duplicate_field",
            "told_left_out",
            {"type": "group", "components": [checklist("all"), text("told_left_out")]},
        ),
    ],
)
def test_a_bad_field_is_refused_at_its_place(code: str, element: str | None, component: dict[str, Any]) -> None:
    problems = refused(text("first"), component)

    assert (code, element) in {(problem.code, problem.element) for problem in problems}
    for problem in problems:
        english, russian = describe(problem, "en"), describe(problem, "ru")
        assert "?" not in english + russian
        assert english != russian


def test_a_circle_through_rows_is_named() -> None:
    (problem,) = refused(lines(number("n"), computed("part", "n / total")), computed("total", "sum(lines.part)"))

    assert problem.code == "computed_circle"
    assert "lines.part" in describe(problem, "en")
    assert "total" in describe(problem, "en")


def test_every_problem_of_a_row_is_said_at_once() -> None:
    problems = refused(lines(text("a", properties={"personal": "true"}), files("x", "film"), max="0"))

    assert {problem.code for problem in problems} == {"personal_in_row", "unknown_field_kind", "bad_count_range"}


def test_a_good_form_is_read_whole() -> None:
    asked = offer()

    assert list(asked.fields) == ["pay", "lines", "ranks", "photos", "signature", "total", "reason"]
    row = asked.fields["lines"].row
    assert row is not None
    assert list(row.fields) == ["title", "price", "qty", "why", "from", "sum"]
    assert (asked.fields["signature"].most, asked.fields["photos"].most, asked.fields["ranks"].ranked) == (1, 50, True)
