"""The rule of a segment as a tree: all of, any of, not, and criteria with an operator of their field.

As JSON: {"all": [...]}, {"any": [...]}, {"not": {...}}, {"field": "age", "op": "between", "value": [30, 45]}.
It is data, never code: what is not known here is refused.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from webapp.campaigns.rules.fields import FIELDS, Kind, Operator
from webapp.core.forms import plain_number

DEEPEST = 6
MOST = 120  # criteria and groups of one rule; the builder can make 113
MOST_DAYS = 36_500
LONGEST_NUMBER = 30  # signs


class RuleInvalid(ValueError):
    """The rule cannot be read; the text says why, for a log rather than for a page."""


class Join(StrEnum):
    ALL = "all"
    ANY = "any"


Value = tuple[Decimal | None, Decimal | None] | tuple[str, ...] | int | None


@dataclass(frozen=True)
class Criterion:
    """One question. `value`: both ends of a range (an open end is None), the choices, or a number of days."""

    field: str
    op: Operator
    value: Value = None


@dataclass(frozen=True)
class Group:
    """All or any of its parts; an empty one of all is true of everybody, an empty one of any of nobody."""

    join: Join
    parts: tuple["Node", ...] = ()


@dataclass(frozen=True)
class Not:
    part: "Node"


Node = Criterion | Group | Not


def everybody() -> Group:
    return Group(Join.ALL)


def parse(text: str) -> Node:
    """The tree that the JSON stands for. Raises RuleInvalid."""
    try:
        data = json.loads(text)
    except ValueError as error:
        raise RuleInvalid(f"no JSON: {error}") from error
    node = read(data)
    if sum(1 for _ in walk(node)) > MOST:
        raise RuleInvalid(f"more than {MOST} parts")
    return node


def dump(node: Node) -> str:
    return json.dumps(_plain(node), ensure_ascii=False)


def walk(node: Node) -> Iterator[Node]:
    """Every part of the tree, the tree itself first."""
    yield node
    for part in node.parts if isinstance(node, Group) else (node.part,) if isinstance(node, Not) else ():
        yield from walk(part)


def read(data: object, depth: int = 0) -> Node:
    """The tree of plain values. Raises RuleInvalid."""
    if depth > DEEPEST:
        raise RuleInvalid(f"deeper than {DEEPEST}")
    if not isinstance(data, Mapping):
        raise RuleInvalid(f"not a part of a rule: {data!r}")
    keys = set(data)
    if keys == {"not"}:
        return Not(read(data["not"], depth + 1))
    if len(keys) == 1 and keys <= set(Join):
        join = Join(keys.pop())
        parts = data[join]
        if not isinstance(parts, list):
            raise RuleInvalid(f"{join} takes a list")
        return Group(join, tuple(read(part, depth + 1) for part in parts))
    if {"field", "op"} <= keys <= {"field", "op", "value"}:
        return criterion(data["field"], data["op"], data.get("value"))
    raise RuleInvalid(f"unknown part {sorted(map(str, keys))}")


def criterion(field: object, op: object, value: object) -> Criterion:
    """One criterion, its value read as the field wants it. Raises RuleInvalid."""
    spec = FIELDS.get(str(field))
    if spec is None:
        raise RuleInvalid(f"unknown field {field!r}")
    if op not in spec.operators:
        raise RuleInvalid(f"{field} has no operator {op!r}")
    operator = Operator(str(op))
    if operator is Operator.NEVER:
        return Criterion(spec.name, operator)
    if spec.kind is Kind.RANGE:
        return Criterion(spec.name, operator, _range(value, spec.most))
    if spec.kind is Kind.DAYS:
        return Criterion(spec.name, operator, _days(value))
    return Criterion(spec.name, operator, _choices(value))


def _range(value: object, most: int) -> tuple[Decimal | None, Decimal | None]:
    if not isinstance(value, list | tuple) or len(value) != 2:
        raise RuleInvalid("a range has two ends")
    lower, upper = (_number(end, most) for end in value)
    if lower is None and upper is None:
        raise RuleInvalid("a range has at least one end")
    return lower, upper


def _number(value: object, most: int) -> Decimal | None:
    if value in (None, ""):
        return None
    try:
        number = Decimal(plain_number(str(value)))
    except InvalidOperation as error:
        raise RuleInvalid(f"no number: {value!r}") from error
    if len(str(value)) > LONGEST_NUMBER or not number.is_finite() or not 0 <= number <= most:
        raise RuleInvalid(f"out of range: {value!r}")
    return number


def _days(value: object) -> int:
    number = _number(value, MOST_DAYS)
    if number is None or number != int(number) or number < 1:
        raise RuleInvalid(f"no number of days: {value!r}")
    return int(number)


def _choices(value: object) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not value or len(value) > 200:
        raise RuleInvalid("choose at least one")
    if any(not isinstance(each, str) or not each or len(each) > 80 for each in value):
        raise RuleInvalid("choices are words")
    return tuple(dict.fromkeys(value))


def _plain(node: Node) -> dict[str, Any]:
    if isinstance(node, Group):
        return {node.join.value: [_plain(part) for part in node.parts]}
    if isinstance(node, Not):
        return {"not": _plain(node.part)}
    plain: dict[str, Any] = {"field": node.field, "op": node.op.value}
    if isinstance(node.value, tuple):
        plain["value"] = [None if each is None else str(each) for each in node.value]
    elif node.value is not None:
        plain["value"] = node.value
    return plain
