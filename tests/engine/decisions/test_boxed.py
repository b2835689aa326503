"""Boxed expressions: contexts, invocations, relations, lists, functions, conditionals, filters and loops."""

from decimal import Decimal

import pytest

from engine.decisions import parse
from tests.engine.decisions.drawings import decision, dmn, given, knowledge, literal, needs, tag, variable


def value_of(logic: str, *, type_ref: str = "", **inputs: object) -> object:
    names = tuple(inputs)
    drawn = decision("Answer", needs(names), logic, type_ref=type_ref)
    model = parse(dmn(*(given(name) for name in names), drawn))
    assert not model.problems, model.problems
    return model.evaluate("Answer", inputs)


def entry(name: str, logic: str, type_ref: str = "") -> str:
    return tag("contextEntry", variable(name, type_ref) if name else "", logic)


def test_entries_of_a_context_see_those_before_them() -> None:
    boxed = tag("context", entry("list price", literal("price * 2")), entry("with tax", literal("list price * 1.2")))

    assert value_of(boxed, price=100) == {"list price": 200, "with tax": Decimal("240.0")}


def test_the_last_entry_without_a_name_is_the_value() -> None:
    boxed = tag("context", entry("half", literal("price / 2")), entry("", literal("half + 1")))

    assert value_of(boxed, price=10) == 6


def test_an_entry_is_of_its_type_or_null() -> None:
    boxed = tag("context", entry("a", literal("[7]"), "number"), entry("b", literal('"x"'), "number"))

    assert value_of(boxed) == {"a": 7, "b": None}


def test_a_boxed_function_is_called_by_later_entries_and_by_itself() -> None:
    function = tag(
        "functionDefinition",
        tag("formalParameter", name="n", typeRef="number"),
        literal("if n <= 1 then 1 else n * factorial(n - 1)"),
    )
    boxed = tag(
        "context", entry("factorial", function), entry("", literal("[factorial(5), factorial('x')]".replace("'", '"')))
    )

    assert value_of(boxed) == [120, None]


def test_a_relation_is_a_list_of_contexts() -> None:
    columns = tag("column", name="model") + tag("column", name="price", typeRef="number")
    rows = tag("row", literal('"Aurora"'), literal("base")) + tag("row", literal('"Vega"'), literal("base + 5"))

    assert value_of(tag("relation", columns, rows), base=10) == [
        {"model": "Aurora", "price": 10},
        {"model": "Vega", "price": 15},
    ]


def test_a_boxed_list_collects_its_expressions() -> None:
    assert value_of(tag("list", literal("a"), tag("list", literal("a + 1"))), a=1) == [1, [2]]


def test_an_invocation_binds_parameters_by_name() -> None:
    bindings = "".join(
        tag("binding", tag("parameter", name=name), literal(text)) for name, text in (("share", "10"), ("of", "price"))
    )
    drawn = decision("Answer", needs(("price",), (), ("part of",)), tag("invocation", literal("part of"), bindings))
    part = knowledge("part of", {"of": "number", "share": "number"}, literal("of * share / 100"))
    model = parse(dmn(given("price"), part, drawn))

    assert model.evaluate("Answer", {"price": 500}) == 50
    assert model.evaluate("part of", {"of": 200, "share": 5}) == 10
    assert model.evaluate("part of", {"of": "much", "share": 5}) is None


@pytest.mark.parametrize(("stock", "expected"), [(3, "order"), (30, "wait"), (None, "wait")])
def test_a_conditional(stock: int | None, expected: str) -> None:
    parts = (("if", "stock < 10"), ("then", '"order"'), ("else", '"wait"'))
    boxed = tag("conditional", *(tag(part, literal(text)) for part, text in parts))

    assert value_of(boxed, stock=stock) == expected


def loop(word: str, body: str, domain: str = "prices") -> str:
    outer = "return" if word == "for" else "satisfies"
    return tag(word, tag("in", literal(domain)), tag(outer, literal(body)), iteratorVariable="each price")


@pytest.mark.parametrize(
    ("boxed", "expected"),
    [
        (loop("for", "each price + 1"), [2, 3, 4]),
        (loop("for", "each price + sum(partial)"), None),
        (loop("some", "each price > 2"), True),
        (loop("every", "each price > 2"), False),
        (loop("every", '"no verdict"'), None),
        (tag("filter", tag("in", literal("prices")), tag("match", literal("item > 1"))), [2, 3]),
        (tag("filter", tag("in", literal("prices")), tag("match", literal('"no verdict"'))), None),
    ],
)
def test_loops_and_filters(boxed: str, expected: object) -> None:
    found = value_of(boxed, prices=[1, 2, 3])

    assert found == expected or (expected is None and found == [None, None, None])


def test_a_result_is_of_the_decisions_type_or_null() -> None:
    assert value_of(literal("[5]"), type_ref="number") == 5
    assert value_of(literal('"five"'), type_ref="number") is None
