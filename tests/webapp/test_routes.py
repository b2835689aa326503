"""Every route of the URL map × every role × every scope: who is let in, and to whose records.

A new route fails here until its slice classifies it in `tests/webapp/<slice>/routes.py`.
"""

import importlib.util
import pkgutil
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

import tests.webapp
from engine.database import Database
from tests.settings import FOR_TEST_CLIENTS
from tests.webapp.api.bearers import bearer_of, is_api
from tests.webapp.routes import Route
from tests.webapp.staff.factories import make_centre, make_user
from webapp.app import create_app
from webapp.core.permissions import PUBLIC, SIGNED_IN, ScopeKind, rule_of
from webapp.staff.models import Centre, PermissionOverride, User
from webapp.staff.roles import BY_NAME


def classified() -> dict[str, Route]:
    routes: dict[str, Route] = {}
    for package in pkgutil.iter_modules(tests.webapp.__path__, "tests.webapp."):
        found = importlib.util.find_spec(f"{package.name}.routes") if package.ispkg else None
        if found:
            routes |= importlib.import_module(f"{package.name}.routes").ROUTES
    return routes


ROUTES = classified()
ENDPOINTS = sorted(create_app({"secret_key": "for tests only"}).view_functions)
KNOWN = [endpoint for endpoint in ENDPOINTS if endpoint in ROUTES]
WITH_PERMISSION = [endpoint for endpoint in KNOWN if ROUTES[endpoint].rule not in (PUBLIC, SIGNED_IN)]
ABOUT_RECORDS = [endpoint for endpoint in WITH_PERMISSION if ROUTES[endpoint].row]


NARROW = (ScopeKind.OWN, ScopeKind.TEAM)


@dataclass
class Dealer:
    """A dealer with two centres and, in the first, a person of each role."""

    app: Flask
    client: FlaskClient
    session: Session
    north: Centre
    south: Centre
    people: dict[str, User]

    def ask(self, endpoint: str, person: User | None, arguments: dict[str, object]) -> TestResponse:
        """The answer of the route's first method to this person."""
        self.session.commit()
        with self.app.test_request_context():
            url = self.app.url_for(endpoint, **arguments)
        rule = next(rule for rule in self.app.url_map.iter_rules(endpoint))
        method = next(iter(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})))
        if is_api(url):  # a program has a token, and no cookie counts
            headers = {} if person is None else bearer_of(self.session, person)
            self.session.commit()
            answer = self.client.open(url, method=method, json=dict(ROUTES[endpoint].data), headers=headers)
            self.session.expunge_all()
            return answer
        with self.client.session_transaction() as cookie:
            cookie.clear()
            if person is not None:
                cookie.update({"_user_id": person.fs_uniquifier, "_fresh": True})
        answer = self.client.open(url, method=method, data=dict(ROUTES[endpoint].data))
        answer.close()
        self.session.expunge_all()  # the request may have deleted what we hold
        return answer

    def arguments(self, endpoint: str, owner: User, centre: Centre) -> dict[str, object]:
        """Arguments of the URL, for a record of this person in this centre where the route is about one."""
        route = ROUTES[endpoint]
        if not route.row:
            return dict(route.arguments)
        self.session.commit()  # a record may be made by the engine, in a transaction of its own
        with self.app.app_context():
            return dict(route.row(self.session, owner, centre))


def _forget_the_disk(connection: Any, _: object) -> None:
    connection.execute("PRAGMA synchronous = OFF")  # thousands of commits, and nothing to keep


@pytest.fixture(scope="module")
def dealer(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dealer]:
    folder = tmp_path_factory.mktemp("dealer")
    shutil.copyfile(sqlite_template, folder / "marshrut.db")
    app = create_app({**FOR_TEST_CLIENTS, "data_dir": str(folder)})
    database: Database = app.extensions["database"]
    event.listen(database.engine, "connect", _forget_the_disk)
    with Session(database.engine, expire_on_commit=False) as session:
        north, south = make_centre(session), make_centre(session)
        make_user(session, "admin")
        people = {role: make_user(session, role, centre=north) for role in BY_NAME}
        yield Dealer(app, app.test_client(), session, north, south, people)
    database.close()


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_the_route_is_classified(dealer: Dealer, endpoint: str) -> None:
    is_known = endpoint in ROUTES
    assert is_known, "classify it in tests/webapp/<slice>/routes.py"
    assert ROUTES[endpoint].rule == rule_of(dealer.app, endpoint)


def test_every_classified_route_exists() -> None:
    assert set(ROUTES) <= set(ENDPOINTS)


