"""What need not be kept for ever: details of cases that ended long ago, answers to old forms, old texts."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from engine.forgetting import forget_commands, forget_moved, forget_texts
from engine.history.digest import CaseDigest, Digested, count_digestible, digest_closed
from webapp.admin.sealing import own_key, seal_logs
from webapp.core import audit
from webapp.core.clock import now
from webapp.core.config import settings
from webapp.core.database import database, unit_of_work
from webapp.diary.services import forget_read


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


def forget_old() -> int:
    """Answers to old forms, moved cases as they were, texts of sent messages, read notifications: how many rows."""
    commands, told = settings().command_keep_days, settings().told_keep_days
    by_days = ((forget_commands, commands), (forget_moved, commands), (forget_texts, told), (forget_read, told))
    return sum(_repeat(forget, days) for forget, days in by_days)


def _repeat(forget: Callable[..., int], days: int) -> int:
    """Some thousand rows in a transaction, until none is left that is older than these days; 0: all are kept."""
    if days <= 0:
        return 0
    before, done = now() - timedelta(days=days), 0
    while True:
        with unit_of_work() as session:
            forgotten = forget(session, before=before)
        if not forgotten:
            return done
        done += forgotten


def tidy_up() -> None:
    """The job."""
    digest_old_cases()
    forget_old()


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
