"""Where in a file of decisions something stands, in words: the decision, and in its table the rule and the column."""

from lxml import etree

from engine.decisions.drawing import child, children, text_in, titles_of
from engine.definitions.problems import DefinitionRejected
from engine.definitions.xml import read_xml
from webapp.studio.decisions.texts import TEXTS

VALUES = ("inputExpression", "inputValues", "outputValues")  # parts of a column


def place_in_table(text: str, name: str, language: str) -> str:
    """What stands under this id or name of a decision; empty where nothing does, or the text cannot be read."""
    try:
        root = read_xml(text.encode())
    except DefinitionRejected:
        return ""
    for decision in children(root, "decision"):
        title = titles_of(decision)
        named = title.get(language) or title.get("en") or decision.get("name") or ""
        if name in (decision.get("id"), decision.get("name")):
            return named
        table = child(decision, "decisionTable")
        if table is not None:
            where = _in_table(table, name)
            if where is not None:
                return f"{named}, {where}" if where else named
    return ""


def _in_table(table: etree._Element, name: str) -> str | None:
    """Empty for the table itself, None for what is not in it."""
    if table.get("id") == name:
        return ""
    columns = [*children(table, "input"), *children(table, "output")]
    for column in columns:
        if name in (column.get("id"), *(part.get("id") for part in children(column) if _kind(part) in VALUES)):
            return _called(column)
    for number, rule in enumerate(children(table, "rule"), 1):
        if rule.get("id") == name:
            return str(TEXTS["ruleOf"]).format(n=number)
        cells = [*children(rule, "inputEntry"), *children(rule, "outputEntry")]
        for at, cell in enumerate(cells):
            if cell.get("id") == name:
                heading = _called(columns[at]) if at < len(columns) else ""
                return str(TEXTS["columnOf"]).format(n=number, column=heading)
    return None


def _called(column: etree._Element) -> str:
    expression = child(column, "inputExpression")
    asked = text_in(expression, "text") if expression is not None else ""
    return column.get("label") or column.get("name") or asked


def _kind(part: etree._Element) -> str:
    return etree.QName(part).localname
