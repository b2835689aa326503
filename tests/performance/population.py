"""A dealer with as many people as are asked for: `python -m tests.performance.population --size middle --url …`.

The demo dealer is played at a small scale, through the real engine, and what came of it is copied by
tests.performance.crowd. A database with anything in it is refused.
"""

import os
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import click
from sqlalchemy import create_engine, event, func, inspect, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from engine.database import Database
from engine.history.models import HistoryEvent
from engine.instances.models import ProcessInstance
from tests.performance.crowd import multiply
from tests.settings import FOR_BROWSERS
from webapp.app import create_app
from webapp.core import i18n, migrations
from webapp.customers.models import Customer
from webapp.demo import building

SIZES = {"small": 10_000, "middle": 100_000, "large": 600_000}  # people
TINY = 100  # for tests
SEED = 20260302
SCALE, MONTHS = 0.02, 12.0  # of the dealer who is played: a thousand people, 38,000 events
BYTES = 32_000  # that a person takes with all that belongs to him, and some room
CACHE_KB = 1_000_000  # of SQLite while it copies: its indexes grow everywhere at once


@dataclass(frozen=True)
class Dealer:
    """How much of the demo dealer is played before he is copied."""

    scale: float = SCALE
    months: float = MONTHS
    recent_slices: int = building.RECENT_SLICES


@dataclass(frozen=True)
class Made:
    """What there is, and how long it took."""

    people: int
    cases: int
    events: int
    seconds: float

    def __str__(self) -> str:
        return f"{self.people:,} people, {self.cases:,} cases, {self.events:,} events in {self.seconds:.0f} s"


def populate(
    url: str,
    people: int,
    *,
    folder: Path,
    now: datetime | None = None,
    dealer: Dealer = Dealer(),
    tell: Callable[[str], None] = lambda _: None,
) -> Made:
    """Fill an empty database with at least so many people. `folder`: for the files that they hand in.

    ValueError: the database is not empty, or the disk has no room.
    """
    begun, now = time.monotonic(), now or datetime.now(UTC)
    demand_room(url, people)
    app = create_app({**FOR_BROWSERS, "database_url": url, "data_dir": str(folder), "demo": True})
    database: Database = app.extensions["database"]
    try:
        _demand_empty(database)
        folder.mkdir(parents=True, exist_ok=True)
        if not inspect(database.engine).get_table_names():
            migrations.upgrade(database)
        tell("playing the demo dealer")
        with app.app_context():
            building.begin(
                seed=SEED, months=dealer.months, scale=dealer.scale, now=now, recent_slices=dealer.recent_slices
            )
            building.go_on(real_now=lambda: now)
        with database.read() as session:
            played = _counted(session, begun)
        tell(f"played: {played}")
    finally:
        database.close()
    with _unguarded(url) as session:
        if copies := -(-people // played.people) - 1:
            tell(f"copying it {copies} times")
            multiply(session, copies)
        return _counted(session, begun)


def demand_room(url: str, people: int) -> None:
    """ValueError, if the file of SQLite would not fit; of the disk of a server nothing is known here."""
    file = file_of(url)
    if file is None:
        return
    free, wanted = shutil.disk_usage(file.parent).free, people * BYTES
    if free < wanted:
        raise ValueError(
            f"{people:,} people need some {wanted / 1e9:.1f} GB, and {file.parent} has {free / 1e9:.1f} GB left."
        )


def file_of(url: str) -> Path | None:
    """The file of SQLite that the URL names; None: a database of a server."""
    parsed = make_url(url)
    return Path(parsed.database or "") if parsed.get_backend_name() == "sqlite" else None


def _demand_empty(database: Database) -> None:
    with database.engine.connect() as connection:
        for table in inspect(connection).get_table_names():
            if table != "alembic_version" and connection.scalar(text(f"SELECT 1 FROM {table} LIMIT 1")):  # noqa: S608
                raise ValueError(f"The database is not empty: there is something in {table}.")


def _counted(session: Session, begun: float) -> Made:
    people, cases, events = (
        session.scalar(select(func.count()).select_from(table)) or 0
        for table in (Customer, ProcessInstance, HistoryEvent)
    )
    return Made(people, cases, events, time.monotonic() - begun)


@contextmanager
def _unguarded(url: str) -> Iterator[Session]:
    """A session that writes without a journal on SQLite: half the disk, and a file that failed is thrown away."""
    engine = create_engine(url)

    def hurry(connection: sqlite3.Connection, _: object) -> None:
        for pragma in ("journal_mode = OFF", "synchronous = OFF", f"cache_size = -{CACHE_KB}", "temp_store = MEMORY"):
            connection.execute(f"PRAGMA {pragma}")

    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", hurry)
    try:
        with Session(engine) as session:
            yield session
            session.commit()
    finally:
        engine.dispose()


@click.command()
@click.option("--size", type=click.Choice(list(SIZES)), default="middle", show_default=True)
@click.option("--people", type=int, help="Exactly so many instead, or a few more.")
@click.option("--url", required=True, help="sqlite:////path/file.db or postgresql+psycopg://…: an empty database.")
@click.option("--folder", type=click.Path(path_type=Path), help="For files; without it beside the file of SQLite.")
def main(size: str, people: int | None, url: str, folder: Path | None) -> None:
    """Make a dealer with 10,000, 100,000 or 600,000 people."""
    os.nice(10)
    file = file_of(url)
    i18n.compile_catalogs()
    try:
        beside = file.parent if file else Path("build") / "population"
        made = populate(url, people or SIZES[size], folder=folder or beside, tell=click.echo)
    except ValueError as refusal:
        raise click.ClickException(str(refusal)) from refusal
    click.echo(str(made))


if __name__ == "__main__":
    main()
