"""Does what is stored agree with itself? The promises of the product that a database can be asked about."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select, text, union
from sqlalchemy.orm import Session

from engine.analytics import following
from engine.checking import check_cases
from engine.definitions.store import DefinitionStore
from engine.history import verifying as sealed
from engine.history.verifying import FindingKind, Verified
from engine.milestones.rebuilding import differences
from webapp.admin.sealing import LOGS, known_keys
from webapp.kit.models import RecordFile, StoredFile


@dataclass(frozen=True)
class Finding:
    """Something that does not agree: in which promise, and what."""

    part: str  # database, cases, funnel, steps, seals or files
    what: str


def verify(session: Session, store: DefinitionStore, files: Path, *, now: datetime) -> Iterator[Finding]:
    """The database with itself, cases with their rows, funnel and figures of steps with the log, seals, files."""
    yield from _database(session)
    for found in check_cases(session, store, now=now):
        gone = f"missing {', '.join(found.missing)}" if found.missing else ""
        more = f"too many {', '.join(found.surplus)}" if found.surplus else ""
        said = "; ".join(filter(None, (found.detail, gone, more)))
        yield Finding("cases", f"case {found.instance_id}, {found.kind.value}: {said}")
    for difference in differences(session, store.plans(session), None):
        yield Finding("funnel", str(difference))
    for disagreement in following.differences(session, store):
        yield Finding("steps", str(disagreement))
    yield from _seals(session)
    for sha in session.scalars(union(select(StoredFile.sha256), select(RecordFile.sha256))):
        if not (files / sha[:2] / sha).is_file():
            yield Finding("files", f"{sha} is not in its folder")


def _database(session: Session) -> Iterator[Finding]:
    """PostgreSQL holds its constraints itself; of SQLite the file is asked."""
    connection = session.connection()
    if connection.dialect.name != "sqlite":
        return
    for (said,) in connection.execute(text("PRAGMA integrity_check")):
        if said != "ok":
            yield Finding("database", said)
    for row in connection.execute(text("PRAGMA foreign_key_check")):
        yield Finding("database", f"{row[0]} row {row[1]} refers to what is not in {row[2]}")


def _seals(session: Session) -> Iterator[Finding]:
    """The logs against their seals, row by row. Seals of another key are left to `marshrut audit verify`.

    That one can be told the former secrets; here a secret that was changed for good reason would never agree again.
    """
    findings = sealed.verify(session, LOGS, known_keys(), Verified())
    told = (each for each in findings if each.kind is not FindingKind.SEAL_OF_OTHER_KEY)
    for first, last in sealed.in_rows(told):
        rows = f"entries {first.row} to {last.row}" if last.row > first.row else f"entry {first.row}"
        what = rows if first.row else "the seal itself"
        yield Finding("seals", f"{first.log}, seal {first.seal}, {what}: {first.kind.value.replace('_', ' ')}")
