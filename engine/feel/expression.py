"""Expressions and unary tests: text in, something to evaluate out; compiled once per text."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Final

from engine.clock import SystemClock
from engine.feel import compile_collections, compile_names, compile_operators
from engine.feel.budget import MAX_SOURCE, NO_FUNCTIONS, Code, Run, Scope, measure
from engine.feel.compiler import Compiler
from engine.feel.errors import FeelBudgetExceeded, FeelSyntaxError
from engine.feel.parser import Parser
from engine.feel.unary import TESTED, TestCode, compile_tests
from engine.feel.values import IMMUTABLE, canonical

RULES: Final = {**compile_operators.RULES, **compile_collections.RULES, **compile_names.RULES}
CACHED_TEXTS: Final = 4096

Context = Mapping[str, object]
Functions = Mapping[str, Callable[..., object]]


class Expression:
    """A compiled expression; immutable, shared by threads.

    `names`: what it reads from the context (first segments of paths; names inside filters are
    left out, they may be fields of the rows). `functions`: the functions it calls.
    """

    __slots__ = ("_code", "functions", "names", "text")

    def __init__(self, text: str, code: Code, names: frozenset[str], functions: frozenset[str]) -> None:
        self.text = text
        self.names = names
        self.functions = functions
        self._code = code

    def evaluate(self, context: Context, *, now: datetime, functions: Functions = NO_FUNCTIONS) -> object:
        """The value, as a FEEL value that shares nothing with the context.

        Unknown names and wrong types give null. `now` is what now() returns; today() is its date
        in its own zone. Raises FeelBudgetExceeded, and FeelEvaluationError for a Python object that
        is no FEEL value.
        """
        run = Run(now, functions)
        try:
            value = self._code(Scope(context, None, run))
            if type(value) not in IMMUTABLE:
                measure(value, run)
        except RecursionError:
            raise FeelBudgetExceeded("feel_calls_too_deep") from None
        return value

    def __repr__(self) -> str:
        return f"Expression({self.text!r})"


class UnaryTests:
    """Tests of one value, as a cell of a decision table holds them: `< 5, [10..20]`, `not("a")`, `-`.

    A test that reads the value as `?`, or is a condition by itself, passes when it is true.
    """

    __slots__ = ("_code", "functions", "names", "text")

    def __init__(self, text: str, code: TestCode, names: frozenset[str], functions: frozenset[str]) -> None:
        self.text = text
        self.names = names
        self.functions = functions
        self._code = code

    def matches(
        self, value: object, context: Context, *, now: datetime, functions: Functions = NO_FUNCTIONS
    ) -> bool | None:
        """True, false, or null when the value cannot be compared. Raises as Expression.evaluate()."""
        run = Run(now, functions)
        try:
            tested = canonical(value, run)
            return self._code(tested, Scope({**context, TESTED: tested}, None, run))
        except RecursionError:
            raise FeelBudgetExceeded("feel_calls_too_deep") from None

    def __repr__(self) -> str:
        return f"UnaryTests({self.text!r})"


def compile_expression(text: str) -> Expression:
    """Compiled once per text. Raises FeelSyntaxError with the position of what cannot be read."""
    return _compile_expression(_of_fair_length(text))


def compile_unary_tests(text: str) -> UnaryTests:
    """Compiled once per text. Raises FeelSyntaxError with the position of what cannot be read."""
    return _compile_unary_tests(_of_fair_length(text))


def _of_fair_length(text: str) -> str:
    """Before the cache: it must not fill with what is refused."""
    if len(text) > MAX_SOURCE:
        raise FeelSyntaxError("feel_too_long", length=len(text), limit=MAX_SOURCE)
    return text


@lru_cache(maxsize=CACHED_TEXTS)
def _compile_expression(text: str) -> Expression:
    compiler = Compiler(RULES)
    try:
        code = compiler.compile(Parser(text).parse_expression())
    except RecursionError:
        raise FeelSyntaxError("feel_too_tangled") from None
    return Expression(text, code, frozenset(compiler.free_names), frozenset(compiler.functions))


@lru_cache(maxsize=CACHED_TEXTS)
def _compile_unary_tests(text: str) -> UnaryTests:
    compiler = Compiler(RULES)
    try:
        negated, tests = Parser(text).parse_unary_tests()
        code = compile_tests(compiler, tests, negated)
    except RecursionError:
        raise FeelSyntaxError("feel_too_tangled") from None
    return UnaryTests(text, code, frozenset(compiler.free_names), frozenset(compiler.functions))


def evaluate(expression: str, variables: Context | None = None, *, now: datetime | None = None) -> object:
    """The value of an expression text; `now` is the present moment in UTC unless given. Raises FeelError."""
    return compile_expression(expression).evaluate(variables or {}, now=now or SystemClock().now())
