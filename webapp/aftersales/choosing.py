"""What the forms of a visit let choose beside free times and jobs: the technicians of the centres a person serves."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.aftersales.workshop import TECHNICIAN
from webapp.core.choices import Choice, ChoiceSource
from webapp.core.permissions import scope_if_any
from webapp.staff.models import RoleGrant, User


def _technicians(session: Session, language: str) -> list[Choice]:
    grants = select(RoleGrant.user_id).where(RoleGrant.role == TECHNICIAN)
    reach = scope_if_any("aftersales.see")
    if reach is not None and reach.held_in:
        grants = grants.where(RoleGrant.centre_id.in_(sorted(reach.held_in)) | RoleGrant.centre_id.is_(None))
    people = session.scalars(select(User).where(User.active, User.id.in_(grants)).order_by(User.name))
    return [Choice(str(user.id), user.name) for user in people]


def _is_technician(session: Session, value: str) -> bool:
    statement = select(RoleGrant.id).where(RoleGrant.role == TECHNICIAN)
    return value.isdecimal() and session.scalar(statement.where(RoleGrant.user_id == int(value)).limit(1)) is not None


TECHNICIAN_CHOICES = ChoiceSource(_technicians, _is_technician)
