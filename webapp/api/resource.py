"""A resource of the API: routes that say what they take and what they answer, and the document is made of that."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from flask import current_app, request
from flask_babel import lazy_gettext as _l
from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate

from webapp.api import repeating
from webapp.api.identifying import check_token
from webapp.api.reading import Body, StrictParser, refuse_unknown_query
from webapp.core.feature import Text
from webapp.core.session import csrf

View = Callable[..., Any]
ADDRESS = "/api/v1"


class Problem(Schema):
    """Why something was refused (RFC 9457). `code` is stable; the texts are in the language that was asked for."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    code = fields.String(required=True)
    errors = fields.Dict(keys=fields.String(), values=fields.List(fields.String()))


class Resource(Blueprint):  # type: ignore[misc]  # flask-smorest is untyped
    """Routes of one kind of record below /api/v1. Programs call them: no cookie, hence no token against forgery."""

    ARGUMENTS_PARSER = StrictParser()

    def __init__(self, name: str, title: Text) -> None:
        super().__init__(f"api_{name}", __name__, url_prefix=ADDRESS)
        self.title = title
        self.before_request(check_token)
        self.before_request(_check_query)
        csrf.exempt(self)

    def read(
        self,
        rule: str,
        answer: type[Schema] | None,
        *,
        summary: Text,
        query: type[Schema] | None = None,
        media: str = "",
    ) -> Callable[[View], View]:
        """A route that only reads. `media`: of an answer that is not JSON."""

        def state(view: View) -> View:
            if answer is None:
                described = self.response(200, {"type": "string"}, content_type=media)(view)
            else:
                described = self.response(200, answer)(view)
            if query is not None:
                described = self.arguments(query, location="query")(described)
            return self._stated(rule, "GET", described, summary)

        return state

    def act(
        self,
        rule: str,
        answer: type[Schema],
        *,
        summary: Text,
        body: type[Schema] | None = None,
        status: int = 200,
        method: str = "POST",
    ) -> Callable[[View], View]:
        """A route that changes something; a request with an idempotency key is carried out once."""

        def state(view: View) -> View:
            described = self.response(status, answer)(view)
            described = _without_body(described) if body is None else self.arguments(body, location="json")(described)
            parameter = {
                "name": repeating.HEADER,
                "in": "header",
                "required": False,
                "description": _l("The same key again gives the first answer, and nothing is done twice."),
                "schema": {"type": "string", "minLength": 1, "maxLength": repeating.LONGEST, "pattern": "^[ -~]+$"},
            }
            return self._stated(rule, method, repeating.once(described), summary, parameters=[parameter])

        return state

    def _stated(self, rule: str, method: str, view: View, summary: Text, **more: Any) -> View:
        stated: View = self.doc(summary=summary, operationId=view.__name__, **more)(view)
        return self.route(rule, methods=[method])(stated)  # type: ignore[no-any-return]


def _without_body(view: View) -> View:
    """The act takes nothing: what is sent nevertheless is refused, as an unknown field is elsewhere."""

    @wraps(view)
    def wrapper(*positional: Any, **named: Any) -> Any:
        Resource.ARGUMENTS_PARSER.parse(Body(), request, location="json")
        return view(*positional, **named)

    return wrapper


def takes_query(view: View) -> bool:
    """Whether the route declares parameters of its address."""
    parameters = getattr(view, "_apidoc", {}).get("arguments", {}).get("parameters", ())
    return any(each["in"] == "query" for each in parameters)


def one_of(words: type[Any] | tuple[str, ...], **options: Any) -> fields.String:
    """One of a few words."""
    known = [str(getattr(each, "value", each)) for each in words]
    return fields.String(validate=validate.OneOf(known, error=_l("Choose one of the list.")), **options)


class _Visible(validate.Length):
    """So many characters, blanks around them not counted."""

    def __call__(self, value: Any) -> Any:
        super().__call__(value.strip())
        return value


def words(longest: int, *, shortest: int = 0, **options: Any) -> fields.String:
    """A text of so many letters at most."""
    checks = [validate.Length(max=longest, error=_l("At most {max} characters."))]
    if shortest:
        checks.append(_Visible(min=shortest, error=_l("At least {min} characters.")))
    return fields.String(validate=checks, **options)


def listed(each: fields.Field[Any], most: int = 50) -> fields.List[Any]:
    """Several values of one name in an address: `?kind=a&kind=b`."""
    return fields.List(each, load_default=list, validate=at_most(most))


def at_most(most: int) -> validate.Length:
    """So many values of a list."""
    return validate.Length(max=most, error=_l("At most {max} values."))


def several(of: type[Schema]) -> type[Schema]:
    """A page of a list: its rows, and where the next page begins; null after the last row."""
    name = of.__name__.removesuffix("Out")
    content: Mapping[str, fields.Field[Any]] = {
        "items": fields.List(fields.Nested(of), required=True),
        "next": fields.String(required=True, allow_none=True),
    }
    return Schema.from_dict(dict(content), name=f"{name}Page")


def _check_query() -> None:
    view = current_app.view_functions[request.endpoint or ""]
    refuse_unknown_query(takes_query(view))
