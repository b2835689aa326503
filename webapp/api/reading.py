"""Reading requests strictly: an unknown name is refused, and so is JSON that no database can keep."""

import math
from collections.abc import Mapping
from json import JSONDecodeError
from typing import Any

from flask import abort, request
from flask_babel import lazy_gettext as _l
from marshmallow import RAISE, Schema, ValidationError
from webargs import core
from webargs.flaskparser import FlaskParser, is_json_request

# marshmallow's own sentences and ours, so that they are translated; more stand in webapp.core.forms
SENTENCES = (
    _l("Unknown field."),
    _l("Invalid JSON body."),
    _l("Invalid input type."),
    _l("Not a valid list."),
    _l("Not a valid mapping type."),
    _l("Not a valid aware datetime."),
    _l("This is nested too deeply."),
)
LARGEST = 2**53  # beyond it JavaScript and many others change a number
DEEPEST = 12
STRICT = dict(FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION, query=RAISE, json=RAISE)


class StrictParser(FlaskParser):
    """What no schema names is refused, in the query as in the body."""

    DEFAULT_UNKNOWN_BY_LOCATION = STRICT

    def _raw_load_json(self, req: Any) -> Any:
        """The body, if every value in it can be kept. Without one: an empty object."""
        text = req.get_data(cache=True)
        # a form is read before anybody asks for the bytes, and leaves none
        if not is_json_request(req) and (text or req.content_length or req.form or req.files):
            abort(415)
        if not text:
            return {}
        try:
            return kept_as_is(core.parse_json(text))
        except RecursionError:
            raise ValidationError("This is nested too deeply.") from None
        except (JSONDecodeError, UnicodeDecodeError):
            raise  # the library tells of them
        except ValueError:  # Python reads no number of thousands of digits
            raise ValidationError("Not a valid number.") from None


def kept_as_is(value: Any, depth: int = 0) -> Any:
    """The value itself. ValidationError for texts, numbers and depths that would break further on."""
    if depth > DEEPEST:
        raise ValidationError("This is nested too deeply.")
    if isinstance(value, str):
        if "\0" in value or any("\ud800" <= letter <= "\udfff" for letter in value):
            raise ValidationError("Not a valid string.")
    elif isinstance(value, float):
        if not math.isfinite(value) or abs(value) > LARGEST:
            raise ValidationError("Not a valid number.")
    elif isinstance(value, int):
        if abs(value) > LARGEST:
            raise ValidationError("Not a valid number.")
    elif isinstance(value, Mapping):
        for name, below in value.items():
            kept_as_is(name, depth + 1)
            kept_as_is(below, depth + 1)
    elif isinstance(value, list):
        for below in value:
            kept_as_is(below, depth + 1)
    return value


def refuse_unknown_query(known: bool) -> None:
    """A route without parameters takes none. ValidationError as for an unknown one elsewhere."""
    if not known and request.args:
        raise ValidationError({name: ["Unknown field."] for name in request.args})


class Query(Schema):
    """Parameters of an address: what is not declared is refused."""

    class Meta:
        unknown = RAISE


class Body(Schema):
    """A body of JSON: what is not declared is refused."""

    class Meta:
        unknown = RAISE
