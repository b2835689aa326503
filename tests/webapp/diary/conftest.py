"""A salesperson with errands, and his colleagues."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.webapp.errands import Errands
from tests.webapp.staff.factories import make_centre, make_user
from webapp.staff.models import Centre, User


@pytest.fixture
def errands(app: Flask) -> Errands:
    return Errands(app)


@pytest.fixture
def centre(session: Session) -> Centre:
    found = make_centre(session, name="North")
    session.commit()
    return found


@pytest.fixture
def head(session: Session, centre: Centre) -> User:
    user = make_user(session, "sales_head", centre=centre, name="Sergei Mironov")
    session.commit()
    return user


@pytest.fixture
def seller(session: Session, centre: Centre, head: User) -> User:
    user = make_user(session, "sales_manager", centre=centre, name="Alina Lebedeva", head_id=head.id)
    session.commit()
    return user


@pytest.fixture
def colleague(session: Session, centre: Centre, head: User) -> User:
    user = make_user(session, "sales_manager", centre=centre, name="Roman Titov", head_id=head.id)
    session.commit()
    return user
