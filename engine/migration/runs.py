"""A migration from its plan to its undo, in batches: each is one transaction, and `carry_on` brings the next one."""

import logging
import time
from collections.abc import Callable, Iterable
from datetime import datetime

from sqlalchemy import Select, bindparam, delete, func, insert, literal, select, update
from sqlalchemy.orm import Session

from engine.database import SessionFactory
from engine.errors import NotAllowed
from engine.instances.models import InstanceStatus, ProcessInstance
from engine.kernel import Kernel
from engine.migration import cases
from engine.migration.looking import Found, judged, look_at
from engine.migration.mapping import Change, Pairs, read_pairs, write_pairs, wrong_pairs
from engine.migration.models import CaseStage, MigratedCase, Migration, MigrationState
from engine.persistence import table_of
from engine.spiff.obstacles import Obstacle
from engine.timers.due_rows import SQLITE_PAUSE_SECONDS

logger = logging.getLogger(__name__)

LOOKED_AT = 100  # cases of one batch of a dry run
MOVED_AT = 25  # cases of one batch that moves them: on SQLite everybody else's writing waits meanwhile
MAX_ERROR = 2000

_CASE = table_of(MigratedCase)
_KEEP = (
    update(_CASE)
    .where(_CASE.c.migration_id == bindparam("of_migration"), _CASE.c.instance_id == bindparam("of_instance"))
    .values({name: bindparam(f"new_{name}") for name in ("rev", "state", "document", "rows")})
)
_STAGE_BEFORE = {
    MigrationState.CHECKING: CaseStage.WAITING,
    MigrationState.APPLYING: CaseStage.SAFE,
    MigrationState.UNDOING: CaseStage.MOVED,
}
MOVING = (MigrationState.APPLYING, MigrationState.UNDOING)
_STATE_AFTER = {
    MigrationState.CHECKING: MigrationState.CHECKED,
    MigrationState.APPLYING: MigrationState.APPLIED,
    MigrationState.UNDOING: MigrationState.UNDONE,
}


def plan(
    session: Session,
    kernel: Kernel,
    *,
    from_id: int,
    to_id: int,
    pairs: Pairs,
    note: str,
    actor_id: int | None,
    now: datetime,
) -> Migration:
    """Write a migration down and begin its dry run over all open cases of the version.

    Raises NotAllowed: migration_versions (not two versions of one process), migration_mapping (an element that one
    of them does not have), migration_runs (another one of these cases is under way).
    """
    change = change_of(session, kernel, from_id, to_id, pairs)
    running = select(Migration.id).where(Migration.from_id == from_id, Migration.state.in_(MOVING))
    if session.scalars(running).first() is not None:
        raise NotAllowed("migration_runs", "Cases of this version are being moved at the moment.")
    migration = Migration(
        process_key=change.old.key,
        from_id=from_id,
        to_id=to_id,
        mapping=write_pairs(pairs),
        note=note,
        state=MigrationState.CHECKING,
        actor_id=actor_id,
        created_at=now,
    )
    session.add(migration)
    session.flush()
    _add_cases(session, migration)
    return migration


def change_of(session: Session, kernel: Kernel, from_id: int, to_id: int, pairs: Pairs) -> Change:
    """Two versions with a mapping that fits them. Raises NotAllowed: migration_versions, migration_mapping."""
    old, new = kernel.store.get(session, from_id), kernel.store.get(session, to_id)
    if old.key != new.key or old.id == new.id:
        raise NotAllowed("migration_versions", "A migration needs two versions of one process.")
    change = Change(old, new, pairs)
    wrong = next(wrong_pairs(change), None)
    if wrong is not None:
        raise NotAllowed(
            "migration_mapping", f"Both versions must have what {wrong[1]} is mapped to.", element=wrong[1]
        )
    return change


def change_for(session: Session, kernel: Kernel, migration: Migration) -> Change:
    """The change that a migration makes."""
    return Change(
        kernel.store.get(session, migration.from_id),
        kernel.store.get(session, migration.to_id),
        read_pairs(migration.mapping),
    )


def apply(session: Session, migration: Migration, *, now: datetime) -> None:
    """Begin to move the safe cases, or go on after a stop. Raises NotAllowed: migration_state, migration_runs."""
    _require_alone(session, migration)
    _require(migration, MigrationState.CHECKED, MigrationState.STOPPED)
    migration.state, migration.applied_at = MigrationState.APPLYING, migration.applied_at or now


