"""Units of work on SQLite or PostgreSQL: who writes says so before it begins.

On SQLite a write unit takes the write lock at its first moment (BEGIN IMMEDIATE). A transaction
that reads first and upgrades later cannot wait for the lock: it fails at once. A reading unit has connections of its
own, which refuse to write: a connection that is switched to and fro by `PRAGMA query_only` prepares every statement
anew, ten times the work of running it.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from copy import copy
from typing import Any

import psycopg
from sqlalchemy import URL, Connection, Dialect, Engine, create_engine, event
from sqlalchemy.engine import ExceptionContext, make_url
from sqlalchemy.engine.base import OptionEngine
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session
from sqlalchemy.pool import Pool, PoolProxiedConnection, QueuePool

from engine.errors import DatabaseBusy, DatabaseFull, DatabaseLost

BUSY_TIMEOUT_SECONDS = 15

SQLITE_PRAGMAS = (
    f"busy_timeout = {BUSY_TIMEOUT_SECONDS * 1000}",  # first: switching to WAL needs the lock already
    "journal_mode = WAL",
    "synchronous = FULL",  # an answered step survives a power cut, not only a killed process
    "foreign_keys = ON",
    "temp_store = MEMORY",  # what a savepoint may have to put back: beyond 64 kB it would be a new file at every step
)
SQLITE_STATEMENTS = 500  # kept prepared by a connection; Python's own number is fewer than the pages have
SQLITE_BUSY_CODES = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}

# serialization_failure, deadlock_detected, lock_not_available
POSTGRESQL_BUSY_STATES = {"40001", "40P01", "55P03"}
POSTGRESQL_FULL_STATES = {"53100"}
# admin_shutdown, crash_shutdown, cannot_connect_now, too_many_connections; and the class of connection exceptions
POSTGRESQL_LOST_STATES = {"57P01", "57P02", "57P03", "53300"}
POSTGRESQL_LOST_CLASS = "08"


class _Connections(QueuePool):
    """A pool that says DatabaseBusy when it is empty, whoever asks: pages have sessions of their own."""

    def connect(self) -> PoolProxiedConnection:
        try:
            return super().connect()
        except PoolTimeout as error:
            raise DatabaseBusy("all connections are in use") from error


SessionFactory = Callable[[], AbstractContextManager[Session]]  # opens a unit that commits at its end


class Database:
    """One database and its units of work. Shared by all threads of a process; never across a fork."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.closed = False
        if engine.dialect.name == "sqlite":
            self._writing = _beginning(engine, "BEGIN IMMEDIATE")
            self._reading: Engine = engine if _is_in_memory(engine.url) else _ReadingEngine(engine)
        else:
            self._writing = engine.execution_options()
            self._reading = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)

    def bind(self, *, write: bool) -> Engine:
        """The engine whose connections begin such units, for sessions that somebody else makes."""
        return self._writing if write else self._reading

    def session(self, *, write: bool) -> Session:
        """A session whose transaction has begun; the caller commits and closes it.

        A reading session sees one snapshot throughout, on both databases, and refuses to write; one of a database in
        memory, which has a single connection, does not refuse.
        Raises DatabaseBusy when the write lock or a connection cannot be had in time.
        """
        session = Session(self.bind(write=write), expire_on_commit=False)
        try:
            session.connection()
        except BaseException:
            session.close()
            raise
        return session

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A unit that only reads."""
        with self.session(write=False) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A unit that commits when the block ends and rolls back when it raises."""
        with self.session(write=True) as session:
            yield session
            session.commit()

    def close(self) -> None:
        """Close the pooled connections; whoever asks again and again looks at `closed` and stops."""
        self.closed = True
        self.dispose()

    def dispose(self) -> None:
        """Close the pooled connections; the next unit opens new ones."""
        self.engine.dispose()
        if self._reading.pool is not self.engine.pool:
            self._reading.dispose()


