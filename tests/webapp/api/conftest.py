"""A program of somebody with these rights, and cases for it to work on."""

from typing import Protocol

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.webapp.api.bearers import Program, make_token
from tests.webapp.conftest import LogIn
from tests.webapp.errands import Errands
from webapp.staff.models import Centre, User


class ProgramOf(Protocol):
    """See `program`."""

    def __call__(
        self, *rights: str, scope: str = "group", centre: Centre | None = None, user: User | None = None
    ) -> tuple[Program, User]: ...


@pytest.fixture
def program(app: Flask, client: FlaskClient, session: Session, log_in: LogIn) -> ProgramOf:
    """`program("cases.see", scope="own")`: as `log_in`, but with a token; the browser is signed out."""

    def make(
        *rights: str, scope: str = "group", centre: Centre | None = None, user: User | None = None
    ) -> tuple[Program, User]:
        owner = log_in(*rights, scope=scope, centre=centre, user=user)
        with client.session_transaction() as cookie:
            cookie.clear()
        secret = make_token(session, owner)
        session.commit()
        return Program(client, secret), owner

    return make


@pytest.fixture
def errands(app: Flask) -> Errands:
    return Errands(app)
