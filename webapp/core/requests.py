"""What a browser asks for: a page, a fragment or JSON, which page of a list, and where it wants to go back to."""

from flask import request
from werkzeug.datastructures import MultiDict

LAST_PAGE = 100_000  # of any list: an offset beyond what a database can count is an error there


def is_htmx() -> bool:
    """A script of the page asks for a fragment."""
    return request.headers.get("HX-Request") == "true"


def wants_json() -> bool:
    accepted = request.accept_mimetypes
    return request.path.startswith("/api/") or (accepted.best == "application/json" and not accepted.accept_html)


def page_number(query: MultiDict[str, str]) -> int:
    """Which page of a list the address asks for, from 1."""
    return min(max(query.get("page", 1, type=int), 1), LAST_PAGE)


def local_path(wanted: str | None, otherwise: str = "/") -> str:
    """A path of this application, for redirects after a form; anything else becomes the other."""
    if wanted and wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and wanted.isprintable():
        return wanted
    return otherwise
