"""Lists, contexts, `for`, `some`, `every` and function definitions."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from engine.feel import nodes
from engine.feel.budget import Code, Run, Scope
from engine.feel.comparison import all_true, any_true, order
from engine.feel.compiler import Compiler, Rule
from engine.feel.nodes import Node
from engine.feel.types import conversion_of
from engine.feel.values import NUMBERS, FeelFunction, Range

MAX_COUNTED: Final = 10**15  # beyond it nobody counts; the length has a limit of its own

Loop = tuple[str, Code]


class NothingToIterate(Exception):
    """The domain of a loop is null or endless: the loop's value is null."""


def list_of(compiler: Compiler, node: nodes.ListOf) -> Code:
    elements = compiler.compile_all(node.elements)

    def collect(scope: Scope) -> list[object]:
        scope.run.charge_list(len(elements))
        return [element(scope) for element in elements]

    return collect


def context_of(compiler: Compiler, node: nodes.ContextOf) -> Code:
    """Later entries see earlier ones; a function sees itself, so it may recurse. A repeated key gives null."""
    keys = [key for key, _ in node.entries]
    entries: list[Loop] = []
    with compiler.frame(set()) as frame:
        for key, value in node.entries:
            if isinstance(value, nodes.FunctionOf):
                frame.names.add(key)
            entries.append((key, compiler.compile(value)))
            frame.names.add(key)
    if len(set(keys)) < len(keys):
        return lambda scope: None

    def collect(scope: Scope) -> dict[str, object]:
        scope.run.charge_list(len(entries))
        values: dict[str, object] = {}
        inner = Scope(values, scope, scope.run)
        for key, entry in entries:
            values[key] = entry(inner)
        return values

    return collect


def function_of(compiler: Compiler, node: nodes.FunctionOf) -> Code:
    with compiler.frame(set(node.parameters)):
        body = compiler.compile(node.body)
    types = tuple(conversion_of(type_) if type_ else None for type_ in node.types)
    return lambda scope: FeelFunction(node.parameters, types, body, scope, node.body.depth)


def span_of(compiler: Compiler, node: nodes.Span) -> Code:
    start, end = compiler.compile(node.start), compiler.compile(node.end)
    return lambda scope: counted(start(scope), end(scope), scope.run)


def counted(start: object, end: object, run: Run) -> list[object] | None:
    """All whole numbers or days from start to end, both included, downwards when the end is smaller."""
    if type(start) is date and type(end) is date:
        step = timedelta(days=1 if start <= end else -1)
        length = abs((end - start).days) + 1
        run.charge_list(length)
        return [start + step * index for index in range(length)]
    if not isinstance(start, Decimal) or not isinstance(end, Decimal) or start != start.to_integral_value():
        return None
    distance = NUMBERS.subtract(end, start)
    if abs(start) > MAX_COUNTED or abs(distance) > MAX_COUNTED:
        return None
    direction = 1 if distance >= 0 else -1
    length = int(abs(distance)) + 1
    run.charge_list(length)
    first = int(start)
    return [Decimal(first + direction * index) for index in range(length)]


def elements_of(domain: object, run: Run) -> list[object]:
    """What a loop runs over: a list, the whole numbers or days of a range, or the one value itself."""
    if isinstance(domain, list):
        return domain
    if isinstance(domain, Range):
        elements = counted(domain.start, domain.end, run)
        if elements is None or order(domain.start, domain.end) == 1:
            raise NothingToIterate
        return elements[not domain.start_included : len(elements) - (not domain.end_included)]
    if domain is None:
        raise NothingToIterate
    return [domain]


def scopes_of(loops: list[Loop], scope: Scope, weight: int, results: list[object] | None) -> Iterator[Scope]:
    """One scope per combination; inner loops see the variables of the outer ones."""
    name, domain = loops[0]
    for element in elements_of(domain(scope), scope.run):
        scope.run.charge(weight)
        values: dict[str, object] = {name: element}
        if results is not None:
            values.setdefault("partial", results)
        inner = Scope(values, scope, scope.run)
        if len(loops) == 1:
            yield inner
        else:
            yield from scopes_of(loops[1:], inner, weight, results)


def _loops(
    compiler: Compiler, iterators: tuple[tuple[str, Node], ...], body: Node, own: set[str]
) -> tuple[list[Loop], Code]:
    """Compile nested loops: each variable is a scope of its own inside the one before."""
    if not iterators:
        return [], compiler.compile(body)
    (name, domain), *rest = iterators
    code = compiler.compile(domain)
    with compiler.frame({name} | own):
        loops, compiled = _loops(compiler, tuple(rest), body, own)
    return [(name, code), *loops], compiled


def for_of(compiler: Compiler, node: nodes.For) -> Code:
    loops, body = _loops(compiler, node.iterators, node.body, {"partial"})
    weight = node.body.weight + 3

    def collect(scope: Scope) -> list[object] | None:
        results: list[object] = []
        try:
            for inner in scopes_of(loops, scope, weight, results):
                results.append(body(inner))
        except NothingToIterate:
            return None
        scope.run.charge_list(len(results))
        return results

    return collect


def quantified_of(compiler: Compiler, node: nodes.Quantified) -> Code:
    loops, body = _loops(compiler, node.iterators, node.body, set())
    decide, weight = (any_true if node.word == "some" else all_true), node.body.weight + 3

    def judge(scope: Scope) -> bool | None:
        try:
            return decide(body(inner) for inner in scopes_of(loops, scope, weight, None))
        except NothingToIterate:
            return None

    return judge


RULES: Final[dict[type[Node], Rule]] = {
    nodes.ListOf: list_of,
    nodes.ContextOf: context_of,
    nodes.FunctionOf: function_of,
    nodes.Span: span_of,
    nodes.For: for_of,
    nodes.Quantified: quantified_of,
}
