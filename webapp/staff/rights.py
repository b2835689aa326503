"""From roles and exceptions to the rows a permission reaches: arithmetic without a database."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from webapp.core.permissions import RowScope, ScopeKind
from webapp.staff.roles import BY_NAME, Role

SEE_CASES = "cases.see"


@dataclass(frozen=True)
class Grant:
    """A role in a centre; without a centre in every one."""

    role: str
    centre_id: int | None


@dataclass(frozen=True)
class Circle:
    """The people and centres around one person at this moment."""

    user_id: int
    centres: frozenset[int]  # all active centres
    represented: frozenset[int] = frozenset()
    team: frozenset[int] = frozenset()


def reach(
    permission: str,
    grants: Iterable[Grant],
    overrides: Mapping[str, ScopeKind | None],
    circle: Circle,
    roles: Mapping[str, Role] = BY_NAME,
) -> RowScope | None:
    """On which rows the person has the permission; None when on none.

    Several roles add up. An override replaces what the roles say, within the centres of the person's roles.
    Roles that serve the cases of others see those that they were once asked for.
    """
    held = list(grants)
    served: frozenset[tuple[str, int | None]] = frozenset()
    if permission in overrides:
        scope = overrides[permission]
        given = [(scope, grant.centre_id) for grant in held] if scope else []
        if scope and not given:
            given = [(scope, None)] if scope in (ScopeKind.OWN, ScopeKind.TEAM, ScopeKind.GROUP) else []
    else:
        given = [
            (roles[grant.role].grants[permission], grant.centre_id)
            for grant in held
            if grant.role in roles and permission in roles[grant.role].grants
        ]
        if permission == SEE_CASES:
            served = frozenset(
                (role, grant.centre_id)
                for grant in held
                if grant.role in roles and roles[grant.role].serves_cases
                for role in (grant.role, *roles[grant.role].serves_with)
            )
    return replace(_scope(given, circle), served=served) if given else None


def _scope(given: Sequence[tuple[ScopeKind, int | None]], circle: Circle) -> RowScope:
    # the whole of every centre is the group: rows without a centre belong to it as well
    kinds = [ScopeKind.GROUP if scope is ScopeKind.CENTRE and centre is None else scope for scope, centre in given]
    held_in: set[int] = set()
    for _, centre in given:
        held_in |= circle.centres if centre is None else {centre}
    if ScopeKind.GROUP in kinds:
        held_in |= circle.centres
    return RowScope(
        kind=max(kinds),
        user_id=circle.user_id,
        represented=circle.represented,
        team=circle.team if ScopeKind.TEAM in kinds else frozenset(),
        centre_ids=frozenset(centre for scope, centre in given if scope is ScopeKind.CENTRE and centre is not None),
        held_in=frozenset(held_in),
    )


def may_grant(role: Role, centre_id: int | None, reach_of: Callable[[str], RowScope | None]) -> bool:
    """Whether somebody may give the role in the centre: only where he runs the staff, and never more than he has."""
    staff = reach_of("staff.change")
    if staff is None or not (staff.kind is ScopeKind.GROUP or centre_id in staff.centre_ids):
        return False
    return all(_reaches(reach_of(permission), scope, centre_id) for permission, scope in role.grants.items())


def _reaches(own: RowScope | None, scope: ScopeKind, centre_id: int | None) -> bool:
    if own is None:
        return False
    if own.kind is ScopeKind.GROUP or scope <= ScopeKind.TEAM:
        return True
    return scope is ScopeKind.CENTRE and centre_id in own.centre_ids
