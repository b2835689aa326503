"""How log lines look, and where they go: one form for the application, the scheduler and the web server.

A line never tells what people have typed: of an error its kind, its code and its places in the program, but no message,
because the messages of libraries quote values. What it tells besides are numbers: of a person, a case, a task.
"""

import logging
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from traceback import extract_tb
from types import TracebackType

import orjson

from webapp.core.config import Settings

PLACES = 12  # of an error, the innermost
BACKGROUND = ("sqlalchemy", "apscheduler", "alembic", "fontTools", "weasyprint")  # only what warns

_facts: ContextVar[Mapping[str, object]] = ContextVar("facts", default={})  # noqa: B039  # never changed in place


@contextmanager
def facts(**known: object) -> Iterator[None]:
    """Every line within the block has these: which request, which job."""
    token = _facts.set({**_facts.get(), **known})
    try:
        yield
    finally:
        _facts.reset(token)


def set_up(settings: Settings) -> None:
    """Lines of this process go to the standard error output, which journald keeps, or into a file that rotates."""
    root = logging.getLogger()
    for handler in list(root.handlers):
        root.removeHandler(handler)
    root.addHandler(_handler(settings))
    root.setLevel(logging.INFO)
    for name in BACKGROUND:
        logging.getLogger(name).setLevel(logging.WARNING)


def _handler(settings: Settings) -> logging.Handler:
    handler: logging.Handler = logging.StreamHandler(sys.stderr)
    if settings.log_file:
        path = Path(settings.log_file)
        path.parent.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(
            path, maxBytes=settings.log_megabytes << 20, backupCount=settings.log_files, encoding="utf-8", delay=True
        )
    handler.setFormatter(JsonLines() if settings.log_format == "json" else PlainLines())
    return handler


def content(record: logging.LogRecord) -> dict[str, object]:
    """What a line tells, in its order."""
    told: dict[str, object] = {
        "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        "level": record.levelname.lower(),
        "logger": record.name,
        "message": record.getMessage(),
        "pid": record.process,
    }
    told |= _facts.get()
    told |= getattr(record, "facts", {})
    if record.exc_info and record.exc_info[1] is not None:
        told |= error_facts(record.exc_info[1], record.exc_info[2])
    return told


def error_facts(error: BaseException, trace: TracebackType | None) -> dict[str, object]:
    """The kind of an error, its code if it is one of ours, and where it came from."""
    places = [f"{Path(each.filename).name}:{each.lineno} {each.name}" for each in extract_tb(trace)]
    found: dict[str, object] = {"error": type(error).__name__, "places": places[-PLACES:]}
    if isinstance(code := getattr(error, "code", None), str):
        found["code"] = code
    if error.__cause__ is not None:
        found["cause"] = type(error.__cause__).__name__
    return found


class JsonLines(logging.Formatter):
    """One JSON object for each line."""

    def format(self, record: logging.LogRecord) -> str:
        return orjson.dumps(content(record), default=str).decode()


class PlainLines(logging.Formatter):
    """For the eyes: the moment, the level, the message, and what is known besides as name=value."""

    def format(self, record: logging.LogRecord) -> str:
        told = content(record)
        at, level, name, message = (str(told.pop(key)) for key in ("at", "level", "logger", "message"))
        told.pop("pid")
        return " ".join([at, level.upper(), f"{name}:", message, *(f"{key}={value}" for key, value in told.items())])
