"""Do the logs still say what was sealed? Row by row, with what was changed, removed or put in."""

import hmac
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Select, delete, func, insert, select
from sqlalchemy.orm import Session, undefer

from engine.history.models import LogSeal, LogVerification
from engine.history.sealed_rows import (
    SealBody,
    SealedLog,
    SealKey,
    gone_hash,
    mark_of,
    marks_by_id,
    unpack_gone,
)
from engine.history.sealing import Head, sealed_upto


class FindingKind(StrEnum):
    """What is not as it was sealed. The last four concern the seals themselves."""

    CHANGED = "changed"
    REMOVED = "removed"
    INSERTED = "inserted"
    SEAL_CHANGED = "seal_changed"
    SEAL_REMOVED = "seal_removed"
    SEAL_OF_OTHER_KEY = "seal_of_other_key"
    CUT_OFF = "cut_off"  # the seal that was kept elsewhere is not there, or is another one


@dataclass(frozen=True)
class Finding:
    """One disagreement. `row` is 0 where a whole seal is concerned."""

    kind: FindingKind
    log: str
    seal: int
    row: int = 0


@dataclass
class Verified:
    """What was looked at. `digested`: rows that were properly replaced by a digest; `unsealed`: too new for a seal."""

    seals: int = 0
    rows: int = 0
    digested: int = 0
    findings: int = 0
    unsealed: dict[str, int] = field(default_factory=dict)


def verify(
    session: Session,
    logs: Sequence[SealedLog],
    keys: Mapping[str, SealKey],
    verified: Verified,
    head: Head | None = None,
) -> Iterator[Finding]:
    """Yield every disagreement and count in `verified`; memory does not grow. `keys`: those known, by their names.

    `head`: the newest seal at some time, as somebody has kept it elsewhere. Read in one snapshot.
    """
    for finding in _findings(session, {log.name: log for log in logs}, keys, verified, head):
        verified.findings += 1
        yield finding
    for log in logs:
        newer = select(func.count()).select_from(log.table).where(log.id > sealed_upto(session, log))
        verified.unsealed[log.name] = session.scalar(newer) or 0


def in_rows(findings: Iterable[Finding]) -> Iterator[tuple[Finding, Finding]]:
    """The first and the last of those of one kind whose numbers follow each other: a thousand rows are one sentence."""
    first = last = None
    for finding in findings:
        if first is not None and last is not None:
            if finding == replace(last, row=last.row + 1):
                last = finding
                continue
            yield first, last
        first = last = finding
    if first is not None and last is not None:
        yield first, last


def note_verification(session: Session, verified: Verified, now: datetime) -> None:
    """Keep what this verification found, in place of the one before."""
    session.execute(delete(LogVerification))
    row = {"id": 1, "at": now, "seals": verified.seals, "rows": verified.rows, "findings": verified.findings}
    session.execute(insert(LogVerification), [row])


def _findings(
    session: Session,
    logs: Mapping[str, SealedLog],
    keys: Mapping[str, SealKey],
    verified: Verified,
    head: Head | None,
) -> Iterator[Finding]:
    last_of: dict[str, int] = {}
    number, previous = 0, ""
    while seal := session.scalars(_after(number)).first():
        session.expunge(seal)
        for missing in range(number + 1, seal.number):
            yield Finding(FindingKind.SEAL_REMOVED, seal.log, missing)
        gap = seal.number > number + 1
        if not gap and seal.previous != previous:
            yield Finding(FindingKind.SEAL_CHANGED, seal.log, seal.number)
        if head and seal.number == head.number and seal.hash != head.hash:
            yield Finding(FindingKind.CUT_OFF, seal.log, seal.number)
        verified.seals += 1
        log = logs.get(seal.log)
        if log is None:
            yield Finding(FindingKind.SEAL_CHANGED, seal.log, seal.number)
        else:
            # rows below belong to seals that are gone: nothing is known of them
            start = seal.first - 1 if gap else last_of.get(seal.log, min(seal.first - 1, 0))
            yield from _check(session, log, seal, keys, start, verified)
            last_of[seal.log] = seal.last
        number, previous = seal.number, seal.hash
    if head and number < head.number:
        yield Finding(FindingKind.CUT_OFF, "", head.number)


def _after(number: int) -> Select[LogSeal]:
    unpacked = undefer(LogSeal.ids), undefer(LogSeal.marks), undefer(LogSeal.gone)
    return select(LogSeal).where(LogSeal.number > number).order_by(LogSeal.number).limit(1).options(*unpacked)


def _check(
    session: Session,
    log: SealedLog,
    seal: LogSeal,
    keys: Mapping[str, SealKey],
    start: int,
    verified: Verified,
) -> Iterator[Finding]:
    def about(kind: FindingKind, row: int = 0) -> Finding:
        return Finding(kind, log.name, seal.number, row)

    key = keys.get(seal.key_name)
    if key is None:
        yield about(FindingKind.SEAL_OF_OTHER_KEY)
    elif not hmac.compare_digest(body_of(seal).hash(key), seal.hash):
        yield about(FindingKind.SEAL_CHANGED)
    try:
        sealed = marks_by_id(seal.ids, seal.marks)
        gone = set(unpack_gone(seal.gone))
    except ValueError:
        yield about(FindingKind.SEAL_CHANGED)
        return
    if gone and key is not None and not hmac.compare_digest(gone_hash(key, seal.hash, seal.gone), seal.gone_hash):
        yield about(FindingKind.SEAL_CHANGED)
        gone = set()
    rows = session.execute(
        select(*log.sealed_columns).where(log.id > start, log.id <= seal.last).order_by(log.id)
    ).all()
    there = {row[0]: mark_of(tuple(row)) for row in rows}
    verified.rows += len(there)
    verified.digested += len(gone)
    for number in sorted(sealed.keys() | there.keys()):
        if number not in there:
            if number not in gone:
                yield about(FindingKind.REMOVED, number)
        elif number not in sealed or number in gone:
            yield about(FindingKind.INSERTED, number)
        elif there[number] != sealed[number]:
            yield about(FindingKind.CHANGED, number)


def body_of(seal: LogSeal) -> SealBody:
    return SealBody(
        number=seal.number,
        log=seal.log,
        first=seal.first,
        last=seal.last,
        rows=seal.rows,
        at=seal.at,
        ids=seal.ids,
        marks=seal.marks,
        previous=seal.previous,
    )
