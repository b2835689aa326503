"""Unary tests compiled: `< 5, [10..20]`, `not("a")`, `-`, or a condition about `?`.

What cells hold most, a literal, a comparison with one, or an interval between two, is decided without
leaving the closure when the value is of the literal's kind.
"""

import operator
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

from engine.feel import nodes
from engine.feel.budget import Run, Scope
from engine.feel.comparison import any_true, compare, passes
from engine.feel.compiler import Compiler
from engine.feel.nodes import Node

TestCode = Callable[[object, Scope], bool | None]
Order = Callable[[Decimal, Decimal], bool]
TESTED: Final = "?"
SIGNS: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
PLAIN_KINDS: Final = frozenset({Decimal, str})


def compile_test(compiler: Compiler, test: Node) -> TestCode:
    """One test of a value, in a scope that knows the value as `?`."""
    sign, node = (test.sign, test.operand) if isinstance(test, nodes.Bound) else ("", test)
    compiler.reads_tested_value = False
    code = compiler.compile(node)
    condition = compiler.reads_tested_value

    def decide(tested: object, scope: Scope) -> bool | None:
        found = code(scope)
        return compare(sign, tested, found, scope.run) if sign else _verdict(tested, found, condition, scope.run)

    if isinstance(node, nodes.Literal) and type(node.value) in PLAIN_KINDS:
        return _against_literal(SIGNS[sign or "="], node.value, decide)
    if isinstance(node, nodes.Interval) and not sign:
        return _within_literals(node, decide)
    return decide


def _verdict(tested: object, found: object, condition: bool, run: Run) -> bool | None:
    """A test that reads the value as `?`, or is a condition by itself, passes when it is true."""
    if condition or (isinstance(found, bool) and not isinstance(tested, bool)):
        return found if isinstance(found, bool) else None
    return passes(tested, found, run)


def _against_literal(sign: Callable[[Any, Any], bool], literal: object, otherwise: TestCode) -> TestCode:
    kind = type(literal)
    return lambda tested, scope: sign(tested, literal) if type(tested) is kind else otherwise(tested, scope)


def _within_literals(node: nodes.Interval, otherwise: TestCode) -> TestCode:
    low, high = (end.value if isinstance(end, nodes.Literal) else None for end in (node.start, node.end))
    if not isinstance(low, Decimal) or not isinstance(high, Decimal):
        return otherwise
    above: Order = operator.le if node.start_included else operator.lt
    below: Order = operator.le if node.end_included else operator.lt

    def within(tested: object, scope: Scope) -> bool | None:
        if type(tested) is Decimal:
            return above(low, tested) and below(tested, high)
        return otherwise(tested, scope)

    return within


def compile_tests(compiler: Compiler, tests: tuple[Node, ...], negated: bool) -> TestCode:
    """All tests of one text; no tests at all let everything pass."""
    codes: list[TestCode] = [compile_test(compiler, test) for test in tests]
    if not codes:
        return lambda tested, scope: True
    if len(codes) == 1 and not negated:
        return codes[0]

    def verdict_of(tested: object, scope: Scope) -> bool | None:
        verdict = any_true(code(tested, scope) for code in codes)
        return (None if verdict is None else not verdict) if negated else verdict

    return verdict_of
