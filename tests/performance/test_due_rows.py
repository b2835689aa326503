"""How fast due rows are carried out, beside a loop that only claims them, and what it costs when nothing is due."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import URL, Column, Integer, MetaData, String, Table, insert, literal, select, text
from sqlalchemy.orm import Session

from engine.database import Database, make_database
from engine.persistence import Base, table_of
from engine.timers import due_rows
from engine.timers.models import DueKind, DueRow, DueState
from tests.databases import new_postgresql_database
from tests.performance.measuring import Measurement, Report, Step, race
from webapp.integrations.beats import BEATS

pytestmark = pytest.mark.performance

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
BATCH = 200
SHARE = 0.6  # of the rate of a loop that only claims
fired = Table("fired", MetaData(), Column("id", Integer, primary_key=True), Column("dedupe", String(160)))


def fill(database: Database, due: int, waiting: int) -> None:
    """So many rows whose time has come, and so many for tomorrow."""
    rows = table_of(DueRow)
    with database.write() as session:
        connection = session.connection()
        for kept, number in ((0, due), (due, waiting)):
            first = select(literal(kept + 1).label("n")).cte("numbers", recursive=True)
            numbers = first.union_all(select(first.c.n + 1).where(first.c.n < kept + number))
            at = NOW - timedelta(minutes=1) if kept == 0 else NOW + timedelta(days=1)
            chosen = select(
                *(literal(value, rows.c[name].type) for name, value in VALUES.items()),
                numbers.c.n,
                *(literal(at, rows.c.due_at.type) for _ in range(2)),
                text("'row ' || n"),
            )
            connection.execute(insert(rows).from_select([*VALUES, "ref", "due_at", "next_at", "dedupe"], chosen))
        connection.execute(text("ANALYZE"))


VALUES = {"kind": DueKind.REMINDER, "detail": "", "state": DueState.WAITING, "attempts": 0}


class Drained:
    """The product: a row's effect and its end are one, and a failure is that of one row."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def batch(self) -> None:
        with self.database.write() as session:
            report, _ = due_rows._drain_batch(session, lambda: NOW, {DueKind.REMINDER: self.fire}, self.refuse, BATCH)
        assert report.fired == BATCH

    @staticmethod
    def fire(session: Session, row: DueRow, now: datetime) -> None:
        session.connection().execute(insert(fired), {"dedupe": row.dedupe})

    @staticmethod
    def refuse(session: Session, row: DueRow, error: Exception) -> None:
        raise error


class ClaimedOnSQLite:
    """The bare loop: claim, write the effects and delete, each for the whole batch at once."""

    def __init__(self, url: str) -> None:
        self.connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
        self.connection.executescript("pragma journal_mode=wal; pragma synchronous=full;")

    def batch(self) -> None:
        run = self.connection.execute
        run("begin immediate")
        rows = run(
            "select id, dedupe from due_row where state = 'waiting' and next_at <= ? order by next_at, id limit ?",
            (NOW.strftime("%Y-%m-%d %H:%M:%S.%f"), BATCH),
        ).fetchall()
        self.connection.executemany("insert into fired (dedupe) values (?)", [(row[1],) for row in rows])
        self.connection.executemany("delete from due_row where id = ?", [(row[0],) for row in rows])
        run("commit")
        assert len(rows) == BATCH


class ClaimedOnPostgresql:
    def __init__(self, url: str) -> None:
        self.connection = psycopg.connect(url.replace("postgresql+psycopg", "postgresql"))

    def batch(self) -> None:
        with self.connection.transaction():
            rows = self.connection.execute(
                "select id, dedupe from due_row where state = 'waiting' and next_at <= %s"
                " order by next_at, id limit %s for update skip locked",
                (NOW, BATCH),
            ).fetchall()
            self.connection.execute("insert into fired (dedupe) select unnest(%s::text[])", ([row[1] for row in rows],))
            self.connection.execute("delete from due_row where id = any(%s)", ([row[0] for row in rows],))
        assert len(rows) == BATCH


@contextmanager
def on_sqlite(request: pytest.FixtureRequest) -> Iterator[tuple[Database, Callable[[], Any]]]:
    folder: Path = request.getfixturevalue("disk")
    url = f"sqlite:///{folder / 'due.db'}"
    database = make_database(url)
    Base.metadata.create_all(database.engine)
    yield database, lambda: ClaimedOnSQLite(url)
    database.close()


@contextmanager
def on_postgresql(request: pytest.FixtureRequest) -> Iterator[tuple[Database, Callable[[], Any]]]:
    server: URL = request.getfixturevalue("postgresql_server")
    with new_postgresql_database(server, request.getfixturevalue("postgresql_template")) as made:
        url = made.render_as_string(hide_password=False)
        database = make_database(url)
        yield database, lambda: ClaimedOnPostgresql(url)
        database.close()


@pytest.mark.parametrize(
    ("where", "waiting", "per_round"),
    [
        ("SQLite", 20_000, 2),
        pytest.param("PostgreSQL", 20_000, 2, marks=pytest.mark.postgresql),
        pytest.param("SQLite", 1_000_000, 25, marks=pytest.mark.long),
        pytest.param("PostgreSQL", 1_000_000, 25, marks=[pytest.mark.postgresql, pytest.mark.long]),
    ],
)
def test_due_rows_beside_a_loop_that_claims(
    request: pytest.FixtureRequest, report: Report, where: str, waiting: int, per_round: int
) -> None:
    opened = on_sqlite if where == "SQLite" else on_postgresql
    rounds = 9
    with opened(request) as (database, bare):
        fired.create(database.engine)
        fill(database, due=2 * (rounds + 1) * per_round * BATCH, waiting=waiting)
        loop, drained = bare(), Drained(database)
        steps: dict[str, Step] = {"claiming alone": loop.batch, "Marshrut": drained.batch}
        results = race(steps, rounds=rounds, per_round=per_round)
        loop.connection.close()
        idle = Measurement("idle poll", (tuple(poll(database) for _ in range(50)),))

    rates = {name: {"rows/s": round(BATCH / found.median)} for name, found in results.items()}
    what = f"due rows, {where}, {waiting:,} waiting"
    report.add(what, results, against="claiming alone", goals={"Marshrut": 1 / SHARE}, facts=rates)
    every = next(job.every for job in BEATS if job.name == "due rows")
    share = idle.median / every.total_seconds()
    report.add(
        what, {"idle poll": idle}, against="idle poll", facts={"idle poll": {"% of a core": round(100 * share, 4)}}
    )


def poll(database: Database) -> float:
    """CPU seconds of a poll that finds nothing."""
    begun = time.process_time()
    found = due_rows.drain(database.write, now=lambda: NOW, effects={}, on_failed=Drained.refuse)
    assert found.claimed == 0
    return time.process_time() - begun
