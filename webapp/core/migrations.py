"""Bringing a database to the present shape, with Alembic on the application's own connection."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, text

from engine.database import Database
from webapp.core.errors import RuleViolation

FOLDER = Path(__file__).parents[2] / "migrations"


def knows(revision: str) -> bool:
    """Is it one of ours? A newer version of the product has others."""
    try:
        return ScriptDirectory.from_config(_config(None)).get_revision(revision) is not None
    except CommandError:
        return False


@lru_cache(maxsize=1)  # monitors ask every minute, and the files of the revisions are many
def newest() -> str:
    """The revision to which `upgrade` leads."""
    return ScriptDirectory.from_config(_config(None)).get_current_head() or ""


def stands_at(database: Database) -> str | None:
    """The revision that the tables have; None in an empty database.

    RuleViolation: database_newer, when a newer version of the product has changed the tables already.
    """
    with database.engine.connect() as connection:
        revision = MigrationContext.configure(connection).get_current_revision()
    if revision is not None and not knows(revision):
        raise RuleViolation("database_newer", revision, revision=revision)
    return revision


def steps_between(old: str | None, new: str) -> int:
    """How many revisions lead from one to the other."""
    script = ScriptDirectory.from_config(_config(None))
    return sum(1 for _ in script.iterate_revisions(new, old or "base"))


def upgrade(database: Database, revision: str = "head") -> None:
    """Apply every revision that is not yet applied, all of them or none.

    RuleViolation: database_newer, when a newer version of the product has changed the tables already.
    """
    stands_at(database)
    with database.engine.connect() as connection, _tables_may_be_rebuilt(connection):
        command.upgrade(_config(connection), revision)
        _refuse_orphans(connection)
        connection.commit()


@contextmanager
def _tables_may_be_rebuilt(connection: Connection) -> Iterator[None]:
    """SQLite changes a table by copying it and dropping the old one, which its rows' referrers would forbid."""
    if connection.dialect.name != "sqlite":
        yield
        return
    driver: Any = connection.connection.driver_connection  # outside of a transaction, where the pragma has its effect
    driver.execute("PRAGMA foreign_keys = OFF")
    try:
        yield
    finally:
        if driver.in_transaction:
            driver.rollback()
        driver.execute("PRAGMA foreign_keys = ON")


def _refuse_orphans(connection: Connection) -> None:
    """What a rebuilt table has lost would be noticed here, before anything is kept."""
    if connection.dialect.name == "sqlite":
        orphans = connection.execute(text("PRAGMA foreign_key_check")).all()
        if orphans:
            raise RuntimeError(f"a migration left rows without what they refer to: {orphans[:5]}")


def write_revision(database: Database, message: str) -> None:
    """Write a new revision with what the models have and the database has not."""
    with database.engine.connect() as connection:
        command.revision(_config(connection), message, autogenerate=True)


def _config(connection: object) -> Config:
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("file_template", "%%(year)d%%(month).2d%%(day).2d_%%(slug)s")
    return config
