"""How the API refuses: problem details by RFC 9457, in the caller's language, with the code of the refusal."""

from collections.abc import Iterator, Mapping, Sequence

from flask import Response, current_app, request
from flask_babel import gettext

ROOT = "/api/"
MEDIA_TYPE = "application/problem+json"

FieldErrors = Mapping[str, Sequence[str]]


def is_api() -> bool:
    """Whether the caller is a program that is never shown a page."""
    return request.path.startswith(ROOT)


def problem(
    status: int, code: str, title: str, detail: str, *, errors: FieldErrors | None = None, **more: object
) -> Response:
    """The answer; `code` is stable, texts are for people, `errors` are sentences by field."""
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, "code": code, **more}
    if errors:
        body["errors"] = errors
    return Response(current_app.json.dumps(body), status=status, mimetype=MEDIA_TYPE)


def words_of(messages: object) -> dict[str, list[str]]:
    """What marshmallow found wrong, by the path of the field, such as `values.lines.0`."""
    found: dict[str, list[str]] = {}
    for name, sentence in _flat(messages, ()):
        found.setdefault(name, []).append(gettext(sentence))
    return found


def _flat(messages: object, path: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    if isinstance(messages, Mapping):
        for name, below in messages.items():
            # the place a value was read from is no part of its name
            yield from _flat(below, path if not path and name in ("json", "query") else (*path, str(name)))
    elif isinstance(messages, list | tuple):
        for below in messages:
            yield from _flat(below, path)
    else:
        yield ".".join(path) or "body", str(messages)
