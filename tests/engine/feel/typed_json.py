"""The notation of vectors.json: values of FEEL as JSON that keeps their kinds.

null, true, false and texts stand for themselves, a JSON array is a list; everything else is an
object with one entry: {"number": "1.5"}, {"context": {…}}, {"date": "…"}, {"time": "…"},
{"date and time": "…"}, {"duration": "…"}, {"range": ["[", start, end, ")"]}.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal

from engine.feel import Range, parse_duration
from engine.feel.temporal import parse_date, parse_date_time, parse_time

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

READERS: dict[str, Callable[[str], object]] = {
    "number": Decimal,
    "date": parse_date,
    "time": parse_time,
    "date and time": parse_date_time,
    "duration": parse_duration,
}


def read(typed: object) -> object:
    """The FEEL value of a typed JSON value."""
    if isinstance(typed, list):
        return [read(element) for element in typed]
    if not isinstance(typed, dict):
        return typed
    ((kind, value),) = typed.items()
    if kind == "context":
        return {key: read(entry) for key, entry in value.items()}
    if kind == "range":
        opening, start, end, closing = value
        return Range(read(start), read(end), opening == "[", closing == "]", endless=None in (start, end))
    return READERS[kind](value)


def alike(one: object, other: object) -> bool:
    """Equal in value and in kind, all the way down: 1 is not true, and 12:00Z is not 13:00+01:00."""
    if type(one) is not type(other):
        return False
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(alike, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(alike(one[key], other[key]) for key in one)
    if isinstance(one, Decimal):
        return one == other
    return one == other and str(one) == str(other)
