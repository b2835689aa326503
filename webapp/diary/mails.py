"""From pending notifications to mails in the outbox; the scheduler's beat calls it."""

import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app, render_template, url_for
from flask.ctx import RequestContext
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import ColumnElement, Row, select, update
from sqlalchemy.orm import Session

from webapp.core.clock import now as present
from webapp.core.config import settings
from webapp.core.database import database, unit_of_work
from webapp.core.i18n import COOKIE, LANGUAGES
from webapp.diary.mailing import Pending, PlannedMail, Wishes, plan_mail
from webapp.diary.models import Notification, NotificationPreference
from webapp.diary.notifications import MISSED
from webapp.diary.queries import QUIET_FROM, QUIET_UNTIL
from webapp.diary.sentences import KINDS, URGENT, Told, tell
from webapp.integrations.messaging.port import Mail, queue_mail
from webapp.staff.models import User

PersonRow = Row[*tuple[Any, ...]]

FORGET_AFTER = timedelta(days=7)  # what nobody has read for a week is not news
LISTED = 30  # in one digest; the rest is a number


def send_pending() -> None:
    """One beat: plan and write the mails of everybody who has something pending."""
    moment = present()
    with database().read() as reading:
        waiting = reading.scalar(select(Notification.id).where(*_pending(moment)).limit(1))
    if waiting is not None:
        with unit_of_work() as session:
            write_mails(session, now=moment)


def write_mails(session: Session, *, now: datetime) -> int:
    """At most one mail per person into the outbox. Returns how many."""
    statement = (
        select(Notification)
        .join(User, User.id == Notification.user_id)
        .where(*_pending(now), User.active)
        .order_by(Notification.user_id, Notification.id)
        .with_for_update(of=Notification, skip_locked=True)
    )
    by_person: defaultdict[int, list[Notification]] = defaultdict(list)
    for each in session.scalars(statement):
        by_person[each.user_id].append(each)
    if not by_person:
        return 0
    people = _people(session, by_person)
    sent = _sent_today(session, people, now)
    written = 0
    for user_id, notifications in by_person.items():
        person = people[user_id]
        planned = plan_mail(
            [_as_pending(each) for each in notifications], _wishes(person), sent_today=sent[user_id], now=now
        )
        if planned is not None:
            chosen = [each for each in notifications if each.id in set(planned.ids)]
            _write(session, person, chosen, planned, now)
            written += 1
    return written


def _pending(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        Notification.mailed_at.is_(None),
        Notification.read_at.is_(None),
        Notification.created_at > now - FORGET_AFTER,
    )


def _as_pending(each: Notification) -> Pending:
    urgent = each.kind in URGENT and each.code != "reminder_ahead"
    missed = bool(json.loads(each.params).get(MISSED))
    return Pending(each.id, each.created_at, subject=each.task_id or 0, urgent=urgent, missed=missed)


def _people(session: Session, user_ids: Mapping[int, object]) -> dict[int, PersonRow]:
    statement = (
        select(
            User.id,
            User.email,
            User.name,
            User.language,
            User.time_zone,
            NotificationPreference.mail,
            NotificationPreference.quiet_from,
            NotificationPreference.quiet_until,
        )
        .outerjoin(NotificationPreference, NotificationPreference.user_id == User.id)
        .where(User.id.in_(sorted(user_ids)))
    )
    return {row.id: row for row in session.execute(statement)}


def _wishes(person: PersonRow) -> Wishes:
    told = person.mail is not None
    return Wishes(
        mail=person.mail if told else True,
        quiet_from=person.quiet_from if told else QUIET_FROM,
        quiet_until=person.quiet_until if told else QUIET_UNTIL,
        zone=_zone(person),
    )


def _zone(person: PersonRow) -> ZoneInfo:
    return ZoneInfo(person.time_zone or settings().time_zone)


def _sent_today(session: Session, people: Mapping[int, PersonRow], now: datetime) -> Counter[int]:
    """Mails since each person's own midnight: notifications that went together share their moment."""
    statement = (
        select(Notification.user_id, Notification.mailed_at)
        .where(Notification.user_id.in_(sorted(people)), Notification.mailed_at > now - timedelta(hours=25))
        .distinct()
    )
    counts: Counter[int] = Counter()
    for user_id, mailed_at in session.execute(statement):
        assert mailed_at is not None  # noqa: S101  # the statement asks for those that have one
        zone = _zone(people[user_id])
        counts[user_id] += mailed_at.astimezone(zone).date() == now.astimezone(zone).date()
    return counts


def _write(
    session: Session,
    person: PersonRow,
    notifications: Sequence[Notification],
    planned: PlannedMail,
    now: datetime,
) -> None:
    language = person.language if person.language in LANGUAGES else settings().default_language
    with _as_read_by(language):
        told = tell(session, notifications, language=language, zone=_zone(person))
        mail = _compose(person.name, told, planned, language)
    dedupe = f"notifications:{person.id}:{max(planned.ids)}"
    queue_mail(session, mail, recipient=person.email, dedupe=dedupe, now=now)
    session.execute(
        update(Notification)
        .where(Notification.id.in_(planned.ids))
        .values(mailed_at=now)
        .execution_options(synchronize_session=False)
    )


def _compose(name: str, told: Sequence[Told], planned: PlannedMail, language: str) -> Mail:
    newest_first = sorted(told, key=lambda each: each.id, reverse=True)
    # a reminder before and one at the moment, both late by now, would say the same
    said = {(each.task_id, each.title, each.text): each for each in reversed(newest_first)}
    shown = sorted(said.values(), key=lambda each: each.id, reverse=True)
    if planned.digest and len(shown) > 1:
        subject = ngettext("%(num)s notification", "%(num)s notifications", len(shown))
    else:
        subject = f"{shown[0].title}. {shown[0].text}"
    lines = [(each, _address("diary.open_notification_page", notification_id=each.id)) for each in shown]
    context = {
        "name": name,
        "lines": lines[:LISTED],
        "more": max(0, len(lines) - LISTED),
        "language": language,
        "all_address": _address("diary.show_notifications"),
        "mute": [
            (str(KINDS[kind]), _address("diary.show_settings", mute=kind.value))
            for kind in sorted({each.kind for each in told})
        ],
        "title": _("Marshrut: what waits for you"),
    }
    return Mail(
        " ".join(subject.split()),  # a name may hold a line break, a header must not
        text=render_template("diary/mail.txt", **context),
        html=render_template("diary/mail.html", **context),
    )


def _address(endpoint: str, **values: Any) -> str:
    return url_for(endpoint, _external=True, **values)


def _as_read_by(language: str) -> RequestContext:
    """As if the reader asked for a page: slices that name cases build addresses and ask for his language."""
    return current_app.test_request_context(base_url=settings().base_url, headers={"Cookie": f"{COOKIE}={language}"})
