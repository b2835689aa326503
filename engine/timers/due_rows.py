"""Due rows: planned with a step, carried out and deleted in one transaction when their time has come.

Several processes may drain at once. On SQLite the write lock keeps them apart, on PostgreSQL each row's lock
does; a process that dies gives everything back that it has not committed.
"""

import logging
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Delete, RowMapping, bindparam, delete, func, select, text, update
from sqlalchemy.orm import Session

from engine.database import SessionFactory
from engine.errors import DatabaseBusy, DatabaseFull, DatabaseLost, StaleState
from engine.persistence import insert_for, table_of
from engine.timers.models import DueKind, DueRow, DueState

logger = logging.getLogger(__name__)

Effect = Callable[[Session, DueRow, datetime], None]
OnFailed = Callable[[Session, DueRow, Exception], None]

MOST_ATTEMPTS = 8
FIRST_PAUSE = timedelta(seconds=10)  # doubled by every attempt: the last comes about 21 minutes after the first
GIVE_WAY = timedelta(seconds=2)  # after somebody else changed the same case: no fault of the row
MOST_ROWS = 20_000  # in one drain, so that an effect which plans itself anew cannot keep it for ever

# On SQLite everybody else's writing waits while a batch runs, and a waiting writer looks for the lock only
# every 25 ms or so: hold it briefly, then leave it alone long enough to be found free.
LONGEST_HOLD = timedelta(milliseconds=50)
SQLITE_PAUSE_SECONDS = 0.025

_rows = table_of(DueRow)
_ADD = {
    dialect: insert_for(dialect, _rows).on_conflict_do_nothing(index_elements=["dedupe"])
    for dialect in ("sqlite", "postgresql")
}  # built once: every step adds rows
_is_waiting = text("due_row.state = 'waiting'")  # literally: a plan without the value would not use the partial index
_delete_one = delete(_rows).where(_rows.c.id == bindparam("row_id"))


@dataclass(frozen=True)
class PlannedRow:
    """A moment to be written down. The same `dedupe` is never planned twice at a time."""

    kind: DueKind
    ref: int
    due_at: datetime
    detail: str
    dedupe: str


@dataclass(frozen=True)
class DrainReport:
    """What a drain did: carried out, put off after an error or a conflict, given up for good."""

    fired: int = 0
    put_off: int = 0
    gave_up: int = 0
    claimed: int = 0

    def __add__(self, other: "DrainReport") -> "DrainReport":
        return DrainReport(
            self.fired + other.fired,
            self.put_off + other.put_off,
            self.gave_up + other.gave_up,
            self.claimed + other.claimed,
        )


@dataclass(frozen=True)
class DueHealth:
    """How far behind the due rows are."""

    oldest_overdue: timedelta | None
    overdue: int
    retrying: int
    failed: int


def add_rows(session: Session, rows: Iterable[PlannedRow]) -> None:
    """Plan rows in one statement; one whose `dedupe` already waits is left as it is."""
    values = [
        {
            "kind": row.kind,
            "ref": row.ref,
            "due_at": row.due_at,
            "next_at": row.due_at,
            "detail": row.detail,
            "dedupe": row.dedupe,
        }
        for row in rows
    ]
    if values:
        connection = session.connection()
        connection.execute(_ADD[connection.dialect.name], values)


def cancel_rows(session: Session, refs: Collection[int], kinds: Collection[DueKind]) -> None:
    """Withdraw every row of these kinds for these refs, failed ones included."""
    if refs and kinds:
        session.connection().execute(drop_rows(_rows.c.ref.in_(refs), _rows.c.kind.in_(kinds)))


def drop_rows(*conditions: ColumnElement[bool]) -> Delete:
    """The statement that withdraws rows, except one that is firing at this moment.

    That one waits for the case in hand; who waited for it in turn would wait for ever. It then finds that the case
    has gone on, does nothing and is deleted.
    """
    return delete(_rows).where(_rows.c.id.in_(select(_rows.c.id).where(*conditions).with_for_update(skip_locked=True)))


def drain(
    session_factory: SessionFactory,
    *,
    now: Callable[[], datetime],
    effects: Mapping[DueKind, Effect],
    on_failed: OnFailed,
    batch: int = 200,
) -> DrainReport:
    """Carry out what is due, batch by batch, until nothing is left.

    An effect gets a copy of its row and the session of the batch; it must not commit. Its row is gone
    already when it runs, so it may plan the same `dedupe` anew, and a row that an earlier effect has cancelled
    does not fire. An effect that raises is undone alone and tried again after a growing pause; after
    MOST_ATTEMPTS the row is failed and `on_failed` is told in the same transaction.
    DatabaseBusy passes through when the batch itself cannot be begun or committed: nothing of it has happened.
    """
    total = DrainReport()
    while total.claimed < MOST_ROWS:
        with session_factory() as session:
            report, complete = _drain_batch(session, now, effects, on_failed, batch)
            shares_one_lock = session.get_bind().dialect.name == "sqlite"
        total += report
        if complete and report.claimed < batch:
            return total
        if shares_one_lock:
            time.sleep(SQLITE_PAUSE_SECONDS)
    return total


def drain_after(
    session: Session, last_id: int, now: datetime, *, effects: Mapping[DueKind, Effect], on_failed: OnFailed
) -> DrainReport:
    """Carry out what is due among the rows that are younger than `last_id`, in the caller's own transaction.

    For whoever plays a case through simulated time: nobody else sees its rows before they lie in the future.
    """
    due = (
        select(_rows)
        .where(_is_waiting, _rows.c.id > last_id, _rows.c.next_at <= now)
        .order_by(_rows.c.next_at, _rows.c.id)
    )
    report = DrainReport()
    for found in session.connection().execute(due).mappings().all():
        report += _carry_out(session, DueRow(**found), now, effects, on_failed)
    return report


