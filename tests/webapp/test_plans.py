"""How My day, the control board, lists and the claim of due rows find their rows: by indexes, on both databases."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.plans import Question, Reading, asked_questions, plan_of, whole_readings
from tests.webapp.cases.deals import Deals
from tests.webapp.conftest import LogIn, on_both_databases
from tests.webapp.copies import multiply
from tests.webapp.diary.conftest import centre, colleague, errands, head, seller
from tests.webapp.diary.full_days import fill_day
from tests.webapp.errands import Errands
from tests.webapp.staff.factories import NOW, make_user
from webapp.core.reference import ship_all
from webapp.staff.models import Centre, User

__all__ = ["centre", "colleague", "errands", "head", "seller"]
pytestmark = on_both_databases

# they grow with every step that is ever done
GROWING = ("human_task", "history_event", "episode", "episode_milestone", "process_instance", "case_data", "due_row")
OF_CASES = ("human_task", "history_event", "episode", "episode_milestone", "case_data")
CONTROL = (
    "/control/",
    "/control/?by=step",
    "/control/?by=age",
    "/control/?show=deviations",
    "/control/?show=silent",
    "/control/?show=stuck",
    "/control/?show=open&person={person}",
    "/control/daily?person={person}",
)
LISTS = ("/cases", "/cases?state=late", "/cases?process=deal", "/cases/board?process=deal")
HIS_CASES, OTHERS_CASES, CLOSED_CASES = 60, 600, 2_000
DAY = timedelta(days=1)


@pytest.fixture
def person(
    app: Flask, session: Session, errands: Errands, deals: Deals, head: User, colleague: User, centre: Centre
) -> User:
    """Somebody with a full day and many cases in a centre; a colleague's open cases beside them."""
    with app.app_context():
        ship_all(session)
    found = make_user(session, "sales_manager", "call_operator", centre=centre, head_id=head.id)
    session.commit()
    done = errands.open(colleague, now=NOW - 401 * DAY, centre=centre)
    errands.complete(done, colleague, now=NOW - 400 * DAY)
    multiply(session, done.instance_id, CLOSED_CASES)
    session.commit()
    fill_day(session, errands, found, centre, 12, head=head)
    for owner, number in ((found, HIS_CASES), (colleague, OTHERS_CASES)):
        late = errands.open(owner, due=NOW - timedelta(hours=3), now=NOW - DAY, centre=centre)
        multiply(session, late.instance_id, number - 1)
        session.commit()
    errands.tick(NOW)
    for _ in range(3):
        deals.complete(deals.open(found, centre=centre), outcome="came")
    if session.get_bind().dialect.name == "postgresql":  # SQLite is not analysed in the application either
        session.execute(text("ANALYZE"))
    session.commit()
    return found


@pytest.fixture
def deals(app: Flask) -> Deals:
    return Deals(app)


def questions_of(app: Flask, client: FlaskClient, address: str) -> list[Question]:
    """What a page asks once the definitions are known."""
    client.get(address)
    with asked_questions(app.extensions["database"].engine) as questions:
        assert client.get(address).status_code == 200, address
    return questions


def plans_of(app: Flask, questions: list[Question]) -> list[list[Reading]]:
    with app.extensions["database"].engine.connect() as connection:
        return [plan_of(connection, question) for question in questions]


def indexes(plans: list[list[Reading]], table: str) -> set[str]:
    return {reading.index for plan in plans for reading in plan if reading.table == table}


def test_my_day_reads_the_persons_own_tasks_alone(app: Flask, client: FlaskClient, log_in: LogIn, person: User) -> None:
    log_in(user=person)

    plans = [plan for page in ("/diary/", "/diary/focus") for plan in plans_of(app, questions_of(app, client, page))]
    of_tasks = [reading for plan in plans for reading in plan if reading.table == "human_task"]

    assert whole_readings(plans, GROWING) == []
    assert {reading.index for reading in of_tasks} - {"ix_human_task_role_due"} == {
        "ix_human_task_assignee_due",
        "ix_human_task_completed",
    }
    assert all(reading.entered for reading in of_tasks)  # not even all that is open is gone through
    assert indexes(plans, "history_event") == {"ix_history_event_instance"}


def test_control_reads_what_is_open_whatever_was_done_before(
    app: Flask, client: FlaskClient, log_in: LogIn, head: User, person: User
) -> None:
    log_in(user=head)

    plans = {page: plans_of(app, questions_of(app, client, page.format(person=person.id))) for page in CONTROL}

    assert {page: whole for page, each in plans.items() if (whole := whole_readings(each, GROWING))} == {}
    assert "ix_human_task_open_due" in indexes(plans["/control/?show=stuck"], "human_task")
    assert "ix_human_task_completed" in indexes(plans["/control/"], "human_task")
    assert "ix_process_instance_active" in indexes(plans["/control/"], "process_instance")


def test_lists_read_steps_episodes_and_history_by_case(
    app: Flask, client: FlaskClient, log_in: LogIn, head: User, person: User
) -> None:
    log_in(user=head)

    plans = {page: plans_of(app, questions_of(app, client, page)) for page in LISTS}

    assert {page: whole for page, each in plans.items() if (whole := whole_readings(each, OF_CASES))} == {}
    assert "ix_human_task_open_due" in indexes(plans["/cases"], "human_task")
    assert "ix_process_instance_due" in indexes(plans["/cases"], "process_instance")
    assert "ix_episode_open" in indexes(plans["/cases/board?process=deal"], "episode")


def test_a_department_finds_the_cases_it_was_asked_for_by_its_role(
    app: Flask, client: FlaskClient, session: Session, log_in: LogIn, person: User, centre: Centre
) -> None:
    log_in(user=make_user(session, "cashier", centre=centre))

    plans = {page: plans_of(app, questions_of(app, client, page)) for page in LISTS}

    assert {page: whole for page, each in plans.items() if (whole := whole_readings(each, OF_CASES))} == {}
    assert "ix_human_task_role_instance" in indexes(plans["/cases"], "human_task")


def test_what_is_due_is_claimed_from_those_that_wait(app: Flask, errands: Errands, person: User) -> None:
    with asked_questions(app.extensions["database"].engine) as questions:
        errands.tick(NOW + DAY)
    claims = [each for each in questions if "FROM due_row" in each.statement and "LIMIT" in each.statement]

    plans = plans_of(app, claims)

    assert {each for plan in plans for each in plan} == {Reading("due_row", "ix_due_row_waiting", entered=True)}
