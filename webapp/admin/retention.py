"""What need not be kept for ever: details of cases that ended long ago, and answers to forms sent long ago."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from engine.history.digest import CaseDigest, Digested, count_digestible, digest_closed
from engine.instances.forgetting import forget_commands
from webapp.admin.sealing import own_key, seal_logs
from webapp.core import audit
from webapp.core.clock import now
from webapp.core.config import settings
from webapp.core.database import database, unit_of_work


def digest_old_cases() -> Digested:
    """Replace the details of cases that ended before the kept days by a digest; nothing without such a setting."""
    before = kept_since()
    if before is None:
        return Digested()
    seal_logs()  # only what is sealed may go
    return digest_closed(database(), own_key(), before=before, now=now, on_digested=_note)


def count_old_cases() -> Digested:
    """What `digest_old_cases` would do."""
    before = kept_since()
    with database().read() as session:
        return Digested() if before is None else count_digestible(session, before=before)


def kept_since() -> datetime | None:
    """Cases that ended earlier lose their details; None: none does."""
    days = settings().history_keep_days
    return now() - timedelta(days=days) if days > 0 else None


def forget_old_commands() -> int:
    """Delete the answers to forms that nobody sends again any more, some thousand in a transaction."""
    before, done = now() - timedelta(days=max(settings().command_keep_days, 1)), 0
    while True:
        with unit_of_work() as session:
            forgotten = forget_commands(session, before=before)
        if not forgotten:
            return done
        done += forgotten


def tidy_up() -> None:
    """The job."""
    digest_old_cases()
    forget_old_commands()


def _note(session: Session, digests: Sequence[CaseDigest]) -> None:
    audit.record(
        session,
        action="admin.history.digested",
        subject=f"admin.history:{digests[0].instance_id}",
        actor_id=None,
        now=now(),
        cases=[each.instance_id for each in digests],
        events=sum(len(each.numbers) for each in digests),
    )
