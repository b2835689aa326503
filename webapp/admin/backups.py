"""Making a backup while everybody works."""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, func, inspect, select, text, union

from engine.database import Database
from engine.instances.models import ProcessInstance
from webapp.admin import archive, snapshots
from webapp.admin.archive import Manifest
from webapp.core.errors import RuleViolation
from webapp.kit.models import RecordFile, StoredFile


@dataclass(frozen=True)
class Place:
    """Where an installation keeps its things. `secret`: the file with the key that signs sessions and links."""

    database: Database
    files: Path
    secret: Path


def back_up(place: Place, target: Path, *, now: datetime) -> Manifest:
    """Write the database as it stands at one moment, the files it names and the secret into one archive.

    RuleViolation: backup_exists, backup_damaged, backup_tools_missing, backup_dump_failed.
    """
    if target.exists():
        raise RuleViolation("backup_exists", str(target), path=str(target))
    dialect = place.database.engine.dialect.name
    name = archive.DATABASES[dialect]
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".backup-") as folder:
        copy = Path(folder) / name
        with snapshots.taken(place.database, copy) as connection:
            revision = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
            cases = connection.execute(select(func.count()).select_from(ProcessInstance)).scalar_one()
            named = _named_files(connection)
        if dialect == "sqlite" and not snapshots.sound_sqlite(copy):
            raise RuleViolation("backup_damaged", "The copy of the database is not sound.")
        there = {sha: path for sha in named if (path := place.files / sha[:2] / sha).is_file()}
        checksums = {name: archive.checksum(copy)}
        if place.secret.is_file():
            checksums[archive.SECRET] = archive.checksum(place.secret)
        manifest = Manifest(
            made_at=now.isoformat(),
            dialect=dialect,
            revision=revision,
            cases=cases,
            files=len(there),
            file_bytes=sum(path.stat().st_size for path in there.values()),
            checksums=checksums,
            missing=sorted(set(named) - there.keys()),
        )
        archive.write(target, manifest, _members(name, copy, place, there))
    return manifest


def _members(name: str, copy: Path, place: Place, files: dict[str, Path]) -> Iterator[tuple[str, Path]]:
    yield name, copy
    if place.secret.is_file():
        yield archive.SECRET, place.secret
    for sha, path in sorted(files.items()):
        yield f"{archive.FILES}/{sha[:2]}/{sha}", path


def _named_files(connection: Connection) -> list[str]:
    """Checksums of the files that records name; they are written before the row and never changed."""
    there = set(inspect(connection).get_table_names())  # an upgrade makes a backup of older tables
    named = [select(table.sha256) for table in (StoredFile, RecordFile) if table.__tablename__ in there]
    return list(connection.scalars(union(*named))) if named else []
