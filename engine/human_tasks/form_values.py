"""Reading what came from a form: types, limits, options, hidden and required fields."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo
from decimal import Decimal
from functools import lru_cache
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from engine.errors import BusinessError
from engine.feel import FeelError
from engine.human_tasks.forms import CHOICE_TYPES, TEXT_TYPES, Form, FormField

MAX_TEXT = 10_000
NUMBER_LIMIT = Decimal(10) ** 15
YEARS = range(1900, 2200)  # outside, a day may not exist in every time zone

TextReader = Callable[[str], str]  # normalises a text of a kind, or raises ValueError


class FormInvalid(BusinessError):
    """The values do not fit the form. `errors`: field key -> code such as required, not_a_number, not_an_option."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__("form_invalid", f"Not accepted: {dict(errors)}", errors=errors)
        self.errors = dict(errors)


@dataclass(frozen=True)
class Reading:
    """What reading values depends on besides the form: the moment, the person's zone, the application's kinds."""

    now: datetime
    zone: tzinfo = UTC
    kinds: Mapping[str, TextReader] | None = None
    knows: Callable[[str, str], bool] | None = None  # (source, value): is there such a record, within the rights


def read_values(
    form: Form, raw: Mapping[str, object], known: Mapping[str, object], reading: Reading
) -> dict[str, object]:
    """Typed values of the visible fields; raises FormInvalid naming every field at fault.

    `raw`: texts, lists of texts, booleans or numbers as a browser or the API
    sends them. `known`: the case document, which conditions may refer to.
    """
    errors = dict.fromkeys(raw.keys() - form.fields.keys(), "unknown_field")
    schema = _schema(form)
    values: dict[str, object] = {}
    for key, item in form.fields.items():
        try:
            values[key] = _read(schema.fields[key], item, raw.get(key), reading)
        except ValidationError as error:
            errors[key] = _first_code(error)
            values[key] = None
    visible = visible_keys(form, values, known, now=reading.now.astimezone(reading.zone))
    errors = {key: code for key, code in errors.items() if key in visible or key not in form.fields}
    for key in visible:
        if form.fields[key].required and key not in errors and values[key] in (None, "", [], False):
            errors[key] = "required"
    if errors:
        raise FormInvalid(errors)
    return {key: values[key] for key in form.fields if key in visible and values[key] not in (None, [])}


def first_values(form: Form, known: Mapping[str, object], *, now: datetime) -> dict[str, object]:
    """What stands in the fields of a step that nobody has typed on yet, by the expressions of the form.

    An expression that finds nothing, or fails, leaves its field as it would be without one: a step must open.
    """
    values: dict[str, object] = {}
    for key, item in form.fields.items():
        if item.first is None:
            continue
        try:
            value = item.first.evaluate(known, now=now)
        except FeelError:
            continue
        if value not in (None, "", []):
            values[key] = value
    return values


def visible_keys(
    form: Form, values: Mapping[str, object], known: Mapping[str, object], *, now: datetime
) -> frozenset[str]:
    """Keys of the fields that are shown, given what has been answered; a hidden group hides its fields."""
    context = {**known, **values}

    def shown(components: Any) -> Any:
        for component in components:
            if component.hide is not None and component.hide.evaluate(context, now=now) is True:
                continue
            if component.field is not None:
                yield component.field.key
            yield from shown(component.components)

    return frozenset(shown(form.components))


@lru_cache(maxsize=500)
def _schema(form: Form) -> Schema:
    return Schema.from_dict({key: _field(item) for key, item in form.fields.items()})()


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
            checks.append(validate.Regexp(f"(?:{limits['pattern']})\\Z", error="bad_pattern"))
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


def _read(reader: fields.Field[Any], item: FormField, raw: object, reading: Reading) -> object:
    if item.many:
        raw = [raw] if isinstance(raw, str) and raw else raw or []
    elif isinstance(raw, list):
        raw = raw[-1] if raw else None
    if item.type == "checkbox":
        return raw in (True, "true", "on", "1", "yes")
    if isinstance(raw, str):
        raw = raw.strip()
        if item.type == "number":
            raw = raw.replace("\u00a0", "").replace("\u202f", "").replace(" ", "").replace(",", ".")
    if raw is None or raw == "":
        return None
    if isinstance(raw, datetime | date | time):
        raw = raw.isoformat()
    value = reader.deserialize(raw)
    return _finish(item, value, reading)


def _finish(item: FormField, value: Any, reading: Reading) -> object:
    if isinstance(value, Decimal) and item.decimals is not None:
        if value != round(value, item.decimals):
            raise ValidationError("too_precise")
        return round(value, item.decimals)
    if isinstance(value, date) and value.year not in YEARS:
        raise ValidationError("not_a_date")
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=reading.zone)).astimezone(UTC)
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


def _first_code(error: ValidationError) -> str:
    messages: Any = error.messages
    while isinstance(messages, dict):
        messages = next(iter(messages.values()))
    return str(messages[0]) if messages else "invalid"
