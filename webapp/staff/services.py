"""What is done with people: they join, get roles, are away, are blocked; each function is one act and audited."""

import secrets
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.core import audit
from webapp.core.errors import Conflict, NotFound, RuleViolation
from webapp.core.permissions import ScopeKind
from webapp.kit import phones
from webapp.staff import passwords, queries
from webapp.staff.models import Absence, Centre, PermissionOverride, RoleGrant, User
from webapp.staff.requisites import NO_REQUISITES, Requisites
from webapp.staff.roles import BY_NAME

ADMINISTRATOR = "admin"


def normalise_email(text: str) -> str:
    """The address as it is stored and looked up. Raises RuleViolation for what is none."""
    try:
        return validate_email(text.strip(), check_deliverability=False).normalized.lower()
    except EmailNotValidError:
        raise RuleViolation("email_invalid") from None


def normalise_phone(text: str) -> str:
    """E.164; empty stays empty. Raises RuleViolation for what is no number."""
    if not text.strip():
        return ""
    try:
        return phones.normalise_phone(text)
    except ValueError:
        raise RuleViolation("phone_unreadable") from None


def _require_head(session: Session, head_id: int | None) -> None:
    if head_id is not None and session.get(User, head_id) is None:
        raise RuleViolation("head_unknown")


def create_user(
    session: Session,
    *,
    name: str,
    email: str,
    actor_id: int | None,
    now: datetime,
    password: str | None = None,
    position: str = "",
    phone: str = "",
    head_id: int | None = None,
) -> User:
    """A new person without roles. `phone` is E.164. Raises Conflict when the address is taken."""
    address = normalise_email(email)
    if queries.find_user_by_email(session, address):
        raise Conflict("email_taken", email=address)
    _require_head(session, head_id)
    if password is not None:
        passwords.check_password(password, email=address)
    user = User(
        name=name,
        email=address,
        password=passwords.keep_password(password) if password else None,
        fs_uniquifier=secrets.token_hex(32),
        position=position,
        phone=phone,
        head_id=head_id,
        created_at=now,
        grants=[],
        overrides=[],
    )
    session.add(user)
    session.flush()
    audit.record(session, action="staff.user.added", subject=_subject(user), actor_id=actor_id, now=now, name=name)
    return user


def change_user(
    session: Session,
    user: User,
    *,
    name: str,
    email: str,
    position: str,
    phone: str,
    head_id: int | None,
    actor_id: int,
    now: datetime,
) -> None:
    """What the staff card says of a person. Raises Conflict for a taken address or a head below himself."""
    address = normalise_email(email)
    other = queries.find_user_by_email(session, address)
    if other is not None and other.id != user.id:
        raise Conflict("email_taken", email=address)
    _require_head(session, head_id)
    if head_id is not None and (head_id == user.id or _leads(session, user.id, head_id)):
        raise Conflict("head_in_circle")
    if address != user.email:
        user.fs_uniquifier = secrets.token_hex(32)  # whoever signed in with the old address signs in again
    user.name, user.email, user.position, user.phone, user.head_id = name, address, position, phone, head_id
    audit.record(session, action="staff.user.changed", subject=_subject(user), actor_id=actor_id, now=now, name=name)


def create_administrator(session: Session, *, name: str, email: str, password: str, now: datetime) -> User:
    """The first person of an installation, or a rescue from the command line: an administrator of all centres."""
    user = create_user(session, name=name, email=email, password=password, actor_id=None, now=now)
    grant_role(session, user, ADMINISTRATOR, None, actor_id=None, now=now)
    return user


def set_up(session: Session, *, name: str, email: str, password: str, centre: str, now: datetime) -> User:
    """The first start: one centre and its first administrator. Raises Conflict when anybody exists already."""
    if queries.count_users(session):
        raise Conflict("already_set_up")
    user = create_administrator(session, name=name, email=email, password=password, now=now)
    create_centre(session, name=centre, city="", phone="", time_zone=None, actor_id=user.id, now=now)
    return user


