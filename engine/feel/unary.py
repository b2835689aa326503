"""Unary tests compiled: `< 5, [10..20]`, `not("a")`, `-`, or a condition about `?`."""

from collections.abc import Callable
from typing import Final

from engine.feel import nodes
from engine.feel.budget import Run, Scope
from engine.feel.comparison import any_true, compare, passes
from engine.feel.compiler import Compiler
from engine.feel.nodes import Node

TestCode = Callable[[object, Scope], bool | None]
TESTED: Final = "?"


def compile_test(compiler: Compiler, test: Node) -> TestCode:
    """One test of a value, in a scope that knows the value as `?`."""
    sign, node = (test.sign, test.operand) if isinstance(test, nodes.Bound) else ("", test)
    compiler.reads_tested_value = False
    code = compiler.compile(node)
    if sign:
        return lambda tested, scope: compare(sign, tested, code(scope), scope.run)
    condition = compiler.reads_tested_value
    return lambda tested, scope: _verdict(tested, code(scope), condition, scope.run)


def _verdict(tested: object, found: object, condition: bool, run: Run) -> bool | None:
    """A test that reads the value as `?`, or is a condition by itself, passes when it is true."""
    if condition or (isinstance(found, bool) and not isinstance(tested, bool)):
        return found if isinstance(found, bool) else None
    return passes(tested, found, run)


def compile_tests(compiler: Compiler, tests: tuple[Node, ...], negated: bool) -> TestCode:
    """All tests of one text; no tests at all let everything pass."""
    codes: list[TestCode] = [compile_test(compiler, test) for test in tests]
    if not codes:
        return lambda tested, scope: True

    def verdict_of(tested: object, scope: Scope) -> bool | None:
        verdict = any_true(code(tested, scope) for code in codes)
        return (None if verdict is None else not verdict) if negated else verdict

    return verdict_of
