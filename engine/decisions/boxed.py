"""Boxed expressions of XML to the syntax tree of FEEL; what cannot be read is reported and becomes null."""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from lxml import etree

from engine.decisions import nodes as own
from engine.decisions.drawing import LOGIC, child, children, logic_in, text_in, type_ref_of
from engine.decisions.item_types import Report
from engine.definitions.xml import local_name
from engine.feel import nodes
from engine.feel.errors import FeelSyntaxError
from engine.feel.nodes import Node
from engine.feel.parser import Parser
from engine.feel.types import Type
from engine.feel.vocabulary import Vocabulary

Names = tuple[str, ...]
RESULT: Final = "\0result"  # the entry of a boxed context that is its value; no FEEL name looks like this
MAX_BOXES: Final = 60  # boxed expressions within each other
MAX_NAMES: Final = 300  # that one expression may refer to
NULL: Final = nodes.Literal(None)

Resolve = Callable[[str, etree._Element], Type | None]


class BoxReader:
    """Reads the boxed expressions of one file. `names` of each method: what the expression may refer to."""

    def __init__(
        self, types: Mapping[str, Type], members: Iterable[str], resolve: Resolve, report: Report, table: "Reader"
    ) -> None:
        self._types = types
        self._members = frozenset(members)
        self._resolve = resolve
        self.report = report
        self._table = table
        self._depth = 0
        self._vocabularies: dict[Names, Vocabulary] = {}

    def within(self, node: etree._Element | None, names: Names) -> Node:
        """The boxed expression inside this element."""
        logic = logic_in(node) if node is not None else None
        return self.expression(logic, names) if logic is not None else NULL

    def expression(self, node: etree._Element, names: Names) -> Node:
        self._depth += 1
        if self._depth > MAX_BOXES:
            self.report("dmn_too_deep", node, limit=MAX_BOXES)
            made: Node = own.Unreadable()
        else:
            made = READERS.get(local_name(node), self._table)(self, node, names)
        self._depth -= 1
        return self.typed(made, node)

    def typed(self, made: Node, node: etree._Element) -> Node:
        """With the conversion its typeRef asks for."""
        type_ = self._resolve(type_ref_of(node), node)
        return own.Converted(made, type_) if type_ is not None else made

    # --- texts --------------------------------------------------------------------------------

    def feel(self, text: str, node: etree._Element, names: Names) -> Node:
        return self._read(text, node, names, lambda parser: parser.parse_expression())

    def tests(self, text: str, node: etree._Element, names: Names) -> own.Tests:
        """A cell; an empty one lets everything pass, one that cannot be read nothing."""
        if not text:
            return own.Tests(())

        def parse(parser: Parser) -> Node:
            negated, tests = parser.parse_unary_tests()
            return own.Tests(tests, negated)

        made = self._read(text, node, names, parse)
        return made if isinstance(made, own.Tests) else own.Tests((made,))

    def _read(self, text: str, node: etree._Element, names: Names, parse: Callable[[Parser], Node]) -> Node:
        language = node.get("expressionLanguage", "")
        if language and "feel" not in language.lower():
            self.report("dmn_unknown_language", node, language=language[:80])
            return own.Unreadable()
        try:
            return parse(Parser(text, self._vocabulary(names)))
        except FeelSyntaxError as error:
            reason = {"reason": error.sentence("en"), "reason_ru": error.sentence("ru")}
            self.report("dmn_bad_feel", node, text=text[:200], position=error.position or 0, **reason)
        except RecursionError:
            self.report("dmn_too_deep", node, limit=MAX_BOXES)
        return own.Unreadable()

    def _vocabulary(self, names: Names) -> Vocabulary:
        """Of these names; each expression may add its own, so each has a copy."""
        known = self._vocabularies.get(names)
        if known is None:
            known = self._vocabularies[names] = Vocabulary(names, self._members, self._types)
        return known.copy()

    # --- boxes --------------------------------------------------------------------------------

    def literal(self, node: etree._Element, names: Names) -> Node:
        text = text_in(node, "text")
        if not text:
            return NULL
        return self.feel(text, node, names)

    def context(self, node: etree._Element, names: Names) -> Node:
        entries: list[tuple[str, Node]] = []
        for entry in children(node, "contextEntry"):
            variable = child(entry, "variable")
            name = name_of(variable) if variable is not None else RESULT
            logic = logic_in(entry)
            is_function = logic is not None and local_name(logic) == "functionDefinition"
            made = self.within(entry, (*names, name) if is_function else names)
            entries.append((name, made if variable is None else self.typed(made, variable)))
            names = (*names, name)
            if len(names) > MAX_NAMES:
                self.report("dmn_too_many_names", node, limit=MAX_NAMES)
                return own.Unreadable()
        made = nodes.ContextOf(tuple(entries))
        return nodes.Path(made, RESULT) if entries and entries[-1][0] == RESULT else made

    def list(self, node: etree._Element, names: Names) -> Node:
        return nodes.ListOf(tuple(self.expression(part, names) for part in children(node) if is_logic(part)))

    def relation(self, node: etree._Element, names: Names) -> Node:
        columns = list(children(node, "column"))
        rows = []
        for row in children(node, "row"):
            cells = [part for part in children(row) if is_logic(part)]
            if len(cells) != len(columns):
                self.report("dmn_row_length", row, found=len(cells), expected=len(columns))
                return own.Unreadable()
            made = [
                self.typed(self.expression(cell, names), column) for cell, column in zip(cells, columns, strict=True)
            ]
            rows.append(
                nodes.ContextOf(tuple((name_of(column), cell) for column, cell in zip(columns, made, strict=True)))
            )
        return nodes.ListOf(tuple(rows))

    def invocation(self, node: etree._Element, names: Names) -> Node:
        arguments: list[Node] = []
        parameters: list[str] = []
        for binding in children(node, "binding"):
            parameter = child(binding, "parameter")
            if parameter is None:
                self.report("dmn_binding_without_parameter", binding)
                return own.Unreadable()
            parameters.append(name_of(parameter))
            arguments.append(self.typed(self.within(binding, names), parameter))
        return nodes.Call(self.within(node, names), tuple(arguments), tuple(parameters))

    def function(self, node: etree._Element, names: Names) -> Node:
        """A boxed function, or what a business knowledge model encapsulates."""
        if node.get("kind", "FEEL") != "FEEL":
            self.report("dmn_external_function", node, kind=node.get("kind"))
            return own.Unreadable()
        parameters = list(children(node, "formalParameter"))
        own_names = tuple(name_of(parameter) for parameter in parameters)
        if len(set(own_names)) < len(own_names):
            self.report("dmn_repeated_parameter", node)
            return own.Unreadable()
        types = tuple(self._resolve(type_ref_of(parameter), parameter) for parameter in parameters)
        return nodes.FunctionOf(own_names, types, self.within(node, (*names, *own_names)))

    def conditional(self, node: etree._Element, names: Names) -> Node:
        condition, then, otherwise = (self._part(node, part, names) for part in ("if", "then", "else"))
        return own.Judged(nodes.If(own.Verdict(condition), then, otherwise))

    def filter(self, node: etree._Element, names: Names) -> Node:
        match = own.Verdict(self._part(node, "match", (*names, "item")))
        return own.Judged(nodes.Filter(self._part(node, "in", names), match))

    def iterator(self, node: etree._Element, names: Names) -> Node:
        word = local_name(node)
        variable = " ".join(node.get("iteratorVariable", "").split())
        domain = self._part(node, "in", names)
        body = self._part(node, "return" if word == "for" else "satisfies", (*names, variable, "partial"))
        if word == "for":
            return nodes.For(((variable, domain),), body)
        return own.Judged(nodes.Quantified(word, ((variable, domain),), own.Verdict(body)))

    def _part(self, node: etree._Element, name: str, names: Names) -> Node:
        part = child(node, name)
        if part is None or logic_in(part) is None:
            self.report("dmn_part_missing", node, part=name)
            return own.Unreadable()
        return self.typed(self.within(part, names), part)


def name_of(node: etree._Element) -> str:
    return " ".join(node.get("name", "").split())


def is_logic(node: etree._Element) -> bool:
    return local_name(node) in LOGIC


Reader = Callable[[BoxReader, etree._Element, Names], Node]

READERS: Final[dict[str, Reader]] = {
    "literalExpression": BoxReader.literal,
    "context": BoxReader.context,
    "invocation": BoxReader.invocation,
    "relation": BoxReader.relation,
    "list": BoxReader.list,
    "functionDefinition": BoxReader.function,
    "conditional": BoxReader.conditional,
    "filter": BoxReader.filter,
    "for": BoxReader.iterator,
    "some": BoxReader.iterator,
    "every": BoxReader.iterator,
}