@pytest.mark.parametrize("endpoint", KNOWN)
def test_nobody_comes_in_without_signing_in(dealer: Dealer, endpoint: str) -> None:
    owner = make_user(dealer.session, "technician", centre=dealer.north)

    answer = dealer.ask(endpoint, None, dealer.arguments(endpoint, owner, dealer.north))

    sent_away = answer.status_code == 401 or "/sign-in?next=" in answer.headers.get("Location", "")
    assert sent_away == (ROUTES[endpoint].rule != PUBLIC)


def alike(endpoint: str) -> list[str]:
    """One role for each scope in which the permission is given, and one to which it is not; another for each route."""
    route = ROUTES[endpoint]
    groups: dict[object, list[str]] = {}
    for role in sorted(BY_NAME):
        given = tuple(BY_NAME[role].grants.get(name) for name in (route.rule, *route.needs))
        groups.setdefault(given, []).append(role)
    turn = sum(endpoint.encode())
    return [roles[turn % len(roles)] for roles in groups.values()]


@pytest.mark.parametrize("endpoint", WITH_PERMISSION)
def test_the_roles_of_each_scope_come_in(dealer: Dealer, endpoint: str) -> None:
    _hold_against_the_table(dealer, endpoint, alike(endpoint))


@pytest.mark.long
@pytest.mark.parametrize("endpoint", WITH_PERMISSION)
def test_exactly_the_roles_of_the_table_come_in(dealer: Dealer, endpoint: str) -> None:
    _hold_against_the_table(dealer, endpoint, list(BY_NAME))


def _hold_against_the_table(dealer: Dealer, endpoint: str, roles: list[str]) -> None:
    route = ROUTES[endpoint]
    admitted, expected = set(), set()
    for role in roles:
        person = dealer.people[role]
        scope = BY_NAME[role].grants.get(route.rule)
        if scope is not None and (not route.row or scope in route.scopes):
            expected.add(role)
        owner = person if scope in NARROW else make_user(dealer.session, "technician", centre=dealer.north)
        answer = dealer.ask(endpoint, person, dealer.arguments(endpoint, owner, dealer.north))
        # without a record of its own a route finds nothing, but has let the person in
        if answer.status_code not in ((401, 403, route.outside) if route.row else (401, 403)):
            admitted.add(role)

    assert admitted == expected


@pytest.mark.parametrize(
    ("endpoint", "kind"), [(endpoint, kind) for endpoint in ABOUT_RECORDS for kind in ROUTES[endpoint].scopes]
)
def test_the_scope_decides_whose_records_are_open(dealer: Dealer, endpoint: str, kind: ScopeKind) -> None:
    route = ROUTES[endpoint]
    head = make_user(dealer.session, "technician", centre=dealer.north)
    person = make_user(dealer.session, "technician", centre=dealer.north, head_id=head.id)
    person.overrides = [
        PermissionOverride(permission=name, scope=kind.name.lower()) for name in (route.rule, *route.needs)
    ]
    if route.rule.startswith("staff."):  # who changes people has at least their rights, wherever they work
        person.overrides.append(PermissionOverride(permission="aftersales.see", scope=ScopeKind.GROUP.name.lower()))
    holders = {
        "team": (
            make_user(dealer.session, "technician", centre=dealer.south, head_id=head.id),
            dealer.south,
            ScopeKind.TEAM,
        ),
        "centre": (make_user(dealer.session, "technician", centre=dealer.north), dealer.north, ScopeKind.CENTRE),
        "elsewhere": (make_user(dealer.session, "technician", centre=dealer.south), dealer.south, ScopeKind.GROUP),
        "own": (person, dealer.north, ScopeKind.OWN),  # last: the act may take away what the others need
    }
    opened, expected = set(), set()
    for name, (owner, centre, needed) in holders.items():
        answer = dealer.ask(endpoint, person, dealer.arguments(endpoint, owner, centre))
        if answer.status_code not in (403, route.outside):
            opened.add(name)
        reached = kind >= needed if kind is not ScopeKind.CENTRE else name in {"own", "centre"}
        if reached or (kind is ScopeKind.GROUP):
            expected.add(name)

    assert opened == expected


@pytest.mark.parametrize("role", BY_NAME)
def test_a_role_grants_only_what_exists(dealer: Dealer, role: str) -> None:
    installed = {endpoint.partition(".")[0] for endpoint in dealer.app.view_functions}
    granted = {name for name in BY_NAME[role].grants if name.partition(".")[0] in installed}

    assert granted <= set(dealer.app.extensions["permissions"])