def grant_role(
    session: Session, user: User, role: str, centre_id: int | None, *, actor_id: int | None, now: datetime
) -> RoleGrant:
    """Give a role in a centre, or without one in all. Raises Conflict when the person has it there."""
    if role not in BY_NAME:
        raise NotFound("role_unknown", role=role)
    if centre_id is not None:
        queries.get_centre(session, centre_id)
    if any(grant.role == role and grant.centre_id in (centre_id, None) for grant in user.grants):
        raise Conflict("role_held")
    grant = RoleGrant(role=role, centre_id=centre_id)
    user.grants.append(grant)
    session.flush()
    audit.record(
        session,
        action="staff.role.granted",
        subject=_subject(user),
        actor_id=actor_id,
        now=now,
        role=role,
        centre=centre_id,
    )
    return grant


def revoke_role(session: Session, user: User, grant_id: int, *, actor_id: int, now: datetime) -> None:
    """Take a role away. Raises Conflict when nobody would be left to administer the system."""
    grant = next((each for each in user.grants if each.id == grant_id), None)
    if grant is None:
        raise NotFound("role_unknown", role=grant_id)
    role, centre_id = grant.role, grant.centre_id
    user.grants.remove(grant)
    session.flush()
    _require_administrator(session)
    audit.record(
        session,
        action="staff.role.revoked",
        subject=_subject(user),
        actor_id=actor_id,
        now=now,
        role=role,
        centre=centre_id,
    )


def set_exceptions(
    session: Session, user: User, wanted: Mapping[str, ScopeKind | None], *, actor_id: int, now: datetime
) -> None:
    """Replace the rights that deviate from the roles; None takes a right away."""
    # rows that stay are kept: the database would see the new one before the old one is gone
    kept = {each.permission: each for each in user.overrides if each.permission in wanted}
    for permission, scope in wanted.items():
        override = kept.setdefault(permission, PermissionOverride(permission=permission))
        override.scope = scope.name.lower() if scope else None
    user.overrides[:] = [kept[permission] for permission in sorted(kept)]
    session.flush()
    details = {permission: scope.name.lower() if scope else "none" for permission, scope in wanted.items()}
    audit.record(
        session, action="staff.exceptions.set", subject=_subject(user), actor_id=actor_id, now=now, exceptions=details
    )


def block_user(session: Session, user: User, *, actor_id: int, now: datetime) -> None:
    """Nobody signs in with this account any more; open sessions end. His tasks stay his until they are moved."""
    if user.id == actor_id:
        raise Conflict("block_oneself")
    user.active = False
    user.fs_uniquifier = secrets.token_hex(32)
    session.flush()
    _require_administrator(session)
    audit.record(session, action="staff.user.blocked", subject=_subject(user), actor_id=actor_id, now=now)


def unblock_user(session: Session, user: User, *, actor_id: int, now: datetime) -> None:
    user.active, user.failed_sign_ins, user.locked_until = True, 0, None
    audit.record(session, action="staff.user.unblocked", subject=_subject(user), actor_id=actor_id, now=now)


def change_password(session: Session, user: User, password: str, *, actor_id: int | None, now: datetime) -> None:
    """A new password ends every session that was opened with the old one, and unlocks the account."""
    passwords.check_password(password, email=user.email)
    user.password = passwords.keep_password(password)
    user.fs_uniquifier = secrets.token_hex(32)
    user.failed_sign_ins, user.locked_until = 0, None
    audit.record(session, action="staff.password.changed", subject=_subject(user), actor_id=actor_id, now=now)


def try_password(
    session: Session, email: str, password: str, *, now: datetime, locks_at: int, wait: timedelta
) -> User | None:
    """The person if address and password fit and the account is neither blocked nor waiting.

    Every refusal looks the same, so that nobody learns who works here; wrong passwords are counted.
    """
    try:
        user = queries.find_user_by_email(session, normalise_email(email))
    except RuleViolation:
        user = None
    right = passwords.is_right(user, password)
    if user is None or not user.active or user.is_locked(now):
        return None
    if not right:
        user.note_failure(locks_at=locks_at, until=now + wait)
        audit.record(session, action="staff.sign_in.refused", subject=_subject(user), actor_id=None, now=now)
        return None
    note_sign_in(session, user, now=now)
    return user


def note_sign_in(session: Session, user: User, *, now: datetime) -> None:
    user.note_success(now=now)
    audit.record(session, action="staff.session.opened", subject=_subject(user), actor_id=user.id, now=now)


