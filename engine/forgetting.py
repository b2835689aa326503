"""What need not be remembered for ever: answers to commands, texts of sent messages, cases as they were before a move.

These tables would grow with every step. Each call takes some rows; who forgets beside us takes others.
"""

from datetime import datetime

from sqlalchemy import delete, select, tuple_, update
from sqlalchemy.orm import Session

from engine.instances.models import Command
from engine.migration.models import MigratedCase, Migration
from engine.outbox import OutboxMessage, OutboxState

AT_ONCE = 5000
EMPTY = "{}"


def forget_commands(session: Session, *, before: datetime, at_once: int = AT_ONCE) -> int:
    """Delete so many of the older ones: a form is not sent a second time after months. How many there were."""
    old = select(Command.key).where(Command.at < before).limit(at_once).with_for_update(skip_locked=True)
    keys = session.scalars(old).all()
    session.execute(delete(Command).where(Command.key.in_(keys)).execution_options(synchronize_session=False))
    return len(keys)


def forget_texts(session: Session, *, before: datetime, at_once: int = AT_ONCE) -> int:
    """Empty so many messages that went out, or never will; their keys stay, so that none is sent twice."""
    message = OutboxMessage
    done = message.state.in_([OutboxState.SENT, OutboxState.REFUSED])
    old = select(message.id).where(done, message.created_at < before, message.body != EMPTY)
    ids = session.scalars(old.limit(at_once).with_for_update(skip_locked=True)).all()
    session.execute(
        update(message)
        .where(message.id.in_(ids))
        .values(body=EMPTY, recipient="")
        .execution_options(synchronize_session=False)
    )
    return len(ids)


def forget_moved(session: Session, *, before: datetime, at_once: int = AT_ONCE) -> int:
    """Drop what so many moved cases were before: their move is then undone by its mapping alone."""
    moved = MigratedCase
    old = (
        select(moved.migration_id, moved.instance_id)
        .join(Migration, Migration.id == moved.migration_id)
        .where(Migration.applied_at < before, moved.state.is_not(None))
        .limit(at_once)
        .with_for_update(skip_locked=True, of=moved)
    )
    keys = [(row.migration_id, row.instance_id) for row in session.execute(old)]
    session.execute(
        update(moved)
        .where(tuple_(moved.migration_id, moved.instance_id).in_(keys))
        .values(rev=None, state=None, document=None, rows=None)
        .execution_options(synchronize_session=False)
    )
    return len(keys)
