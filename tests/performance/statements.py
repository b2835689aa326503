"""Counts what a step says to the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine, event

FRAMES = ("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK", "COMMIT", "PRAGMA")


@dataclass
class Said:
    """The statements of a stretch of work; an executemany is one, transaction frames are none."""

    statements: list[str] = field(default_factory=list)
    commits: int = 0


@contextmanager
def listening(engine: Engine) -> Iterator[Said]:
    """Count while the block runs; every connection of the engine is heard."""
    said = Said()

    def statement(connection: Any, cursor: Any, text: str, *_: Any) -> None:
        if not text.lstrip().upper().startswith(FRAMES):
            said.statements.append(text)

    def commit(connection: Any) -> None:
        said.commits += 1

    event.listen(engine, "before_cursor_execute", statement)
    event.listen(engine, "commit", commit)
    try:
        yield said
    finally:
        event.remove(engine, "before_cursor_execute", statement)
        event.remove(engine, "commit", commit)
