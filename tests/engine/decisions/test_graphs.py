"""Graphs of requirements: what an element sees, types of values, services, knowledge and imported files."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from engine.decisions import DecisionError, parse
from engine.feel import FeelBudgetExceeded
from tests.engine.decisions.drawings import (
    decision,
    dmn,
    given,
    id_of,
    knowledge,
    literal,
    needs,
    tag,
    variable,
)


def test_a_decision_sees_what_it_requires_and_nothing_else() -> None:
    model = parse(
        dmn(
            given("Возраст клиента", "number"),
            decision("Скидка", needs(("Возраст клиента",)), literal("if Возраст клиента > 60 then 5 else 0")),
            decision("Итог", needs((), ("Скидка",)), literal("[Скидка, Возраст клиента]")),
        )
    )

    assert model.evaluate("Итог", {"Возраст клиента": 70}) == [5, None]
    assert model.evaluate(id_of("Скидка"), {"Возраст клиента": "70"}) == 0
    assert (model.decisions, model.inputs) == (("Скидка", "Итог"), ("Возраст клиента",))


def test_names_with_signs_and_keywords_are_read_as_declared() -> None:
    trade_in = decision("trade-in", literal("{re-sale price: 7, price in euro: 8}"))
    seen = decision("Sum", needs((), ("trade-in",)), literal("trade-in.re-sale price + trade-in.price in euro - 1"))
    entry = tag("itemComponent", tag("typeRef", "number"), name="re-sale price")
    euro = tag("itemComponent", tag("typeRef", "number"), name="price in euro")

    model = parse(dmn(tag("itemDefinition", entry, euro, name="tValue"), trade_in, seen))

    assert (model.problems, model.evaluate("Sum")) == ((), 14)


def test_what_is_required_twice_is_worked_out_once() -> None:
    chain = [decision("d0", literal("1"))]
    chain += [decision(f"d{n}", needs((), (f"d{n - 1}",)), literal(f"d{n - 1} + d{n - 1}")) for n in range(1, 60)]

    evaluation = parse(dmn(*chain)).explain("d59")

    assert (evaluation.value, len(evaluation.steps)) == (Decimal(2**59), 60)


def test_decisions_that_require_each_other_are_refused() -> None:
    model = parse(
        dmn(
            decision("hen", needs((), ("egg",)), literal("egg")),
            decision("egg", needs((), ("hen",)), literal("hen")),
        )
    )

    assert [(problem.code, problem.element) for problem in model.problems] == [("dmn_circle", "_hen")]
    with pytest.raises(DecisionError, match="requires itself") as refusal:
        model.evaluate("hen")

    assert "требует само себя" in refusal.value.sentence("ru")


def test_an_unknown_decision_is_refused() -> None:
    with pytest.raises(DecisionError) as refusal:
        parse(dmn()).evaluate("Discount")

    assert (refusal.value.code, refusal.value.element) == ("dmn_unknown_decision", "Discount")


# --- types ----------------------------------------------------------------------------------------

COLOUR = tag(
    "itemDefinition", tag("typeRef", "string"), tag("allowedValues", tag("text", '"red", "green"')), name="tColour"
)
COLOURS = tag("itemDefinition", tag("typeRef", "tColour"), name="tColours", isCollection="true")
CAR = tag(
    "itemDefinition",
    tag("itemComponent", tag("typeRef", "tColour"), name="colour"),
    tag("itemComponent", tag("typeRef", "number"), tag("allowedValues", tag("text", "[1980..2100]")), name="year"),
    name="tCar",
)


@pytest.mark.parametrize(
    ("type_ref", "value", "expected"),
    [
        ("tColour", "red", "red"),
        ("tColour", "blue", None),
        ("tColour", ["green"], "green"),
        ("tColours", ["red", "green"], ["red", "green"]),
        ("tColours", "red", ["red"]),
        ("tColours", ["red", "blue"], None),
        ("tCar", {"colour": "red", "year": 2020}, {"colour": "red", "year": 2020}),
        ("tCar", {"colour": "red", "year": 1900}, None),
        ("tCar", {"colour": "red"}, None),
        ("date and time", date(2026, 3, 2), datetime(2026, 3, 2, tzinfo=UTC)),
        ("number", "5", None),
        ("boolean", True, True),
        ("Any", ["x"], ["x"]),
    ],
)
def test_a_value_is_of_its_type_or_null(type_ref: str, value: object, expected: object) -> None:
    drawn = dmn(COLOUR, COLOURS, CAR, given("x", type_ref), decision("same", needs(("x",)), literal("x")))
    model = parse(drawn)

    assert not model.problems
    assert model.evaluate("same", {"x": value}) == expected


def test_a_type_within_itself_is_not_followed_for_ever() -> None:
    part = tag("itemComponent", tag("typeRef", "tPerson"), name="parent", isCollection="true")
    person = tag("itemDefinition", tag("itemComponent", tag("typeRef", "string"), name="name"), part, name="tPerson")
    model = parse(dmn(person, given("x", "tPerson"), decision("same", needs(("x",)), literal("x.parent.name"))))

    assert model.evaluate("same", {"x": {"name": "Anna", "parent": [{"name": "Vera"}]}}) == ["Vera"]


def test_types_that_share_parts_many_times_over_cost_no_more_than_they_are() -> None:
    parts = [tag("itemComponent", tag("typeRef", "t{below}"), name=name) for name in "ab"]
    leaf = tag("itemDefinition", tag("typeRef", "number"), name="t0")
    types = [
        tag("itemDefinition", *(part.format(below=level - 1) for part in parts), name=f"t{level}")
        for level in range(1, 60)
    ]
    model = parse(dmn(leaf, *types, given("x", "t1"), decision("is", needs(("x",)), literal("x instance of t59"))))

    assert (model.problems, model.evaluate("is", {"x": {"a": 1, "b": 2}})) == ((), False)


def test_a_type_is_checked_within_the_budget() -> None:
    allowed = ", ".join(str(number) for number in range(300))
    item = tag("itemDefinition", tag("typeRef", "number"), tag("allowedValues", tag("text", allowed)), name="tItem")
    items = tag("itemDefinition", tag("typeRef", "tItem"), name="tItems", isCollection="true")
    model = parse(dmn(item, items, given("x", "tItems"), decision("count", needs(("x",)), literal("count(x)"))))

    assert model.evaluate("count", {"x": [299] * 100}) == 100
    with pytest.raises(FeelBudgetExceeded):
        model.evaluate("count", {"x": [299] * 10_000})


@pytest.mark.parametrize("year", [2018, 2019, 2021, 2023, 2024])
def test_every_namespace_of_the_standard_is_read(year: int) -> None:
    address = {
        2018: "http://www.omg.org/spec/DMN/20180521/MODEL/",
        2019: "https://www.omg.org/spec/DMN/20191111/MODEL/",
        2021: "https://www.omg.org/spec/DMN/20211108/MODEL/",
        2023: "https://www.omg.org/spec/DMN/20230324/MODEL/",
        2024: "https://www.omg.org/spec/DMN/20240513/MODEL/",
    }[year]

    assert parse(dmn(decision("one", literal("1")), model=address)).evaluate("one") == 1


# --- knowledge and services -----------------------------------------------------------------------


EACH_OTHER = (("true", "odd"), ("false", "even"))


def test_functions_of_knowledge_call_each_other_and_end_within_the_budget() -> None:
    is_even, is_odd = (f"if n = 0 then {at_zero} else {other} one(n - 1)" for at_zero, other in EACH_OTHER)
    even = knowledge("even one", {"n": ""}, literal(is_even), needs((), (), ("odd one",)))
    odd = knowledge("odd one", {"n": ""}, literal(is_odd), needs((), (), ("even one",)))
    endless = knowledge("endless", {"n": ""}, literal("endless(n + 1)"))
    model = parse(dmn(even, odd, endless))

    assert [model.evaluate("even one", {"n": n}) for n in (0, 7, 10)] == [True, False, True]
    with pytest.raises(FeelBudgetExceeded):
        model.evaluate("endless", {"n": 1})


def service(name: str, outputs: list[str], decisions: list[str], inputs: list[str]) -> str:
    parts = [("outputDecision", outputs), ("inputDecision", decisions), ("inputData", inputs)]
    inside = [tag(kind, href=f"#{id_of(target)}") for kind, targets in parts for target in targets]
    return tag("decisionService", variable(name), *inside, id=id_of(name), name=name)


SERVICE = (
    given("price", "number"),
    decision("rate", literal("20"), type_ref="number"),
    decision("tax", needs(("price",), ("rate",)), literal("price * rate / 100")),
    decision("total", needs(("price",), ("tax",)), literal("price + tax")),
    service("taxed", ["total"], ["rate"], ["price"]),
    service("both", ["tax", "total"], [], ["price"]),
    decision("asked", needs(("price",), ("total",), ("taxed",)), literal("[total, taxed(1000, 10), taxed(1), total]")),
)


def test_a_service_sees_only_what_it_is_given() -> None:
    model = parse(dmn(*SERVICE))

    assert model.evaluate("taxed", {"price": 100, "rate": 10}) == 110
    assert model.evaluate("taxed", {"price": 100}) is None
    assert model.evaluate("both", {"price": 100}) == {"tax": 20, "total": 120}
    assert model.evaluate("asked", {"price": 100}) == [120, 1100, None, 120]
    assert model.services == ("taxed", "both")


# --- imports --------------------------------------------------------------------------------------

BASE = dmn(
    COLOUR,
    given("base price", "number"),
    decision("with tax", needs(("base price",)), literal("base price * 2")),
    knowledge("double-up", {"x": "number"}, literal("2 * x")),
    namespace="https://example.com/base",
)
IMPORT = tag(
    "import",
    namespace="https://example.com/base",
    name="base",
    importType="https://www.omg.org/spec/DMN/20191111/MODEL/",
)


def test_elements_and_types_of_an_imported_file_stand_under_its_name() -> None:
    main = dmn(
        IMPORT,
        given("colour", "base.tColour"),
        decision(
            "offer",
            needs(("colour",), ("https://example.com/base#_with_tax",), ("https://example.com/base#_double_up",)),
            literal("[colour, base.with tax, base.double-up(4)]"),
        ),
    )
    model = parse(main, imports=[BASE])

    assert not model.problems
    assert parse(main, imports=[parse(BASE)]).evaluate("offer", {"colour": "red"}) == ["red", None, 8]
    assert model.evaluate("offer", {"colour": "red", "base price": 5}) == ["red", 10, 8]
    assert model.evaluate("offer", {"colour": "blue", "base": {"base price": 6}}) == [None, 12, 8]


def test_an_import_that_is_missing_is_a_problem() -> None:
    model = parse(dmn(IMPORT, decision("offer", needs((), ("https://example.com/base#_with_tax",)), literal("1"))))

    assert [problem.code for problem in model.problems] == ["dmn_import_missing", "dmn_requirement_missing"]
    assert model.evaluate("offer") == 1
