"""Compiling and evaluating: names, cache, refusals, and what the host may hand in."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from engine.feel import FeelSyntaxError, compile_expression

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


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
