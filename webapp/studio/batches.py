"""The batches of a move that a request carries out at once, each in a transaction of its own."""

from sqlalchemy.orm import Session

from engine.errors import DatabaseBusy, NotAllowed
from engine.migration import runs
from engine.migration.models import Migration, MigrationState
from webapp.core.clock import now
from webapp.core.database import keep_and_read, unit_of_work
from webapp.core.workflow import engine

AT_ONCE = {MigrationState.CHECKING: 10, MigrationState.APPLYING: 4, MigrationState.UNDOING: 4}


def begin(migration_id: int, *, apply: bool = False) -> None:
    """Keep what was asked and carry out the first batches, so that something is done when the page comes.

    Others write in between, and the clock brings the rest. `apply`: if all cases were looked at, those that can be are
    moved; where that cannot begin now, the page of the move offers it.
    """
    keep_and_read()
    try:
        _go_on(migration_id)
        if apply and _apply(migration_id):
            _go_on(migration_id)
    except DatabaseBusy:
        pass  # it is written down, and the clock begins with it


def _go_on(migration_id: int) -> None:
    with unit_of_work() as unit:
        migration = unit.get(Migration, migration_id)
        batches = AT_ONCE.get(migration.state, 0) if migration is not None else 0
    for _batch in range(batches):
        with unit_of_work() as unit:
            if not runs.advance(unit, engine().kernel, migration_id, now=now()):
                return


def _apply(migration_id: int) -> bool:
    try:
        with unit_of_work() as unit:
            return _applied(unit, migration_id)
    except NotAllowed:
        return False


def _applied(unit: Session, migration_id: int) -> bool:
    found = unit.get(Migration, migration_id)
    if found is None or found.state is not MigrationState.CHECKED:
        return False
    runs.apply(unit, found, now=now())
    return True
