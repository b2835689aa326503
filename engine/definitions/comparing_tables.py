"""What two texts of a file of decisions differ in: decisions, rules of their tables cell by cell, and formulas."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from lxml import etree

from engine.decisions.drawing import Decision, child, children, read_file, text_in, titles_of
from engine.definitions.comparing import ChangeKind, Part
from engine.definitions.xml import local_name

HIT_POLICY, ORDER, FORMULA = "hit_policy", "order", "formula"


@dataclass(frozen=True)
class TableDifference:
    """A decision or one of its rules. `rule`: its number from 1, 0 for the decision itself.

    The names of `parts` are titles of columns, or HIT_POLICY, ORDER, FORMULA.
    """

    kind: ChangeKind
    element: str
    decision: str
    titles: Mapping[str, str]
    rule: int = 0
    parts: tuple[Part, ...] = ()


def compare_tables(old: str, new: str) -> Iterator[TableDifference]:
    """In the order of the new file; what is gone comes last. Raises DefinitionRejected where one cannot be read."""
    before, after = _decisions(old), _decisions(new)
    for key, drawn in after.items():
        if key not in before:
            yield TableDifference(ChangeKind.ADDED, key, drawn.name, titles_of(drawn.node))
        else:
            yield from _decision(before[key], drawn)
    for key, drawn in before.items():
        if key not in after:
            yield TableDifference(ChangeKind.REMOVED, key, drawn.name, titles_of(drawn.node))


def _decision(old: Decision, new: Decision) -> Iterator[TableDifference]:
    titles = titles_of(new.node)
    before, after = _rules(old.logic), _rules(new.logic)
    whole = tuple(_whole(old, new, before, after))
    if whole:
        yield TableDifference(ChangeKind.CHANGED, new.id, new.name, titles, parts=whole)
    for number, (key, cells) in enumerate(after.items(), 1):
        if key not in before:
            yield TableDifference(ChangeKind.ADDED, key, new.name, titles, number, tuple(_cells({}, cells)))
        elif parts := tuple(_cells(before[key], cells)):
            yield TableDifference(ChangeKind.CHANGED, key, new.name, titles, number, parts)
    for number, (key, cells) in enumerate(before.items(), 1):
        if key not in after:
            yield TableDifference(ChangeKind.REMOVED, key, new.name, titles, number, tuple(_cells(cells, {})))


def _whole(
    old: Decision, new: Decision, before: Mapping[str, Mapping[str, str]], after: Mapping[str, Mapping[str, str]]
) -> Iterator[Part]:
    policies = _policy(old.logic), _policy(new.logic)
    if policies[0] != policies[1]:
        yield Part(HIT_POLICY, *policies)
    orders = [key for key in before if key in after], [key for key in after if key in before]
    if orders[0] != orders[1]:
        yield Part(ORDER, _numbers(orders[0], before), _numbers(orders[1], before))
    formulas = _formula(old.logic), _formula(new.logic)
    if formulas[0] != formulas[1]:
        yield Part(FORMULA, *formulas)


def _numbers(keys: Sequence[str], numbered: Mapping[str, object]) -> str:
    """Rules by the numbers that they had."""
    places = {key: number for number, key in enumerate(numbered, 1)}
    return ", ".join(str(places[key]) for key in keys)


def _cells(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Part]:
    for name in [*new, *(name for name in old if name not in new)]:
        if old.get(name, "") != new.get(name, ""):
            yield Part(name, old.get(name, ""), new.get(name, ""))


def _rules(logic: etree._Element | None) -> dict[str, dict[str, str]]:
    """Cells by the titles of their columns, by the id of their rule."""
    if logic is None or local_name(logic) != "decisionTable":
        return {}
    inputs = [each.get("label") or _asked(each) for each in children(logic, "input")]
    outputs = [each.get("label") or each.get("name") or "" for each in children(logic, "output")]
    found: dict[str, dict[str, str]] = {}
    for number, rule in enumerate(children(logic, "rule"), 1):
        asked = [text_in(cell, "text") for cell in children(rule, "inputEntry")]
        said = [text_in(cell, "text") for cell in children(rule, "outputEntry")]
        cells = [*zip(inputs, asked, strict=False), *zip(outputs, said, strict=False)]
        found[rule.get("id") or str(number)] = {name: "" if text == "-" else text for name, text in cells}
    return found


def _asked(column: etree._Element) -> str:
    expression = child(column, "inputExpression")
    return text_in(expression, "text") if expression is not None else ""


def _policy(logic: etree._Element | None) -> str:
    if logic is None or local_name(logic) != "decisionTable":
        return ""
    return " ".join(filter(None, (logic.get("hitPolicy") or "UNIQUE", logic.get("aggregation"))))


def _formula(logic: etree._Element | None) -> str:
    """All texts of what is no table."""
    if logic is None or local_name(logic) == "decisionTable":
        return ""
    return " ".join("".join(map(str, logic.itertext())).split())


def _decisions(text: str) -> dict[str, Decision]:
    return {each.id: each for each in read_file(text).elements.values() if isinstance(each, Decision)}
