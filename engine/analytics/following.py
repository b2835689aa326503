"""Visits, ways and digests follow the log behind the steps: a step pays nothing, a job reads on where it stopped.

A case that the log says something new of is folded anew as a whole, and only the difference is written. So it does
not matter in how many parts the log is read, or whether a part is read twice. PostgreSQL may commit a smaller
number after a greater one: what was read becomes final when every transaction of that time has ended, and is read
again if there is more of it then.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, delete, func, select, text, update
from sqlalchemy.orm import Session

from engine.analytics.digests import DIGEST, Tallies, add_up, change
from engine.analytics.fold import RELEVANT
from engine.analytics.models import AnalyticsProgress
from engine.analytics.rows import (
    EVENT,
    INSTANCE,
    PATH,
    VISIT,
    Values,
    differing,
    fold_cases,
    path_values,
    stored_paths,
    stored_visits,
    visit_values,
    working_hours,
)
from engine.definitions.store import DefinitionStore
from engine.milestones.bulk import add_rows
from engine.persistence import insert_for, table_of

PROGRESS = table_of(AnalyticsProgress)
EVENTS_AT_A_TIME = 300  # the writing transaction of a part must not keep steps waiting
CASES_AT_A_TIME = 100
FURTHEST_BACK = 100_000  # events: no transaction stays open while so many others are written
ONLY = 1  # id of the row
_KINDS = frozenset(str(kind) for kind in RELEVANT)


@dataclass(frozen=True)
class Standing:
    """How far the figures are. `cases`, `left`: of a rebuild; `behind`: events that are not counted yet."""

    known: bool
    building: bool
    cases: int
    left: int
    behind: int


@dataclass(frozen=True)
class Difference:
    """A value that is not what the log says; `column` is empty where a whole row is missing on one side."""

    instance_id: int
    part: str
    column: str
    stored: object
    folded: object


def standing(session: Session) -> Standing:
    """Two or three short statements."""
    row = _read(session)
    if row is None:
        return Standing(False, False, 0, 0, 0)
    left = 0
    if row["built_to"] is not None:
        waiting = INSTANCE.c.id > row["built_to"]
        left = session.scalar(select(func.count()).select_from(INSTANCE).where(waiting)) or 0
    newest = session.scalar(select(func.max(EVENT.c.seq))) or 0
    return Standing(True, row["built_to"] is not None, row["cases"], left, max(0, newest - row["seen"]))


def is_behind(session: Session) -> bool:
    """Is there anything for `advance` to do? Asked without a lock."""
    row = _read(session)
    if row is None or row["built_to"] is not None:
        return True
    return session.scalar(select(EVENT.c.seq).where(EVENT.c.seq > row["seq"]).limit(1)) is not None


def advance(session: Session, store: DefinitionStore) -> bool:
    """Take the next part of the log, in the caller's transaction. False when nothing is left to be read."""
    row = _read(session, lock=True)
    if row is None:
        begin_anew(session)
        return True
    if row["built_to"] is not None:
        return _build_on(session, store, row)
    row = _settle(session, row)
    part = session.execute(
        select(EVENT.c.seq, EVENT.c.instance_id, EVENT.c.kind)
        .where(EVENT.c.seq > row["seen"])
        .order_by(EVENT.c.seq)
        .limit(EVENTS_AT_A_TIME)
    ).all()
    if not part:
        return False
    write_cases(session, store, sorted({instance_id for _, instance_id, kind in part if kind in _KINDS}))
    _set(session, seen=part[-1].seq, counted=row["counted"] + len(part))
    return True


def begin_anew(session: Session) -> None:
    """Fold every case again: `advance` does it part by part. Until it is done, figures are of the cases so far.

    What the log does not tell any more stays as it was counted.
    """
    newest = session.scalar(select(func.max(EVENT.c.seq))) or 0
    start = max(0, newest - FURTHEST_BACK)
    counted = _count(session, start, newest)
    cases = session.scalar(select(func.count()).select_from(INSTANCE)) or 0
    values: dict[str, Any] = {"seq": start, "seen": newest, "counted": counted, "built_to": 0, "cases": cases}
    session.execute(delete(DIGEST))
    session.execute(delete(PROGRESS))
    adding = insert_for(session.get_bind().dialect.name, PROGRESS).values(id=ONLY, **values)
    session.execute(adding.on_conflict_do_nothing())  # another scheduler began at the same moment