def add_absence(
    session: Session,
    user: User,
    *,
    starts_at: datetime,
    ends_at: datetime,
    deputy_id: int | None,
    actor_id: int,
    now: datetime,
) -> Absence:
    """The person is away from one moment to another. Raises RuleViolation or Conflict for impossible times."""
    if ends_at <= starts_at or ends_at <= now:
        raise RuleViolation("absence_times")
    if deputy_id == user.id:
        raise RuleViolation("deputy_oneself")
    if deputy_id is not None and not queries.get_user(session, deputy_id).active:
        raise RuleViolation("deputy_blocked")
    overlapping = select(Absence.id).where(
        Absence.user_id == user.id, Absence.starts_at < ends_at, Absence.ends_at > starts_at
    )
    if session.scalar(overlapping.limit(1)) is not None:
        raise Conflict("absence_overlaps")
    absence = Absence(user_id=user.id, deputy_id=deputy_id, starts_at=starts_at, ends_at=ends_at)
    session.add(absence)
    session.flush()
    audit.record(
        session,
        action="staff.absence.added",
        subject=_subject(user),
        actor_id=actor_id,
        now=now,
        starts=starts_at.isoformat(),
        ends=ends_at.isoformat(),
        deputy=deputy_id,
    )
    return absence


def end_absence(session: Session, user: User, absence_id: int, *, actor_id: int, now: datetime) -> None:
    """Back earlier than planned: a future absence disappears, a present one ends now."""
    absence = session.get(Absence, absence_id)
    if absence is None or absence.user_id != user.id:
        raise NotFound("absence_unknown")
    if absence.starts_at >= now:
        session.delete(absence)
    elif absence.ends_at > now:
        absence.ends_at = now
    audit.record(session, action="staff.absence.ended", subject=_subject(user), actor_id=actor_id, now=now)


def create_centre(
    session: Session,
    *,
    name: str,
    city: str,
    phone: str,
    time_zone: str | None,
    actor_id: int | None,
    now: datetime,
    requisites: Requisites = NO_REQUISITES,
) -> Centre:
    """A new dealer centre. Raises Conflict when the name is taken."""
    _require_free_name(session, name, besides=None)
    centre = Centre(name=name, city=city, phone=phone, **asdict(requisites))
    if time_zone:
        centre.time_zone = time_zone
    session.add(centre)
    session.flush()
    subject = f"staff.centre:{centre.id}"
    audit.record(session, action="staff.centre.added", subject=subject, actor_id=actor_id, now=now, name=name)
    return centre


def change_centre(
    session: Session,
    centre: Centre,
    *,
    name: str,
    city: str,
    phone: str,
    time_zone: str,
    active: bool,
    requisites: Requisites,
    actor_id: int,
    now: datetime,
) -> None:
    _require_free_name(session, name, besides=centre.id)
    for field, value in asdict(requisites).items():
        setattr(centre, field, value)
    centre.name, centre.city, centre.phone = name, city, phone
    centre.time_zone, centre.active = time_zone, active
    subject = f"staff.centre:{centre.id}"
    audit.record(session, action="staff.centre.changed", subject=subject, actor_id=actor_id, now=now, name=name)


def _require_free_name(session: Session, name: str, besides: int | None) -> None:
    taken = session.scalar(select(Centre.id).where(Centre.name == name))
    if taken is not None and taken != besides:
        raise Conflict("centre_name_taken", name=name)


def _require_administrator(session: Session) -> None:
    """Somebody must be able to sign in and run the staff of all centres."""
    left = (
        select(func.count(User.id))
        .join(RoleGrant)
        .where(RoleGrant.role == ADMINISTRATOR, RoleGrant.centre_id.is_(None), User.active)
    )
    if not session.scalar(left):
        raise Conflict("last_administrator")


def _leads(session: Session, leader_id: int, user_id: int) -> bool:
    """Whether the one is above the other in the line of heads."""
    seen: set[int] = set()
    above: int | None = user_id
    while above is not None and above not in seen:
        if above == leader_id:
            return True
        seen.add(above)
        person = session.get(User, above)
        above = person.head_id if person else None
    return False


def _subject(user: User) -> str:
    return f"staff.user:{user.id}"
