"""What a parsed condition and a table of twenty rules cost beside the same rule written in Python."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from engine.decisions import parse
from engine.feel import compile_expression
from tests.engine.decisions.drawings import decision, dmn, given, needs, table
from tests.performance.measuring import Measurement, Report, race

pytestmark = pytest.mark.performance

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ROUND = 500


def _raced(by_hand: Callable[[], object], name: str, ours: Callable[[], object]) -> dict[str, Measurement]:
    def python_step() -> None:
        by_hand()

    def our_step() -> None:
        ours()

    return race({"Python": python_step, name: our_step}, rounds=7, per_round=ROUND)


def test_a_condition_beside_python(report: Report) -> None:
    case = {"needs": {"horizon_days": Decimal(20), "pay_method": "credit"}}
    condition = compile_expression('needs.horizon_days <= 30 and needs.pay_method = "credit"')

    def by_hand() -> object:
        found = case["needs"]
        return found["horizon_days"] <= 30 and found["pay_method"] == "credit"  # type: ignore[operator]

    assert condition.evaluate(case, now=NOW) is by_hand() is True
    results = _raced(by_hand, "FEEL", lambda: condition.evaluate(case, now=NOW))

    report.add("gateway condition", results, against="Python", goals={"FEEL": 40})


def test_a_table_of_twenty_rules_beside_python(report: Report) -> None:
    rules = [
        ([f"[{5 * n}..{5 * n + 5})", '"a", "b"' if n % 2 else "-", f"> {n}"], [str(n), f'"rule {n}"'])
        for n in range(20)
    ]
    names = ("days", "kind", "price")
    drawn = table("UNIQUE", list(names), ["share", "why"], rules)
    model = parse(dmn(*(given(name) for name in names), decision("Discount", needs(names), drawn)))
    inputs = {"days": Decimal(77), "kind": "b", "price": Decimal(100)}

    def by_hand() -> object:
        hits = [
            {"share": Decimal(n), "why": f"rule {n}"}
            for n in range(20)
            if 5 * n <= inputs["days"] < 5 * n + 5  # type: ignore[operator]
            and (n % 2 == 0 or inputs["kind"] in ("a", "b"))
            and inputs["price"] > n  # type: ignore[operator]
        ]
        return hits[0] if len(hits) == 1 else None

    assert model.evaluate("Discount", inputs, now=NOW) == by_hand() == {"share": 15, "why": "rule 15"}
    results = _raced(by_hand, "table", lambda: model.evaluate("Discount", inputs, now=NOW))

    report.add("table of 20 rules", results, against="Python", goals={"table": 30})
