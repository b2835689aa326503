"""Tokens to syntax tree: precedence climbing over the grammar of DMN 1.4, and unary tests."""

from decimal import Decimal
from typing import Final

from engine.feel import nodes
from engine.feel.budget import MAX_TREE_DEPTH
from engine.feel.cursor import STOPS, Cursor
from engine.feel.errors import FeelSyntaxError
from engine.feel.lexer import Kind, Token
from engine.feel.nodes import Node
from engine.feel.temporal import parse_moment
from engine.feel.types import Type
from engine.feel.values import NUMBERS, number

COMPARISONS: Final = frozenset({"=", "!=", "<", "<=", ">", ">="})
CONSTANTS: Final = {"true": True, "false": False, "null": None}
STARTING_SIGNS: Final = frozenset({"(", "[", "{", "-", "?"})
KEY_SIGNS: Final = frozenset({"+", "-", "*", "/", "."})

OR, AND, COMPARING, ADDING, MULTIPLYING, RAISING = range(1, 7)
LEVELS: Final = {"+": ADDING, "-": ADDING, "*": MULTIPLYING, "/": MULTIPLYING, "**": RAISING}


class Parser(Cursor):
    """One reading of one text. Raises FeelSyntaxError."""

    def parse_expression(self) -> Node:
        if self.token.kind is Kind.END:
            raise FeelSyntaxError("feel_empty")
        node = self.expression()
        self.finish()
        return node

    def parse_unary_tests(self) -> tuple[bool, tuple[Node, ...]]:
        """(negated, tests); no tests at all stand for `-`, which everything passes."""
        if self.token.kind is Kind.END:
            raise FeelSyntaxError("feel_empty")
        if self.is_sign("-") and self.following().kind is Kind.END:
            return False, ()
        if self.is_word("not") and self.following().value == "(" and self._closes_at_end(self.index + 1):
            self.advance()
            self.advance()
            tests = self.tests()
            self.expect(")")
            return True, tests
        tests = self.tests()
        self.finish()
        return False, tests

    def finish(self) -> None:
        if self.token.kind is not Kind.END:
            raise FeelSyntaxError("feel_superfluous", self.token.start, found=self.found())

    def _closes_at_end(self, opening: int) -> bool:
        """Whether the bracket at this index closes with the last token."""
        depth = 0
        for index in range(opening, len(self.tokens) - 1):
            token = self.tokens[index]
            if token.kind is Kind.SIGN:
                depth += (token.value == "(") - (token.value == ")")
            if depth == 0:
                return index == len(self.tokens) - 2
        return False

    # --- operators ----------------------------------------------------------------------------

    def expression(self) -> Node:
        self.enter()
        node = self.operators(OR)
        self.leave()
        return node

    def operators(self, level: int) -> Node:
        return self.operators_after(self.negation(), level)

    def operators_after(self, node: Node, level: int) -> Node:
        """Continue an operand that has been read with all operators that bind at least at this level."""
        while True:
            token = self.token
            if token.kind is Kind.SIGN and token.value in LEVELS:
                own = LEVELS[token.value]
                if own < level:
                    return node
                self.advance()
                node = nodes.Arithmetic(token.value, node, self.operators(own + 1))
            elif level <= COMPARING and token.kind is Kind.SIGN and token.value in COMPARISONS:
                self.advance()
                node = nodes.Comparison(token.value, node, self.operators(ADDING))
            elif level <= COMPARING and self.is_word("between"):
                node = self.between(node)
            elif level <= COMPARING and self.is_word("in"):
                self.advance()
                node = nodes.In(node, self.in_tests())
            elif level <= AND and self.is_word("and"):
                node = self.logic(node, "and", COMPARING)
            elif level <= OR and self.is_word("or"):
                node = self.logic(node, "or", AND)
            else:
                return node
            self.check_depth(node)

    def check_depth(self, node: Node) -> None:
        if node.depth > MAX_TREE_DEPTH:
            raise FeelSyntaxError("feel_too_deep", self.token.start, limit=MAX_TREE_DEPTH)

    def logic(self, first: Node, word: str, level: int) -> Node:
        operands = [first]
        while self.is_word(word):
            self.advance()
            operands.append(self.operators(level))
        return nodes.Logic(word, tuple(operands))

    def between(self, value: Node) -> Node:
        self.advance()
        low = self.operators(ADDING)
        self.expect("and")
        return nodes.Between(value, low, self.operators(ADDING))

    def in_tests(self) -> tuple[Node, ...]:
        if not self.is_sign("("):
            return (self.bound(),) if self.is_sign(*COMPARISONS) else (self.operators(ADDING),)
        self.advance()
        first = self.test()
        if not isinstance(first, nodes.Bound):
            if self.is_sign(".."):
                return (self.operators_after(self.postfix(self.interval(first, included=False)), ADDING),)
            if self.is_sign(")"):
                self.advance()
                return (self.operators_after(self.postfix(first), ADDING),)
        tests = [first]
        while self.is_sign(","):
            self.advance()
            tests.append(self.test())
        self.expect(")")
        return tuple(tests)

    def tests(self) -> tuple[Node, ...]:
        tests = [self.test()]
        while self.is_sign(","):
            self.advance()
            tests.append(self.test())
        return tuple(tests)

    def test(self) -> Node:
        return self.bound() if self.is_sign(*COMPARISONS) else self.expression()

    def bound(self) -> Node:
        return nodes.Bound(self.advance().value, self.operators(ADDING))

    def negation(self) -> Node:
        signs = 0
        while self.is_sign("-"):
            self.advance()
            signs += 1
        node = self.instance(self.postfix(self.primary()))
        if signs and isinstance(node, nodes.Literal) and isinstance(node.value, Decimal):
            return nodes.Literal(NUMBERS.minus(node.value) if signs % 2 else node.value)
        # A double minus is not a no-op: it turns what cannot be negated into null.
        for _ in range(min(signs, 2 - signs % 2)):
            node = nodes.Negate(node)
        return node

    def instance(self, node: Node) -> Node:
        while self.is_word("instance") and self.following().value == "of":
            self.advance()
            self.advance()
            node = nodes.InstanceOf(node, self.type())
            self.check_depth(node)
        return node

    def postfix(self, node: Node) -> Node:
        while self.token.kind is Kind.SIGN:
            if self.is_sign("."):
                self.advance()
                node = nodes.Path(node, self.name(anywhere=True))
            elif self.is_sign("[") and self._starts_value(self.following()):
                self.advance()
                node = nodes.Filter(node, self.expression())
                self.expect("]")
            elif self.is_sign("("):
                node = self.call(node)
            else:
                break
            self.check_depth(node)
        return node

    def _starts_value(self, token: Token) -> bool:
        """After `[`: a filter begins; otherwise the sign closes an interval such as `[1..n[`."""
        if token.kind is Kind.SIGN:
            return token.value in STARTING_SIGNS
        return token.kind is not Kind.END and not (token.kind is Kind.WORD and token.value in STOPS)

    # --- operands -----------------------------------------------------------------------------

    def primary(self) -> Node:
        token = self.token
        known = self.known_name() if token.kind in (Kind.WORD, Kind.SIGN) else None
        if known is not None:
            return nodes.Name(known)
        if token.kind is Kind.NUMBER:
            self.advance()
            return nodes.Literal(number(token.value))
        if token.kind is Kind.TEXT:
            self.advance()
            return nodes.Literal(token.value)
        if token.kind is Kind.MOMENT:
            self.advance()
            return nodes.Literal(parse_moment(token.value))
        if token.kind is Kind.SIGN:
            return self.bracketed()
        if token.kind is Kind.END or token.value in STOPS:
            raise self.unexpected("value")
        if token.kind is Kind.WORD:
            return self.worded()
        return nodes.Name(self.name())

    def worded(self) -> Node:
        word = self.token.value
        if word in CONSTANTS:
            self.advance()
            return nodes.Literal(CONSTANTS[word])
        if word == "if":
            return self.conditional()
        if word == "for":
            self.advance()
            iterators = self.iterators("return")
            return nodes.For(iterators, self.expression())
        if word in ("some", "every"):
            self.advance()
            iterators = self.iterators("satisfies")
            return nodes.Quantified(word, iterators, self.expression())
        if word == "not" and self.following().value != "(":
            self.advance()
            raise self.unexpected("(")
        if word == "function" and self.following().value == "(":
            return self.function()
        return nodes.Name(self.name())

    def bracketed(self) -> Node:
        sign = self.token.value
        if sign == "?":
            self.advance()
            return nodes.Name("?")
        if sign == "{":
            return self.context()
        if sign not in ("(", "[", "]"):
            raise self.unexpected("value")
        self.advance()
        if sign == "(":
            if self.is_sign(*COMPARISONS):
                bound = self.bound()
                self.expect(")")
                return bound
            node = self.expression()
            if self.is_sign(".."):
                return self.interval(node, included=False)
            self.expect(")")
            return node
        if sign == "[" and self.is_sign("]"):
            self.advance()
            return nodes.ListOf(())
        first = self.expression()
        if self.is_sign("..") or sign == "]":
            return self.interval(first, included=sign == "[")
        return self.list_after(first)

    def interval(self, start: Node, *, included: bool) -> Node:
        self.expect("..")
        end = self.expression()
        if not self.is_sign("]", ")", "["):
            raise self.unexpected("end of interval")
        return nodes.Interval(start, end, included, self.advance().value == "]")

    def list_after(self, first: Node) -> Node:
        elements = [first]
        while self.is_sign(","):
            self.advance()
            elements.append(self.expression())
        self.expect("]")
        return nodes.ListOf(tuple(elements))

    def context(self) -> Node:
        self.advance()
        entries: list[tuple[str, Node]] = []
        while not self.is_sign("}"):
            if entries:
                self.expect(",")
            key = self.key()
            self.expect(":")
            entries.append((key, self.expression()))
            self.vocabulary.learn(key)
        self.advance()
        return nodes.ContextOf(tuple(entries))

    def key(self) -> str:
        """A text, a name in backticks, or everything up to the colon when it looks like a name."""
        if self.token.kind in (Kind.TEXT, Kind.NAME):
            return self.advance().value
        start = self.token
        if start.kind is not Kind.WORD:
            raise self.unexpected("name")
        end = start
        while self.token.kind in (Kind.WORD, Kind.NUMBER) or self.is_sign(*KEY_SIGNS):
            end = self.advance()
        return " ".join(self.text[start.start : end.end].split())

    def conditional(self) -> Node:
        self.advance()
        condition = self.expression()
        self.expect("then")
        then = self.expression()
        self.expect("else")
        return nodes.If(condition, then, self.expression())

    def iterators(self, closing: str) -> tuple[tuple[str, Node], ...]:
        iterators = []
        while True:
            name = self.name()
            if not self.is_word("in"):
                raise self.unexpected("iteration")
            self.advance()
            domain = self.expression()
            if self.is_sign(".."):
                self.advance()
                domain = nodes.Span(domain, self.expression())
            iterators.append((name, domain))
            if not self.is_sign(","):
                break
            self.advance()
        self.expect(closing)
        return tuple(iterators)

    def function(self) -> Node:
        self.advance()
        self.expect("(")
        parameters: dict[str, Type | None] = {}
        while not self.is_sign(")"):
            if parameters:
                self.expect(",")
            start = self.token.start
            name = self.name()
            if name in parameters:
                raise FeelSyntaxError("feel_repeated_name", start, name=name)
            parameters[name] = None
            if self.is_sign(":"):
                self.advance()
                parameters[name] = self.type()
        self.advance()
        if self.is_word("external"):
            raise FeelSyntaxError("feel_external_function", self.token.start)
        return nodes.FunctionOf(tuple(parameters), tuple(parameters.values()), self.expression())

    def call(self, function: Node) -> Node:
        self.advance()
        arguments: list[Node] = []
        names: list[str] = []
        while not self.is_sign(")"):
            if arguments:
                self.expect(",")
            start = self.token.start
            name = self.argument_name()
            if arguments and (name is None) == bool(names):
                raise FeelSyntaxError("feel_mixed_arguments", start)
            if name is not None:
                if name in names:
                    raise FeelSyntaxError("feel_repeated_name", start, name=name)
                names.append(name)
            arguments.append(self.expression())
        self.advance()
        return nodes.Call(function, tuple(arguments), tuple(names))

    def argument_name(self) -> str | None:
        """`start position:` before an argument, if it stands here."""
        distance = 0
        while self.following(distance).kind in (Kind.WORD, Kind.NAME):
            distance += 1
        if not distance or self.following(distance).value != ":":
            return None
        words = [self.advance().value for _ in range(distance)]
        self.advance()
        return " ".join(words)
