"""Decision tables compiled: which rules fire, and what the hit policy makes of them."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from engine.decisions import nodes as own
from engine.decisions.run import DecisionRun, FiredRule, FiredTable
from engine.feel.budget import Code, Scope
from engine.feel.builtins import BUILTINS
from engine.feel.comparison import equal
from engine.feel.compiler import Compiler, Rule
from engine.feel.nodes import Node
from engine.feel.types import conversion_of
from engine.feel.unary import TESTED, TestCode, compile_test, compile_tests
from engine.feel.values import UNFIT

AGGREGATES: Final = {"SUM": "sum", "MIN": "min", "MAX": "max"}
LISTS: Final = frozenset({"COLLECT", "RULE ORDER", "OUTPUT ORDER"})


@dataclass(frozen=True)
class CompiledRule:
    """`tests`: (input, test) for each cell that does not let everything pass."""

    drawn: own.Rule
    tests: tuple[tuple[int, TestCode], ...]
    outputs: tuple[Code, ...]


@dataclass(frozen=True)
class CompiledTable:
    """`names` is empty for a single output; `ranks` are the tests of the output values, by priority."""

    drawn: own.Table
    expressions: tuple[Code, ...]
    allowed: tuple[TestCode | None, ...]
    rules: tuple[CompiledRule, ...]
    names: tuple[str, ...]
    ranks: tuple[tuple[TestCode, ...], ...]
    default: Code | None

    def decide(self, scope: Scope) -> object:
        run = scope.run
        run.charge(2 + len(self.rules) * (1 + len(self.expressions)))
        values = [expression(scope) for expression in self.expressions]
        scopes = [Scope({TESTED: value}, scope, run) for value in values]
        fits = all(
            allowed is None or value is None or allowed(value, inner) is True
            for allowed, value, inner in zip(self.allowed, values, scopes, strict=True)
        )
        fired = [rule for rule in self.rules if self._fires(rule, values, scopes)] if fits else []
        if self.drawn.policy == "FIRST":
            fired = fired[:1]
        outputs = [self._output(rule, scope) for rule in fired]
        reason = self._reason(outputs, scope) if fits else "table_not_allowed"
        result = self._by_policy(outputs, scope) if fits and reason in ("", "table_no_rule") else None
        if isinstance(run, DecisionRun):
            run.record_table(self._record(values, fired, outputs, result, reason))
        return result

    def _reason(self, outputs: list[object], scope: Scope) -> str:
        """Why the rules that fired give no result; "" when they do."""
        if not outputs:
            return "table_no_rule"
        if self.drawn.policy == "UNIQUE" and len(outputs) > 1:
            return "table_several_rules"
        if self.drawn.policy == "ANY" and any(equal(outputs[0], other, scope.run) is not True for other in outputs[1:]):
            return "table_different_outputs"
        return ""

    def _fires(self, rule: CompiledRule, values: list[object], scopes: list[Scope]) -> bool:
        for place, test in rule.tests:  # noqa: SIM110  # all() would cost a table half its time again
            if test(values[place], scopes[place]) is not True:
                return False
        return True

    def _output(self, rule: CompiledRule, scope: Scope) -> object:
        values = [code(scope) for code in rule.outputs]
        return dict(zip(self.names, values, strict=True)) if self.names else values[0]

    def _by_policy(self, outputs: list[object], scope: Scope) -> object:
        if not outputs:
            return self._without_match(scope)
        policy, aggregation = self.drawn.policy, self.drawn.aggregation
        if policy in ("PRIORITY", "OUTPUT ORDER"):
            outputs = sorted(outputs, key=lambda output: self._rank(output, scope))
        if policy in LISTS:
            return _aggregated(outputs, aggregation, scope)
        return outputs[0]

    def _without_match(self, scope: Scope) -> object:
        if self.default is not None:
            return self.default(scope)
        return Decimal(0) if self.drawn.aggregation == "COUNT" else None

    def _rank(self, output: object, scope: Scope) -> tuple[int, ...]:
        """Lower comes first; a value that is not among the output values comes last."""
        values = list(output.values()) if isinstance(output, dict) else [output]
        return tuple(_position(value, tests, scope) for value, tests in zip(values, self.ranks, strict=True))

    def _record(
        self, values: list[object], fired: list[CompiledRule], outputs: list[object], result: object, reason: str
    ) -> FiredTable:
        inputs = [(column.text, value) for column, value in zip(self.drawn.inputs, values, strict=True)]
        rules = [
            FiredRule(rule.drawn.id, rule.drawn.number, output, rule.drawn.annotations)
            for rule, output in zip(fired, outputs, strict=True)
        ]
        return FiredTable(self.drawn.id, self.drawn.policy, self.drawn.aggregation, inputs, rules, result, reason)


def _position(value: object, tests: tuple[TestCode, ...], scope: Scope) -> int:
    inner = Scope({TESTED: value}, scope, scope.run)
    scope.run.charge(len(tests))
    return next((place for place, test in enumerate(tests) if test(value, inner) is True), len(tests))


def _aggregated(outputs: list[object], aggregation: str, scope: Scope) -> object:
    if aggregation == "COUNT":
        return Decimal(len(outputs))
    if aggregation:
        return BUILTINS[AGGREGATES[aggregation]].invoke(scope.run, [outputs])
    scope.run.charge_list(len(outputs))
    return outputs


# --- compiling ------------------------------------------------------------------------------------


def table_of(compiler: Compiler, node: own.Table) -> Code:
    expressions = compiler.compile_all(tuple(column.expression for column in node.inputs))
    with compiler.frame({TESTED}):
        allowed = tuple(_tests(compiler, column.allowed) for column in node.inputs)
        tests = [_cells(compiler, rule) for rule in node.rules]
        ranks = tuple(tuple(compile_test(compiler, test) for test in part.priorities) for part in node.outcomes)
    rules = tuple(
        CompiledRule(rule, cells, compiler.compile_all(rule.outputs))
        for rule, cells in zip(node.rules, tests, strict=True)
    )
    names = tuple(part.name for part in node.outcomes) if len(node.outcomes) > 1 else ()
    return CompiledTable(node, expressions, allowed, rules, names, ranks, _default(compiler, node, names)).decide


def _tests(compiler: Compiler, cell: own.Tests | None) -> TestCode | None:
    return None if cell is None else compile_tests(compiler, cell.tests, cell.negated)


def _cells(compiler: Compiler, rule: own.Rule) -> tuple[tuple[int, TestCode], ...]:
    cells = [(place, cell) for place, cell in enumerate(rule.cells) if cell.tests]
    return tuple((place, compile_tests(compiler, cell.tests, cell.negated)) for place, cell in cells)


def _default(compiler: Compiler, node: own.Table, names: tuple[str, ...]) -> Code | None:
    """The default output: of several outputs those without a default are null."""
    if all(part.default is None for part in node.outcomes):
        return None
    codes = [None if part.default is None else compiler.compile(part.default) for part in node.outcomes]

    def default(scope: Scope) -> object:
        values = [None if code is None else code(scope) for code in codes]
        return dict(zip(names, values, strict=True)) if names else values[0]

    return default


def converted_of(compiler: Compiler, node: own.Converted) -> Code:
    value, convert = compiler.compile(node.value), conversion_of(node.type)

    def converted(scope: Scope) -> object:
        found = value(scope)
        if found is None:
            return None
        made = convert(found, scope.run)
        return None if made is UNFIT else made

    return converted


class NoVerdict(Exception):
    """A condition of a boxed expression is neither true nor false nor null."""


def verdict_of(compiler: Compiler, node: own.Verdict) -> Code:
    value = compiler.compile(node.value)

    def verdict(scope: Scope) -> bool | None:
        found = value(scope)
        if found is None or isinstance(found, bool):
            return found
        raise NoVerdict

    return verdict


def judged_of(compiler: Compiler, node: own.Judged) -> Code:
    box = compiler.compile(node.box)

    def judged(scope: Scope) -> object:
        try:
            return box(scope)
        except NoVerdict:
            return None

    return judged


def unreadable_of(compiler: Compiler, node: own.Unreadable) -> Code:
    return lambda scope: None


RULES: Final[dict[type[Node], Callable[..., Code] | Rule]] = {
    own.Table: table_of,
    own.Converted: converted_of,
    own.Unreadable: unreadable_of,
    own.Verdict: verdict_of,
    own.Judged: judged_of,
}
