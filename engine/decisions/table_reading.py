"""Decision tables of XML to the syntax tree."""

from typing import Final

from lxml import etree

from engine.decisions import nodes as own
from engine.decisions.boxed import NULL, BoxReader, Names, name_of
from engine.decisions.drawing import child, children, text_in, type_ref_of
from engine.feel.nodes import Node
from engine.feel.unary import TESTED

POLICIES: Final = frozenset({"UNIQUE", "FIRST", "PRIORITY", "ANY", "COLLECT", "RULE ORDER", "OUTPUT ORDER"})
AGGREGATIONS: Final = frozenset({"", "SUM", "MIN", "MAX", "COUNT"})


def read_table(reader: BoxReader, node: etree._Element, names: Names) -> Node:
    """A Table, or Unreadable when its hit policy, its rows or its priorities make no sense (reported)."""
    policy, aggregation = node.get("hitPolicy", "UNIQUE"), node.get("aggregation", "")
    inputs, outputs = list(children(node, "input")), list(children(node, "output"))
    if policy not in POLICIES or aggregation not in AGGREGATIONS:
        reader.report("dmn_unknown_hit_policy", node, policy=f"{policy} {aggregation}".strip())
        return own.Unreadable()
    if not outputs:
        reader.report("dmn_table_without_output", node)
        return own.Unreadable()
    if aggregation and policy == "COLLECT" and len(outputs) > 1:
        reader.report("dmn_aggregation_of_several", node, aggregation=aggregation)
        return own.Unreadable()
    columns = tuple(_column(reader, part, names) for part in inputs)
    outcomes = tuple(_outcome(reader, part, names, alone=len(outputs) == 1) for part in outputs)
    if policy in ("PRIORITY", "OUTPUT ORDER") and not all(part.priorities for part in outcomes):
        reader.report("dmn_priorities_missing", node)
    titles = [name_of(part) for part in children(node, "annotation")]
    rules = []
    for number, part in enumerate(children(node, "rule"), 1):
        rule = _rule(reader, part, number, names, inputs, outputs, titles)
        if rule is None:
            return own.Unreadable()
        rules.append(rule)
    aggregation = aggregation if policy == "COLLECT" else ""
    return own.Table(node.get("id", ""), policy, aggregation, columns, outcomes, tuple(rules))


def _column(reader: BoxReader, node: etree._Element, names: Names) -> own.Column:
    expression = child(node, "inputExpression")
    text = text_in(expression, "text") if expression is not None else ""
    made: Node = NULL
    if expression is not None and text:
        made = reader.typed(reader.feel(text, expression, names), expression)
    values = child(node, "inputValues")
    allowed_text = text_in(values, "text") if values is not None else ""
    allowed = reader.tests(allowed_text, values, names) if values is not None and allowed_text else None
    return own.Column(made, allowed, text)


def _outcome(reader: BoxReader, node: etree._Element, names: Names, *, alone: bool) -> own.Outcome:
    values, default = child(node, "outputValues"), child(node, "defaultOutputEntry")
    text = text_in(values, "text") if values is not None else ""
    priorities = reader.tests(text, values, names).tests if values is not None else ()
    default_text = text_in(default, "text") if default is not None else ""
    made = None
    if default is not None and default_text:
        made = reader.typed(reader.feel(default_text, default, names), node)
    if not alone and not name_of(node):
        reader.report("dmn_output_without_name", node)
    return own.Outcome("" if alone else name_of(node), priorities, made)


def _rule(
    reader: BoxReader,
    node: etree._Element,
    number: int,
    names: Names,
    inputs: list[etree._Element],
    outputs: list[etree._Element],
    titles: list[str],
) -> own.Rule | None:
    cells, results = list(children(node, "inputEntry")), list(children(node, "outputEntry"))
    if len(cells) != len(inputs) or len(results) != len(outputs):
        reader.report("dmn_rule_length", node, number=number)
        return None
    tests = tuple(reader.tests(text_in(cell, "text"), cell, (*names, TESTED)) for cell in cells)
    made = tuple(
        reader.typed(_output(reader, cell, names), output) for cell, output in zip(results, outputs, strict=True)
    )
    remarks = [text_in(part, "text") for part in children(node, "annotationEntry")]
    titles = [*titles, *(str(position + 1) for position in range(len(titles), len(remarks)))]
    return own.Rule(node.get("id", ""), number, tests, made, tuple(zip(titles, remarks, strict=False)))


def _output(reader: BoxReader, node: etree._Element, names: Names) -> Node:
    text = text_in(node, "text")
    if text in ("", "-"):
        return NULL
    return reader.typed(reader.feel(text, node, names), node) if type_ref_of(node) else reader.feel(text, node, names)
