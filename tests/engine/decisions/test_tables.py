"""Decision tables: every hit policy, defaults, allowed values, several outputs, and why it was decided so."""

from decimal import Decimal
from typing import cast

import pytest

from engine import case_data
from engine.decisions import as_data, parse
from engine.definitions.decision_texts import DECISION_TEXTS
from tests.engine.decisions.drawings import decision, dmn, given, needs, table

Rules = list[tuple[list[str], list[str]]]

OVERLAPPING: Rules = [
    (["< 10"], ["3"]),
    (["< 20"], ["1"]),
    (["< 30"], ["2"]),
]


def decided(
    policy: str, value: object, *, rules: Rules = OVERLAPPING, output: tuple[str, str, str] = ("", "", ""), **more: str
) -> object:
    drawn = table(policy, ["days"], [output], rules, **more)
    model = parse(dmn(given("days"), decision("Discount", needs(("days",)), drawn)))
    assert not model.problems
    return model.evaluate("Discount", {"days": value})


@pytest.mark.parametrize(
    ("policy", "days", "expected"),
    [
        ("UNIQUE", 25, Decimal(2)),
        ("UNIQUE", 5, None),
        ("UNIQUE", 40, None),
        ("FIRST", 5, Decimal(3)),
        ("ANY", 25, Decimal(2)),
        ("ANY", 5, None),
        ("RULE ORDER", 5, [3, 1, 2]),
        ("COLLECT", 15, [1, 2]),
        ("COLLECT", 40, None),
    ],
)
def test_hit_policies_choose_among_the_rules_that_fire(policy: str, days: int, expected: object) -> None:
    assert decided(policy, days) == expected


@pytest.mark.parametrize(
    ("aggregation", "days", "expected"),
    [("SUM", 5, 6), ("MIN", 5, 1), ("MAX", 5, 3), ("COUNT", 5, 3), ("COUNT", 40, 0), ("SUM", 40, None)],
)
def test_collected_outputs_are_aggregated(aggregation: str, days: int, expected: object) -> None:
    assert decided("COLLECT", days, aggregation=aggregation) == expected


def test_priority_goes_by_the_order_of_the_output_values() -> None:
    values = ("", "2, 3, 1", "")

    assert decided("PRIORITY", 5, output=values) == 2
    assert decided("OUTPUT ORDER", 5, output=values) == [2, 3, 1]


def test_priority_of_several_outputs_looks_at_the_first_output_first() -> None:
    drawn = table(
        "PRIORITY",
        ["days"],
        [("colour", '"red", "green"', ""), ("rank", "1, 2", "")],
        [(["-"], ['"green"', "1"]), (["-"], ['"red"', "2"]), (["-"], ['"red"', "1"])],
    )
    model = parse(dmn(given("days"), decision("Discount", needs(("days",)), drawn)))

    assert model.evaluate("Discount", {"days": 1}) == {"colour": "red", "rank": Decimal(1)}


def test_without_a_match_the_default_is_the_result() -> None:
    assert decided("UNIQUE", 40, output=("", "", "0")) == 0
    assert decided("UNIQUE", 25, output=("", "", "0")) == 2


def test_a_value_that_is_not_allowed_gives_null_even_with_a_default() -> None:
    drawn = table("UNIQUE", [("days", "[0..365]")], [("", "", "0")], [(["< 10"], ["5"])])
    model = parse(dmn(given("days"), decision("Discount", needs(("days",)), drawn)))

    assert [model.evaluate("Discount", {"days": days}) for days in (5, 20, 400)] == [5, 0, None]


def test_cells_read_other_inputs_and_the_value_itself() -> None:
    rules: Rules = [(["? > limit and ? < 2 * limit"], ['"above"']), (["<= limit"], ['"within"'])]
    drawn = table("UNIQUE", ["price"], [""], rules)
    model = parse(dmn(given("price"), given("limit"), decision("Check", needs(("price", "limit")), drawn)))

    assert [model.evaluate("Check", {"price": price, "limit": 10}) for price in (5, 15, 25)] == [
        "within",
        "above",
        None,
    ]


def test_a_null_input_matches_only_what_asks_for_null() -> None:
    rules: Rules = [(["null"], ['"unknown"']), (["> 0"], ['"known"'])]

    assert decided("UNIQUE", None, rules=rules) == "unknown"
    assert decided("UNIQUE", 3, rules=rules) == "known"


def test_an_evaluation_says_which_rules_fired_on_what() -> None:
    drawn = table("COLLECT", ["days"], [""], OVERLAPPING, aggregation="SUM")
    base = decision("Days", needs(("age",)), tag_literal("age + 1"))
    model = parse(dmn(given("age"), base, decision("Discount", needs((), ("Days",)), drawn_on("Days", drawn))))

    told = as_data(model.explain("Discount", {"age": 14}))

    assert told["value"] == 3
    days, discount = cast("list[dict[str, object]]", told["steps"])
    assert (days["name"], days["given"], days["value"]) == ("Days", {"age": 14}, 15)
    assert discount["given"] == {"Days": 15}
    assert discount["tables"] == [
        {
            "id": "table",
            "policy": "COLLECT",
            "aggregation": "SUM",
            "inputs": [{"expression": "Days", "value": 15}],
            "rules": [
                {"id": "rule_2", "number": 2, "output": 1, "annotations": {"1": "rule 2"}},
                {"id": "rule_3", "number": 3, "output": 2, "annotations": {"1": "rule 3"}},
            ],
            "result": 3,
            "reason": "",
        }
    ]


@pytest.mark.parametrize(
    ("policy", "days", "reason"),
    [
        ("UNIQUE", 25, ""),
        ("UNIQUE", 5, "table_several_rules"),
        ("ANY", 5, "table_different_outputs"),
        ("FIRST", 40, "table_no_rule"),
        ("FIRST", 400, "table_not_allowed"),
    ],
)
def test_an_evaluation_says_why_there_is_no_result(policy: str, days: int, reason: str) -> None:
    drawn = table(policy, [("days", "[0..365]")], [""], OVERLAPPING)
    model = parse(dmn(given("days"), decision("Discount", needs(("days",)), drawn)))

    evaluation = model.explain("Discount", {"days": days})

    found = evaluation.steps[0].tables[0]
    assert (found.reason, found.result is None) == (reason, reason != "")
    assert reason == "" or {"en", "ru"} == DECISION_TEXTS[reason].keys()


def test_an_explanation_can_be_stored_whatever_the_values() -> None:
    odd = "{f: function(x) x, r: [1..3), d: date('12345-06-07'), n: 1}".replace("'", '"')
    model = parse(dmn(decision("odd", tag_literal(odd))))

    told = as_data(model.explain("odd"))

    assert told["value"] == {"f": "function", "r": "[1..3)", "d": "12345-06-07", "n": 1}
    assert case_data.load(case_data.dump(told)) == told


def tag_literal(text: str) -> str:
    return f"<literalExpression><text>{text}</text></literalExpression>"


def drawn_on(name: str, drawn: str) -> str:
    return drawn.replace("<text>days</text>", f"<text>{name}</text>")
