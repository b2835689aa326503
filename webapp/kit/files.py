"""The shelf of files: bytes once per content in a folder outside the database, and who they belong to in a table."""

import hashlib
import os
import re
import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, exists, select, update
from sqlalchemy.orm import Session

from engine.history.models import HistoryEvent
from engine.human_tasks.form_values import FoundFile
from engine.human_tasks.models import HumanTask, TaskDraft
from webapp.core.config import settings
from webapp.core.errors import RuleViolation
from webapp.kit.models import RecordFile, StoredFile
from webapp.kit.sniffing import Sniffed, sniff

SHA256 = re.compile(r"[0-9a-f]{64}")
WAITS = timedelta(days=7)  # how long a file lies that nothing refers to
BATCH = 200
UNFIT = re.compile(r"[\x00-\x1f\x7f<>:\"/\\|?*\u202a-\u202e\u2066-\u2069]+")
LONGEST_NAME = 120


def folder() -> Path:
    known = settings()
    return Path(known.files_dir or Path(known.data_dir) / "files").resolve()


def path_of(sha256: str) -> Path:
    """Where the bytes lie. Raises ValueError for what is no SHA-256."""
    if not SHA256.fullmatch(sha256):
        raise ValueError("not a SHA-256")
    return folder() / sha256[:2] / sha256


def store(session: Session, data: bytes, *, name: str, instance_id: int, actor_id: int, at: datetime) -> StoredFile:
    """Put a file on the shelf for a case; the same content again is the same file. Raises RuleViolation."""
    sniffed, sha256 = _take_in(data)
    known = _row(session, instance_id, sha256)
    if known is not None:
        known.at = at
        return known
    stored = StoredFile(
        sha256=sha256,
        instance_id=instance_id,
        name=tidy_name(name, sniffed.ending),
        type=sniffed.type,
        ending=sniffed.ending,
        size=len(sniffed.data),
        actor_id=actor_id,
        at=at,
        kept=False,
    )
    session.add(stored)
    session.flush()
    return stored


def store_with_record(
    session: Session, data: bytes, *, name: str, subject: str, actor_id: int | None, at: datetime
) -> RecordFile:
    """Put a file on the shelf for a record that is no case; the same content again is the same file.

    Raises RuleViolation: file_too_large, file_not_accepted.
    """
    sniffed, sha256 = _take_in(data)
    known = find_of_record(session, subject, sha256)
    if known is not None:
        return known
    stored = RecordFile(
        subject=subject,
        sha256=sha256,
        name=tidy_name(name, sniffed.ending),
        type=sniffed.type,
        size=len(sniffed.data),
        actor_id=actor_id,
        at=at,
    )
    session.add(stored)
    session.flush()
    return stored


def find_of_record(session: Session, subject: str, sha256: str) -> RecordFile | None:
    """A file that was handed in with this record."""
    statement = select(RecordFile).where(RecordFile.subject == subject, RecordFile.sha256 == sha256)
    return session.scalars(statement).one_or_none()


def _take_in(data: bytes) -> tuple[Sniffed, str]:
    """Its bytes on the shelf, and their SHA-256. RuleViolation: file_too_large, file_not_accepted."""
    limit = settings().file_megabytes
    if len(data) > limit * 1024 * 1024:
        raise RuleViolation("file_too_large", limit=limit)
    sniffed = sniff(data)
    if sniffed is None:
        raise RuleViolation("file_not_accepted")
    sha256 = hashlib.sha256(sniffed.data).hexdigest()
    _write(path_of(sha256), sniffed.data)
    return sniffed, sha256


def tidy_name(name: str, ending: str) -> str:
    """The last part of the name, without signs that a file system or a page could misread, with the true ending."""
    last = re.split(r"[/\\]", name)[-1]
    stem = UNFIT.sub(" ", last.rpartition(".")[0] or last).strip(" .")[:LONGEST_NAME]
    return f"{stem or 'file'}{ending}"


def find_file(session: Session, instance_id: int, sha256: str) -> FoundFile | None:
    """A file that was handed in for this case."""
    row = _row(session, instance_id, sha256)
    return None if row is None else row.found


def shelf_of(session: Session, instance_id: int) -> Callable[[str], FoundFile | None]:
    """Finds the files of a case by their SHA-256; all are read together when the first is asked for."""
    found: dict[str, FoundFile] | None = None

    def find(sha256: str) -> FoundFile | None:
        nonlocal found
        if found is None:
            rows = session.scalars(select(StoredFile).where(StoredFile.instance_id == instance_id))
            found = {row.sha256: row.found for row in rows}
        return found.get(sha256)

    return find


def _row(session: Session, instance_id: int, sha256: str) -> StoredFile | None:
    if not SHA256.fullmatch(sha256):
        return None
    return session.scalars(
        select(StoredFile).where(StoredFile.instance_id == instance_id, StoredFile.sha256 == sha256)
    ).one_or_none()


def keep(session: Session, instance_id: int, typed: Mapping[str, Any]) -> None:
    """A form that was sent names these files: they stay."""
    named = {text for text in _texts(typed) if SHA256.fullmatch(text)}
    if named:
        session.execute(
            update(StoredFile)
            .where(StoredFile.instance_id == instance_id, StoredFile.sha256.in_(named))
            .values(kept=True)
            .execution_options(synchronize_session=False)
        )


def _texts(typed: Mapping[str, Any]) -> Iterator[str]:
    for value in typed.values():
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, str):
                yield each.strip()


def remove_forgotten(session: Session, *, at: datetime) -> Collection[str]:
    """Rows of files that nothing refers to are deleted; the SHA-256 of those whose bytes may go too."""
    rows = session.scalars(
        select(StoredFile)
        .where(StoredFile.kept.is_(False), StoredFile.at < at - WAITS, ~_in_draft(), ~_in_history())
        .order_by(StoredFile.id)
        .limit(BATCH)
    ).all()
    for row in rows:
        session.delete(row)
    session.flush()
    hashes = {row.sha256 for row in rows}
    if not hashes:
        return hashes
    in_cases = session.scalars(select(StoredFile.sha256).where(StoredFile.sha256.in_(hashes)))
    with_records = session.scalars(select(RecordFile.sha256).where(RecordFile.sha256.in_(hashes)))
    return hashes - set(in_cases) - set(with_records)


def _in_draft() -> ColumnElement[bool]:
    return exists().where(
        TaskDraft.task_id == HumanTask.id,
        HumanTask.instance_id == StoredFile.instance_id,
        TaskDraft.values.contains(StoredFile.sha256),
    )


def _in_history() -> ColumnElement[bool]:
    return exists().where(
        HistoryEvent.instance_id == StoredFile.instance_id, HistoryEvent.payload.contains(StoredFile.sha256)
    )


def discard(hashes: Collection[str], *, at: datetime) -> None:
    """Delete bytes, but not those that somebody has handed in again meanwhile."""
    for sha256 in hashes:
        path = path_of(sha256)
        try:
            if path.stat().st_mtime < (at - timedelta(hours=1)).timestamp():
                path.unlink()
        except FileNotFoundError:
            continue


def _write(path: Path, data: bytes) -> None:
    """Whole or not at all; what is there already is touched, so that it counts as handed in now."""
    if path.exists():
        os.utime(path)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    Path(temporary).replace(path)
