"""make_*: a valid centre, person or absence with the least words; override what the test is about."""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from webapp.staff.models import Absence, Centre, RoleGrant, User

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)  # a Monday, noon in Moscow

_numbers = count(1)


def make_centre(session: Session, **overrides: Any) -> Centre:
    values = {"name": f"Centre {next(_numbers)}"} | overrides
    return _save(session, Centre(**values))


def make_user(session: Session, *roles: str, centre: Centre | None = None, **overrides: Any) -> User:
    """A person with these roles in the centre; without a centre in all of them."""
    number = next(_numbers)
    values = {
        "name": f"Person {number}",
        "email": f"person{number}@example.com",
        "fs_uniquifier": f"session-{number}",
        "created_at": NOW,
        "grants": [RoleGrant(role=role, centre_id=centre.id if centre else None) for role in roles],
        "overrides": [],
    } | overrides
    return _save(session, User(**values))


def make_absence(session: Session, user: User, deputy: User | None = None, **overrides: Any) -> Absence:
    """Away around NOW."""
    values = {
        "user_id": user.id,
        "deputy_id": deputy.id if deputy else None,
        "starts_at": NOW - timedelta(days=1),
        "ends_at": NOW + timedelta(days=6),
    } | overrides
    return _save(session, Absence(**values))


def _save(session: Session, record: Any) -> Any:
    session.add(record)
    session.flush()
    return record