def next_after(session: Session, last_id: int) -> datetime | None:
    """When the first of the rows that are younger than `last_id` is due."""
    earliest = select(func.min(_rows.c.next_at)).where(_is_waiting, _rows.c.id > last_id)
    found: datetime | None = session.connection().scalar(earliest)
    return found


def newest_id(session: Session) -> int:
    """The id of the youngest row; 0 when there is none."""
    return session.connection().scalar(select(func.max(_rows.c.id))) or 0


def health(session: Session, now: datetime) -> DueHealth:
    """Figures for monitoring, from indexes only."""
    overdue, oldest = session.execute(
        select(func.count(), func.min(DueRow.due_at)).where(_is_waiting, DueRow.next_at <= now)
    ).one()
    by_state = select(DueRow.state, func.count()).where(text("due_row.attempts > 0")).group_by(DueRow.state)
    troubled: dict[DueState, int] = {state: number for state, number in session.execute(by_state)}  # noqa: C416
    return DueHealth(
        oldest_overdue=now - oldest if oldest else None,
        overdue=overdue,
        retrying=troubled.get(DueState.WAITING, 0),
        failed=troubled.get(DueState.FAILED, 0),
    )


def _drain_batch(
    session: Session, now: Callable[[], datetime], effects: Mapping[DueKind, Effect], on_failed: OnFailed, batch: int
) -> tuple[DrainReport, bool]:
    """Carry out one batch; False when its time ran out before its rows did."""
    started = now()
    claimed = [DueRow(**found) for found in _claim(session, started, batch)]
    if not any(row.attempts for row in claimed):
        together = _carry_out_together(session, claimed, started, now, effects)
        if together is not None:
            return together
    report = DrainReport()
    for row in claimed:
        report += _carry_out(session, row, now(), effects, on_failed)
        if now() - started > LONGEST_HOLD:
            return report, False
    return report, True


def _carry_out_together(
    session: Session,
    claimed: Sequence[DueRow],
    started: datetime,
    now: Callable[[], datetime],
    effects: Mapping[DueKind, Effect],
) -> tuple[DrainReport, bool] | None:
    """All of them in one savepoint: half the statements. None when one failed, and nothing has happened then.

    Each must be tried by itself after that, to find out which.
    """
    report = DrainReport()
    try:
        with session.begin_nested():
            for row in claimed:
                fired = _delete(session, row)
                if fired:
                    effects[row.kind](session, row, now())
                report += DrainReport(claimed=1, fired=int(fired))
                if now() - started > LONGEST_HOLD:
                    return report, False
    except (DatabaseFull, DatabaseLost):
        raise
    except Exception:
        logger.info("a row of %s did not go well: each is carried out by itself", len(claimed))
        return None
    return report, True


def _claim(session: Session, now: datetime, batch: int) -> Sequence[RowMapping]:
    """The rows that are due; on PostgreSQL locked, past those that others have locked."""
    due = (
        select(_rows)
        .where(_is_waiting, _rows.c.next_at <= now)
        .order_by(_rows.c.next_at, _rows.c.id)
        .limit(batch)
        .with_for_update(skip_locked=True)
    )
    return session.connection().execute(due).mappings().all()


def _carry_out(
    session: Session, row: DueRow, now: datetime, effects: Mapping[DueKind, Effect], on_failed: OnFailed
) -> DrainReport:
    try:
        with session.begin_nested():
            if not _delete(session, row):
                return DrainReport(claimed=1)
            effects[row.kind](session, row, now)
    except (DatabaseFull, DatabaseLost):
        raise  # nothing more can be written in this transaction
    except (DatabaseBusy, StaleState):
        _postpone(session, row, next_at=now + GIVE_WAY)
        return DrainReport(claimed=1, put_off=1)
    except Exception as error:
        return _note_failure(session, row, error, now, on_failed)
    return DrainReport(claimed=1, fired=1)


def _delete(session: Session, row: DueRow) -> bool:
    return session.connection().execute(_delete_one, {"row_id": row.id}).rowcount == 1


def _note_failure(session: Session, row: DueRow, error: Exception, now: datetime, on_failed: OnFailed) -> DrainReport:
    row.attempts += 1
    row.last_error = f"{type(error).__name__}: {error}"
    if row.attempts < MOST_ATTEMPTS:
        pause = FIRST_PAUSE * 2 ** (row.attempts - 1)
        _postpone(session, row, next_at=now + pause, attempts=row.attempts, last_error=row.last_error)
        return DrainReport(claimed=1, put_off=1)
    logger.error("due row %s of %s %s is given up", row.id, row.kind, row.ref)
    row.state = DueState.FAILED
    _postpone(session, row, attempts=row.attempts, last_error=row.last_error, state=row.state)
    try:
        with session.begin_nested():
            on_failed(session, row, error)
    except Exception:  # the row stays failed and visible to health; the rows behind it go on
        logger.exception("nobody could be told that due row %s is given up", row.id)
    return DrainReport(claimed=1, gave_up=1)


def _postpone(session: Session, row: DueRow, **changes: Any) -> None:
    session.connection().execute(update(_rows).where(_rows.c.id == row.id).values(changes))
