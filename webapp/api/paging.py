"""Pages of long lists by the place where the last one ended: an order that ends with the number of the row."""

import base64
import binascii
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import orjson
from flask_babel import lazy_gettext as _l
from marshmallow import fields, validate

from webapp.api.reading import Query
from webapp.core.errors import RuleViolation
from webapp.core.forms import LARGEST_NUMBER, within

PAGE, MOST = 50, 200
YEARS = range(1900, 10_000)


class Paged(Query):
    """The parameters that every list has."""

    limit = fields.Integer(
        load_default=PAGE,
        validate=within(1, MOST),
        metadata={"description": _l("How many, at most %(most)s.", most=MOST)},
    )
    cursor = fields.String(
        load_default="",
        validate=validate.Length(max=600, error=_l("At most {max} characters.")),
        metadata={"description": _l("Where to go on: `next` of the page before.")},
    )


def write_cursor(values: Sequence[object]) -> str:
    """A place in an order, as it goes into an address."""
    return base64.urlsafe_b64encode(orjson.dumps(list(values))).decode().rstrip("=")


def read_cursor(text: str, *kinds: type) -> list[Any] | None:
    """The place; None at the beginning. RuleViolation: cursor_unfit."""
    if not text:
        return None
    try:
        found = orjson.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        values = [_read(value, kind) for value, kind in zip(found, kinds, strict=True)]
    except (ValueError, TypeError, binascii.Error, OverflowError):
        raise RuleViolation("cursor_unfit", "This is no place in this list.") from None
    return values


def _read(value: object, kind: type) -> object:
    if kind is datetime:
        moment = datetime.fromisoformat(str(value)).astimezone(UTC)
        if moment.year not in YEARS:
            raise ValueError(f"{moment} is no moment of a list")
        return moment
    if type(value) is not kind or (isinstance(value, int) and abs(value) > LARGEST_NUMBER):
        raise TypeError(f"{value!r} is no {kind.__name__}")
    if isinstance(value, str) and "\0" in value:
        raise ValueError("no database keeps this text")
    return value
