"""Any text at all: an answer or a FeelError, and soon."""

import time
from collections.abc import Iterator

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.feel import FeelError, compile_expression, compile_unary_tests
from engine.feel.builtins import BUILTINS
from tests.engine.feel.typed_json import NOW

SIGNS = [
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ",",
    ":",
    ".",
    "..",
    "+",
    "-",
    "*",
    "/",
    "**",
    "=",
    "!=",
    "<",
    "<=",
    ">",
    ">=",
    "->",
    "?",
    ";",
    "`",
    '"',
    "\\",
    "@",
    "//",
    "/*",
]
WORDS = [
    "if",
    "then",
    "else",
    "for",
    "in",
    "return",
    "some",
    "every",
    "satisfies",
    "and",
    "or",
    "not",
    "between",
    "instance",
    "of",
    "function",
    "external",
    "null",
]
OPERANDS = [
    "1",
    "0.5",
    "1e3",
    '"a"',
    '@"P1D"',
    '@"2026-03-02"',
    "x",
    "a.b",
    "item",
    "partial",
    "pay method",
    "цена",
    "true",
]

tokens = st.one_of(
    st.sampled_from(SIGNS),
    st.sampled_from(WORDS),
    st.sampled_from(OPERANDS),
    st.sampled_from([f"{name}(" for name in BUILTINS]),
    st.sampled_from(["list<number>", "number", "date and time", "1..3", "[1, 2]", "{a: 1}"]),
)
CONTEXT = {"x": 5, "a": {"b": [1, None, "t"]}, "pay method": "credit", "цена": 1.5}


def refusals_of(text: str) -> Iterator[FeelError]:
    try:
        compile_expression(text).evaluate(CONTEXT, now=NOW)
    except FeelError as refusal:
        yield refusal
    try:
        compile_unary_tests(text).matches(5, CONTEXT, now=NOW)
    except FeelError as refusal:
        yield refusal


def survives(text: str) -> None:
    started = time.process_time()
    for refusal in refusals_of(text):
        assert refusal.sentence("ru")
        assert refusal.position is None or 0 <= refusal.position <= len(text)
    assert time.process_time() - started < 1


@settings(max_examples=300, deadline=None)
@given(st.lists(tokens, max_size=25))
def test_a_row_of_tokens_never_breaks_it(row: list[str]) -> None:
    survives(" ".join(row))


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60))
def test_any_text_never_breaks_it(text: str) -> None:
    survives(text)


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(sorted(BUILTINS)),
    st.lists(
        st.sampled_from(
            [
                "null",
                "1",
                "-1",
                "0",
                "1e6000",
                "1e-6000",
                "0.5",
                '"a"',
                '""',
                '"["',
                "[]",
                "[1]",
                '[null, "a"]',
                "{}",
                "{a: 1}",
                "true",
                '@"P1D"',
                '@"-P1M"',
                '@"2026-03-02"',
                '@"0001-01-01T00:00:00@Europe/Moscow"',
                '@"9999-12-31T23:59:59Z"',
                '@"09:00:00+03:00"',
                '@"09:00:00@Europe/Moscow"',
                "[1..2]",
                "(< 5)",
                "function(a) a",
                "function(a, b) a < b",
            ]
        ),
        max_size=4,
    ),
)
def test_any_argument_never_breaks_a_built_in(name: str, arguments: list[str]) -> None:
    survives(f"{name}({', '.join(arguments)})")


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(["+", "-", "*", "/", "**", "<", "=", "in", "!="]),
    st.lists(
        st.sampled_from(
            [
                "null",
                "1e6144",
                "1e-6143",
                "9999999999",
                "-1",
                '"a"',
                "[1]",
                "{a: 1}",
                "true",
                '@"P999999999D"',
                '@"-P999999999D"',
                '@"P999999999Y"',
                '@"0001-01-01"',
                '@"9999-12-31"',
                '@"0001-01-01T00:00:00@Asia/Tokyo"',
                '@"9999-12-31T23:59:59@America/New_York"',
                '@"23:59:59"',
                '@"00:00:00@Europe/Moscow"',
                "[1..2]",
                "(> 5)",
                "(function(a) a)",
            ]
        ),
        min_size=2,
        max_size=2,
    ),
)
def test_no_pair_of_extremes_breaks_an_operator(sign: str, pair: list[str]) -> None:
    survives(f" {sign} ".join(pair))
