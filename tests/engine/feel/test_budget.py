"""No expression is long, deep or large enough to hurt: it ends soon or is refused."""

import tracemalloc
from contextlib import suppress

import pytest

from engine.feel import FeelBudgetExceeded, FeelError, FeelSyntaxError, compile_expression
from tests.engine.feel.test_isolation import ESCAPES
from tests.engine.feel.typed_json import NOW
from tests.pace import at_most

SOON = 40  # million turns of a loop, some two seconds; the dearest takes from five to twenty
TEN = "1, 1, 1, 1, 1, 1, 1, 1, 1, 1"
BILLION = (
    "{a: ["
    + TEN
    + "], "
    + ", ".join(
        f"{outer}: [" + ", ".join([inner] * 10) + "]" for inner, outer in zip("abcdefgh", "bcdefghi", strict=True)
    )
)

HUNGRY = [
    "for i in 1..1000, j in 1..1000 return i * j",
    "sum(for i in 1..100000000 return 1)",
    "for i in 1..10000 return 2 ** 0.333 ** i",
    "for i in 1..20000 return exp(i / 1000) + log(i) + sqrt(i)",
    "for i in 1..50 return concatenate(partial, partial)",
    "{f: function(x) f(x + 1), r: f(1)}.r",
    "{f: function(x) [f(x + 1), f(x + 2)], r: f(1)}.r",
    "(function(f) f(f))(function(f) f(f))",
    '{f: function(s) f(s + s), r: f("aaaaaaaa")}.r',
    BILLION + "}",
    BILLION + ", r: i = i}.r",
    BILLION + ", r: count(flatten(i))}.r",
    BILLION + ", r: string length(string(i))}.r",
    'for i in 1..1000 return matches("a", "(a{900})" + string(i))',
    'for i in 1..1000 return matches("a", "((a{900}){900})" + string(i))',
    'for i in 1..50000 return range("[1..2]")',
    'for i in 1..50000 return date and time("2026-01-01T10:00:00@Europe/Moscow") + duration("PT1H")',
    "sort(for i in 1..20000 return modulo(i * 7919, 10007), function(a, b) a < b)",
    "distinct values(for i in 1..20000 return [i])",
    'for i in 1..20000 return replace("aaaaaaaaaa", "a", "bbbbbbbb")',
    "every x in 1..50000 satisfies every y in 1..50000 satisfies x + y > 0",
]

DEEP = [
    "(" * 5000 + "1" + ")" * 5000,
    "[" * 5000,
    "a" + ".b" * 9000,
    "a" + "[1]" * 6000,
    "1" + " + 1" * 4000,
    "if " * 5000,
    "1 in (" * 3000,
    "function(a) " * 1500 + "1",
    "{a: " * 3000,
    "]1.." * 4000,
    "[1..x[" * 3000,
    "x instance of " + "list<" * 3000,
    "/*" * 9000,
    "`" * 9001,
    '"' * 9001,
    "1e" + "9" * 18000,
    "a" * 30_000,
]