def stop(session: Session, migration: Migration) -> None:
    """Leave the remaining cases where they are. Raises NotAllowed: migration_state."""
    _lock(session, migration)
    _require(migration, MigrationState.APPLYING)
    migration.state = MigrationState.STOPPED


def undo(session: Session, migration: Migration, *, now: datetime) -> None:
    """Begin to take the moved cases back. Raises NotAllowed: migration_state, migration_runs."""
    _require_alone(session, migration)
    _require(migration, MigrationState.APPLIED, MigrationState.STOPPED)
    migration.state, migration.undone_at = MigrationState.UNDOING, now


def discard(session: Session, migration: Migration) -> None:
    """Forget a plan that was never applied. Raises NotAllowed: migration_state."""
    _lock(session, migration)
    _require(migration, MigrationState.CHECKING, MigrationState.CHECKED)
    session.execute(delete(MigratedCase).where(MigratedCase.migration_id == migration.id))
    session.delete(migration)


def counts(session: Session, migration_id: int) -> dict[CaseStage, int]:
    """How many cases are at which stage."""
    statement = (
        select(MigratedCase.stage, func.count())
        .where(MigratedCase.migration_id == migration_id)
        .group_by(MigratedCase.stage)
    )
    return {stage: number for stage, number in session.execute(statement)}  # noqa: C416  # dict() is not typed


def carry_on(session_factory: SessionFactory, kernel: Kernel, now: Callable[[], datetime]) -> int:
    """Every batch of every migration that is under way; how many there were. Others may do the same at once."""
    batches = 0
    while True:
        with session_factory() as session:
            going = select(Migration.id).where(Migration.state.in_([each for each in MigrationState if each.goes_on]))
            found = session.scalars(going.order_by(Migration.id).limit(1).with_for_update(skip_locked=True)).first()
            if found is None:
                return batches
            advance(session, kernel, found, now=now())
            shares_one_lock = session.get_bind().dialect.name == "sqlite"
        batches += 1
        if shares_one_lock:
            time.sleep(SQLITE_PAUSE_SECONDS)  # so that whoever waits for the lock finds it free


def advance(session: Session, kernel: Kernel, migration_id: int, *, now: datetime) -> bool:
    """The next batch; False when nothing is left to do."""
    migration = session.get(Migration, migration_id, with_for_update=True)
    if migration is None or not migration.state.goes_on:
        return False
    change = change_for(session, kernel, migration)
    if migration.state is MigrationState.CHECKING:
        done = _look_at(session, kernel, change, migration, now)
    elif migration.state is MigrationState.APPLYING:
        done = _each(session, kernel, migration, lambda row: _move(session, kernel, change, migration, row, now))
    else:
        done = _each(session, kernel, migration, lambda row: _take_back(session, kernel, change, migration, row, now))
    if not done:
        migration.state = _STATE_AFTER[migration.state]
        return False
    return True


def _lock(session: Session, migration: Migration) -> None:
    """Look at it again once the batch, or the person, that is at it has ended. Raises NotAllowed: migration_state."""
    as_it_is = select(Migration).where(Migration.id == migration.id).with_for_update()
    if session.scalars(as_it_is.execution_options(populate_existing=True)).one_or_none() is None:
        raise NotAllowed("migration_state", f"Migration {migration.id} is gone.")


def _require_alone(session: Session, migration: Migration) -> None:
    """Two at once would take some of the cases over by one mapping and some by the other.

    All migrations of the process are locked, in the same order by everybody: of two that begin at once the second
    sees the first. Raises NotAllowed: migration_runs, migration_state.
    """
    of_process = select(Migration).where(Migration.process_key == migration.process_key).order_by(Migration.id)
    known = session.scalars(of_process.with_for_update().execution_options(populate_existing=True)).all()
    if migration not in known:
        raise NotAllowed("migration_state", f"Migration {migration.id} is gone.")
    touched = {migration.from_id, migration.to_id}
    if any(each.state in MOVING and each is not migration and touched & {each.from_id, each.to_id} for each in known):
        raise NotAllowed("migration_runs", "Cases of this version are being moved at the moment.")


