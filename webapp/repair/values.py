"""Single values of a case's document: how they read, and how what a person types becomes one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

import orjson
from flask_babel import lazy_gettext as _l

from engine import case_data
from webapp.core.errors import RuleViolation
from webapp.core.feature import Text
from webapp.core.forms import plain_number

TEXT, NUMBER, YES_NO, DAY, MOMENT, JSON, EMPTY = "text", "number", "yes_no", "day", "moment", "json", "empty"
KINDS: Mapping[str, Text] = {
    TEXT: _l("Text"),
    NUMBER: _l("Number"),
    YES_NO: _l("Yes or no (true, false)"),
    DAY: _l("Day, such as 2026-03-31"),
    MOMENT: _l("Day and time, such as 2026-03-31 14:30"),
    JSON: _l("List or context, as JSON"),
    EMPTY: _l("Nothing"),
}
DIGITS = 17  # before and behind the point: more is no sum of money and no mileage, and hard to reckon with
WORDS = {"true": True, "yes": True, "да": True, "false": False, "no": False, "нет": False}


@dataclass(frozen=True)
class Known:
    """One value of the document. `calls`: the called processes it stands in."""

    calls: tuple[str, ...]
    element: str
    field: str
    value: Any

    @property
    def kind(self) -> str:
        return kind_of(self.value)

    def text(self, zone: ZoneInfo) -> str:
        return written(self.value, zone)


def known_values(document: Mapping[str, Any], calls: tuple[str, ...], inside: frozenset[str]) -> Iterator[Known]:
    """Every field of every element here; `inside`: calls, whose answers stand in a context of their own."""
    for element, given in document.items():
        if element not in inside and isinstance(given, Mapping):
            for field, value in given.items():
                yield Known(calls, element, field, value)


def kind_of(value: object) -> str:
    """Which kind of input would make this value again."""
    if value is None:
        return EMPTY
    if isinstance(value, bool):
        return YES_NO
    if isinstance(value, int | float | Decimal):
        return NUMBER
    if isinstance(value, datetime):
        return MOMENT
    if isinstance(value, date):
        return DAY
    return TEXT if isinstance(value, str) else JSON


def written(value: object, zone: ZoneInfo) -> str:
    """A value as it is typed; moments in this zone, within lists and contexts with the offset beside them."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value
    if isinstance(value, datetime):
        return value.astimezone(zone).replace(tzinfo=None).isoformat(sep=" ", timespec="minutes")
    if isinstance(value, int | float | Decimal | date | time | timedelta):
        return str(value)
    return case_data.dump({"": _moved(value, zone)})[4:-1]


def _moved(value: object, zone: ZoneInfo) -> object:
    if isinstance(value, Mapping):
        return {name: _moved(each, zone) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_moved(each, zone) for each in value]
    return value.astimezone(zone) if isinstance(value, datetime) else value


def read_value(kind: str, typed: str, zone: ZoneInfo) -> object:
    """What was typed, as a value of this kind. Raises RuleViolation (value_unreadable)."""
    cut = typed.strip()
    if kind not in KINDS:
        raise RuleViolation("value_unreadable", f"{kind!r} is no kind", kind=str(KINDS[TEXT]))
    try:
        if kind == TEXT:
            return typed
        if kind == NUMBER:
            number = Decimal(plain_number(cut))
            if not number.is_finite() or not -DIGITS <= number.adjusted() <= DIGITS or len(cut) > 2 * DIGITS:
                raise ValueError(typed)
            return int(number) if number == number.to_integral_value() and "." not in plain_number(cut) else number
        if kind == YES_NO:
            return WORDS[cut.lower()]
        if kind == DAY:
            return date.fromisoformat(cut)
        if kind == MOMENT:
            moment = datetime.fromisoformat(cut)
            return moment if moment.tzinfo is not None else moment.replace(tzinfo=zone)
        if kind == JSON:
            return case_data.load(orjson.dumps({"v": orjson.loads(cut)}).decode())["v"]
    except (ValueError, KeyError, InvalidOperation, TypeError) as problem:
        raise RuleViolation("value_unreadable", f"{typed!r} is no {kind}", kind=str(KINDS[kind])) from problem
    return None
