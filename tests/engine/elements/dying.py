"""A process that dies at a chosen moment of its work with the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from engine.database import Database

WRITES = ("INSERT", "UPDATE", "DELETE", "SAVEPOINT", "RELEASE")


class Death(BaseException):
    """Nothing may catch it, as nothing can catch a kill."""


@contextmanager
def dying_at(database: Database, moment: int) -> Iterator[None]:
    """Die before the writing statement or commit of that number, counted from 1."""
    passed = 0

    def pass_moment() -> None:
        nonlocal passed
        passed += 1
        if passed == moment:
            raise Death

    def before_statement(*given: Any) -> None:
        statement = given[2]
        if statement.lstrip().upper().startswith(WRITES):
            pass_moment()

    def before_commit(_: Any) -> None:
        pass_moment()

    event.listen(database.engine, "before_cursor_execute", before_statement)
    event.listen(database.engine, "commit", before_commit)
    try:
        yield
    finally:
        event.remove(database.engine, "before_cursor_execute", before_statement)
        event.remove(database.engine, "commit", before_commit)
