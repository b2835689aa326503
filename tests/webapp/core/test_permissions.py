"""Rules of routes, and the rows that a permission reaches."""

from datetime import timedelta
from itertools import product

import pytest
from flask import Blueprint
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.webapp.staff.factories import NOW, make_absence, make_centre, make_user
from webapp.app import create_app
from webapp.core.feature import Feature, Permission
from webapp.core.permissions import RowScope, ScopeKind, require
from webapp.features import FEATURES
from webapp.staff.models import Absence


def with_route(*permissions: Permission, rule: str | None) -> Feature:
    blueprint = Blueprint("odd", __name__)

    @blueprint.get("/odd")
    def show() -> str:
        return "odd"

    if rule:
        require(rule)(show)
    return Feature("odd", blueprints=(blueprint,), permissions=permissions)


def test_a_route_without_a_rule_prevents_the_start(tmp_path: object) -> None:
    with pytest.raises(RuntimeError, match=r"odd\.show"):
        create_app({"data_dir": str(tmp_path)}, (*FEATURES, with_route(rule=None)))


def test_a_route_with_an_undeclared_permission_prevents_the_start(tmp_path: object) -> None:
    with pytest.raises(RuntimeError, match="unknown permission"):
        create_app({"data_dir": str(tmp_path)}, (*FEATURES, with_route(rule="odd.see")))


def test_a_permission_is_declared_once(tmp_path: object) -> None:
    twice = (Permission("odd.see", "See"), Permission("odd.see", "See"))

    with pytest.raises(ValueError, match="declared twice"):
        create_app({"data_dir": str(tmp_path)}, (*FEATURES, with_route(*twice, rule="odd.see")))


OWN = RowScope(ScopeKind.OWN, user_id=1)
SCOPES = {
    "own": OWN,
    "deputy": RowScope(ScopeKind.OWN, 1, represented=frozenset({2})),
    "team": RowScope(ScopeKind.TEAM, 1, team=frozenset({2, 3})),
    "centre": RowScope(ScopeKind.CENTRE, 1, centre_ids=frozenset({10})),
    "own here, centre there": RowScope(ScopeKind.CENTRE, 1, centre_ids=frozenset({10}), held_in=frozenset({10, 20})),
    "group": RowScope(ScopeKind.GROUP, 1),
}
OWNERS = [None, 1, 2, 3, 4]
PLACES = [None, 10, 20]


@pytest.mark.parametrize(
    ("name", "reached"),
    [
        ("own", {(1, None), (1, 10), (1, 20)}),
        ("deputy", set(product((1, 2), PLACES))),
        ("team", set(product((1, 2, 3), PLACES))),
        ("centre", set(product((1,), PLACES)) | set(product(OWNERS, (10,)))),
        ("own here, centre there", set(product((1,), PLACES)) | set(product(OWNERS, (10,)))),
        ("group", set(product(OWNERS, PLACES))),
    ],
)
def test_a_scope_covers_these_rows(name: str, reached: set[tuple[int | None, int | None]]) -> None:
    covered = {(owner, place) for owner, place in product(OWNERS, PLACES) if SCOPES[name].covers(owner, place)}

    assert covered == reached


@pytest.mark.parametrize("name", SCOPES)
def test_a_statement_finds_what_the_scope_covers(session: Session, name: str) -> None:
    # any table with two numbers will do: here absences, with the deputy as owner and the person as place
    people = [make_user(session) for _ in range(20)]
    scope = SCOPES[name]
    for owner, place in product([1, 2, 3, 4], [10, 20]):
        make_absence(session, people[place - 1], people[owner - 1], ends_at=NOW + timedelta(days=owner))

    statement = scope.limit(select(Absence.deputy_id, Absence.user_id), owner=Absence.deputy_id, scope=Absence.user_id)

    found = {(owner, place) for owner, place in session.execute(statement)}
    assert found == {pair for pair in product([1, 2, 3, 4], [10, 20]) if scope.covers(*pair)}


def test_rows_without_a_centre_are_not_part_of_every_centre(session: Session) -> None:
    make_centre(session)

    assert not RowScope(ScopeKind.CENTRE, 1, centre_ids=frozenset({10})).covers(None, None)
