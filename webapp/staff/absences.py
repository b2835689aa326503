"""Noting an absence from a form: days of the person who types, moments in the database."""

from datetime import datetime, time, timedelta

from sqlalchemy.orm import Session

from webapp.core.engine_errors import explain
from webapp.core.errors import DomainError
from webapp.core.forms import Form, read_form
from webapp.core.i18n import current_zone
from webapp.staff import services
from webapp.staff.models import User
from webapp.staff.schemas import AbsenceForm


def add_from_form(session: Session, user: User, *, actor_id: int, now: datetime) -> Form:
    """Note the absence, from the first moment of the first day to the last of the last; refusals are in the form."""
    form = read_form(AbsenceForm())
    if not form.ok:
        return form
    midnight = time(tzinfo=current_zone())
    try:
        services.add_absence(
            session,
            user,
            starts_at=datetime.combine(form.data["first_day"], midnight),
            ends_at=datetime.combine(form.data["last_day"] + timedelta(days=1), midnight),
            deputy_id=form.data["deputy_id"],
            actor_id=actor_id,
            now=now,
        )
    except DomainError as refusal:
        form.refuse("deputy_id" if refusal.code.startswith("deputy") else "last_day", explain(refusal))
    return form
