"""Compiling and evaluating: names, cache, refusals, and what the host may hand in."""

import re
import time
import timeit
from collections import ChainMap
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import IntEnum, StrEnum
from pathlib import Path
from string import Formatter
from types import MappingProxyType
from zoneinfo import ZoneInfo

import pytest

from engine.feel import (
    KNOWN_FUNCTIONS,
    FeelSyntaxError,
    Range,
    compile_expression,
    compile_unary_tests,
    sentences,
)
from engine.feel.sentences import SENTENCES
from tests.engine.feel.typed_json import NOW


class Colour(StrEnum):
    RED = "red"


class Size(IntEnum):
    LARGE = 3


def test_a_gateway_condition_reads_the_case_document() -> None:
    expression = compile_expression('needs_analysis.pay_method = "credit" and inquiry.price > 1000000')
    case = {"needs_analysis": {"pay_method": "credit"}, "inquiry": {"price": Decimal(1_500_000)}}

    assert expression.evaluate(case, now=NOW) is True
    assert expression.names == {"needs_analysis", "inquiry"}


def test_an_unknown_name_is_null_and_makes_the_condition_null() -> None:
    assert compile_expression("inquiry.price > 1000000").evaluate({}, now=NOW) is None


def test_today_is_the_date_of_the_given_now() -> None:
    assert compile_expression("today()").evaluate({}, now=NOW) == date(2026, 3, 2)


def test_a_syntax_error_names_the_position_in_both_languages() -> None:
    with pytest.raises(FeelSyntaxError) as refusal:
        compile_expression("price > ")

    assert refusal.value.position == 8
    assert refusal.value.message == "The expression ends, but a value was expected."
    assert refusal.value.sentence("ru") == "Выражение обрывается, а ожидается: значение."


def test_a_function_of_the_host_is_called_and_known_by_name() -> None:
    expression = compile_expression('reached("offer")')

    assert expression.functions == {"reached"}
    assert expression.evaluate({}, now=NOW, functions={"reached": lambda name: name == "offer"}) is True


class TestNames:
    def test_what_is_bound_inside_is_not_free(self) -> None:
        text = "for car in offers return {price: car.price * (1 - discount / 100), twice: price * 2}"

        assert compile_expression(text).names == {"offers", "discount"}

    def test_names_inside_a_filter_may_be_fields_and_are_not_counted(self) -> None:
        assert compile_expression("offers[price > limit and item.brand = brand].price").names == {"offers"}

    def test_a_row_of_words_is_one_name(self) -> None:
        assert compile_expression("pay   method = 1 and date of birth < today()").names == {
            "pay method",
            "date of birth",
        }

    def test_a_built_in_name_with_a_keyword_needs_its_bracket(self) -> None:
        expression = compile_expression('date and time("2026-03-02T09:00:00Z") > date and time')

        assert expression.functions == {"date and time"}
        assert expression.names == {"date", "time"}

    def test_a_mapping_of_the_host_is_walked_whatever_its_class(self) -> None:
        context = MappingProxyType({"case": ChainMap({"owner": {"name": "Ada"}})})

        assert compile_expression("case.owner.name").evaluate(context, now=NOW) == "Ada"

    def test_a_path_inside_a_loop_does_not_copy_the_whole_case(self) -> None:
        case = {"limit": 2, "history": [{"text": "x"}] * 1000}
        text = "(for i in 1..1000 return i + case.limit)[item > case.limit and item < case.limit + 2]"

        assert compile_expression(text).evaluate({"case": case}, now=NOW) == [Decimal(3)]


class TestFunctions:
    def test_unknown_functions_are_those_that_nobody_knows(self) -> None:
        expression = compile_expression('reached("offer") and contian("ab", "a") and count([1]) = 1')

        assert expression.functions - KNOWN_FUNCTIONS == {"reached", "contian"}

    def test_a_local_function_is_not_one_of_them(self) -> None:
        assert compile_expression("{f: function(x) x, r: f(1)}.r").functions == frozenset()

    def test_a_host_function_with_wrong_arguments_gives_null(self) -> None:
        functions = {"reached": lambda name: True}

        assert compile_expression("reached()").evaluate({}, now=NOW, functions=functions) is None
        assert compile_expression('reached(name: "offer")').evaluate({}, now=NOW, functions=functions) is True

    def test_an_error_inside_a_host_function_is_not_hidden(self) -> None:
        def broken(name: str) -> bool:
            raise TypeError("inside")

        with pytest.raises(TypeError, match="inside"):
            compile_expression('broken("x")').evaluate({}, now=NOW, functions={"broken": broken})

    def test_a_feel_function_in_the_context_can_be_called(self) -> None:
        double = compile_expression("function(x) x * 2").evaluate({}, now=NOW)

        assert compile_expression("double(21)").evaluate({"double": double}, now=NOW) == 42


