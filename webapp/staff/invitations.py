"""Mails with a link to set a password: for newcomers and for those who forgot theirs."""

from datetime import datetime
from secrets import token_hex

from flask import render_template, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from webapp.core import audit
from webapp.core.config import settings
from webapp.core.errors import RuleViolation
from webapp.core.i18n import say_in
from webapp.integrations.messaging.port import Mail, queue_mail
from webapp.staff import passwords, queries, services
from webapp.staff.models import User


def mail_reset_link(session: Session, email: str, *, now: datetime) -> None:
    """To a known and active person; an unknown address gets nothing and nobody learns of it."""
    try:
        user = queries.find_user_by_email(session, services.normalise_email(email))
    except RuleViolation:
        return
    if user is not None and user.active:
        _mail(session, user, "staff/mail_reset.txt", now=now, actor_id=None)


def mail_invitation(session: Session, user: User, *, actor_id: int, now: datetime) -> None:
    """To somebody who has just been added, or who needs the link again."""
    _mail(session, user, "staff/mail_invitation.txt", now=now, actor_id=actor_id)


def _mail(session: Session, user: User, template: str, *, now: datetime, actor_id: int | None) -> None:
    # the address comes from the settings: the Host header of a request can be anybody's
    link = settings().base_url.rstrip("/") + url_for("staff.show_new_password", token=passwords.reset_token(user))
    with say_in(user.language or settings().default_language):
        text = render_template(template, user=user, link=link, hours=settings().reset_hours)
        subject = _("Your password for Marshrut")
    queue_mail(session, Mail(subject, text), recipient=user.email, dedupe=f"password:{token_hex(16)}", now=now)
    audit.record(
        session, action="staff.link.sent", subject=f"staff.user:{user.id}", actor_id=actor_id, now=now, to=user.email
    )
