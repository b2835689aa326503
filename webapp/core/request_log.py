"""What is noted of requests and statements: an id for each request, a line if wanted, a warning when one is slow.

Of the address only the route is told, as the address itself may quote what somebody looked for.
"""

import logging
import re
import secrets
from contextlib import ExitStack
from time import perf_counter
from typing import Any

from flask import Flask, Response, g, request
from sqlalchemy import event

from engine.database import Database
from webapp.core.config import Settings, settings
from webapp.core.logs import facts

requests = logging.getLogger("marshrut.requests")
statements = logging.getLogger("marshrut.statements")

HEADER = "X-Request-Id"
GIVEN_ID = re.compile(r"[0-9A-Za-z-]{8,64}")
NUMBERS = {"instance_id": "case", "task_id": "task"}  # parts of an address that are told, by their name in a line
LONGEST_STATEMENT = 600


def init_app(app: Flask) -> None:
    """Called first: the request has its id before anything else may speak."""
    chosen: Settings = app.extensions["settings"]
    app.before_request(_begin)
    app.after_request(_answered)
    app.teardown_request(_end)
    app.log_exception = _failed  # type: ignore[method-assign,assignment]  # Flask's own line quotes the address
    if chosen.slow_statement_ms:
        watch_statements(app.extensions["database"], chosen.slow_statement_ms / 1000)


def _begin() -> None:
    given = request.headers.get(HEADER, "") if settings().proxies else ""  # without one the sender is anybody
    g.request_id = given if GIVEN_ID.fullmatch(given) else secrets.token_hex(8)
    g.begun = perf_counter()
    g.facts = ExitStack()
    parts = request.view_args or {}
    known = {name: parts[part] for part, name in NUMBERS.items() if part in parts}
    g.facts.enter_context(facts(request=g.request_id, route=request.endpoint or "unknown", **known))


def _answered(response: Response) -> Response:
    if "begun" not in g:  # refused before it began: too often asked, or sent to another address
        _begin()
    response.headers[HEADER] = g.request_id
    chosen, seconds = settings(), perf_counter() - g.begun
    is_slow = bool(chosen.slow_request_ms) and seconds * 1000 > chosen.slow_request_ms
    if is_slow or chosen.log_requests:
        person = g.get("person")  # whoever was not asked for stays unknown: asking costs a statement
        told: dict[str, object] = {"method": request.method, "status": response.status_code}
        told |= {"ms": round(seconds * 1000, 1), "user": person.id if person is not None else None}
        level, text = (logging.WARNING, "slow request") if is_slow else (logging.INFO, "request")
        requests.log(level, text, extra={"facts": told})
    return response


def _failed(error: Any) -> None:
    requests.error("a request failed", exc_info=error, extra={"facts": {"method": request.method}})


def _end(_: BaseException | None) -> None:
    opened: ExitStack | None = g.pop("facts", None)
    if opened is not None:
        opened.close()


def watch_statements(database: Database, most: float) -> None:
    """Warn of each statement that takes longer than so many seconds: its text, never its values."""

    def begin(connection: Any, _cursor: Any, _text: str, _values: Any, _context: Any, _many: bool) -> None:
        connection.info["begun"] = perf_counter()

    def end(connection: Any, _cursor: Any, text: str, _values: Any, _context: Any, _many: bool) -> None:
        seconds = perf_counter() - connection.info.pop("begun", perf_counter())
        if seconds > most:
            told = {"ms": round(seconds * 1000, 1), "statement": " ".join(text.split())[:LONGEST_STATEMENT]}
            statements.warning("slow statement", extra={"facts": told})

    event.listen(database.engine, "before_cursor_execute", begin)
    event.listen(database.engine, "after_cursor_execute", end)
