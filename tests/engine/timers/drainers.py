"""Processes that drain due rows beside each other, to be killed by tests."""

import multiprocessing
from contextlib import suppress
from datetime import UTC, datetime
from multiprocessing.process import BaseProcess

from sqlalchemy import Column, Integer, MetaData, String, Table, func, insert, select
from sqlalchemy.orm import Session

from engine.database import Database, make_database
from engine.errors import DatabaseBusy
from engine.timers.due_rows import drain
from engine.timers.models import DueKind, DueRow

LONG_AFTER = datetime(2026, 6, 1, tzinfo=UTC)

# What effects leave behind. Nothing in the table forbids the same effect twice: tests count.
effects = Table("effect", MetaData(), Column("id", Integer, primary_key=True), Column("dedupe", String(160)))

processes = multiprocessing.get_context("forkserver")
processes.set_forkserver_preload([__name__])


def leave_effect(session: Session, row: DueRow, now: datetime) -> None:
    session.connection().execute(insert(effects), {"dedupe": row.dedupe})


def count_left(database: Database) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(DueRow)) or 0


def drain_all(url: str) -> None:
    """Drain until no row is left."""
    database = make_database(url)
    while count_left(database):
        with suppress(DatabaseBusy):
            drain(
                database.write,
                now=lambda: LONG_AFTER,
                effects={DueKind.REMINDER: leave_effect},
                on_failed=lambda *_: None,
                batch=20,
            )
    database.close()


def start_drainer(url: str) -> BaseProcess:
    process = processes.Process(target=drain_all, args=(url,), daemon=True)
    process.start()
    return process
