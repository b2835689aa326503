"""The control board: figures, the lists behind them, and causes in words."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from engine.human_tasks.models import HumanTask, TaskState
from tests.statements import counted_statements
from tests.webapp.conftest import LogIn
from tests.webapp.control.deeds import postpone, skip
from tests.webapp.control.pages import MOST_STATEMENTS, causes, figures, rows
from tests.webapp.errands import Errands
from tests.webapp.staff.factories import NOW, make_absence, make_centre, make_user
from webapp.staff.models import Centre, User

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class TestFigures:
    def test_each_person_has_his_own_line(
        self,
        client: FlaskClient,
        log_in: LogIn,
        errands: Errands,
        head: User,
        seller: User,
        colleague: User,
        centre: Centre,
    ) -> None:
        for _ in range(2):
            errands.open_late(seller, centre=centre)
        errands.open(seller, centre=centre)
        skipped = errands.open(colleague, centre=centre)
        skip(errands, skipped, colleague)
        late = errands.open_late(colleague, centre=centre)
        errands.complete(late, colleague, now=NOW)
        log_in(user=head)

        page = client.get("/control/").text

        assert figures(page, seller.id) == {"open": 3, "today": 3, "overdue": 2}
        assert figures(page, colleague.id) == {"deviations": 1}
        assert "0\u00a0%" in page

    def test_a_figure_opens_the_list_it_was_counted_from(
        self,
        client: FlaskClient,
        log_in: LogIn,
        errands: Errands,
        head: User,
        seller: User,
        colleague: User,
        centre: Centre,
    ) -> None:
        mine = errands.open_late(seller, centre=centre)
        errands.open_late(colleague, centre=centre)
        errands.open(seller, centre=centre)
        log_in(user=head)

        overdue = client.get(f"/control/?show=overdue&person={seller.id}").text
        opened = client.get(f"/control/?show=open&person={seller.id}").text

        assert rows(overdue) == [mine.instance_id]
        assert len(rows(opened)) == figures(opened, seller.id)["open"] == 2

    @pytest.mark.parametrize("problem", ["open", "today", "overdue", "postponed", "deviations", "silent", "refusals"])
    def test_every_figure_is_as_long_as_its_list(
        self,
        client: FlaskClient,
        log_in: LogIn,
        errands: Errands,
        head: User,
        seller: User,
        centre: Centre,
        problem: str,
    ) -> None:
        errands.open_late(seller, centre=centre)
        asleep = errands.open(seller, centre=centre)
        skipped = errands.open(seller, centre=centre)
        postpone(errands, asleep, seller)
        skip(errands, skipped, seller)
        log_in(user=head)

        page = client.get(f"/control/?show={problem}&person={seller.id}").text

        assert len(rows(page)) == figures(page, seller.id).get(problem, 0)

    def test_another_centre_is_out_of_sight(
        self, client: FlaskClient, session: Session, log_in: LogIn, errands: Errands, head: User
    ) -> None:
        south = make_centre(session, name="South")
        stranger = make_user(session, "sales_manager", centre=south)
        session.commit()
        errands.open(stranger, due=NOW - HOUR, now=NOW - DAY, centre=south)
        log_in(user=head)

        page = client.get("/control/").text

        assert rows(page) == []
        assert stranger.name not in page

    def test_steps_and_ages_are_counted_too(
        self, client: FlaskClient, log_in: LogIn, errands: Errands, head: User, seller: User, centre: Centre
    ) -> None:
        for late in (HOUR / 2, 2 * HOUR, 2 * DAY, 10 * DAY):
            errands.open(seller, due=NOW - late, now=NOW - 20 * DAY, centre=centre)
        log_in(user=head)

        steps = client.get("/control/?by=step&show=overdue&process=errand&step=call_back").text
        ages = client.get("/control/?by=age&show=overdue&age=three_days").text

        assert len(rows(steps)) == 4
        assert len(rows(ages)) == 1
        assert re.findall(r'data-test="cell-overdue">(\d+)<', ages) == ["1", "1", "1", "1"]

    def test_the_page_costs_the_same_for_many_people(
        self,
        app: Flask,
        client: FlaskClient,
        session: Session,
        log_in: LogIn,
        errands: Errands,
        head: User,
        centre: Centre,
    ) -> None:
        people = [make_user(session, "sales_manager", centre=centre) for _ in range(8)]
        session.commit()
        for number in range(60):
            errands.open(people[number % 8], due=NOW - HOUR, now=NOW - DAY, centre=centre)
        log_in(user=head)
        client.get("/control/")

        with counted_statements(app.extensions["database"].engine) as statements:
            page = client.get("/control/").text

        assert len(rows(page)) == 60
        assert len(statements) <= MOST_STATEMENTS, "\n".join(statements)


class TestCauses:
    def test_nobody_has_taken_it(
        self, client: FlaskClient, log_in: LogIn, errands: Errands, head: User, centre: Centre
    ) -> None:
        errands.open(None, key="lead", centre=centre, now=NOW - 2 * HOUR)
        log_in(user=head)

        page = client.get("/control/?person=0").text

        assert causes(page) == ["Waits for “Call centre”; nobody has taken it since 2 Mar 2026, 10:00."]

    def test_postponed_again_and_again(
        self, client: FlaskClient, log_in: LogIn, errands: Errands, head: User, seller: User, centre: Centre
    ) -> None:
        task = errands.open(seller, due=NOW - 5 * DAY, now=NOW - 6 * DAY, centre=centre)
        for days in (5, 4):
            postpone(errands, task, seller, reason="waiting_money", now=NOW - days * DAY)
        log_in(user=head)

        assert causes(client.get("/control/").text) == ["Postponed 2 times. Waits for money."]

    def test_half_filled(
        self, client: FlaskClient, log_in: LogIn, errands: Errands, head: User, seller: User, centre: Centre
    ) -> None:
        task = errands.open_late(seller, centre=centre)
        errands.act(
            lambda session, engine: engine.save_draft(
                session, task.id, "test/name", {"name": "A"}, actor_id=seller.id, now=NOW - 2 * HOUR
            )
        )
        log_in(user=head)

        assert causes(client.get("/control/").text) == ["Half filled since 2 Mar 2026, 10:00, not submitted."]

    def test_the_person_is_away(
        self,
        client: FlaskClient,
        session: Session,
        log_in: LogIn,
        errands: Errands,
        head: User,
        seller: User,
        centre: Centre,
    ) -> None:
        make_absence(session, seller)
        session.commit()
        errands.open_late(seller, centre=centre)
        log_in(user=head)

        assert causes(client.get("/control/").text) == ["Alina Lebedeva is away until 8 Mar 2026, 12:00."]

    def test_reminders_had_no_effect(
        self, client: FlaskClient, log_in: LogIn, errands: Errands, head: User, seller: User, centre: Centre
    ) -> None:
        errands.open(seller, due=NOW + 3 * HOUR, centre=centre)
        errands.tick(NOW + 4 * HOUR)
        log_in(user=head)

        page = client.get("/control/?show=open").text

        assert causes(page) == ["2 reminders without an effect. Escalated to Sergei Mironov on 2 Mar 2026, 16:00."]


class TestNextStep:
    def test_no_case_is_without_one(
        self, client: FlaskClient, log_in: LogIn, errands: Errands, head: User, seller: User, centre: Centre
    ) -> None:
        errands.open(seller, centre=centre)
        log_in(user=head)

        assert "0: every open case has an open task, a timer, or waits for a message." in client.get("/control/").text

    def test_one_that_lost_its_task_would_be_seen(
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
        session.execute(update(HumanTask).where(HumanTask.id == task.id).values(state=TaskState.CANCELLED))
        log_in(user=head)

        page = client.get("/control/?show=stuck").text

        assert "1 open case waits for nothing." in page
        assert rows(page) == [task.instance_id]
