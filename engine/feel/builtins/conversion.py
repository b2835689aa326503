"""Conversion between kinds: string(), number(), not(), and asking whether something is there."""

import re
from decimal import Decimal
from typing import Final

from engine.feel.budget import Run
from engine.feel.builtins.registry import Library
from engine.feel.printing import to_text
from engine.feel.values import number

library = Library()
declare = library.declare

NUMBER: Final = re.compile(r"[+-]?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)


@declare("string", "from: any")
def string(run: Run, value: object) -> str | None:
    return None if value is None else to_text(value, run)


@declare("number", "from: string, grouping separator: string?, decimal separator: string?")
def parse_number(run: Run, text: str, grouping: str | None = None, point: str | None = None) -> Decimal | None:
    """`number("1 500,50", " ", ",")`; the separators are blank, comma or point, and differ."""
    if grouping is not None and grouping not in (" ", ",", "."):
        return None
    if point not in (None, ".", ",") or (point is not None and point == grouping):
        return None
    if grouping:
        text = text.replace(grouping, "")
    if point:
        text = text.replace(".", "x").replace(point, ".") if point != "." else text
    if not NUMBER.fullmatch(text) or len(text) > 7000:
        return None
    return number(text)


@declare("number", "from: number")
def same_number(run: Run, value: Decimal) -> Decimal:
    return value


@declare("not", "negand: any")
def negation(run: Run, value: object) -> bool | None:
    return not value if isinstance(value, bool) else None


@declare("is defined", "value: any")
def is_defined(run: Run, value: object) -> bool:
    """Whether there is a value; FEEL does not tell an unknown name from null."""
    return value is not None


@declare("get or else", "value: any, default: any")
def get_or_else(run: Run, value: object, default: object) -> object:
    return default if value is None else value
