"""Limits of a field, read when the form is published: a form that cannot be answered never reaches anybody."""

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from engine.definitions.problems import Problem

NUMBERS, LENGTHS = ("min", "max"), ("minLength", "maxLength")


def read_limits(found: Mapping[str, Any], key: str, problems: list[Problem]) -> dict[str, Any]:
    """The node's `validate` with typed values: numbers as Decimal, lengths as int; empty ones are left out."""
    limits = {name: value for name, value in found.items() if value not in (None, "")}
    for name in (*NUMBERS, *LENGTHS):
        if name not in limits:
            continue
        typed = _number(limits[name]) if name in NUMBERS else _length(limits[name])
        if typed is None:
            details = {"key": key, "limit": name, "text": str(limits[name])}
            problems.append(Problem("bad_limit", element=key, details=details))
            del limits[name]
        else:
            limits[name] = typed
    for low, high in (NUMBERS, LENGTHS):
        if low in limits and high in limits and limits[low] > limits[high]:
            details = {"key": key, "limit": low, "text": str(limits[low])}
            problems.append(Problem("bad_limit", element=key, details=details))
    return limits


def _number(value: object) -> Decimal | None:
    if isinstance(value, bool):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _length(value: object) -> int | None:
    text = str(value)
    return int(text) if not isinstance(value, bool) and re.fullmatch("[0-9]{1,6}", text) else None
