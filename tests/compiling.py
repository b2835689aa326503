"""Databases are opened by the thousand here; a statement is compiled once.

SQLAlchemy keeps what it compiled with the engine and under its dialect; both are thrown away with each test. It depends
on the kind of database and on the statement alone, so all engines of a kind share one dialect and one memory.
"""

from typing import Any

from sqlalchemy import Dialect, Engine
from sqlalchemy.util import LRUCache

from engine import database

STATEMENTS = 5_000

_create_engine, _beginning = database.create_engine, database._beginning
_dialects: dict[tuple[str, ...], Dialect] = {}
_compiled: Any = LRUCache(STATEMENTS)


def _create(*args: Any, **options: Any) -> Engine:
    made = _create_engine(*args, **options)
    shared = _dialects.get((made.name,))
    if shared is None or shared.server_version_info is None:  # knows nothing of its server before the first connection
        _dialects[made.name,] = made.dialect
    else:
        made.dialect = made.pool._dialect = shared
    made._compiled_cache = _compiled
    return made


def _begin(made: Engine, words: str) -> Engine:
    unit = _beginning(made, words)
    if _dialects.get((made.name,)) is made.dialect:
        unit.dialect = _dialects.setdefault((made.name, words), unit.dialect)
    return unit


def compile_statements_once() -> None:
    """From here on, in this process."""
    database.create_engine = _create
    database._beginning = _begin
