"""The daily check, what is about to run out, and what the page costs."""

import re
from datetime import timedelta
from typing import NamedTuple

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.statements import counted_statements
from tests.webapp.conftest import LogIn
from tests.webapp.control.deeds import open_until
from tests.webapp.control.pages import MOST_STATEMENTS, cases, figures, rows
from tests.webapp.copies import multiply
from tests.webapp.errands import Errands
from tests.webapp.staff.factories import NOW, make_user
from webapp.control.queries import LIMIT
from webapp.staff.models import Centre, User

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PEOPLE, CASES = 9, 200


class TestDailyCheck:
    def test_a_checked_case_goes_to_the_end_and_the_count_goes_up(
        self, client: FlaskClient, log_in: LogIn, errands: Errands, head: User, seller: User, centre: Centre
    ) -> None:
        late = errands.open_late(seller, centre=centre)
        other = errands.open(seller, centre=centre)
        log_in(user=head)
        address = f"/control/daily?person={seller.id}"

        before = client.get(address).text
        client.post(f"/control/check?instance={late.instance_id}", data={"text": "Call today"})
        after = client.get(address).text

        assert cases(before) == [late.instance_id, other.instance_id]
        assert cases(after) == [other.instance_id, late.instance_id]
        assert ("Checked today 0 of 2" in before, "Checked today 1 of 2" in after) == (True, True)

    def test_it_opens_with_whom_most_is_left_to_check(
        self,
        client: FlaskClient,
        log_in: LogIn,
        errands: Errands,
        head: User,
        seller: User,
        colleague: User,
        centre: Centre,
    ) -> None:
        errands.open(seller, centre=centre)
        theirs = {errands.open(colleague, centre=centre).instance_id for _ in range(2)}
        log_in(user=head)

        assert set(cases(client.get("/control/daily").text)) == theirs

    def test_the_instruction_stands_on_the_step_and_in_the_day_until_a_step_is_done(
        self,
        client: FlaskClient,
        session: Session,
        log_in: LogIn,
        errands: Errands,
        head: User,
        seller: User,
        centre: Centre,
    ) -> None:
        task = errands.open(seller, centre=centre)
        log_in(user=head)
        client.post(f"/control/check?instance={task.instance_id}", data={"text": "Offer a drive"})

        log_in(user=seller)
        case = client.get(f"/cases/{task.instance_id}").text
        day = client.get("/diary/").text
        client.post(f"/tasks/{task.id}/complete", data={"name": "Ada", "command_key": "x"})
        done = client.get(f"/cases/{task.instance_id}").text

        for page in (case, day):
            assert re.search(r'data-test="instruction".*?Offer a drive', page, re.DOTALL)
        assert "Instruction by Sergei Mironov" in case
        assert 'data-test="instruction"' not in done
        assert "Offer a drive" in done  # the chronicle keeps it

    def test_without_cases_it_says_so(self, client: FlaskClient, log_in: LogIn, head: User) -> None:
        log_in(user=head)

        assert "No cases yet" in client.get("/control/daily").text


class TestExpiring:
    def test_what_runs_out_within_two_days_has_a_column_and_a_list(
        self, client: FlaskClient, log_in: LogIn, errands: Errands, head: User, seller: User, centre: Centre
    ) -> None:
        log_in(user=head)
        before = client.get("/control/").text
        soon = open_until(errands, seller, centre, days=1)
        open_until(errands, seller, centre, days=5)

        page = client.get(f"/control/?show=offer&person={seller.id}").text

        assert "Offers ending" not in before  # no process declares it
        assert figures(page, seller.id)["offer"] == 1
        assert rows(page) == [soon]


def test_nine_people_with_two_hundred_cases_each_ask_no_more_than_with_one(
    app: Flask, client: FlaskClient, session: Session, log_in: LogIn, errands: Errands, head: User, centre: Centre
) -> None:
    people = [make_user(session, "sales_manager", centre=centre, head_id=head.id) for _ in range(PEOPLE)]
    log_in(user=head)
    first = [errands.open(each, due=NOW - 3 * HOUR, now=NOW - DAY, centre=centre).instance_id for each in people]
    pages = {
        "/control/": LIMIT,
        "/control/?by=step": LIMIT,
        "/control/?show=deviations": 0,
        f"/control/?show=open&person={people[0].id}": LIMIT,
        f"/control/daily?person={people[0].id}": LIMIT,
    }
    for address in pages:
        client.get(address)
    with_one = {address: look(app, client, address).statements for address in pages}

    for case in first:
        multiply(session, case, CASES - 1)
    session.commit()

    for address, number in pages.items():
        seen = look(app, client, address)
        assert len(rows(seen.page)) + len(cases(seen.page)) == number, address
        assert seen.statements == with_one[address] <= MOST_STATEMENTS, address
    assert "Checked today 0 of 200" in seen.page


class Look(NamedTuple):
    """A page and how many statements it asked."""

    page: str
    statements: int


def look(app: Flask, client: FlaskClient, address: str) -> Look:
    with counted_statements(app.extensions["database"].engine) as statements:
        page = client.get(address).text
    return Look(page, len(statements))
