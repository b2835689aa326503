"""Reads of the staff slice."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, func, literal, null, or_, select, union_all
from sqlalchemy.orm import Session

from webapp.core.choices import Choice, ChoiceSource
from webapp.core.errors import NotFound
from webapp.core.permissions import RowScope, ScopeKind
from webapp.staff.models import Absence, Centre, PermissionOverride, RoleGrant, User, kind_of
from webapp.staff.rights import Circle, Grant, reach
from webapp.staff.roles import BY_NAME, HEADS_IN_ORDER, STAND_INS

PAGE = 50


@dataclass(frozen=True)
class PeopleFilter:
    """What the staff list is narrowed to."""

    text: str = ""
    role: str = ""
    centre_id: int | None = None
    active: bool = True


def count_users(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(User)) or 0


def get_user(session: Session, user_id: int) -> User:
    user = session.get(User, user_id)
    if user is None:
        raise NotFound("person_unknown", number=user_id)
    return user


def find_user_by_email(session: Session, email: str) -> User | None:
    """By the normalised address (services.normalise_email)."""
    return session.scalar(select(User).where(User.email == email))


def get_visible_user(session: Session, user_id: int, scope: RowScope) -> User:
    """The person if this scope reaches him; else it is as if there were none."""
    user = session.scalars(within(scope).where(User.id == user_id)).one_or_none()
    if user is None:
        raise NotFound("person_unknown", number=user_id)
    return user


def within(scope: RowScope) -> Select[User]:
    """People in reach: oneself, the team, and whoever holds a role in a centre that is seen whole."""
    statement = select(User)
    if scope.kind is ScopeKind.GROUP:
        return statement
    in_centres = select(RoleGrant.user_id).where(RoleGrant.centre_id.in_(sorted(scope.centre_ids)))
    return statement.where(or_(User.id.in_(sorted(scope.owner_ids)), User.id.in_(in_centres)))


def find_people(session: Session, scope: RowScope, wanted: PeopleFilter, page: int = 1) -> tuple[list[User], int]:
    """One page of people by name, and how many there are in all."""
    statement = within(scope).where(User.active == wanted.active)
    if wanted.role or wanted.centre_id:
        grants = select(RoleGrant.user_id)
        if wanted.role:
            grants = grants.where(RoleGrant.role == wanted.role)
        if wanted.centre_id:
            grants = grants.where(or_(RoleGrant.centre_id == wanted.centre_id, RoleGrant.centre_id.is_(None)))
        statement = statement.where(User.id.in_(grants))
    people = list(session.scalars(statement.order_by(User.name, User.id)))
    if wanted.text:
        # the database folds ASCII only; a dealer has hundreds of people, not millions
        text = fold(wanted.text)
        people = [user for user in people if text in fold(f"{user.name} {user.email} {user.phone} {user.position}")]
    return people[(page - 1) * PAGE : page * PAGE], len(people)


def fold(text: str) -> str:
    """For comparing names: case and ё/е make no difference."""
    return text.casefold().replace("ё", "е")


def find_centres(session: Session, *, only_active: bool = True) -> list[Centre]:
    statement = select(Centre).order_by(Centre.name)
    return list(session.scalars(statement.where(Centre.active) if only_active else statement))


def get_centre(session: Session, centre_id: int) -> Centre:
    centre = session.get(Centre, centre_id)
    if centre is None:
        raise NotFound("centre_unknown", number=centre_id)
    return centre


def find_members(session: Session, role: str, scope_id: int | None) -> list[int]:
    """Active people who hold the role in the centre (or, without a centre, anywhere), by id."""
    statement = select(User.id).join(RoleGrant).where(RoleGrant.role == role, User.active)
    if scope_id is not None:
        statement = statement.where(or_(RoleGrant.centre_id == scope_id, RoleGrant.centre_id.is_(None)))
    return list(session.scalars(statement.distinct().order_by(User.id)))


def find_head(session: Session, user_id: int, scope_id: int | None) -> int | None:
    """The named head if he is active; else the first head of the department in the centre."""
    user = session.get(User, user_id)
    if user is None:
        return None
    if user.head_id is not None and get_user(session, user.head_id).active:
        return user.head_id
    roles = {grant.role for grant in user.grants if grant.role in BY_NAME}
    below = frozenset[str]().union(*(STAND_INS.get(role, frozenset()) for role in roles))
    for department in sorted({BY_NAME[role].department for role in roles}):
        for role in HEADS_IN_ORDER[department]:
            if role in below:
                continue
            for member in find_members(session, role, scope_id):
                if member != user_id:
                    return member
    return None


class Rights(NamedTuple):
    """What a person's own rows say: roles with their centre, exceptions, and which centres there are."""

    grants: tuple[Grant, ...]
    exceptions: dict[str, ScopeKind | None]
    centres: frozenset[int]


