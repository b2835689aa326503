"""The description of the API: the document for programs, and a page for people."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, current_app, render_template

from webapp.api.document import document
from webapp.api.resource import ADDRESS, Resource
from webapp.core.config import settings
from webapp.core.i18n import current_language
from webapp.core.permissions import public, signed_in

documents = Blueprint("api", __name__, url_prefix=ADDRESS)
pages = Blueprint("api_pages", __name__, template_folder="templates")

RESOURCES = "api_resources"  # extension: what the document is made of


@dataclass(frozen=True)
class Field:
    """One line of a shape: its name, what it holds, whether it must be there, and what it means."""

    name: str
    kind: str
    required: bool
    text: str = ""


@dataclass(frozen=True)
class Operation:
    """One route as the page tells it."""

    method: str
    path: str
    summary: str
    parameters: tuple[Field, ...]
    body: tuple[Field, ...]
    answer: tuple[Field, ...]
    media: str

    @property
    def anchor(self) -> str:
        return f"{self.method}-{self.path}".replace("/", "-").strip("{}").replace("{", "").replace("}", "")


@documents.get("/openapi.json")
@public
def show_document() -> Response:
    """OpenAPI 3.1, in the language that was asked for; without a token, for it holds nothing of this dealer."""
    return Response(current_app.json.dumps(_document()), mimetype="application/json")


@pages.get("/api-reference")
@signed_in
def show_reference() -> str:
    """The same to read."""
    found = _document()
    groups: dict[str, list[Operation]] = {tag["name"]: [] for tag in found["tags"]}
    for operation, tag in _operations(found):
        groups[tag].append(operation)
    first_call = f'curl -H "Authorization: Bearer mrt_…" {settings().base_url.rstrip("/")}{ADDRESS}/me'
    return render_template("api/reference.html", groups=groups, first_call=first_call)


def _document() -> Mapping[str, Any]:
    resources: tuple[Resource, ...] = current_app.extensions[RESOURCES]
    return document(resources, current_language())


def _operations(found: Mapping[str, Any]) -> Iterator[tuple[Operation, str]]:
    schemas = found["components"]["schemas"]
    for path, methods in found["paths"].items():
        in_path = methods.get("parameters", [])
        for method, told in methods.items():
            if method == "parameters":
                continue
            success = next(answer for status, answer in told["responses"].items() if status.startswith("2"))
            media, content = next(iter(success["content"].items()))
            sent = told.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
            parameters = [*in_path, *told.get("parameters", [])]
            operation = Operation(
                method=method.upper(),
                path=path,
                summary=told["summary"],
                parameters=tuple(
                    Field(
                        each["name"],
                        _kind(each["schema"], schemas),
                        bool(each.get("required")),
                        each.get("description", ""),
                    )
                    for each in parameters
                ),
                body=_fields(sent, schemas),
                answer=_fields(content["schema"], schemas),
                media=media,
            )
            yield operation, told["tags"][0]


def _fields(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> tuple[Field, ...]:
    """The lines of a shape; those of a list's rows stand for the list."""
    shape = _resolved(schema, schemas)
    items = shape.get("properties", {}).get("items")
    if items is not None:
        return _fields(items["items"], schemas)
    required = set(shape.get("required", ()))
    return tuple(
        Field(name, _kind(each, schemas), name in required, each.get("description", ""))
        for name, each in shape.get("properties", {}).items()
    )


def _resolved(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> Mapping[str, Any]:
    if "$ref" in schema:
        found: Mapping[str, Any] = schemas[schema["$ref"].rpartition("/")[2]]
        return found
    return schema


def _kind(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> str:
    """What a value is, in the words of JSON."""
    for several in ("anyOf", "oneOf", "allOf"):
        if several in schema:
            return " | ".join(_kind(each, schemas) for each in schema[several])
    if "enum" in schema:
        return " | ".join(str(each) for each in schema["enum"])
    if "$ref" in schema:
        return "object"
    kind = schema.get("type", "any")
    names = [kind] if isinstance(kind, str) else list(kind)
    if "array" in names:
        return f"[{_kind(schema.get('items', {}), schemas)}]"
    form = schema.get("format")
    return " | ".join(form if form and name == "string" else name for name in names)
