"""Acts of the diary: postponing with a reason, taking and giving back, the feed and the wishes of a person."""

import hashlib
import secrets
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from engine.human_tasks.assignment import Actor
from engine.runtime import Engine
from webapp.cases.bulk import BulkReport, act_on_each
from webapp.cases.postponing import MORNING, require_possible
from webapp.core.errors import NotFound, RuleViolation
from webapp.diary.models import CalendarFeed, Notification, NotificationKind, NotificationPreference
from webapp.diary.queries import find_preference

PRESETS = {"tomorrow": 1, "three_days": 3, "week": 7}  # days from today
OTHER_DATE = "other"
TOKEN_BYTES = 32


def postponed_until(when: str, day: date | None, *, now: datetime, zone: ZoneInfo) -> datetime:
    """The morning that was chosen, in the person's zone. Raises RuleViolation for the past and beyond a year."""
    today = now.astimezone(zone).date()
    chosen = today + timedelta(days=PRESETS[when]) if when in PRESETS else day
    if chosen is None:
        raise RuleViolation("postpone_date_missing")
    until = datetime.combine(chosen, MORNING, zone)
    require_possible(until, now=now)
    return until


def postpone_tasks(
    session: Session,
    engine: Engine,
    task_ids: Sequence[int],
    *,
    until: datetime,
    reason: str,
    comment: str,
    actor: Actor,
    now: datetime,
) -> BulkReport:
    """Put tasks to sleep with one reason. What is no longer open, or not his, is reported and not touched."""

    def postpone(task_id: int) -> None:
        engine.postpone(session, task_id, until=until, reason=reason, comment=comment, actor=actor, now=now)

    return act_on_each(session, task_ids, postpone)


def renew_feed(session: Session, *, user_id: int, now: datetime) -> str:
    """A new secret for the person's calendar link; the old one stops working. Returns the secret, once."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    feed = session.get(CalendarFeed, user_id)
    if feed is None:
        feed = CalendarFeed(user_id=user_id, with_names=False)
        session.add(feed)
    feed.token_hash, feed.renewed_at = hash_token(token), now
    session.flush()
    return token


def revoke_feed(session: Session, *, user_id: int) -> None:
    """The link stops working and nothing takes its place."""
    feed = session.get(CalendarFeed, user_id)
    if feed is not None:
        session.delete(feed)
        session.flush()


def choose_feed_content(session: Session, *, user_id: int, with_names: bool) -> None:
    """Whether customers' names may stand in the feed."""
    feed = session.get(CalendarFeed, user_id)
    if feed is None:
        raise NotFound("feed_missing")
    feed.with_names = with_names


def hash_token(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def save_preference(
    session: Session,
    *,
    user_id: int,
    mail: bool,
    quiet_from: time,
    quiet_until: time,
    muted: Iterable[NotificationKind],
) -> NotificationPreference:
    """How the person wants to be told from now on."""
    wanted = find_preference(session, user_id)
    wanted.mail, wanted.quiet_from, wanted.quiet_until = mail, quiet_from, quiet_until
    wanted.muted = ",".join(sorted(kind.value for kind in muted))
    session.add(wanted)
    session.flush()
    return wanted


def mark_read(session: Session, *, user_id: int, now: datetime, notification_id: int | None = None) -> None:
    """One notification of the person, or all of them, have been seen."""
    statement = update(Notification).where(Notification.user_id == user_id, Notification.read_at.is_(None))
    if notification_id is not None:
        statement = statement.where(Notification.id == notification_id)
    session.execute(statement.values(read_at=now).execution_options(synchronize_session=False))


def get_notification(session: Session, *, user_id: int, notification_id: int) -> Notification:
    """One of the person's own. Raises NotFound for anybody else's."""
    found = session.get(Notification, notification_id)
    if found is None or found.user_id != user_id:
        raise NotFound("notification_unknown")
    return found


def forget_read(session: Session, *, before: datetime, at_once: int = 5000) -> int:
    """Delete so many notifications that were read before that moment; how many there were."""
    old = select(Notification.id).where(Notification.read_at < before).limit(at_once).with_for_update(skip_locked=True)
    ids = session.scalars(old).all()
    session.execute(delete(Notification).where(Notification.id.in_(ids)).execution_options(synchronize_session=False))
    return len(ids)