def find_rights(session: Session, user_id: int) -> Rights:
    """In one statement: every request asks for them."""
    nothing = null()
    rows: Sequence[Any] = session.execute(
        union_all(
            select(literal("role"), RoleGrant.role, RoleGrant.centre_id, nothing).where(RoleGrant.user_id == user_id),
            select(literal("exception"), PermissionOverride.permission, nothing, PermissionOverride.scope).where(
                PermissionOverride.user_id == user_id
            ),
            select(literal("centre"), Centre.name, Centre.id, nothing).where(Centre.active),
        )
    ).all()
    return Rights(
        grants=tuple(Grant(name, number) for kind, name, number, _ in rows if kind == "role"),
        exceptions={name: kind_of(scope) for kind, name, _, scope in rows if kind == "exception"},
        centres=frozenset(number for kind, _, number, _ in rows if kind == "centre"),
    )


def find_represented(session: Session, user_id: int, at: datetime) -> frozenset[int]:
    """Whose tasks this person serves now; when a deputy is away himself, his own deputy serves those too."""
    rows = session.execute(
        select(Absence.user_id, Absence.deputy_id).where(Absence.starts_at <= at, Absence.ends_at > at)
    )
    served: dict[int, set[int]] = {}
    for away, deputy in rows:
        if deputy is not None:
            served.setdefault(deputy, set()).add(away)
    found: set[int] = set()
    waiting = [user_id]
    while waiting:
        for away in served.get(waiting.pop(), set()) - found - {user_id}:
            found.add(away)
            waiting.append(away)
    return frozenset(found)


def find_team(session: Session, user_id: int) -> frozenset[int]:
    """The people he leads, directly or through others; for one who leads nobody, the colleagues under his head."""
    heads = dict(session.execute(select(User.id, User.head_id).where(User.active)).all())
    led: set[int] = set()
    waiting = [user_id]
    while waiting:
        leader = waiting.pop()
        below = {person for person, head in heads.items() if head == leader} - led - {user_id}
        led |= below
        waiting.extend(below)
    if not led and heads.get(user_id) is not None:
        led = {person for person, head in heads.items() if head == heads[user_id]} - {user_id}
    return frozenset(led)


def find_absences(session: Session, user_id: int, since: datetime) -> list[Absence]:
    """Present and future absences of a person."""
    statement = select(Absence).where(Absence.user_id == user_id, Absence.ends_at > since).order_by(Absence.starts_at)
    return list(session.scalars(statement))


def find_away(session: Session, user_ids: Sequence[int], at: datetime) -> dict[int, Absence]:
    """Who of these is away at the moment."""
    statement = select(Absence).where(Absence.user_id.in_(user_ids), Absence.starts_at <= at, Absence.ends_at > at)
    return {absence.user_id: absence for absence in session.scalars(statement)}


class Colleague(NamedTuple):
    """Somebody to choose: id and name."""

    id: int
    name: str


def find_choosable(session: Session, *, besides: int | None = None) -> list[Colleague]:
    """Active people by name, for a choice of head or deputy."""
    statement = select(User.id, User.name).where(User.active).order_by(User.name)
    return [Colleague(*row) for row in session.execute(statement) if row.id != besides]


def find_example(session: Session, role: str) -> User | None:
    """The first active person with the role, for the demo's sign-in."""
    return session.scalar(
        select(User).join(RoleGrant).where(RoleGrant.role == role, User.active).order_by(User.id).limit(1)
    )


def find_examples(session: Session) -> dict[str, User]:
    """The same for every role that somebody holds."""
    rows = session.execute(
        select(RoleGrant.role, User)
        .join(User, User.id == RoleGrant.user_id)
        .where(User.active)
        .order_by(User.id.desc())
    )
    return dict(rows.all())


def names_of(session: Session, ids: Iterable[int], *, only_active: bool = False) -> dict[int, str]:
    """Names by id, also of people who have left; one statement."""
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    statement = select(User.id, User.name).where(User.id.in_(wanted))
    if only_active:
        statement = statement.where(User.active)
    return {row.id: row.name for row in session.execute(statement)}


def _colleagues(session: Session, _language: str) -> list[Choice]:
    return [Choice(str(each.id), each.name) for each in find_choosable(session)]


def _works_here(session: Session, value: str) -> bool:
    """As the list offers him: drawings compare the value, so 01 is nobody."""
    user = session.get(User, int(value)) if value.isdecimal() and len(value) < 10 else None
    return user is not None and user.active and value == str(user.id)


COLLEAGUE_CHOICES = ChoiceSource(_colleagues, _works_here)


def _people(session: Session, _language: str) -> list[Choice]:
    rows = session.execute(select(User.id, User.name).order_by(User.name))
    return [Choice(str(row.id), row.name) for row in rows]


def _is_somebody(session: Session, value: str) -> bool:
    return value.isdecimal() and len(value) < 10 and session.get(User, int(value)) is not None


PEOPLE_CHOICES = ChoiceSource(_people, _is_somebody)  # for what has happened: also who has left


def people_with(session: Session, permission: str) -> list[int]:
    """Active people who have the permission for the whole group, by id; three statements."""
    found = []
    for user in session.scalars(select(User).where(User.active).order_by(User.id)):
        grants = [Grant(each.role, each.centre_id) for each in user.grants]
        exceptions = {each.permission: each.kind for each in user.overrides}
        scope = reach(permission, grants, exceptions, Circle(user.id, frozenset()))
        if scope is not None and scope.kind is ScopeKind.GROUP:
            found.append(user.id)
    return found
