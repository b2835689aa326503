"""The person who is signed in, as the core and the engine see him."""

from datetime import datetime
from functools import cached_property

from flask_security import current_user
from sqlalchemy.orm import Session

from engine.human_tasks.assignment import Actor
from webapp.core.clock import now
from webapp.core.database import session
from webapp.core.permissions import RowScope, ScopeKind
from webapp.staff import queries
from webapp.staff.models import User
from webapp.staff.rights import Circle, Grant, reach
from webapp.staff.roles import BY_NAME

SUPERVISION = "control.change"


class Person:
    """A user with what his roles reach at one moment; made once per request."""

    def __init__(self, user: User, opened: Session, moment: datetime) -> None:
        self.user = user
        self._session = opened
        self._now = moment
        self._reached: dict[str, RowScope | None] = {}

    @property
    def id(self) -> int:
        return self.user.id

    @property
    def name(self) -> str:
        return self.user.name

    @property
    def language(self) -> str | None:
        return self.user.language

    @property
    def time_zone(self) -> str | None:
        return self.user.time_zone

    @property
    def theme(self) -> str | None:
        return self.user.theme

    @cached_property
    def rights(self) -> queries.Rights:
        return queries.find_rights(self._session, self.user.id)

    @property
    def grants(self) -> tuple[Grant, ...]:
        return self.rights.grants

    @cached_property
    def circle(self) -> Circle:
        return Circle(
            user_id=self.user.id,
            centres=self.rights.centres,
            represented=queries.find_represented(self._session, self.user.id, self._now),
            team=queries.find_team(self._session, self.user.id) if self._sees_team else frozenset(),
        )

    @property
    def _sees_team(self) -> bool:
        by_roles = (
            scope for grant in self.grants if grant.role in BY_NAME for scope in BY_NAME[grant.role].grants.values()
        )
        return ScopeKind.TEAM in by_roles or ScopeKind.TEAM in self.exceptions.values()

    @property
    def exceptions(self) -> dict[str, ScopeKind | None]:
        return self.rights.exceptions

    def scope_of(self, permission: str) -> RowScope | None:
        if permission not in self._reached:
            self._reached[permission] = reach(permission, self.grants, self.exceptions, self.circle)
        return self._reached[permission]

    def actor(self) -> Actor:
        control = self.scope_of(SUPERVISION)
        supervises: frozenset[int | None] = frozenset()
        if control is not None:
            supervises = frozenset({None}) if control.kind is ScopeKind.GROUP else frozenset(control.centre_ids)
        return Actor(
            user_id=self.user.id,
            roles=frozenset((grant.role, grant.centre_id) for grant in self.grants),
            represents=self.circle.represented,
            supervises=supervises,
        )

    def prefer(self, *, language: str | None = None, theme: str | None = None) -> None:
        self.user.language = language or self.user.language
        self.user.theme = theme or self.user.theme


def identify() -> Person | None:
    """The person behind the session cookie of this request."""
    if not current_user.is_authenticated:
        return None
    user: User = current_user._get_current_object()
    return Person(user, session(), now())
