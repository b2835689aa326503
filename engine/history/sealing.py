"""Seals over the logs: a step pays nothing, a job seals afterwards what has been written.

Numbers of rows are handed out before their transactions commit, so on PostgreSQL a row may appear behind younger ones.
A writer holds a lock on the table from before its first number until its end. So: note the highest number that is
there, then who holds such locks; when these have ended, nothing can appear any more up to that number. Nobody waits.
On SQLite writers come one after the other anyway.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, insert, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from engine.database import Database
from engine.history.models import HistoryEvent, LogMark, LogSeal
from engine.history.sealed_rows import SealBody, SealedLog, SealKey, mark_of, pack_ids
from engine.persistence import insert_for, table_of

ROWS_OF_A_SEAL = 5000
SEALS_AT_ONCE = 200  # of one log in one beat: the rest waits for the next
HISTORY = SealedLog(
    "history",
    table_of(HistoryEvent),
    "seq",
    (
        "instance_id",
        "definition_id",
        "kind",
        "element",
        "actor_id",
        "at",
        "milestone",
        "payload",
        "command_key",
        "ordinal",
    ),
)
# the lock that INSERT, UPDATE and DELETE take, by everybody but us
_WRITERS = text(
    "SELECT virtualtransaction FROM pg_locks WHERE locktype = 'relation' AND mode = 'RowExclusiveLock' AND granted "
    "AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) "
    "AND relation = to_regclass(:log) AND pid <> pg_backend_pid()"
)


@dataclass(frozen=True)
class Head:
    """The newest seal: whoever keeps it elsewhere can prove later that nothing was cut off before it."""

    number: int
    hash: str
    total: int = field(default=0, compare=False)  # rows sealed so far

    def __str__(self) -> str:
        return f"{self.number}:{self.hash}"

    @classmethod
    def parse(cls, text: str) -> "Head":
        """Raises ValueError for what is no head."""
        number, colon, digest = text.strip().partition(":")
        if not colon or not number.isdigit() or len(digest) != 64:
            raise ValueError(text)
        return cls(int(number), digest)


@dataclass
class Sealed:
    """What one beat has sealed."""

    seals: int = 0
    rows: dict[str, int] = field(default_factory=dict)


def seal(database: Database, logs: Sequence[SealedLog], key: SealKey, *, now: datetime) -> Sealed:
    """Seal what is there of every log. Several may do it at once: who comes second with a number gives way."""
    done = Sealed()
    for log in logs:
        upto = _safe_upto(database, log)
        for _ in range(SEALS_AT_ONCE):
            rows = _seal_next(database, log, upto, key, now)
            if not rows:
                break
            done.seals += 1
            done.rows[log.name] = done.rows.get(log.name, 0) + rows
    return done


def find_head(session: Session) -> Head | None:
    """The newest seal; None before the first."""
    columns = LogSeal.number, LogSeal.hash, LogSeal.total
    row = session.execute(select(*columns).order_by(LogSeal.number.desc()).limit(1)).first()
    return None if row is None else Head(*row)


def sealed_upto(session: Session, log: SealedLog) -> int:
    """The highest number of the log that a seal covers; 0 before the first."""
    return session.scalar(select(func.max(LogSeal.last)).where(LogSeal.log == log.name)) or 0


def _seal_next(database: Database, log: SealedLog, upto: int, key: SealKey, now: datetime) -> int:
    with database.read() as session:  # a unit of its own: its snapshot is younger than the end of those writers
        last, head = sealed_upto(session, log), find_head(session)
        rows = session.execute(
            select(*log.sealed_columns).where(log.id > last, log.id <= upto).order_by(log.id).limit(ROWS_OF_A_SEAL)
        ).all()
    if not rows:
        return 0
    body = _body(log, rows, head, now)
    try:
        with database.write() as session:
            total = body.rows + (head.total if head else 0)
            beside = {"key_name": key.name, "hash": body.hash(key), "total": total}
            session.execute(insert(LogSeal), [asdict(body) | beside])
    except IntegrityError:
        return 0
    return len(rows)


def _body(log: SealedLog, rows: Sequence[Row[*tuple[Any, ...]]], head: Head | None, now: datetime) -> SealBody:
    ids = [int(row[0]) for row in rows]
    return SealBody(
        number=head.number + 1 if head else 1,
        log=log.name,
        first=ids[0],
        last=ids[-1],
        rows=len(ids),
        at=now,
        ids=pack_ids(ids),
        marks=b"".join(mark_of(tuple(row)) for row in rows),
        previous=head.hash if head else "",
    )


def _safe_upto(database: Database, log: SealedLog) -> int:
    """Up to which number nothing can appear any more."""
    with database.read() as session:
        newest = session.scalar(select(func.max(log.id))) or 0
        if database.engine.dialect.name == "sqlite":
            return newest
        writers = set(session.scalars(_WRITERS, {"log": log.table.name}))  # asked after the number: the order counts
        marked = session.get(LogMark, log.name)
    if not writers:
        return newest
    if marked is not None and writers & set(marked.writers.split()):
        return 0  # somebody of then is still at work
    with database.write() as session:
        adding = insert_for("postgresql", table_of(LogMark)).values(
            log=log.name, upto=newest, writers=" ".join(sorted(writers))
        )
        session.execute(
            adding.on_conflict_do_update(
                index_elements=["log"], set_={"upto": adding.excluded.upto, "writers": adding.excluded.writers}
            )
        )
    return marked.upto if marked is not None else 0
