"""Who may do what, and on whose rows.

Every route states its rule: @require("slice.verb"), @signed_in or @public. `create_app` refuses
a route without one. Lists, cards, searches and exports pass their statement through `current_scope`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Protocol, TypeVar, TypeVarTuple

from flask import Flask, abort, current_app, g, has_request_context, request
from flask_security.core import AnonymousUser
from sqlalchemy import ColumnElement, Select, or_, true

from engine.human_tasks.assignment import Actor
from webapp.core.errors import Forbidden
from webapp.core.feature import Permission

View = TypeVar("View", bound=Callable[..., Any])
Columns = TypeVarTuple("Columns")

RULE = "access_rule"
PUBLIC = "public"
SIGNED_IN = "signed in"


class ScopeKind(IntEnum):
    """On whose rows a permission holds; a wider kind includes the narrower ones."""

    OWN = 1
    TEAM = 2
    CENTRE = 3
    GROUP = 4


@dataclass(frozen=True)
class RowScope:
    """The rows one permission reaches for one person.

    `kind` is the widest of all grants. `represented` are the people he stands in for at this moment,
    `team` those of his own team, both already in `owner_ids`. `centre_ids` are the centres he sees whole;
    `held_in` those in which he has the permission at all (where he may register something new).
    `served` are his roles with their centres (None: everywhere) that also see what they were once asked to serve:
    which rows these are, `case_sight` says.
    """

    kind: ScopeKind
    user_id: int
    represented: frozenset[int] = frozenset()
    team: frozenset[int] = frozenset()
    centre_ids: frozenset[int] = frozenset()
    held_in: frozenset[int] = frozenset()
    served: frozenset[tuple[str, int | None]] = frozenset()

    @property
    def owner_ids(self) -> frozenset[int]:
        return frozenset({self.user_id}) | self.represented | self.team

    def condition(self, *, owner: Any, scope: Any) -> ColumnElement[bool]:
        """The condition on a table whose columns name the responsible person and the centre of a row."""
        if self.kind is ScopeKind.GROUP:
            return true()
        reached = [owner.in_(sorted(self.owner_ids))]
        if self.centre_ids:
            reached.append(scope.in_(sorted(self.centre_ids)))
        return or_(*reached)

    def limit(self, statement: Select[*Columns], *, owner: Any, scope: Any) -> Select[*Columns]:
        """The statement with only the rows in reach."""
        return statement if self.kind is ScopeKind.GROUP else statement.where(self.condition(owner=owner, scope=scope))

    def covers(self, owner_id: int | None, scope_id: int | None) -> bool:
        """The same decision for one record at hand."""
        return self.kind is ScopeKind.GROUP or owner_id in self.owner_ids or scope_id in self.centre_ids


class Identity(Protocol):
    """The person who is signed in, as far as the core must know him; the staff slice supplies it."""

    @property
    def id(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def language(self) -> str | None: ...
    @property
    def time_zone(self) -> str | None: ...
    @property
    def theme(self) -> str | None: ...
    def scope_of(self, permission: str) -> RowScope | None: ...
    def actor(self) -> Actor: ...
    def prefer(self, *, language: str | None = None, theme: str | None = None) -> None: ...


def require(permission: str) -> Callable[[View], View]:
    """Only for people who have the permission in some scope; which rows, `current_scope` tells."""

    def state(view: View) -> View:
        setattr(view, RULE, permission)
        return view

    return state


def signed_in(view: View) -> View:
    """For everybody who is signed in: pages about oneself."""
    setattr(view, RULE, SIGNED_IN)
    return view


def public(view: View) -> View:
    """For everybody, also before signing in."""
    setattr(view, RULE, PUBLIC)
    return view


def current_identity() -> Identity | None:
    """The person who is signed in; asked once per request."""
    try:
        found: Identity | None = g.person  # a page asks hundreds of times
    except (AttributeError, RuntimeError):  # nobody has asked yet; or nothing is being answered
        if not has_request_context():
            return None
        identify = current_app.extensions.get("identify")
        found = g.person = identify() if identify else None
    return found


def ask_no_more() -> None:
    """After a failure: who has not been identified yet stays unknown, because asking could fail as well."""
    g.setdefault("person", None)
    g.setdefault("_login_user", AnonymousUser())  # Flask-Login asks by itself whenever a template is rendered


def forget_identity() -> None:
    """After signing in or out within this request."""
    g.pop("person", None)


def actor_id() -> int:
    """The id of the person who acts. Raises Forbidden when nobody is signed in."""
    identity = current_identity()
    if identity is None:
        raise Forbidden("not_signed_in")
    return identity.id


def may(permission: str) -> bool:
    """Whether the person has the permission at all. The empty name: everybody who is signed in."""
    identity = current_identity()
    return identity is not None and (not permission or identity.scope_of(permission) is not None)


def current_scope(permission: str) -> RowScope:
    """On which rows the person has the permission. Raises Forbidden when on none."""
    identity = current_identity()
    reach = identity.scope_of(permission) if identity else None
    if reach is None:
        raise Forbidden("permission_missing", permission=permission_title(permission))
    return reach


def scope_if_any(permission: str) -> RowScope | None:
    """On which rows the person has the permission; None: on none, or nobody is signed in."""
    identity = current_identity()
    return identity.scope_of(permission) if identity else None


def declared_permissions() -> Mapping[str, Permission]:
    """Every permission of the installed slices, by name."""
    known: Mapping[str, Permission] = current_app.extensions["permissions"]
    return known


def permission_title(permission: str) -> str:
    known = declared_permissions()
    return str(known[permission].title) if permission in known else permission


def register(app: Flask, permissions: Iterable[Permission]) -> None:
    """Add to the registry. Raises ValueError when one is declared twice."""
    known: dict[str, Permission] = app.extensions.setdefault("permissions", {})
    for permission in permissions:
        if permission.name in known:
            raise ValueError(f"permission {permission.name} is declared twice")
        known[permission.name] = permission


def rule_of(app: Flask, endpoint: str) -> str | None:
    """The stated rule of a route: a permission, `PUBLIC` or `SIGNED_IN`."""
    rule: str | None = getattr(app.view_functions[endpoint], RULE, None)
    return rule


def check_routes(app: Flask) -> None:
    """Refuse an application with a route that states no rule, or an unknown permission."""
    known = {PUBLIC, SIGNED_IN, *app.extensions.get("permissions", {})}
    unstated = sorted(name for name in app.view_functions if rule_of(app, name) is None)
    unknown = sorted(name for name in app.view_functions if rule_of(app, name) not in known | {None})
    if unstated or unknown:
        raise RuntimeError(f"routes without @require, @signed_in or @public: {unstated}; unknown permission: {unknown}")


def enforce() -> None:
    """Before each request: refuse whom the route's rule does not admit."""
    if request.endpoint is None or (rule := rule_of(current_app, request.endpoint)) == PUBLIC:
        return
    if current_identity() is None:
        abort(401)
    if rule != SIGNED_IN:
        current_scope(str(rule))
