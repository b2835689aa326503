"""Literals, arithmetic, comparison, logic, membership and `if`."""

import operator
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

from engine.feel import nodes
from engine.feel.arithmetic import OPERATIONS, negate
from engine.feel.budget import Code, Scope, measure
from engine.feel.comparison import all_true, any_true, compare, order, passes
from engine.feel.compiler import Compiler, Rule
from engine.feel.nodes import Node
from engine.feel.values import NUMBERS, Range

# The common case, two numbers, is decided without leaving the closure.
QUICK: Final[dict[str, Callable[[Decimal, Decimal], Decimal]]] = {
    "+": NUMBERS.add,
    "-": NUMBERS.subtract,
    "*": NUMBERS.multiply,
}
# The sign as a function of Python, and whether it needs an order.
SIGNS: Final[dict[str, tuple[Callable[[Any, Any], bool], bool]]] = {
    "=": (operator.eq, False),
    "!=": (operator.ne, False),
    "<": (operator.lt, True),
    "<=": (operator.le, True),
    ">": (operator.gt, True),
    ">=": (operator.ge, True),
}
EQUAL_BY_PYTHON: Final = frozenset({Decimal, str, bool})
ORDERED_BY_PYTHON: Final = frozenset({Decimal, str})


def literal_of(compiler: Compiler, node: nodes.Literal) -> Code:
    value = node.value
    return lambda scope: value


def arithmetic_of(compiler: Compiler, node: nodes.Arithmetic) -> Code:
    left, right = compiler.compile(node.left), compiler.compile(node.right)
    operation, quick = OPERATIONS[node.sign], QUICK.get(node.sign)
    if quick is None:
        return lambda scope: operation(left(scope), right(scope), scope.run)

    def calculate(scope: Scope) -> object:
        one, other = left(scope), right(scope)
        if type(one) is Decimal and type(other) is Decimal:
            result = quick(one, other)
            return result if result.is_finite() else None
        return operation(one, other, scope.run)

    return calculate


def negate_of(compiler: Compiler, node: nodes.Negate) -> Code:
    operand = compiler.compile(node.operand)
    return lambda scope: negate(operand(scope))


def logic_of(compiler: Compiler, node: nodes.Logic) -> Code:
    """Three values: what is neither true nor false counts as null."""
    operands = compiler.compile_all(node.operands)
    decisive = node.word == "or"

    def decide(scope: Scope) -> bool | None:
        result: bool | None = not decisive
        for operand in operands:
            verdict = operand(scope)
            if verdict is decisive:
                return decisive
            if verdict is not True and verdict is not False:
                result = None
        return result

    return decide


def comparison_of(compiler: Compiler, node: nodes.Comparison) -> Code:
    left, right, sign = compiler.compile(node.left), compiler.compile(node.right), node.sign
    by_python, needs_order = SIGNS[sign]
    kinds = ORDERED_BY_PYTHON if needs_order else EQUAL_BY_PYTHON
    if isinstance(node.right, nodes.Literal) and type(node.right.value) in kinds:
        return _comparison_with(left, node.right.value, sign)

    def decide(scope: Scope) -> bool | None:
        one, other = left(scope), right(scope)
        if type(one) is type(other) and type(one) in kinds:
            return by_python(one, other)
        return compare(sign, one, other, scope.run)

    return decide


def _comparison_with(left: Code, literal: object, sign: str) -> Code:
    """The most frequent shape, `name = "text"`: the kind of the literal is known beforehand."""
    by_python, kind = SIGNS[sign][0], type(literal)

    def decide(scope: Scope) -> bool | None:
        one = left(scope)
        if type(one) is kind:
            return by_python(one, literal)
        return compare(sign, one, literal, scope.run)

    return decide


def between_of(compiler: Compiler, node: nodes.Between) -> Code:
    value, low, high = compiler.compile_all((node.value, node.low, node.high))

    def decide(scope: Scope) -> bool | None:
        middle = value(scope)
        return all_true(
            (
                compare(">=", middle, low(scope), scope.run),
                compare("<=", middle, high(scope), scope.run),
            )
        )

    return decide


def in_of(compiler: Compiler, node: nodes.In) -> Code:
    value = compiler.compile(node.value)
    tests = [(test.sign, test.operand) if isinstance(test, nodes.Bound) else ("", test) for test in node.tests]
    compiled = [(sign, compiler.compile(test)) for sign, test in tests]

    def decide(scope: Scope) -> bool | None:
        tested, run = value(scope), scope.run
        return any_true(
            compare(sign, tested, test(scope), run) if sign else passes(tested, test(scope), run)
            for sign, test in compiled
        )

    return decide


def bound_of(compiler: Compiler, node: nodes.Bound) -> Code:
    """`(< 5)` is the range up to 5, `(= 5)` the range of 5 alone, `(!= 5)` everything but 5."""
    operand, sign = compiler.compile(node.operand), node.sign

    def enclose(scope: Scope) -> Range | None:
        end = operand(scope)
        if end is None:
            return None
        if sign == "=":
            return Range(end, end, endless=True)  # not the same range as [end..end]
        if sign == "!=":
            return Range(end, end, start_included=False, end_included=False, endless=True)
        included = sign in ("<=", ">=")
        if sign[0] == "<":
            return Range(None, end, start_included=False, end_included=included, endless=True)
        return Range(end, None, start_included=included, end_included=False, endless=True)

    return enclose


def interval_of(compiler: Compiler, node: nodes.Interval) -> Code:
    start, end = compiler.compile(node.start), compiler.compile(node.end)

    def enclose(scope: Scope) -> Range | None:
        low, high = start(scope), end(scope)
        if low is not None and high is not None and order(low, high) is None:
            return None
        return Range(low, high, node.start_included, node.end_included)

    return enclose


def if_of(compiler: Compiler, node: nodes.If) -> Code:
    condition, then, otherwise = compiler.compile_all((node.condition, node.then, node.otherwise))
    return lambda scope: then(scope) if condition(scope) is True else otherwise(scope)


def instance_of(compiler: Compiler, node: nodes.InstanceOf) -> Code:
    value, check = compiler.compile(node.value), node.type.shape

    def decide(scope: Scope) -> bool:
        found = value(scope)
        measure(found, scope.run)
        return check(found)

    return decide


RULES: Final[dict[type[Node], Rule]] = {
    nodes.Literal: literal_of,
    nodes.Arithmetic: arithmetic_of,
    nodes.Negate: negate_of,
    nodes.Logic: logic_of,
    nodes.Comparison: comparison_of,
    nodes.Between: between_of,
    nodes.In: in_of,
    nodes.Bound: bound_of,
    nodes.Interval: interval_of,
    nodes.If: if_of,
    nodes.InstanceOf: instance_of,
}
