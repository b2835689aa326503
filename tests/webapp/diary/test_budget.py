"""What My day asks of the database: no more for sixty tasks than for six."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.statements import counted_statements
from tests.webapp.conftest import LogIn
from tests.webapp.diary.full_days import fill_day
from tests.webapp.errands import Errands
from tests.webapp.staff.factories import make_user
from webapp.core.reference import ship_all
from webapp.staff.models import Centre, User

MOST_STATEMENTS = 13
FEW, MANY = 6, 60


@pytest.fixture
def person(app: Flask, session: Session, head: User, centre: Centre) -> User:
    """Somebody who sells and also answers new leads, at a dealer with reference lists."""
    with app.app_context():
        ship_all(session)
    return make_user(session, "sales_manager", "call_operator", centre=centre, head_id=head.id)


@pytest.mark.parametrize("address", ["/diary/", "/diary/focus"])
def test_sixty_mixed_tasks_ask_no_more_than_six(
    app: Flask,
    client: FlaskClient,
    session: Session,
    log_in: LogIn,
    errands: Errands,
    head: User,
    person: User,
    centre: Centre,
    address: str,
) -> None:
    log_in(user=person)
    counts = {}
    shown = []
    for number in (FEW, MANY - FEW):
        shown += fill_day(session, errands, person, centre, number, head=head)
        client.get(address)
        with counted_statements(app.extensions["database"].engine) as statements:
            page = client.get(address)
        counts[len(shown)] = len(statements)

    assert page.status_code == 200
    assert counts[FEW] == counts[MANY], "\n".join(statements)
    assert counts[MANY] <= MOST_STATEMENTS, "\n".join(statements)


def test_all_sixty_stand_on_the_page_where_they_belong(
    client: FlaskClient, session: Session, log_in: LogIn, errands: Errands, head: User, person: User, centre: Centre
) -> None:
    log_in(user=person)
    tasks = fill_day(session, errands, person, centre, MANY, head=head)

    page = client.get("/diary/").text

    assert {int(number) for number in re.findall(r'data-task="(\d+)"', page)} == {task.id for task in tasks}
    assert len(re.findall(r'data-test="lead" ', page)) == MANY // 6
    assert len(re.findall(r'data-test="instruction"', page)) == MANY // 6
    assert len(re.findall(r'data-test="visit"', page)) == MANY // 6
    assert "Belova" in page
