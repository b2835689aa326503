"""A new file of decisions: one table, with a column for each answer that it looks at."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from lxml import etree
from sqlalchemy.orm import Session

from engine.definitions.decision_files import asked_of
from webapp.core.errors import RuleViolation
from webapp.studio import drafts
from webapp.studio.departments.rules import OWN
from webapp.studio.models import Draft, DraftKind
from webapp.studio.naming import free_key, key_from

DMN = "https://www.omg.org/spec/DMN/20191111/MODEL/"
DMNDI = "https://www.omg.org/spec/DMN/20191111/DMNDI/"
DC = "http://www.omg.org/spec/DMN/20180521/DC/"
DI = "http://www.omg.org/spec/DMN/20180521/DI/"
ZEEBE = "http://camunda.org/schema/zeebe/1.0"
NAMESPACES = {None: DMN, "dmndi": DMNDI, "dc": DC, "di": DI, "zeebe": ZEEBE}
COLUMN = 160  # between the boxes of two inputs, in points of the drawing

# types of fields of forms, as columns compare them; all others are texts
TYPES = {"number": "number", "expression": "number", "checkbox": "boolean", "date": "date"}


@dataclass(frozen=True)
class Column:
    """One input: `key` of the answer, how people call it, its type as in a form, and the values it may have."""

    key: str
    label: str
    type: str = "textfield"
    values: Sequence[str] = field(default_factory=tuple)


def begin_table(
    session: Session,
    name: str,
    department: str,
    columns: Sequence[Column],
    *,
    names: Mapping[str, str],
    actor_id: int | None,
    now: datetime,
) -> tuple[Draft, str, list[str]]:
    """The draft, the id of its decision, and what the decision asks, in the order of the columns.

    `names`: by language, as people read them; where English is missing, the name stands for it.

    Raises RuleViolation for a name without letters, Forbidden where others draw.
    """
    key = _free_key(session, name)
    named = _named(columns, key)
    text = etree.tostring(_file(key, name, named, names), encoding="unicode", pretty_print=True)
    folder = "processes" if department == OWN else f"processes/{department}"
    body = f'<?xml version="1.0" encoding="UTF-8"?>\n{text}'
    draft = drafts.new_draft(session, DraftKind.DECISION, f"{folder}/{key}.dmn", body, actor_id=actor_id, now=now)
    return draft, _decision_of(key), [asked for asked, _column in named]


def _decision_of(key: str) -> str:
    """Ids are those of the whole file: it and its decision cannot be called the same."""
    return f"{key}_decision"


def _free_key(session: Session, name: str) -> str:
    """Made of the name; decisions and files of decisions are called by it, so both must be free."""
    stem = key_from(name)
    if not stem:
        raise RuleViolation("table_name_missing")
    decisions = asked_of(session, ())
    drawn = {known for kind, known in drafts.drafts_by_key(session) if kind is DraftKind.DECISION}

    def is_taken(key: str) -> bool:
        is_asked = _decision_of(key) in decisions
        return is_asked or key in drawn or drafts.live_text(session, DraftKind.DECISION, key) is not None

    return free_key(stem, is_taken)


def _named(columns: Sequence[Column], key: str) -> list[tuple[str, Column]]:
    """Columns with names of their own: the last part of the answer's key, numbered where two are alike."""
    found: list[tuple[str, Column]] = []
    for column in columns or [Column("answer", "Answer")]:
        stem = re.sub("[^A-Za-z0-9_]", "_", column.key.rpartition(".")[2])
        stem = stem if re.match("[A-Za-z_]", stem) else f"answer_{stem}".rstrip("_")
        taken = {key, *(name for name, _ in found)}
        found.append((free_key(stem, taken.__contains__), column))
    return found


def _file(key: str, name: str, columns: Sequence[tuple[str, Column]], names: Mapping[str, str]) -> etree._Element:
    inputs = [
        _dmn(
            "inputData",
            _dmn("variable", id=f"{asked}_variable", name=asked, typeRef=TYPES.get(column.type, "string")),
            id=f"{asked}_input",
            name=asked,
        )
        for asked, column in columns
    ]
    titles = [_zeebe("property", name="title", value=names.get("en", name))]
    titles += [
        _zeebe("property", name=f"title.{language}", value=said) for language, said in names.items() if language != "en"
    ]
    decision = _dmn(
        "decision",
        _dmn("extensionElements", _zeebe("properties", *titles)),
        _dmn("variable", id=f"{key}_variable", name=key, typeRef="string"),
        *(
            _dmn("informationRequirement", _dmn("requiredInput", href=f"#{asked}_input"), id=f"{asked}_needed")
            for asked, _column in columns
        ),
        _table(key, name, columns),
        id=_decision_of(key),
        name=key,
    )
    return _dmn(
        "definitions",
        *inputs,
        decision,
        _picture(key, columns),
        id=key,
        name=name,
        namespace=f"marshrut/decisions/{key}",
    )


def _table(key: str, name: str, columns: Sequence[tuple[str, Column]]) -> etree._Element:
    """Without rules: whoever draws it adds the first one."""
    parts = []
    for asked, column in columns:
        expression = _dmn(
            "inputExpression", _dmn("text", asked), id=f"{asked}_expression", typeRef=TYPES.get(column.type, "string")
        )
        values = (
            [_dmn("inputValues", _dmn("text", _listed(column.values)), id=f"{asked}_values")] if column.values else []
        )
        parts.append(_dmn("input", expression, *values, id=f"{asked}_column", label=column.label))
    output = _dmn("output", id=f"{key}_output", name=key, label=name, typeRef="string")
    return _dmn("decisionTable", *parts, output, id=f"{key}_table", hitPolicy="FIRST")


def _listed(values: Sequence[str]) -> str:
    return ", ".join('"{}"'.format(value.replace("\\", "\\\\").replace('"', '\\"')) for value in values)


def _picture(key: str, columns: Sequence[tuple[str, Column]]) -> etree._Element:
    shapes = [_box(_decision_of(key), 160, 80, 180, 80)]
    for at, (asked, _column) in enumerate(columns):
        left = 188 + at * COLUMN
        shapes.append(_box(f"{asked}_input", left, 240, 125, 45))
        edge = _shape(
            "DMNEdge",
            _point("waypoint", x=str(left + 62), y="240"),
            _point("waypoint", x="250", y="160"),
            id=f"{asked}_edge",
            dmnElementRef=f"{asked}_needed",
        )
        shapes.append(edge)
    return _shape("DMNDI", _shape("DMNDiagram", *shapes, id=f"{key}_diagram"))


def _node(namespace: str, tag: str, /, *parts: etree._Element | str, **attributes: str) -> etree._Element:
    made = etree.Element(f"{{{namespace}}}{tag}", attributes, nsmap=NAMESPACES)  # type: ignore[arg-type]  # None is the default one
    for part in parts:
        if isinstance(part, str):
            made.text = part
        else:
            made.append(part)
    return made


_dmn, _zeebe, _shape, _bounds, _point = (partial(_node, each) for each in (DMN, ZEEBE, DMNDI, DC, DI))


def _box(element: str, x: int, y: int, width: int, height: int) -> etree._Element:
    bounds = _bounds("Bounds", x=str(x), y=str(y), width=str(width), height=str(height))
    return _shape("DMNShape", bounds, id=f"{element}_shape", dmnElementRef=element)
