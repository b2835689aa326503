"""Values as text: what string() gives."""

import re
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Final

from engine.feel.budget import Run
from engine.feel.durations import format_duration
from engine.feel.lexer import NAME_PART, NAME_START
from engine.feel.temporal import format_temporal
from engine.feel.values import Range, WideDate, WideDateTime, YearsMonths

PLAIN_KEY: Final = re.compile(f"[{NAME_START}][{NAME_PART} ]*")


def format_number(value: Decimal) -> str:
    """Without exponent and without zeros at the end of a fraction."""
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def to_text(value: object, run: Run, *, quoted: bool = False) -> str:
    """`quoted`: inside a list or context texts stand in quotes, dates as @-literals do not."""
    if isinstance(value, str):
        run.charge_text(len(value))
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"' if quoted else value
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, Decimal):
        text = format_number(value)
        run.charge_text(len(text))
        return text
    if isinstance(value, date | time | WideDate | WideDateTime):
        return format_temporal(value)
    if isinstance(value, timedelta | YearsMonths):
        return format_duration(value)
    return _composite(value, run)


def _composite(value: object, run: Run) -> str:
    if isinstance(value, list):
        parts = [to_text(element, run, quoted=True) for element in value]
        text = f"[{', '.join(parts)}]"
    elif isinstance(value, dict):
        parts = [f"{_key(key)}: {to_text(entry, run, quoted=True)}" for key, entry in value.items()]
        text = "{" + ", ".join(parts) + "}"
    elif isinstance(value, Range):
        text = _range_text(value, run)
    else:
        text = "function"
    run.charge_text(len(text))
    return text


def _key(key: str) -> str:
    return key if PLAIN_KEY.fullmatch(key) else '"' + key.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _range_text(value: Range, run: Run) -> str:
    start, end = (to_text(end, run, quoted=True) for end in (value.start, value.end))
    return f"{'[' if value.start_included else '('}{start}..{end}{']' if value.end_included else ')'}"
