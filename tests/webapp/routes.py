"""The vocabulary in which each slice classifies its routes, in `tests/webapp/<slice>/routes.py`.

There it declares `ROUTES: dict[endpoint, Route]`; `test_routes` holds the URL map against all of them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from webapp.core.permissions import PUBLIC, SIGNED_IN, ScopeKind
from webapp.staff.models import Centre, User

# makes a record that belongs to the person in the centre; returns the arguments of the URL
MakeRow = Callable[[Session, User, Centre], Mapping[str, object]]


@dataclass(frozen=True)
class Route:
    """One route: its rule, and for a route about one record, how to make such a record.

    `rule` is a permission, PUBLIC or SIGNED_IN. `row` makes the record; without it the route takes no arguments,
    or `arguments` that need no record. `scopes` are those in which the permission can be given sensibly.
    `needs` are permissions without which the route makes no sense, held in the same scope.
    `outside` is the answer for a record out of reach.
    """

    rule: str
    row: MakeRow | None = None
    arguments: Mapping[str, object] = field(default_factory=dict)
    data: Mapping[str, object] = field(default_factory=dict)
    scopes: tuple[ScopeKind, ...] = tuple(ScopeKind)
    needs: tuple[str, ...] = ()
    outside: int = 404


def public() -> Route:
    return Route(PUBLIC)


def signed_in(**arguments: object) -> Route:
    return Route(SIGNED_IN, arguments=arguments)
