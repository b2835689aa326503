"""One consistent copy of a database that goes on working, and putting such a copy into an empty one."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import Connection, inspect, text
from sqlalchemy.engine import URL, make_url

from engine.database import Database, make_database
from webapp.core.errors import RuleViolation

DEBIAN = Path("/usr/lib/postgresql")


@contextmanager
def taken(database: Database, target: Path) -> Iterator[Connection]:
    """Copy the database to `target`; the connection reads just what was copied. Nobody who writes has to wait.

    RuleViolation: backup_tools_missing, backup_dump_failed.
    """
    if database.engine.dialect.name == "sqlite":
        _copy_sqlite(Path(database.engine.url.database or ""), target)
        copy = make_database(f"sqlite:///{target}")
        try:
            with copy.read() as session:
                yield session.connection()
        finally:
            copy.close()
        return
    with database.read() as session:  # repeatable read: the dump sees the same snapshot
        connection = session.connection()
        snapshot = connection.execute(text("SELECT pg_export_snapshot()")).scalar_one()
        url = database.engine.url
        _run(
            "pg_dump", url, ["--format=custom", "--no-owner", "--no-acl", f"--snapshot={snapshot}", f"--file={target}"]
        )
        yield connection


def _copy_sqlite(source: Path, target: Path) -> None:
    """By SQLite's backup in one go: it holds a read transaction, which writers in WAL mode do not notice.

    https://www.sqlite.org/backup.html; in several goes another process's writing would begin it anew again and again.
    """
    with closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new, pages=-1)
        new.execute("PRAGMA journal_mode = DELETE")  # one file, nothing beside it


def is_empty(database: Database) -> bool:
    """Has nobody put a table into it?"""
    with database.engine.connect() as connection:
        return not inspect(connection).get_table_names()


def load_postgresql(database: Database, dump: Path) -> None:
    """All of the dump or nothing. RuleViolation: backup_tools_missing, backup_dump_failed."""
    _run(
        "pg_restore",
        database.engine.url,
        ["--no-owner", "--no-acl", "--exit-on-error", "--single-transaction", str(dump)],
    )


def sound_sqlite(path: Path) -> bool:
    """Does SQLite find nothing wrong with the file?"""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as opened:
        try:
            broken = opened.execute("PRAGMA quick_check").fetchall() != [("ok",)]
            return not broken and not opened.execute("PRAGMA foreign_key_check").fetchall()
        except sqlite3.DatabaseError:
            return False


def _run(tool: str, url: URL, arguments: Sequence[str]) -> None:
    found = _tool(tool)
    if found is None:
        raise RuleViolation("backup_tools_missing", f"{tool} is not installed", tool=tool)
    target = make_url(url).set(drivername="postgresql", password=None)
    environment = {**os.environ, "PGPASSWORD": url.password or ""}
    done = subprocess.run(  # noqa: S603  # a tool of the system, with the settings of who runs it
        [found, f"--dbname={target.render_as_string(hide_password=False)}", *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuleViolation("backup_dump_failed", done.stderr, tool=tool, reason=done.stderr.strip()[-600:])


def _tool(name: str) -> str | None:
    """In the search path, or where Debian keeps the newest version."""
    versions = sorted(DEBIAN.glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]), reverse=True)
    return str(versions[0]) if versions else shutil.which(name)
