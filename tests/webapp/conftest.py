"""The application on an empty database, a browser's client, and somebody who is signed in.

The database is SQLite; a module whose `pytestmark` is `on_both_databases` runs on PostgreSQL too.
`session` is a database session of the test's own: commit before the client asks, and
`session.rollback()` before looking again at what a request has changed.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from engine.clock import SettableClock
from engine.database import Database
from tests.databases import url_of
from tests.routing import map_routes_once
from tests.settings import FOR_TEST_CLIENTS
from tests.webapp.staff.factories import NOW, make_user
from webapp.app import create_app
from webapp.core import i18n
from webapp.staff.models import Centre, PermissionOverride, RoleGrant, User
from webapp.staff.roles import BY_NAME

map_routes_once()


class LogIn(Protocol):
    """Signs somebody in on the client; see `log_in`."""

    def __call__(
        self, *rights: str, scope: str = "group", centre: Centre | None = None, user: User | None = None
    ) -> User: ...


class MakeApp(Protocol):
    """Creates another application on the same database, e.g. with other settings."""

    def __call__(self, **overrides: object) -> Flask: ...


@pytest.fixture(scope="session", autouse=True)
def catalogs() -> None:
    """The Russian texts are read from compiled catalogs."""
    i18n.compile_catalogs()


@pytest.fixture
def clock() -> SettableClock:
    """The application's clock; it stands at NOW."""
    return SettableClock(NOW)


on_both_databases = pytest.mark.parametrize(
    "stored_in", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True
)


@pytest.fixture
def stored_in(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, object]:
    """Settings that name an empty database; see `on_both_databases`."""
    if getattr(request, "param", "sqlite") == "postgresql":
        return {"database_url": url_of(request.getfixturevalue("postgresql_database"))}
    shutil.copyfile(request.getfixturevalue("sqlite_template"), tmp_path / "marshrut.db")
    return {}


@pytest.fixture
def make_app(stored_in: dict[str, object], tmp_path: Path, clock: SettableClock) -> Iterator[MakeApp]:
    created: list[Flask] = []

    def make(**overrides: object) -> Flask:
        settings = {**FOR_TEST_CLIENTS, **stored_in, "data_dir": str(tmp_path), **overrides}
        created.append(create_app(settings, application_clock=clock))
        return created[-1]

    yield make
    for app in created:
        app.extensions["database"].close()


@pytest.fixture
def app(make_app: MakeApp) -> Flask:
    return make_app()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    database: Database = app.extensions["database"]
    with Session(database.engine, expire_on_commit=False) as opened:
        yield opened


@pytest.fixture
def log_in(app: Flask, client: FlaskClient, session: Session) -> LogIn:
    """`log_in("sales.see", "sales.change")`, `log_in("sales_head", centre=north)` or `log_in(user=somebody)`.

    With names of permissions: exactly those, in the scope (own, team, centre, group).
    With names of roles: those roles in the centre, without one in all.
    """

    def log_in(*rights: str, scope: str = "group", centre: Centre | None = None, user: User | None = None) -> User:
        if user is None:
            roles = [name for name in rights if name in BY_NAME]
            user = make_user(session, *roles, centre=centre)
            permissions = set(rights) - set(roles)
            unknown = permissions - set(app.extensions["permissions"])
            assert not unknown, f"no such permission: {unknown}"
            if permissions and not roles:
                # a role is what ties a person to a centre; its own rights are taken away again
                user.grants.append(RoleGrant(role="technician", centre_id=centre.id if centre else None))
                user.overrides.extend(
                    PermissionOverride(permission=name, scope=scope if name in permissions else None)
                    for name in app.extensions["permissions"]
                )
        session.commit()
        with client.session_transaction() as cookie:
            cookie["_user_id"] = user.fs_uniquifier
            cookie["_fresh"] = True
        return user

    return log_in