def make_database(url: str | URL, *, connections: int = 20) -> Database:
    """Open `sqlite:///<file>` or `postgresql://…` with at most so many connections."""
    url = make_url(url)
    is_sqlite = url.get_backend_name() == "sqlite"
    engine = create_engine(
        url,
        poolclass=_Connections,
        pool_size=connections,
        max_overflow=0,
        pool_timeout=BUSY_TIMEOUT_SECONDS,
        pool_pre_ping=not is_sqlite,  # a server may have been restarted, a file not
        connect_args={"cached_statements": SQLITE_STATEMENTS} if is_sqlite else {},
    )
    if is_sqlite:
        event.listen(engine, "connect", _prepare_sqlite)
        _begin_by(engine.dialect, "BEGIN")
    else:
        event.listen(engine, "connect", _prepare_postgresql)
    event.listen(engine, "handle_error", _name_busy)
    _send_savepoints_as_text(engine.dialect)
    return Database(engine)


def _prepare_sqlite(connection: Any, _: object) -> None:
    connection.isolation_level = None  # we begin transactions ourselves
    for pragma in SQLITE_PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _is_in_memory(url: URL) -> bool:
    return url.get_backend_name() == "sqlite" and url.database in (None, "", ":memory:")


class _ReadingEngine(OptionEngine):
    """The same SQLite engine with a pool of its own, whose connections refuse to write."""

    pool: Pool = None  # type: ignore[assignment]  # an attribute, where the class above looks into the other engine

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine, {})
        self.pool = engine.pool.recreate()
        event.listen(self.pool, "connect", _forbid_writing)


def _beginning(engine: Engine, words: str) -> Engine:
    """The same engine, whose transactions begin with these words."""
    unit = engine.execution_options()
    unit.dialect = copy(engine.dialect)
    _begin_by(unit.dialect, words)
    return unit


def _begin_by(dialect: Dialect, words: str) -> None:
    """Told to the dialect: an engine with a listener for its transactions asks at every statement who else listens,
    which costs a step a quarter of its calls.
    """

    def do_begin(connection: Any) -> None:
        connection.execute(words)

    dialect.do_begin = do_begin  # type: ignore[method-assign, assignment]


def _forbid_writing(connection: Any, _: object) -> None:
    connection.execute("PRAGMA query_only = ON")


def _prepare_postgresql(connection: Any, _: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET TIME ZONE 'UTC'")
    connection.commit()


def _send_savepoints_as_text(dialect: Dialect) -> None:
    """SQLAlchemy compiles every savepoint anew, as each has its own name: 160 µs become 35."""

    def statement(verb: str) -> Callable[[Connection, str], None]:
        return lambda connection, name: connection.exec_driver_sql(f"{verb} {name}").close()

    for method, verb in (
        ("do_savepoint", "SAVEPOINT"),
        ("do_release_savepoint", "RELEASE SAVEPOINT"),
        ("do_rollback_to_savepoint", "ROLLBACK TO SAVEPOINT"),
    ):
        setattr(dialect, method, statement(verb))


def _name_busy(context: ExceptionContext) -> None:
    """Raise DatabaseBusy in place of the driver's error when trying again can help."""
    error = context.original_exception
    if isinstance(error, sqlite3.Error):
        named = _sqlite_trouble(getattr(error, "sqlite_errorcode", 0) & 0xFF)
    else:
        named = _postgresql_trouble(error) if isinstance(error, psycopg.Error) else None
    if named is not None:
        raise named(str(error)) from error


def _sqlite_trouble(code: int) -> type[DatabaseBusy] | None:
    if code == sqlite3.SQLITE_FULL:
        return DatabaseFull
    return DatabaseBusy if code in SQLITE_BUSY_CODES else None


def _postgresql_trouble(error: psycopg.Error) -> type[DatabaseBusy] | None:
    state = error.sqlstate or ""
    if state in POSTGRESQL_BUSY_STATES:
        return DatabaseBusy
    if state in POSTGRESQL_FULL_STATES:
        return DatabaseFull
    # an operational error without a state never reached the server, or its answer did not come
    never_answered = not state and isinstance(error, psycopg.OperationalError)
    lost = never_answered or state in POSTGRESQL_LOST_STATES or state.startswith(POSTGRESQL_LOST_CLASS)
    return DatabaseLost if lost else None
