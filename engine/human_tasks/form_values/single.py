"""One value of one field: its type, its limits, its options."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import lru_cache
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from engine.feel import fits
from engine.human_tasks.form_values.files import read_files
from engine.human_tasks.form_values.refusal import Reading
from engine.human_tasks.forms.model import CHOICE_TYPES, TEXT_TYPES, FormField, Layout

MAX_TEXT = 10_000
MAX_NUMBER_TEXT = 60
NUMBER_LIMIT = Decimal(10) ** 15
YEARS = range(1900, 2200)  # outside, a day may not exist in every time zone
GAPS = str.maketrans("", "", "\u00a0\u202f\u2009 ")


def read_single(layout: Layout, item: FormField, raw: object, reading: Reading) -> object:
    """The typed value; None when nothing was given. Raises ValidationError with a code."""
    if item.is_files:
        return read_files(item, raw, reading)
    if item.many:
        raw = [raw] if isinstance(raw, str) and raw else raw or []
    elif isinstance(raw, list):
        raw = raw[-1] if raw else None
    if item.type == "checkbox":
        return raw in (True, "true", "on", "1", "yes")
    if isinstance(raw, str):
        raw = raw.strip()
        if item.type == "number":
            raw = _point(raw.translate(GAPS).replace("\u2212", "-"))
            if len(raw) > MAX_NUMBER_TEXT:
                raise ValidationError("not_a_number")
    if raw is None or raw == "":
        return None
    if isinstance(raw, datetime | date | time):
        raw = raw.isoformat()
    value = _schema(layout).fields[item.key].deserialize(raw)
    return _finish(item, value, reading)


def _point(text: str) -> str:
    """The last mark, comma or point, is the decimal point; one that comes twice, alone, only groups digits."""
    at = max(text.rfind(","), text.rfind("."))
    if at < 0:
        return text
    whole, mark, part = text[:at], text[at], text[at + 1 :]
    other = "." if mark == "," else ","
    if mark not in whole:
        return whole.replace(other, "") + "." + part
    return text if other in whole else text.replace(mark, "")


def code_of(error: ValidationError) -> str:
    messages: Any = error.messages
    while isinstance(messages, dict):
        messages = next(iter(messages.values()))
    return str(messages[0]) if messages else "invalid"


@lru_cache(maxsize=500)
def _schema(layout: Layout) -> Schema:
    single = {key: item for key, item in layout.fields.items() if item.row is None and not item.is_files}
    return Schema.from_dict({key: _field(item) for key, item in single.items()})()


def _field(item: FormField) -> fields.Field[Any]:
    codes: dict[str, Any] = {
        "invalid": "invalid",
        "required": "required",
        "null": "required",
        "special": "not_a_number",
    }
    limits = item.validate
    if item.type in TEXT_TYPES:
        checks: list[validate.Validator] = [
            validate.Length(
                min=limits.get("minLength"), max=min(limits.get("maxLength") or MAX_TEXT, MAX_TEXT), error="bad_length"
            )
        ]
        if "pattern" in limits:
            checks.append(_Fits(str(limits["pattern"])))
        if limits.get("validationType") == "email" or item.kind == "email":
            checks.append(validate.Email(error="not_an_email"))
        return fields.String(validate=checks, error_messages=codes)
    if item.type == "number":
        low = limits.get("min", -NUMBER_LIMIT)
        high = limits.get("max", NUMBER_LIMIT)
        bounds = validate.Range(min=Decimal(str(low)), max=Decimal(str(high)), error="out_of_range")
        return fields.Decimal(validate=bounds, error_messages={**codes, "invalid": "not_a_number"})
    if item.type == "checkbox":
        return fields.Boolean(error_messages=codes)
    if item.type == "datetime":
        kinds: dict[str, type[fields.Field[Any]]] = {"date": fields.Date, "time": fields.Time}
        kind = kinds.get(item.subtype or "", fields.DateTime)
        return kind(error_messages={**codes, "invalid": "not_a_date"})
    if item.source:
        single: fields.Field[Any] = fields.String(validate=validate.Length(max=120, error="not_an_option"))
    else:
        values = [option.value for option in item.options]
        single = fields.String(validate=validate.OneOf(values, error="not_an_option"))
    if item.type in CHOICE_TYPES:
        return single
    return fields.List(single, error_messages=codes)


@dataclass(frozen=True)
class _Fits(validate.Validator):
    """Python's own patterns would be at the mercy of whoever drew the form: some never come to an end."""

    pattern: str

    def __call__(self, value: str) -> str:
        if not fits(self.pattern, value):
            raise ValidationError("bad_pattern")
        return value


def _finish(item: FormField, value: Any, reading: Reading) -> object:
    if isinstance(value, Decimal) and item.decimals is not None:
        if value != round(value, item.decimals):
            raise ValidationError("too_precise")
        return round(value, item.decimals)
    if isinstance(value, date) and value.year not in YEARS:
        raise ValidationError("not_a_date")
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=reading.zone)).astimezone(UTC)
    if isinstance(value, list):
        value = list(dict.fromkeys(value))  # in the order chosen, each once
        if item.most is not None and len(value) > item.most:
            raise ValidationError("too_many")
        if value and len(value) < item.least:
            raise ValidationError("too_few")
    if item.source and reading.knows is not None:
        for choice in value if isinstance(value, list) else [value]:
            if not reading.knows(item.source, choice):
                raise ValidationError("not_an_option")
    if item.kind and isinstance(value, str) and reading.kinds and item.kind in reading.kinds:
        try:
            return reading.kinds[item.kind](value)
        except ValueError as error:
            raise ValidationError(f"not_a_{item.kind}") from error
    return value
