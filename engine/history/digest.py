"""Retention: the detailed events of cases that ended long ago give way to one event each that sums them up.

What the funnel, the ratios and the board of deviations are folded from stays as it was written, and so does whatever
another table refers to. Only rows that a seal covers are removed, and the seal says so under the key.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, delete, select, union_all, update
from sqlalchemy.orm import Session, undefer

from engine import case_data
from engine.database import Database
from engine.history.models import HistoryEvent, LogSeal
from engine.history.recording import EventDraft, EventKind, deviation_in, write_events
from engine.history.sealed_rows import SealKey, gone_hash, pack_gone, unpack_gone, unpack_ids
from engine.history.sealing import HISTORY, sealed_upto
from engine.instances.models import InstanceStatus, ProcessInstance
from engine.milestones.fold import RELEVANT
from engine.milestones.models import Episode
from engine.persistence import Base

CASES_AT_ONCE = 50
UNDOES = "undoes"  # in the payload of a recalling that takes a deviation back
KEPT = RELEVANT | {
    EventKind.CASE_DIGESTED,
    EventKind.DEVIATION_SEEN,
    EventKind.ESCALATED,
    EventKind.ESCALATION_ANSWERED,
}


@dataclass
class CaseDigest:
    """What one event stands for from now on."""

    instance_id: int
    definition_id: int
    first: datetime
    last: datetime
    numbers: list[int] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)

    def payload(self) -> Mapping[str, object]:
        kinds = dict(sorted(self.kinds.items()))
        return {"events": len(self.numbers), "kinds": kinds, "first": self.first, "last": self.last}


@dataclass
class Digested:
    """What a run has done, or would do."""

    cases: int = 0
    events: int = 0


OnDigested = Callable[[Session, Sequence[CaseDigest]], object]  # inside the transaction, e.g. for the audit


def digest_closed(
    database: Database, key: SealKey, *, before: datetime, now: Callable[[], datetime], on_digested: OnDigested
) -> Digested:
    """Digest every case that ended before this moment; some cases in a transaction, steps go on meanwhile."""
    done, last = Digested(), 0
    while True:
        with database.write() as session:
            cases = session.scalars(_ended(before, last).limit(CASES_AT_ONCE)).all()
            digests = find_digests(session, session.scalars(_held(cases)).all())
            if digests:
                _replace(session, digests, key, now())
                on_digested(session, digests)
        if not cases:
            return done
        last = cases[-1]
        done.cases += len(digests)
        done.events += sum(len(each.numbers) for each in digests)


def count_digestible(session: Session, *, before: datetime) -> Digested:
    """What `digest_closed` would do."""
    found, last = Digested(), 0
    while cases := session.scalars(_ended(before, last).limit(CASES_AT_ONCE)).all():
        digests = find_digests(session, cases)
        found.cases += len(digests)
        found.events += sum(len(each.numbers) for each in digests)
        last = cases[-1]
    return found


def find_digests(session: Session, cases: Sequence[int]) -> list[CaseDigest]:
    """What may be removed of these cases; those without any such event are left out."""
    log = HistoryEvent
    rows = session.execute(
        select(log.seq, log.instance_id, log.definition_id, log.kind, log.at, log.payload)
        .where(log.instance_id.in_(cases), log.seq <= sealed_upto(session, HISTORY))
        .order_by(log.instance_id, log.seq)
    ).all()
    removable = list(_details(rows))
    referred = set(session.scalars(_referred([row.seq for row in removable]))) if removable else set()
    found: dict[int, CaseDigest] = {}
    for row in removable:
        if row.seq in referred:
            continue
        digest = found.setdefault(row.instance_id, CaseDigest(row.instance_id, row.definition_id, row.at, row.at))
        digest.definition_id, digest.last = row.definition_id, row.at
        digest.numbers.append(row.seq)
        digest.kinds[row.kind] += 1
    return list(found.values())


def _ended(before: datetime, after: int) -> Select[int]:
    """Ended cases that nothing was digested of since: from the episodes, which are read faster than the cases."""
    digested = select(HistoryEvent.seq).where(
        HistoryEvent.instance_id == Episode.instance_id, HistoryEvent.kind == EventKind.CASE_DIGESTED.value
    )
    return (
        select(Episode.instance_id)
        .join(ProcessInstance, ProcessInstance.id == Episode.instance_id)
        .where(
            Episode.instance_id > after,
            Episode.closed_at < before,
            ProcessInstance.status != InstanceStatus.ACTIVE,
            ProcessInstance.ended_at < before,
            ~digested.where(HistoryEvent.at >= ProcessInstance.ended_at).exists(),
        )
        .group_by(Episode.instance_id)
        .order_by(Episode.instance_id)
    )


def _held(cases: Sequence[int]) -> Select[int]:
    """Those of the cases that no other run is at; the others are its own."""
    own = select(ProcessInstance.id).where(ProcessInstance.id.in_(cases)).order_by(ProcessInstance.id)
    return own.with_for_update(skip_locked=True)


def _details(rows: Sequence[Row[*tuple[Any, ...]]]) -> Iterator[Row[*tuple[Any, ...]]]:
    """Events that nothing is folded from. Who takes a deviation back stays beside it."""
    deviations: set[int] = set()
    for row in rows:
        kind = EventKind(row.kind)
        if kind in KEPT:
            continue
        payload = case_data.load(row.payload) if row.payload else {}
        if deviation_in(kind, payload) is not None or payload.get(UNDOES) in deviations:
            deviations.add(row.seq)
        else:
            yield row


def _referred(numbers: Sequence[int]) -> Any:
    """Those of the events that a row of another table names, whichever tables the application has."""
    seq = HistoryEvent.__table__.c.seq
    columns = [
        key.parent for table in Base.metadata.sorted_tables for key in table.foreign_keys if key.references(seq.table)
    ]
    return union_all(
        select(HistoryEvent.seq).where(HistoryEvent.seq < 0),
        *(select(column).where(column.in_(numbers)) for column in columns),
    )


def _replace(session: Session, digests: Sequence[CaseDigest], key: SealKey, now: datetime) -> None:
    """First the new events, so that the newest number of the log is never free again; then away with the old ones."""
    for each in digests:
        write_events(
            session,
            [EventDraft(EventKind.CASE_DIGESTED, payload=each.payload())],
            instance_id=each.instance_id,
            definition_id=each.definition_id,
            actor_id=None,
            at=now,
            command_key=f"digest:{each.instance_id}:{each.numbers[-1]}",
        )
    gone = sorted(number for each in digests for number in each.numbers)
    session.execute(delete(HistoryEvent).where(HistoryEvent.seq.in_(gone)).execution_options(synchronize_session=False))
    for seal, numbers in _seals_of(session, gone):
        packed = pack_gone({*unpack_gone(seal.gone), *numbers})
        session.execute(
            update(LogSeal)
            .where(LogSeal.number == seal.number)
            .values(gone=packed, gone_hash=gone_hash(key, seal.hash, packed))
            .execution_options(synchronize_session=False)
        )
        session.expunge(seal)


def _seals_of(session: Session, gone: Sequence[int]) -> Iterator[tuple[LogSeal, set[int]]]:
    """The seals that cover these rows. Locked one after the other by their numbers, so that two runs never block."""
    left = set(gone)
    statement = (
        select(LogSeal)
        .where(LogSeal.log == HISTORY.name, LogSeal.last >= gone[0], LogSeal.first <= gone[-1])
        .order_by(LogSeal.number)
        .options(undefer(LogSeal.ids), undefer(LogSeal.gone))
        .with_for_update()
    )
    for seal in session.scalars(statement).all():
        numbers = left & set(unpack_ids(seal.ids))
        if numbers:
            left -= numbers
            yield seal, numbers
    if left:
        raise ValueError(f"no seal covers {sorted(left)[:5]}")
