"""What need not be remembered for ever: answers to commands, and the texts of messages that are sent.

Both tables would grow with every step. Each call takes some rows; who forgets beside us takes others.
"""

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from engine.instances.models import Command
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
