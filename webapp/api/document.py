"""The OpenAPI document: made once per language from what the routes declare, when it is first asked for."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from flask import Flask
from flask_babel import gettext
from flask_smorest import Api

from webapp.api.resource import Problem, Resource
from webapp.core.i18n import say_in
from webapp.core.problems import MEDIA_TYPE
from webapp.core.session import RecordNumber

VERSION = "1"
REFUSALS = {
    "400": "BAD_REQUEST",
    "401": "UNAUTHORIZED",
    "403": "FORBIDDEN",
    "404": "NOT_FOUND",
    "409": "CONFLICT",
    "415": "UNSUPPORTED_MEDIA_TYPE",
    "422": "UNPROCESSABLE_ENTITY",
    "429": "TOO_MANY_REQUESTS",
    "503": "SERVICE_UNAVAILABLE",
}


class Described(Api):  # type: ignore[misc]  # flask-smorest is untyped
    """Collects the description of routes; errors are answered by the application itself."""

    ERROR_SCHEMA = Problem

    def _register_error_handlers(self) -> None:
        pass


@cache
def document(resources: tuple[Resource, ...], language: str) -> Mapping[str, Any]:
    """The whole document with its texts in this language."""
    alone = Flask("document")  # only to be described: the application itself stays as it is
    alone.url_map.converters["int"] = RecordNumber
    described = Described(
        alone,
        spec_kwargs={
            "title": "Marshrut",
            "version": VERSION,
            "openapi_version": "3.1.0",
        },
    )
    with say_in(language):
        for resource in resources:
            described.register_blueprint(resource)
        spec: dict[str, Any] = described.spec.to_dict()
        _complete(spec, {resource.name: str(resource.title) for resource in resources})
        spec["info"]["description"] = gettext(
            "Programs act with a personal token of a colleague: with his rights, on the rows that he reaches."
        )
        found: dict[str, Any] = _texts(spec)
    return found


def _complete(spec: dict[str, Any], titles: Mapping[str, str]) -> None:
    """What the routes have in common: the token, the refusals, and tags with titles."""
    spec["servers"] = [{"url": "/"}]
    spec["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer", "bearerFormat": "mrt_…"}}
    spec["security"] = [{"token": []}]
    spec["tags"] = [{"name": title} for title in titles.values()]
    problem = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    spec["components"]["responses"] = {
        name: {"description": name.replace("_", " ").capitalize(), "content": problem} for name in REFUSALS.values()
    }
    for path in spec["paths"].values():
        for method, operation in path.items():
            if not isinstance(operation, dict):
                continue
            operation["tags"] = [titles[tag] for tag in operation["tags"]]
            for parameter in operation.get("parameters", ()):
                _say_value(parameter["schema"])
            answers = operation["responses"]
            answers.pop("default", None)
            kept = {str(status): answer for status, answer in answers.items() if str(status).startswith("2")}
            if method != "get" and "TaskDone" in str(kept):
                kept["202"] = kept["200"]
            refusals = {status: {"$ref": f"#/components/responses/{name}"} for status, name in REFUSALS.items()}
            operation["responses"] = kept | refusals


def _say_value(schema: dict[str, Any]) -> None:
    """A parameter of an address is there or not: it is never null."""
    if "null" in schema.get("type", ()) and isinstance(schema["type"], list):
        schema["type"] = next(each for each in schema["type"] if each != "null")
    if schema.get("default", "") is None:
        del schema["default"]
    if None in schema.get("enum", ()):
        schema["enum"] = [each for each in schema["enum"] if each is not None]


def _texts(value: Any) -> Any:
    """Lazy translations become texts."""
    if isinstance(value, Mapping):
        return {str(name): _texts(below) for name, below in value.items()}
    if isinstance(value, list | tuple):
        return [_texts(below) for below in value]
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)
