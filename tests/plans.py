"""How a database finds its rows: what a page asks, and the plan of each question on SQLite and on PostgreSQL."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, event

from engine.persistence import Base

SQLITE_STEP = re.compile(r"(SEARCH|SCAN) (\w+?)(?:_\d+)?(?: USING (.*))?$")
SQLITE_INDEX = re.compile(r"(?:COVERING )?INDEX (\w+)|(INTEGER PRIMARY KEY)")


@dataclass(frozen=True)
class Question:
    """A SELECT with its values, as the driver got it."""

    statement: str
    values: Any


@dataclass(frozen=True)
class Reading:
    """One table in a plan: by which index its rows are found, and whether the index is entered at a value.

    An index that is not entered is read from end to end; without an index it is the table that is.
    """

    table: str
    index: str
    entered: bool

    @property
    def is_whole(self) -> bool:
        """Does it go through all rows there are? An index of the open ones alone is not the whole."""
        return not self.entered and self.index not in partial_indexes()


@contextmanager
def asked_questions(engine: Engine) -> Iterator[list[Question]]:
    """The SELECT statements of the block, in their order."""
    questions: list[Question] = []

    def note(_c: Any, _k: Any, statement: str, values: Any, *_: Any) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            questions.append(Question(statement, values))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield questions
    finally:
        event.remove(engine, "before_cursor_execute", note)


def partial_indexes() -> set[str]:
    """Names of the indexes that hold only some rows of their table."""
    indexes = [index for table in Base.metadata.tables.values() for index in table.indexes]
    return {str(index.name) for index in indexes if index.dialect_options["sqlite"]["where"] is not None}


def plan_of(connection: Connection, question: Question) -> list[Reading]:
    """How the tables of the question are read.

    PostgreSQL reads small tables whole, as it should; it is asked what it would do if that were dear.
    """
    if connection.dialect.name == "sqlite":
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {question.statement}", question.values)
        return [_read_sqlite(found) for row in rows if (found := SQLITE_STEP.match(row.detail))]
    for way in ("seqscan", "hashjoin", "mergejoin"):
        connection.exec_driver_sql(f"SET LOCAL enable_{way} = off")
    answer = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {question.statement}", question.values).scalar_one()
    return list(_read_postgresql(answer[0]["Plan"], ""))


def _read_sqlite(step: re.Match[str]) -> Reading:
    word, table, way = step.groups()
    index = SQLITE_INDEX.search(way or "")
    return Reading(table, (index[1] or "primary key") if index else "", word == "SEARCH")


def _read_postgresql(node: Mapping[str, Any], table: str) -> Iterator[Reading]:
    table = str(node.get("Relation Name", table))
    kind, parts = node["Node Type"], node.get("Plans", ())
    if kind == "Seq Scan":
        yield Reading(table, "", entered=False)
    elif "Index Name" in node:
        yield Reading(table, str(node["Index Name"]), entered="Index Cond" in node)
    for part in parts:
        yield from _read_postgresql(part, table)


def whole_readings(plans: Sequence[Sequence[Reading]], tables: Sequence[str]) -> list[Reading]:
    """Where one of these tables is gone through from end to end."""
    return [reading for plan in plans for reading in plan if reading.table in tables and reading.is_whole]