def write_cases(session: Session, store: DefinitionStore, ids: Sequence[int], *, anew: bool = False) -> None:
    """Bring the rows of these cases to what the log says. `anew`: the digests do not hold them yet."""
    if not ids:
        return
    before, paths = stored_visits(session, ids), stored_paths(session, ids)
    hours = working_hours(session, store)
    changes: Tallies = {}
    added: list[Values] = []
    changed: list[Values] = []
    new_paths: list[Values] = []
    told: set[int] = set()  # cases whose log tells their steps
    kept: set[int] = set()  # visits that are there
    for instance_id, process_key, fold in fold_cases(session, ids):
        if fold is None:
            continue
        told.add(instance_id)
        kept |= fold.visits.keys()
        for visit in fold.visits.values():
            row, was = visit_values(visit, instance_id, process_key, hours), before.get(visit.task_id)
            if was is None:
                added.append(row)
            elif anew or differing(was, row):
                changed.append(row)
                add_up([] if anew else [was], changes, -1)
            else:
                continue
            add_up([row], changes)
        path = path_values(fold, instance_id, process_key)
        if path is not None and paths.get(instance_id) != path:
            new_paths.append(path)
    gone = [row for row in before.values() if row["instance_id"] in told and row["task_id"] not in kept]
    if anew:
        add_up([row for row in before.values() if row["instance_id"] not in told], changes)
    else:
        add_up(gone, changes, -1)
    connection = session.connection()
    replaced = [row["task_id"] for row in (*changed, *gone)]
    if replaced:
        connection.execute(delete(VISIT).where(VISIT.c.task_id.in_(replaced)))
    add_rows(connection, VISIT, [_stored_form(row) for row in (*added, *changed)])
    if new_paths:
        ended = [row["instance_id"] for row in new_paths]
        connection.execute(delete(PATH).where(PATH.c.instance_id.in_(ended)))
        add_rows(connection, PATH, new_paths)
    change(connection, changes)


def differences(session: Session, store: DefinitionStore) -> Iterator[Difference]:
    """Every value that is not what the log says; cases with news that are not counted yet are left out."""
    row = _read(session)
    if row is None or row["built_to"] is not None:
        return
    hours = working_hours(session, store)
    digests: Tallies = {}
    news = EVENT.c.seq > row["seq"]
    fresh = set(session.scalars(select(EVENT.c.instance_id).where(news, EVENT.c.kind.in_(_KINDS)).distinct()))
    last = 0
    while ids := _next_cases(session, last):
        last = ids[-1]
        visits, paths = stored_visits(session, ids), stored_paths(session, ids)
        add_up(visits.values(), digests)
        for instance_id, process_key, fold in fold_cases(session, ids):
            if fold is None or instance_id in fresh:
                continue
            folded = {v.task_id: visit_values(v, instance_id, process_key, hours) for v in fold.visits.values()}
            stored = {task: each for task, each in visits.items() if each["instance_id"] == instance_id}
            for task in sorted(folded.keys() | stored.keys()):
                yield from _compare(instance_id, f"visit {task}", stored.get(task), folded.get(task))
            path = path_values(fold, instance_id, process_key)
            yield from _compare(instance_id, "path", paths.get(instance_id), path)
    yield from _digest_differences(session, digests)


def _digest_differences(session: Session, expected: Tallies) -> Iterator[Difference]:
    wanted = {key.stored: tally.values() for key, tally in expected.items() if tally}
    stored = {row["key"]: dict(row) for row in session.connection().execute(select(DIGEST)).mappings()}
    for key in sorted(wanted.keys() | stored.keys()):
        yield from _compare(0, f"digest {key}", stored.get(key), wanted.get(key))


def _compare(instance_id: int, part: str, stored: Values | None, folded: Values | None) -> Iterator[Difference]:
    if stored is None or folded is None:
        if stored is not folded:
            yield Difference(instance_id, part, "", stored, folded)
        return
    for name in differing(stored, folded):
        yield Difference(instance_id, part, name, stored[name], folded[name])


def _build_on(session: Session, store: DefinitionStore, row: Any) -> bool:
    ids = _next_cases(session, row["built_to"])
    write_cases(session, store, ids, anew=True)
    _set(session, built_to=ids[-1] if ids else None)
    return True


def _next_cases(session: Session, last: int) -> list[int]:
    statement = select(INSTANCE.c.id).where(INSTANCE.c.id > last).order_by(INSTANCE.c.id).limit(CASES_AT_A_TIME)
    return list(session.scalars(statement))


def _settle(session: Session, row: Any) -> Any:
    """Make final what was read before every transaction that could have added to it ended."""
    if session.get_bind().dialect.name == "sqlite":  # one writes at a time: numbers are committed in their order
        if row["seq"] != row["seen"]:
            _set(session, seq=row["seen"], counted=0)
        return _read(session)
    oldest, newest = session.execute(
        text(
            "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint,"
            " pg_snapshot_xmax(pg_current_snapshot())::text::bigint"
        )
    ).one()
    if row["mark_seq"] is not None:
        if oldest < row["mark_horizon"]:
            return row
        if _count(session, row["seq"], row["mark_seq"]) == row["mark_counted"]:
            _set(session, seq=row["mark_seq"], counted=row["counted"] - row["mark_counted"], mark_seq=None)
        else:  # something came late: the whole stretch is read again
            _set(session, seen=row["seq"], counted=0, mark_seq=None)
        row = _read(session)
    if row["seen"] > row["seq"]:
        _set(session, mark_seq=row["seen"], mark_counted=row["counted"], mark_horizon=newest)
    return _read(session)


def _count(session: Session, after: int, to: int) -> int:
    between = and_(EVENT.c.seq > after, EVENT.c.seq <= to)
    return session.scalar(select(func.count()).select_from(EVENT).where(between)) or 0


def _read(session: Session, *, lock: bool = False) -> Any:
    statement = select(PROGRESS)
    if lock:
        statement = statement.with_for_update()
    return session.connection().execute(statement).mappings().one_or_none()


def _set(session: Session, **values: Any) -> None:
    session.connection().execute(update(PROGRESS).values(values))


def _stored_form(row: Values) -> Values:
    """COPY and the plain INSERT take the database's own values."""
    return {**row, "ended": None if row["ended"] is None else row["ended"].value}