LARGE = {
    "powers": [
        "9 ** 9 ** 9 ** 9",
        "10 ** 1000000",
        "10 ** 10 ** 10",
        "(10 ** 6000) ** 6000",
        "exp(10 ** 9)",
        "exp(exp(exp(10)))",
        "2 ** 99999999999999999999",
        "0.1 ** 1000000",
        "1e6144 * 1e6144",
        "decimal(1 / 3, 999999999)",
        "sqrt(10 ** 6000) ** 9999",
    ],
    "lists": [
        "for i in 1..1e18 return i",
        "for i in 1e18..1 return i",
        "count([1..1000000000])",
        "[1..1e9][item > 0]",
        "1e9 in [1..1e18]",
        "some x in 1..1e12 satisfies false",
        "sublist([1, 2], 1, 1e9)",
        "insert before([1], 1e9, 2)",
        'split(string(for i in 1..9999 return i), "")',
        "flatten(for i in 1..300 return for j in 1..300 return [i, j])",
    ],
    "patterns": [
        'matches("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", "^(a+)+$")',
        'matches("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", "^(a|a)*$")',
        'matches("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", "^(a|aa)+$")',
        'matches("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", "^(.*)*x$")',
        'matches("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", "^(([a-z])+.)+[A-Z]([a-z])+$")',
        'matches("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", "(a?){43}a{43}")',
        'replace("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", "(a*)*b", "x")',
        'split("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", "(a+)+b")',
        'extract("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", "((a+)+)+b")',
        'matches("a", "a{1,999999999}")',
        'matches("a", "((a{99}){99}){99}")',
    ],
    "loops": [
        "{f: function(x) g(x), g: function(x) f(x), r: f(1)}.r",
        "{f: function() f(), r: f()}.r",
        "for i in 1..9 return for i in 1..9 return for i in 1..9 return for i in 1..9 return for i in 1..9 return i",
        "for i in 1..10 return for j in partial return partial",
        "(for i in 1..40 return [partial, partial])[40]",
    ],
}


@pytest.mark.parametrize("text", [text for texts in LARGE.values() for text in texts], ids=lambda text: text[:60])
def test_what_would_be_large_ends_soon_with_a_value_or_a_refusal(text: str) -> None:
    with at_most(SOON), suppress(FeelError):
        compile_expression(text).evaluate({}, now=NOW)

    tracemalloc.start()
    with suppress(FeelError):
        compile_expression(text).evaluate({}, now=NOW)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 50_000_000


def test_the_corpus_of_attempts_is_large_and_of_every_kind() -> None:
    assert all(len(texts) >= 5 for texts in LARGE.values())
    assert len({*ESCAPES, *HUNGRY, *DEEP, *(text for texts in LARGE.values() for text in texts)}) >= 60


@pytest.mark.parametrize("text", HUNGRY, ids=lambda text: text[:50])
def test_a_hungry_expression_is_stopped_soon(text: str) -> None:
    expression = compile_expression(text)

    with at_most(SOON), pytest.raises(FeelBudgetExceeded):
        expression.evaluate({}, now=NOW)


@pytest.mark.parametrize("text", DEEP, ids=lambda text: text[:20])
def test_a_deep_or_long_text_is_refused_soon(text: str) -> None:
    with at_most(SOON), suppress(FeelSyntaxError):
        assert compile_expression(text).evaluate({}, now=NOW) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('matches("' + "a" * 3000 + '!", "^(a+)+$")', False),
        ('matches("' + "a" * 3000 + '!", "(a|aa)*b")', False),
        ('matches("' + "a" * 60 + '", "(a?){60}a{60}")', True),
        ('matches("a", "(?:(?:(?:){1000}){1000}){1000}")', True),
        ('string length(replace("' + "a" * 2000 + '", "(a*)*", "b"))', None),
    ],
    ids=["nested", "overlapping", "optional", "empty", "replace"],
)
def test_a_pattern_that_explodes_elsewhere_is_linear_here(text: str, expected: bool | None) -> None:
    with at_most(SOON):
        found = compile_expression(text).evaluate({}, now=NOW)

    assert expected is None or found is expected


def test_memory_stays_bounded() -> None:
    tracemalloc.start()
    for text in (HUNGRY[4], HUNGRY[8], HUNGRY[9]):
        with pytest.raises(FeelError):
            compile_expression(text).evaluate({}, now=NOW)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < 150_000_000


def test_honest_work_fits_the_budget() -> None:
    rows = [{"price": price, "brand": f"brand {price % 7}"} for price in range(3000)]
    text = 'sum(rows[price > 100 and brand != "brand 3"].price) + count(for i in 1..10000 return i)'

    assert compile_expression(text).evaluate({"rows": rows}, now=NOW) is not None


def test_a_cycle_in_the_context_is_refused() -> None:
    endless: list[object] = []
    endless.append(endless)

    with pytest.raises(FeelBudgetExceeded):
        compile_expression("endless").evaluate({"endless": endless}, now=NOW)
