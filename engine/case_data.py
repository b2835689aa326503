"""The case document: one JSON value per case that keeps decimals, dates and durations typed.

Shape: `{element id: {field: value}}`; values entered in a called process stand
under the id of the call. Task data of the BPMN library is not used for values:
a boundary event on a sub-process would throw them away.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import orjson

from engine.feel import YearsMonths

_WRITERS: dict[type, tuple[str, Callable[[Any], str]]] = {
    Decimal: ("decimal", str),
    datetime: ("datetime", datetime.isoformat),
    date: ("date", date.isoformat),
    time: ("time", time.isoformat),
    timedelta: ("duration", lambda value: str(value // timedelta(microseconds=1))),
    YearsMonths: ("months", lambda value: str(value.months)),
}
_READERS: dict[str, Callable[[str], object]] = {
    "decimal": Decimal,
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "duration": lambda text: timedelta(microseconds=int(text)),
    "months": lambda text: YearsMonths(int(text)),
}


def dump(document: Mapping[str, object]) -> str:
    """To JSON text; typed scalars become `{"$": kind, "v": text}`."""
    return orjson.dumps(document, default=_write, option=orjson.OPT_PASSTHROUGH_DATETIME).decode()


def load(text: str) -> dict[str, Any]:
    """From what `dump` wrote."""
    document = orjson.loads(text)
    return _read(document) if '"$"' in text else document  # type: ignore[no-any-return]  # dump wrote an object


def put(document: dict[str, Any], calls: Sequence[str], element: str, values: Mapping[str, object]) -> None:
    """Merge values under an element's id, inside the called processes `calls`."""
    place = _place(document, calls)
    place[element] = {**place.get(element, {}), **values}


def replace(
    document: dict[str, Any], calls: Sequence[str], element: str, values: Mapping[str, object], *, many: bool = False
) -> None:
    """Set the values under an element's id, inside the called processes `calls`; `many` adds them to a list."""
    place = _place(document, calls)
    if many:
        place.setdefault(element, []).append(dict(values))
    else:
        place[element] = dict(values)


def _place(document: dict[str, Any], calls: Sequence[str]) -> dict[str, Any]:
    for call in calls:
        document = document.setdefault(call, {})
    return document


def view(document: Mapping[str, Any], calls: Sequence[str]) -> dict[str, Any]:
    """What an expression inside the called processes `calls` sees: its own answers before those outside."""
    seen, place = dict(document), document
    for call in calls:
        place = place.get(call, {})
        seen.update(place)
    return seen


def _write(value: object) -> object:
    kind = _WRITERS.get(type(value))
    if kind is None:
        raise TypeError(f"a case document cannot hold {type(value).__name__}")
    name, write = kind
    return {"$": name, "v": write(value)}


def _read(value: Any) -> Any:
    if isinstance(value, dict):
        if value.keys() == {"$", "v"} and value["$"] in _READERS:
            return _READERS[value["$"]](value["v"])
        return {name: _read(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_read(item) for item in value]
    return value
