"""Commands are remembered for a while only: a form is not sent a second time after months."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from engine.instances.models import Command

AT_ONCE = 5000


def forget_commands(session: Session, *, before: datetime, at_once: int = AT_ONCE) -> int:
    """Delete so many of the older ones; how many there were. Who forgets beside us takes others."""
    old = select(Command.key).where(Command.at < before).limit(at_once).with_for_update(skip_locked=True)
    keys = session.scalars(old).all()
    session.execute(delete(Command).where(Command.key.in_(keys)).execution_options(synchronize_session=False))
    return len(keys)
