"""Units of work: what they take, keep and refuse, on both databases."""

import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from engine.database import Database, make_database
from engine.errors import DatabaseBusy
from engine.incidents import Incident
from tests.databases import url_of

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

READ_THEN_WRITE = """
import sys
from threading import Thread
from sqlalchemy import text
from engine.database import make_database

database = make_database(sys.argv[1])

def count_up():
    for _ in range(15):
        with database.write() as session:
            seen = session.scalar(text("SELECT attempts FROM incident WHERE id = 1 " + sys.argv[2]))
            session.execute(text("UPDATE incident SET attempts = :n WHERE id = 1"), {"n": seen + 1})

threads = [Thread(target=count_up) for _ in range(4)]
for thread in threads: thread.start()
for thread in threads: thread.join()
"""


def make_incident(session: Session) -> Incident:
    incident = Incident(kind="send", error="none", opened_at=NOW)
    session.add(incident)
    session.flush()
    return incident


class TestWriteUnit:
    def test_commits_when_the_block_ends(self, database: Database) -> None:
        with database.write() as session:
            make_incident(session)

        with database.read() as session:
            assert session.scalar(select(Incident.opened_at)) == NOW

    def test_keeps_nothing_when_the_block_raises(self, database: Database) -> None:
        def fail_after_writing() -> None:
            with database.write() as session:
                make_incident(session)
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            fail_after_writing()

        with database.read() as session:
            assert session.scalar(select(Incident.id)) is None

    def test_leaves_its_records_readable_afterwards(self, database: Database) -> None:
        with database.write() as session:
            incident = make_incident(session)

        assert incident.kind == "send"

    def test_reads_and_then_writes_beside_others_without_a_failure(self, database: Database) -> None:
        with database.write() as session:
            make_incident(session).attempts = 0
        row_lock = "" if database.engine.dialect.name == "sqlite" else "FOR UPDATE"

        processes = [
            subprocess.Popen(
                [sys.executable, "-c", READ_THEN_WRITE, url_of(database), row_lock], stderr=subprocess.PIPE
            )
            for _ in range(2)
        ]
        errors = [process.communicate()[1].decode() for process in processes]

        with database.read() as session:
            assert (errors, session.scalar(select(Incident.attempts))) == (["", ""], 2 * 4 * 15)

    def test_rolls_a_savepoint_back_alone(self, database: Database) -> None:
        with database.write() as session:
            make_incident(session)
            savepoint = session.begin_nested()
            make_incident(session)
            savepoint.rollback()

        with database.read() as session:
            assert len(session.scalars(select(Incident.id)).all()) == 1


class TestReadUnit:
    def test_sees_one_snapshot_throughout(self, database: Database) -> None:
        with database.read() as reader:
            before = reader.scalars(select(Incident.id)).all()
            with database.write() as writer:
                make_incident(writer)

            assert reader.scalars(select(Incident.id)).all() == before

    def test_refuses_to_write(self, database: Database) -> None:
        with pytest.raises(DBAPIError), database.read() as session:
            session.execute(text("DELETE FROM incident"))

    def test_leaves_a_connection_that_can_write_again(self, database: Database) -> None:
        database = make_database(url_of(database), connections=1)
        with database.read() as session:
            session.scalar(select(Incident.id))

        with database.write() as session:
            make_incident(session)
        database.close()

    def test_answers_in_utc(self, database: Database) -> None:
        with database.write() as session:
            make_incident(session).opened_at = datetime(2026, 3, 2, 12, 0, tzinfo=timezone(timedelta(hours=3)))

        with database.read() as session:
            opened_at = session.scalars(select(Incident.opened_at)).one()
        assert (opened_at, opened_at.utcoffset()) == (NOW, timedelta(0))


class TestBusy:
    def test_names_a_lock_that_sqlite_does_not_give(self, sqlite_database: Database) -> None:
        impatient = make_database(url_of(sqlite_database))
        with impatient.read() as session:
            session.execute(text("PRAGMA busy_timeout = 1"))

        with sqlite_database.write(), pytest.raises(DatabaseBusy), impatient.write():
            pass
        impatient.close()

    @pytest.mark.postgresql
    def test_names_a_deadlock_of_postgresql(self, postgresql_database: Database) -> None:
        with postgresql_database.write() as session:
            first, second = make_incident(session).id, make_incident(session).id
        both_hold_one = threading.Barrier(2)
        busy: list[DatabaseBusy] = []

        def lock(own: int, other: int) -> None:
            update = text("UPDATE incident SET attempts = 2 WHERE id = :id")
            try:
                with postgresql_database.write() as session:
                    session.execute(update, {"id": own})
                    both_hold_one.wait()
                    session.execute(update, {"id": other})
            except DatabaseBusy as error:
                busy.append(error)

        threads = [threading.Thread(target=lock, args=ids) for ids in ((first, second), (second, first))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert len(busy) == 1

    def test_names_an_exhausted_pool(self, sqlite_database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("engine.database.BUSY_TIMEOUT_SECONDS", 0.01)
        small = make_database(url_of(sqlite_database), connections=1)

        with small.read(), pytest.raises(DatabaseBusy), small.read():
            pass
        with small.read(), Session(small.bind(write=False)) as of_a_page, pytest.raises(DatabaseBusy):
            of_a_page.connection()
        small.close()


def test_sqlite_is_durable_and_checks_foreign_keys(sqlite_database: Database) -> None:
    with sqlite_database.read() as session:
        settings = {
            name: session.scalar(text(f"PRAGMA {name}"))
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "temp_store")
        }

    memory = 2
    assert settings == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 15_000,
        "temp_store": memory,
    }


def test_no_unit_switches_its_connection(sqlite_database: Database) -> None:
    """SQLite prepares every statement of a connection anew after a PRAGMA: ten times the work of running it."""
    said: list[str] = []
    for write in (True, False, True, False):
        with sqlite_database.session(write=write) as session:
            driver = session.connection().connection.driver_connection
            assert driver is not None
            driver.set_trace_callback(said.append)
            session.scalars(select(Incident)).all()
            session.commit()

    assert sum(text.startswith("SELECT") for text in said) == 4
    assert not [text for text in said if text.startswith("PRAGMA")]


def test_a_database_in_memory_is_one_for_reading_and_writing() -> None:
    database = make_database("sqlite:///:memory:", connections=1)
    with database.write() as session:
        session.execute(text("CREATE TABLE seen (id INTEGER)"))
    with database.read() as session:
        assert session.scalar(text("SELECT count(*) FROM seen")) == 0
    database.close()


def test_what_is_closed_is_opened_anew(sqlite_database: Database) -> None:
    with sqlite_database.write() as session:
        session.add(make_incident(session))
    sqlite_database.dispose()

    with sqlite_database.read() as session:
        assert session.scalars(select(Incident)).all()
    pools = {sqlite_database.bind(write=write).pool for write in (True, False)}
    assert len(pools) == 2
    assert [pool.checkedout() for pool in pools] == [0, 0]  # type: ignore[attr-defined]  # QueuePools
