"""Hit policies against plain Python, over random tables."""

from decimal import Decimal

import pytest
from hypothesis import given as given_any
from hypothesis import settings
from hypothesis import strategies as st

from engine.decisions import parse
from tests.engine.decisions.drawings import decision, dmn, given, needs, table

Band = tuple[int, int, int]
BANDS = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(1, 4)), min_size=0, max_size=6)
PRIORITIES = [3, 1, 4, 2]


def expected(policy: str, aggregation: str, hits: list[int]) -> object:
    """What the standard says of the outputs of the rules that fire, in the order of the rules."""
    ranked = sorted(hits, key=PRIORITIES.index)
    if aggregation:
        if not hits:
            return 0 if aggregation == "COUNT" else None
        return {"SUM": sum(hits), "MIN": min(hits), "MAX": max(hits), "COUNT": len(hits)}[aggregation]
    if not hits:
        return None
    return {
        "UNIQUE": hits[0] if len(hits) == 1 else None,
        "FIRST": hits[0],
        "ANY": hits[0] if len(set(hits)) == 1 else None,
        "PRIORITY": ranked[0],
        "COLLECT": hits,
        "RULE ORDER": hits,
        "OUTPUT ORDER": ranked,
    }[policy]


POLICIES = [(policy, "") for policy in ("UNIQUE", "FIRST", "ANY", "PRIORITY", "COLLECT", "RULE ORDER", "OUTPUT ORDER")]
POLICIES += [("COLLECT", aggregation) for aggregation in ("SUM", "MIN", "MAX", "COUNT")]


@pytest.mark.parametrize("policy", POLICIES, ids=" ".join)
@settings(max_examples=25, deadline=None)
@given_any(bands=BANDS)
def test_a_table_decides_as_the_standard_says(policy: tuple[str, str], bands: list[Band]) -> None:
    rules = [([f"[{low}..{high}]"], [str(output)]) for low, high, output in bands]
    drawn = table(policy[0], ["days"], [("", "3, 1, 4, 2", "")], rules, aggregation=policy[1])
    model = parse(dmn(given("days", "number"), decision("Discount", needs(("days",)), drawn)))

    for days in range(10):
        hits = [output for low, high, output in bands if low <= days <= high]
        evaluation = model.explain("Discount", {"days": days})
        assert evaluation.value == expected(*policy, hits)
        fired = [rule.number for rule in evaluation.steps[0].tables[0].rules]
        numbers = [number for number, (low, high, _) in enumerate(bands, 1) if low <= days <= high]
        assert fired == (numbers[:1] if policy[0] == "FIRST" else numbers)


@settings(max_examples=60, deadline=None)
@given_any(st.decimals(-1000, 1000, places=2))
def test_a_value_goes_through_a_graph_unchanged(value: Decimal) -> None:
    model = parse(
        dmn(
            given("x", "number"),
            decision("one", needs(("x",)), "<literalExpression><text>x</text></literalExpression>", type_ref="number"),
            decision("two", needs((), ("one",)), "<literalExpression><text>[one]</text></literalExpression>"),
        )
    )

    assert model.evaluate("two", {"x": value}) == [value]
