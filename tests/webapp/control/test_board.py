"""The control board: figures, the lists behind them, causes in words, and the acts of a head."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from engine.clock import SettableClock
from engine.history.models import HistoryEvent
from engine.human_tasks.assignment import Actor
from engine.human_tasks.models import HumanTask, TaskState
from engine.incidents import Incident, open_incident
from engine.instances.models import ProcessInstance
from tests.statements import counted_statements
from tests.webapp.conftest import LogIn
from tests.webapp.errands import Errands
from tests.webapp.staff.factories import NOW, make_absence, make_centre, make_user
from webapp.control.models import ControlCheck
from webapp.staff.models import Centre, User

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MOST_STATEMENTS = 17


def figures(page: str, person: int) -> dict[str, int]:
    """Cells of one line of the board by their problem; those without a number are absent."""
    line = re.search(rf'<tr data-test="person" data-person="{person}">.*?</tr>', page, re.DOTALL)
    assert line, f"no line for {person}"
    return {name: int(number) for name, number in re.findall(r'data-test="cell-(\w+)">(\d+)<', line.group(0))}


def rows(page: str) -> list[int]:
    """Ids of the cases in the list."""
    return [int(number) for number in re.findall(r'data-test="row" data-instance="(\d+)"', page)]


def causes(page: str) -> list[str]:
    return [text.strip() for text in re.findall(r'data-test="cause">([^<]*)', page)]


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
        errands.act(
            lambda session, engine: engine.skip(
                session, skipped.id, reason="known already", actor=Actor(colleague.id), now=NOW, command_key="s"
            )
        )
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
        errands.act(
            lambda session, engine: engine.postpone(
                session, asleep.id, until=NOW + DAY, reason="travel", actor=Actor(seller.id), now=NOW
            )
        )
        errands.act(
            lambda session, engine: engine.skip(
                session, skipped.id, reason="known", actor=Actor(seller.id), now=NOW, command_key="s"
            )
        )
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
            errands.act(
                lambda session, engine, days=days: engine.postpone(
                    session,
                    task.id,
                    until=NOW - (days - 1) * DAY,
                    reason="waiting_money",
                    actor=Actor(seller.id),
                    now=NOW - days * DAY,
                )
            )
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


class TestActs:
    def test_several_steps_go_to_one_colleague_after_a_preview(
        self,
        client: FlaskClient,
        log_in: LogIn,
        errands: Errands,
        head: User,
        seller: User,
        colleague: User,
        centre: Centre,
    ) -> None:
        tasks = [errands.open_late(seller, centre=centre) for _ in range(3)]
        log_in(user=head)

        chosen = {"task": [task.id for task in tasks[:2]]}
        preview = client.get("/control/reassign", query_string=chosen).text
        client.post("/control/reassign", data={**chosen, "to": colleague.id, "comment": "Ill", "with_case": "true"})

        assert preview.count("Alina Lebedeva</td>") == 2
        assert [errands.task(task.id).assignee_id for task in tasks] == [colleague.id, colleague.id, seller.id]

    def test_the_responsibility_goes_over_only_when_ticked(
        self,
        client: FlaskClient,
        session: Session,
        log_in: LogIn,
        errands: Errands,
        head: User,
        seller: User,
        colleague: User,
        centre: Centre,
    ) -> None:
        one, other = errands.open(seller, centre=centre), errands.open(seller, centre=centre)
        log_in(user=head)

        client.post("/control/reassign", data={"task": one.id, "to": colleague.id, "comment": "x"})
        client.post(
            "/control/reassign", data={"task": other.id, "to": colleague.id, "comment": "x", "with_case": "true"}
        )

        owners = session.scalars(select(ProcessInstance.owner_id).order_by(ProcessInstance.id)).all()
        assert owners == [seller.id, colleague.id]

    def test_a_reason_is_demanded(
        self,
        client: FlaskClient,
        log_in: LogIn,
        errands: Errands,
        head: User,
        seller: User,
        colleague: User,
        centre: Centre,
    ) -> None:
        task = errands.open(seller, centre=centre)
        log_in(user=head)

        answer = client.post("/control/reassign", data={"task": task.id, "to": colleague.id})

        assert answer.status_code == 422
        assert errands.task(task.id).assignee_id == seller.id

    def test_a_strangers_case_cannot_be_touched(
        self, client: FlaskClient, session: Session, log_in: LogIn, errands: Errands, head: User, colleague: User
    ) -> None:
        south = make_centre(session, name="South")
        stranger = make_user(session, "sales_manager", centre=south)
        session.commit()
        task = errands.open(stranger, centre=south)
        log_in(user=head)

        client.post("/control/reassign", data={"task": task.id, "to": colleague.id, "comment": "mine"})
        client.post("/control/check", data={"instance": task.instance_id})
        client.post("/control/comment", data={"instance": task.instance_id, "text": "hello"})

        assert errands.task(task.id).assignee_id == stranger.id
        assert session.scalars(select(ControlCheck)).all() == []
        assert session.scalar(select(HistoryEvent.seq).where(HistoryEvent.kind == "commented")) is None

    def test_a_checked_case_is_marked_for_the_day(
        self,
        client: FlaskClient,
        log_in: LogIn,
        errands: Errands,
        head: User,
        seller: User,
        centre: Centre,
        clock: SettableClock,
    ) -> None:
        task = errands.open_late(seller, centre=centre)
        errands.open_late(seller, centre=centre)
        log_in(user=head)

        client.post("/control/check", data={"task": task.id})
        today = client.get("/control/").text
        clock.set(NOW + DAY)
        tomorrow = client.get("/control/").text

        assert today.count('data-test="is-checked"') == 1
        assert "Checked today 1 of 2" in today
        assert "Checked today 0 of 2" in tomorrow

    def test_an_instruction_is_read_in_the_list_and_in_the_log(
        self,
        client: FlaskClient,
        session: Session,
        log_in: LogIn,
        errands: Errands,
        head: User,
        seller: User,
        centre: Centre,
    ) -> None:
        task = errands.open_late(seller, centre=centre)
        log_in(user=head)

        client.post("/control/check", data={"instance": task.instance_id, "text": "Call today"})

        assert "“Call today”" in client.get("/control/").text
        assert session.scalars(select(ControlCheck.instruction)).all() == ["Call today"]

    def test_reading_the_board_is_not_changing_it(
        self, client: FlaskClient, log_in: LogIn, errands: Errands, seller: User
    ) -> None:
        task = errands.open_late(seller)
        log_in("control.see")

        page = client.get("/control/").text

        assert rows(page) == [task.instance_id]
        assert 'data-test="check"' not in page
        assert client.post("/control/check", data={"task": task.id}).status_code == 403


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


class TestIncidents:
    def test_a_failed_step_is_listed_and_tried_again(
        self, client: FlaskClient, session: Session, log_in: LogIn, errands: Errands, seller: User
    ) -> None:
        task = errands.open(seller)
        self.fail(errands, task, seller)
        log_in("control.incidents")

        page = client.get("/control/incidents").text
        number = session.scalar(select(Incident.id))
        again = client.post(f"/control/incidents/{number}/retry", follow_redirects=True).text

        assert "RuntimeError: no paper" in page
        assert "The step went through." in again
        assert errands.task(task.id).state is TaskState.COMPLETED
        assert 'data-test="incident"' not in again

    def test_one_of_no_step_is_called_in_the_readers_language(
        self, client: FlaskClient, session: Session, log_in: LogIn
    ) -> None:
        session.add(Incident(kind="send", error="550 no such user", opened_at=NOW))
        log_in("control.incidents")

        page = client.get("/control/incidents", headers={"Accept-Language": "ru"}).text

        assert "Сообщение наружу" in page

    def test_they_are_not_for_everybody(self, client: FlaskClient, log_in: LogIn, errands: Errands, head: User) -> None:
        log_in(user=head)

        assert client.get("/control/incidents").status_code == 403

    @staticmethod
    def fail(errands: Errands, task: HumanTask, by: User) -> None:
        """As the engine notes a step that broke down: what was typed is kept beside the incident."""

        def deed(session: Session, engine: object) -> None:
            errands.engine.save_draft(session, task.id, "test/name", {"name": "Ada"}, actor_id=by.id, now=NOW)
            command = {
                "task": task.id,
                "actor": by.id,
                "form": "test/name",
                "key": "k",
                "zone": "UTC",
                "boundary": None,
            }
            open_incident(
                session,
                kind="complete",
                error=RuntimeError("no paper"),
                command={**command, "boundary": None},
                now=NOW,
                instance_id=task.instance_id,
                element=task.element,
            )

        errands.act(deed)