def _require(migration: Migration, *states: MigrationState) -> None:
    if migration.state not in states:
        raise NotAllowed("migration_state", f"Migration {migration.id} is {migration.state}.")


def _add_cases(session: Session, migration: Migration) -> None:
    """Every open case of the version, in one statement."""
    chosen = select(
        literal(migration.id), ProcessInstance.id, literal(CaseStage.WAITING.value), *[literal("")] * 4
    ).where(ProcessInstance.definition_id == migration.from_id, ProcessInstance.status == InstanceStatus.ACTIVE)
    names = ["migration_id", "instance_id", "stage", "code", "process", "element", "target"]
    session.execute(insert(_CASE).from_select(names, chosen))


def _next_rows(migration: Migration, limit: int) -> Select[int]:
    return (
        select(MigratedCase.instance_id)
        .where(MigratedCase.migration_id == migration.id, MigratedCase.stage == _STAGE_BEFORE[migration.state])
        .order_by(MigratedCase.instance_id)
        .limit(limit)
    )


def _look_at(session: Session, kernel: Kernel, change: Change, migration: Migration, now: datetime) -> bool:
    """Try the next cases without writing; what was found stands in their rows."""
    ids = session.scalars(_next_rows(migration, LOOKED_AT)).all()
    found = look_at(session, kernel, change, ids, now=now)
    _write(session, migration, found.items())
    return bool(ids)


def _each(session: Session, kernel: Kernel, migration: Migration, act: Callable[[int], Found]) -> bool:
    """Carry out the next cases, each in a savepoint."""
    ids = session.scalars(_next_rows(migration, MOVED_AT)).all()
    _write(session, migration, [(instance_id, act(instance_id)) for instance_id in ids])
    return bool(ids)


def _move(
    session: Session, kernel: Kernel, change: Change, migration: Migration, instance_id: int, now: datetime
) -> Found:
    def act() -> None:
        with session.begin_nested():
            kept = cases.move(
                session,
                kernel,
                change,
                instance_id,
                migration_id=migration.id,
                actor_id=migration.actor_id,
                now=now,
            )
            _keep(session, migration, instance_id, kept)

    return judged(act, CaseStage.MOVED, forget=lambda: kernel.live_cases.forget(session))


def _take_back(
    session: Session, kernel: Kernel, change: Change, migration: Migration, instance_id: int, now: datetime
) -> Found:
    def act() -> None:
        with session.begin_nested():
            row = session.execute(
                select(_CASE.c.rev, _CASE.c.state, _CASE.c.document, _CASE.c.rows).where(
                    _CASE.c.migration_id == migration.id, _CASE.c.instance_id == instance_id
                )
            ).one()
            cases.take_back(
                session,
                kernel,
                change,
                instance_id,
                cases.Kept(*row),
                migration_id=migration.id,
                actor_id=migration.actor_id,
                now=now,
            )
            _keep(session, migration, instance_id, None)

    found = judged(act, CaseStage.UNDONE, forget=lambda: kernel.live_cases.forget(session))
    return (
        found
        if found.stage in {CaseStage.UNDONE, CaseStage.GONE}
        else Found(CaseStage.KEPT, found.obstacle, found.error)
    )


def _keep(session: Session, migration: Migration, instance_id: int, kept: cases.Kept | None) -> None:
    """Keep what an undo needs, or forget it when it is done."""
    values = (None, None, None, None) if kept is None else (kept.rev, kept.state, kept.document, kept.rows)
    named = dict(zip(("new_rev", "new_state", "new_document", "new_rows"), values, strict=True))
    session.connection().execute(_KEEP, {"of_migration": migration.id, "of_instance": instance_id, **named})


def _write(session: Session, migration: Migration, found: Iterable[tuple[int, Found]]) -> None:
    """What became of the cases of a batch, one statement for all that went alike."""
    alike: dict[Found, list[int]] = {}
    for instance_id, each in found:
        alike.setdefault(each, []).append(instance_id)
    for each, ids in alike.items():
        obstacle = each.obstacle or Obstacle("", "", "")
        session.connection().execute(
            update(_CASE)
            .where(_CASE.c.migration_id == migration.id, _CASE.c.instance_id.in_(ids))
            .values(
                stage=each.stage,
                code=obstacle.code,
                process=obstacle.process,
                element=obstacle.element,
                target=obstacle.target,
                error=each.error,
            )
        )
