"""Reading a page's form: what was typed, what it means, and what is wrong with it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask import request
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from marshmallow import EXCLUDE, Schema, ValidationError, fields, pre_load, validate

# the widest that every database keeps, and days that every time zone can express
LARGEST_NUMBER = 2**31 - 1
THOUSANDS = re.compile(r"\d{1,3}(,\d{3})+(\.\d*)?")
EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)

# marshmallow's own sentences, so that they are translated
STANDARD_MESSAGES = (
    _l("Missing data for required field."),
    _l("Field may not be null."),
    _l("Not a valid string."),
    _l("Not a valid integer."),
    _l("Not a valid number."),
    _l("Not a valid boolean."),
    _l("Not a valid date."),
    _l("Not a valid datetime."),
    _l("Not a valid email address."),
)


@dataclass
class Form:
    """A form as it goes into a template: `values` as typed, `errors` by field; `data`: what could be read."""

    values: Mapping[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    data: dict[str, Any] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        return not self.errors

    def refuse(self, name: str, message: str) -> None:
        """Add an error that only the service could know."""
        self.errors.setdefault(name, message)


class FormSchema(Schema):
    """A form of a page: surrounding blanks are cut, what was left empty counts as not given."""

    class Meta:
        unknown = EXCLUDE

    @pre_load
    def strip(self, typed: Mapping[str, Any], **_: object) -> dict[str, Any]:
        cut = {name: value.strip() if isinstance(value, str) else value for name, value in typed.items()}
        return {name: value for name, value in cut.items() if value not in ("", [])}


def read_form(schema: Schema) -> Form:
    """What the request's form means by this schema; list fields take all values of their name."""
    typed: dict[str, Any] = {}
    for name in request.form:
        several = isinstance(schema.fields.get(name), fields.List)
        typed[name] = request.form.getlist(name) if several else request.form[name]
    try:
        return Form(values=typed, data=schema.load(typed))
    except ValidationError as error:
        errors = {name: _first(found) for name, found in error.messages_dict.items()}
        return Form(values=typed, errors=errors, data=error.valid_data if isinstance(error.valid_data, dict) else {})


def text(longest: int, *, required: bool = False, shortest: int = 0) -> fields.String:
    """A line of text."""
    checks: list[validate.Validator] = [validate.Length(max=longest, error=_l("At most {max} characters."))]
    if shortest:
        checks.append(validate.Length(min=shortest, error=_l("At least {min} characters.")))
    return _string(checks, required=required)


def number(text: str) -> int:
    """A whole number of an address. Raises ValueError when it is none, or larger than any record's."""
    found = int(text)
    if abs(found) > LARGEST_NUMBER:
        raise ValueError(f"{found} is larger than any record's number")
    return found


def read_number(text: object) -> int | None:
    """The same of a field that may hold anything; None when it holds no number."""
    try:
        return number(str(text))
    except ValueError:
        return None


def read_day(text: str | None) -> date | None:
    """A day of an address, as 2026-03-02; None for anything else."""
    try:
        found = date.fromisoformat(text or "")
    except ValueError:
        return None
    return found if EARLIEST <= found <= LATEST else None


def whole_number(**options: Any) -> fields.Integer:
    """A whole number, such as the number of a record."""
    check = validate.Range(-LARGEST_NUMBER, LARGEST_NUMBER, error=_l("Not a valid integer."))
    return fields.Integer(validate=check, **options)


def day(**options: Any) -> fields.Date:
    """A day."""
    return fields.Date(validate=validate.Range(EARLIEST, LATEST, error=_l("Not a valid date.")), **options)


def moment(**options: Any) -> fields.NaiveDateTime:
    """A day and a time as the person's clock shows it."""
    first, last = (datetime.combine(each, datetime.min.time()) for each in (EARLIEST, LATEST))
    check = validate.Range(first, last, error=_l("Not a valid datetime."))
    return fields.NaiveDateTime(validate=check, **options)


def within(least: int, most: int) -> validate.Range:
    """The check that a number lies between both, which are told when it does not."""
    return validate.Range(least, most, error=_l("Enter a number from {min} to {max}."))


def plain_number(typed: str) -> str:
    """A number as people write it, with a point: 12 500,50 or 12,500.50; a comma before three digits parts thousands.

    What is no number stays none.
    """
    joined = re.sub(r"\s", "", typed)
    return joined.replace(",", "" if THOUSANDS.fullmatch(joined) else ".")


class Count(fields.Integer):
    """A whole number as people write it: 29 400, also with blanks that do not break."""

    def _validated(self, value: Any) -> Any:
        return super()._validated(re.sub(r"\s", "", value) if isinstance(value, str) else value)


class Amount(fields.Decimal):
    """A number as people write it; see `plain_number`."""

    def _validated(self, value: Any) -> Any:
        return super()._validated(plain_number(value) if isinstance(value, str) else value)


def amount(largest: Decimal, *, required: bool = True) -> fields.Decimal:
    """Money from nothing to `largest`, with at most two decimals; not `required`: None when left empty."""
    checks: list[Any] = [
        validate.Range(Decimal(0), largest, error=_l("Enter a sum from 0 to {max}.")),
        _whole_kopecks,
    ]
    unreadable = _l("Enter a sum, for example 12 500,50.")
    wrong = {"invalid": unreadable, "special": unreadable}
    given: dict[str, Any] = {"required": True} if required else {"load_default": None}
    return Amount(**given, validate=checks, error_messages=wrong)


def choice(options: Iterable[str], *, required: bool = True) -> fields.String:
    """One of a few words."""
    return _string([validate.OneOf(list(options), error=_l("Choose one of the list."))], required=required)


def _whole_kopecks(found: Decimal) -> None:
    if int(found.normalize().as_tuple().exponent) < -2:
        raise ValidationError(str(_l("Enter a sum with at most two decimals.")))


def _string(checks: Sequence[validate.Validator], *, required: bool) -> fields.String:
    if required:
        return fields.String(required=True, validate=checks)
    return fields.String(load_default=None, validate=checks)


def _first(found: object) -> str:
    while isinstance(found, dict | list):
        found = next(iter(found.values() if isinstance(found, dict) else found))
    sentence: str = gettext(str(found))
    return sentence
