"""What a decision asks of whoever tries it: its inputs with their types and the values that occur, and its outputs."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from lxml import etree

from engine.decisions.drawing import (
    Decision,
    File,
    InputData,
    child,
    children,
    read_file,
    text_in,
    titles_of,
    type_ref_of,
)
from engine.decisions.item_types import ALIASES
from engine.feel.types import TYPE_NAMES

ANY: Final = "any"
STRING: Final = re.compile(r'"((?:[^"\\]|\\.)*)"')
LISTED: Final = frozenset({"COLLECT", "RULE ORDER", "OUTPUT ORDER"})
MAX_TYPE_DEPTH: Final = 20


@dataclass(frozen=True)
class Asked:
    """One input. `label`: the title of the column that looks at nothing else; `values`: texts that occur."""

    name: str
    label: str
    type: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """One output; `name` is empty where the decision has a single value."""

    name: str
    label: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Question:
    """A decision of the file with everything that it needs, through whatever decisions."""

    id: str
    name: str
    titles: Mapping[str, str]
    inputs: tuple[Asked, ...]
    outputs: tuple[Outcome, ...]


def questions(xml: str) -> list[Question]:
    """Of every decision, those first that no other needs. Raises DefinitionRejected where the file cannot be read."""
    file = read_file(xml)
    found = [each for each in file.elements.values() if isinstance(each, Decision)]
    needed = {reference for each in found for reference in each.requires}
    ordered = sorted(found, key=lambda each: each.reference in needed)
    return [_question(file, each) for each in ordered]


def _question(file: File, decision: Decision) -> Question:
    inputs, tables = _reached(file, decision)
    return Question(
        decision.id,
        decision.name,
        titles_of(decision.node),
        tuple(_asked(file, each, tables) for each in inputs),
        tuple(_outputs(decision)),
    )


def _reached(file: File, decision: Decision) -> tuple[list[InputData], list[etree._Element]]:
    """The inputs that lead to the decision, and the tables on the way."""
    inputs: list[InputData] = []
    tables: list[etree._Element] = []
    seen, agenda = {decision.reference}, [decision]
    while agenda:
        each = agenda.pop(0)
        tables += [
            part for part in each.node.iter() if isinstance(part.tag, str) and part.tag.endswith("}decisionTable")
        ]
        for reference in each.requires:
            target = file.elements.get(reference)
            if target is None or reference in seen:
                continue
            seen.add(reference)
            if isinstance(target, InputData):
                inputs.append(target)
            elif isinstance(target, Decision):
                agenda.append(target)
    return inputs, tables


def _asked(file: File, drawn: InputData, tables: Iterable[etree._Element]) -> Asked:
    columns = [
        (table, place, column)
        for table in tables
        for place, column in enumerate(children(table, "input"))
        if " ".join(_expression_of(column).split()) == drawn.name
    ]
    type_, values = _base(file, drawn.type_ref)
    label = ""
    for table, place, column in columns:
        expression = child(column, "inputExpression")
        if type_ == ANY and expression is not None:
            type_, more = _base(file, type_ref_of(expression))
            values += more
        label = label or column.get("label", "")
        values += list(_texts(_values_of(column)))
        for rule in children(table, "rule"):
            cells = list(children(rule, "inputEntry"))
            values += list(_texts(text_in(cells[place], "text"))) if place < len(cells) else []
    return Asked(
        drawn.name, label or drawn.name, type_, tuple(dict.fromkeys(values)) if type_ in (ANY, "string") else ()
    )


def _outputs(decision: Decision) -> Iterator[Outcome]:
    logic = decision.logic
    parts = list(children(logic, "output")) if logic is not None else []
    if len(parts) < 2 or (logic is not None and logic.get("hitPolicy") in LISTED):
        label = parts[0].get("label", "") if len(parts) == 1 else ""
        yield Outcome("", label or decision.name, tuple(_outcome_values(logic, 0)) if len(parts) == 1 else ())
        return
    for place, part in enumerate(parts):
        name = " ".join(part.get("name", "").split())
        yield Outcome(name, part.get("label", "") or name, tuple(_outcome_values(logic, place)))


def _outcome_values(table: etree._Element | None, place: int) -> Iterator[str]:
    """Texts that the column of an output can give."""
    if table is None:
        return
    column = list(children(table, "output"))[place]
    found = list(_texts(_values_of(column)))
    for rule in children(table, "rule"):
        cells = list(children(rule, "outputEntry"))
        found += _texts(text_in(cells[place], "text")) if place < len(cells) else []
    yield from dict.fromkeys(found)


def _values_of(column: etree._Element) -> str:
    parts = [child(column, name) for name in ("inputValues", "outputValues")]
    return " ".join(text_in(part, "text") for part in parts if part is not None)


def _expression_of(column: etree._Element) -> str:
    expression = child(column, "inputExpression")
    return text_in(expression, "text") if expression is not None else ""


def _texts(cell: str) -> Iterator[str]:
    """The quoted texts of a cell."""
    return (found.replace('\\"', '"').replace("\\\\", "\\") for found in STRING.findall(cell))


def _base(file: File, reference: str) -> tuple[str, list[str]]:
    """The base type behind a reference, and the texts that its definitions allow."""
    definitions = {" ".join(node.get("name", "").split()): node for node in file.item_definitions}
    values: list[str] = []
    for _ in range(MAX_TYPE_DEPTH):
        name = ALIASES.get(reference, reference)
        if name not in definitions:
            return (name if name in TYPE_NAMES and name != "Any" else ANY), values
        node = definitions[name]
        if node.get("isCollection") == "true" or child(node, "itemComponent") is not None:
            return ANY, values
        allowed = child(node, "allowedValues")
        values += _texts(text_in(allowed, "text")) if allowed is not None else []
        reference = type_ref_of(node)
    return ANY, values