class TestValues:
    @pytest.mark.parametrize(
        ("handed_in", "read"),
        [
            (5, Decimal(5)),
            (0.1, Decimal("0.1")),
            (float("nan"), None),
            (Decimal("Infinity"), None),
            pytest.param(10**7000, None, id="beyond all numbers"),
            (Decimal("1." + "3" * 50), Decimal("1." + "3" * 33)),
            ((1, 2), [Decimal(1), Decimal(2)]),
            (Colour.RED, "red"),
            (Size.LARGE, Decimal(3)),
            (True, True),
            (Range(1, 5), Range(Decimal(1), Decimal(5))),
            ({"a": (1,)}, {"a": [Decimal(1)]}),
        ],
    )
    def test_plain_python_values_are_read_as_feel_values(self, handed_in: object, read: object) -> None:
        found = compile_expression("x").evaluate({"x": handed_in}, now=NOW)

        assert found == read
        assert type(found) is type(read)

    def test_what_comes_out_is_a_copy(self) -> None:
        rows: list[object] = [{"a": [1]}]
        found = compile_expression("rows").evaluate({"rows": rows}, now=NOW)

        assert isinstance(found, list)
        found.append("more")
        found[0]["a"].append(2)
        assert rows == [{"a": [1]}]

    def test_partial_results_handed_out_do_not_grow_later(self) -> None:
        found = compile_expression("for i in 1..3 return partial").evaluate({}, now=NOW)

        assert found == [[], [[]], [[], [[]]]]

    def test_an_hour_across_a_clock_change_is_an_hour(self) -> None:
        before = datetime(2026, 3, 29, 1, 30, tzinfo=ZoneInfo("Europe/Berlin"))
        found = compile_expression('t + duration("PT1H") - t').evaluate({"t": before}, now=NOW)

        assert found == timedelta(hours=1)

    def test_today_follows_the_zone_of_the_given_now(self) -> None:
        late = datetime(2026, 3, 2, 22, 0, tzinfo=UTC)
        expression = compile_expression("today()")

        assert expression.evaluate({}, now=late) == date(2026, 3, 2)
        assert expression.evaluate({}, now=late.astimezone(ZoneInfo("Europe/Moscow"))) == date(2026, 3, 3)


class TestUnaryTests:
    def test_names_and_functions_are_known_without_the_question_mark(self) -> None:
        tests = compile_unary_tests("< limit, reached(?), ? > floor")

        assert tests.names == {"limit", "floor"}
        assert tests.functions == {"reached"}

    def test_host_functions_and_the_moment_are_handed_in(self) -> None:
        tests = compile_unary_tests("known(?) and now() > created")
        context = {"created": datetime(2026, 3, 1, tzinfo=UTC)}

        assert tests.matches("x", context, now=NOW, functions={"known": lambda value: value == "x"}) is True
        assert tests.matches("y", context, now=NOW, functions={"known": lambda value: value == "x"}) is False

    def test_a_negated_test_in_the_middle_of_a_condition_is_a_condition(self) -> None:
        assert compile_unary_tests("not(? > 5) and ? > 1").matches(3, {}, now=NOW) is True


class TestRefusals:
    def test_every_sentence_stands_in_both_languages_with_the_same_gaps(self) -> None:
        gaps = Formatter()
        for english, russian in SENTENCES.values():
            assert {part[1] for part in gaps.parse(english)} == {part[1] for part in gaps.parse(russian)}
            assert re.search("[А-Яа-я]", russian)

    def test_every_code_that_the_sources_raise_has_a_sentence(self) -> None:
        sources = "".join(path.read_text("utf-8") for path in Path(sentences.__file__).parent.rglob("*.py"))
        raised = set(re.findall(r'Feel\w+\(\s*"(\w+)"', sources))

        assert raised == set(SENTENCES)

    @pytest.mark.parametrize(
        ("text", "english", "russian"),
        [
            ("a = ;", "The character ; has no meaning here.", "Знак ; здесь не имеет смысла."),
            ("(1 + 2", "The expression ends, but ) was expected.", "Выражение обрывается, а ожидается: )."),
            ("if a then b", "The expression ends, but else was expected.", "Выражение обрывается, а ожидается: else."),
            ("1 + * 2", "* stands here, but a value was expected.", "Здесь стоит *, а ожидается: значение."),
            ("5km", "The number 5 is directly followed by letters.", "Сразу за числом 5 стоят буквы."),
        ],
    )
    def test_a_person_reads_what_is_wrong(self, text: str, english: str, russian: str) -> None:
        with pytest.raises(FeelSyntaxError) as refusal:
            compile_expression(text)

        assert str(refusal.value) == refusal.value.message == english
        assert refusal.value.sentence("ru") == russian


def test_a_text_is_compiled_once() -> None:
    assert compile_expression("1 + 1 = 2") is compile_expression("1 + 1 = 2")


def test_one_expression_serves_many_threads() -> None:
    expression = compile_expression("sum(for i in 1..n return i * i)")
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda n: expression.evaluate({"n": n}, now=NOW), range(1, 60)))

    assert found == [n * (n + 1) * (2 * n + 1) // 6 for n in range(1, 60)]


@pytest.mark.performance
def test_a_gateway_condition_costs_little_more_than_its_python() -> None:
    expression = compile_expression('needs_analysis.pay_method = "credit" and inquiry.price > 1000000')
    case = {"needs_analysis": {"pay_method": "credit"}, "inquiry": {"price": Decimal(1_500_000)}}
    limit = Decimal(1_000_000)

    def by_hand() -> bool:
        return case["needs_analysis"]["pay_method"] == "credit" and case["inquiry"]["price"] > limit

    def seconds(act: Callable[[], object]) -> float:
        return min(timeit.repeat(act, number=5000, repeat=7, timer=time.process_time)) / 5000

    ours, python = seconds(lambda: expression.evaluate(case, now=NOW)), seconds(by_hand)

    assert ours / python < 40
    assert ours < 20e-6
