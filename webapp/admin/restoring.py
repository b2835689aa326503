"""Putting a backup back: into an empty place, whole or not at all."""

import os
import tempfile
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from engine.database import Database
from engine.heartbeat import Heartbeat
from webapp.admin import archive, snapshots
from webapp.admin.archive import Manifest
from webapp.admin.backups import Place
from webapp.core import migrations
from webapp.core.errors import RuleViolation

STILL_RUNNING = timedelta(minutes=1)  # since the last beat of a scheduler


def restore(place: Place, source: Path, *, replace: bool, now: datetime) -> Manifest:
    """Unpack and check everything, then put it in place, and bring the tables to the present shape.

    With `replace` an SQLite file that stands there is moved aside; a PostgreSQL database must be empty.
    RuleViolation: backup_unreadable, backup_format, backup_newer, backup_other_database, restore_not_empty,
    restore_running, backup_damaged, backup_tools_missing, backup_dump_failed.
    """
    dialect = place.database.engine.dialect.name
    place.secret.parent.mkdir(parents=True, exist_ok=True)
    with (
        archive.opened(source) as reading,
        tempfile.TemporaryDirectory(dir=place.secret.parent, prefix=".restore-") as folder,
    ):
        unpacked = Path(folder)
        _refuse(reading.manifest, place.database, replace=replace, now=now)
        reading.unpack(_where(unpacked, place.files))
        copy = unpacked / archive.DATABASES[dialect]
        if dialect == "sqlite":
            _put_sqlite(place.database, copy, now=now)
        else:
            snapshots.load_postgresql(place.database, copy)
        secret = unpacked / archive.SECRET
        if secret.is_file():
            os.replace(secret, place.secret)
    migrations.upgrade(place.database)
    return reading.manifest


def _where(unpacked: Path, files: Path) -> Callable[[str], Path]:
    """Files of people go to their place at once, as nothing names them yet; the rest waits until all is checked."""

    def place(name: str) -> Path:
        return files / name.removeprefix(f"{archive.FILES}/") if name.startswith(archive.FILES) else unpacked / name

    return place


def _refuse(manifest: Manifest, database: Database, *, replace: bool, now: datetime) -> None:
    dialect = database.engine.dialect.name
    if manifest.dialect != dialect:
        raise RuleViolation("backup_other_database", manifest.dialect, made=manifest.dialect, here=dialect)
    if not migrations.knows(manifest.revision):
        raise RuleViolation("backup_newer", manifest.revision, revision=manifest.revision, made_at=manifest.made_at)
    if snapshots.is_empty(database):
        return
    refuse_running(database, now)
    if not replace or dialect != "sqlite":
        raise RuleViolation("restore_not_empty", "There are tables already.", dialect=dialect)


def refuse_running(database: Database, now: datetime) -> None:
    """RuleViolation: restore_running, while a scheduler beats in this database."""
    if _last_beat(database, now) < STILL_RUNNING:
        raise RuleViolation("restore_running", "A scheduler beats in this database.")


def _last_beat(database: Database, now: datetime) -> timedelta:
    try:
        with database.read() as session:
            beats = session.scalars(select(Heartbeat.at)).all()
    except SQLAlchemyError:  # tables of another shape, or none of ours
        return timedelta.max
    return min((abs(now - at) for at in beats), default=timedelta.max)


def _put_sqlite(database: Database, copy: Path, *, now: datetime) -> None:
    if not snapshots.sound_sqlite(copy):
        raise RuleViolation("backup_damaged", "The copy of the database is not sound.")
    target = Path(database.engine.url.database or "")
    database.dispose()
    if target.exists():
        aside = target.with_name(f"{target.name}.before-{now:%Y%m%d-%H%M%S}")
        for ending in ("", "-wal", "-shm"):  # together they are the old database
            old = target.with_name(target.name + ending)
            if old.exists():
                old.replace(aside.with_name(aside.name + ending))
    target.parent.mkdir(parents=True, exist_ok=True)
    os.replace(copy, target)
