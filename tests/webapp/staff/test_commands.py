"""`marshrut create-admin`."""

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.staff.commands import create_admin
from webapp.staff.models import User

ANSWERS = ["--name", "Ada Brown", "--email", "ada@example.com"]


def test_it_makes_an_administrator_of_all_centres(app: Flask, session: Session) -> None:
    with app.app_context():
        result = CliRunner().invoke(create_admin, [*ANSWERS, "--password", "correct horse"])

    user = session.scalars(select(User)).one()
    assert (result.exit_code, user.email) == (0, "ada@example.com")
    assert [(grant.role, grant.centre_id) for grant in user.grants] == [("admin", None)]


@pytest.mark.parametrize(("password", "code"), [("short", "password_length"), ("ada@example.com", "password_easy")])
def test_it_refuses_an_easy_password(app: Flask, session: Session, password: str, code: str) -> None:
    with app.app_context():
        result = CliRunner().invoke(create_admin, [*ANSWERS, "--password", password])

    assert (result.exit_code, code in result.output) == (1, True)
    assert session.scalars(select(User)).all() == []
