"""What the log tells a head: deviations that he acknowledges, escalations that he answers, both a fold of the log."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.database import Database
from engine.history.models import HistoryEvent
from engine.human_tasks.assignment import Actor
from engine.persistence import table_of
from tests.webapp.conftest import LogIn
from tests.webapp.control.deeds import escalated, postpone, skip
from tests.webapp.control.pages import causes, figures, rows
from tests.webapp.errands import Errands
from tests.webapp.staff.factories import NOW, make_centre, make_user
from webapp.control.following import rebuild
from webapp.control.models import LoggedDeviation, LoggedEscalation
from webapp.diary.models import Notification
from webapp.staff.models import Centre, User

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def stored(session: Session) -> list[list[tuple[object, ...]]]:
    tables = (table_of(LoggedDeviation), table_of(LoggedEscalation))
    return [sorted((tuple(row) for row in session.execute(select(table))), key=str) for table in tables]


class TestDeviations:
    def test_each_is_told_in_words_and_counted_with_who_left_the_path(
        self, client: FlaskClient, log_in: LogIn, errands: Errands, head: User, seller: User, centre: Centre
    ) -> None:
        skip(errands, errands.open(seller, centre=centre), seller, reason="Has driven it already")
        errands.complete(errands.open(seller, centre=centre), head, now=NOW)
        often = errands.open(seller, centre=centre)
        for days in (1, 2, 3):
            postpone(errands, often, seller, days)
        log_in(user=head)

        page = client.get("/control/?show=deviations").text

        assert sorted(causes(page)) == [
            "Done although the step belonged to Alina Lebedeva.",
            "Marked as not needed. Has driven it already.",
            "Postponed 3 times. Is travelling.",
        ]
        assert (figures(page, seller.id)["deviations"], figures(page, head.id)["deviations"]) == (2, 1)

    def test_one_click_acknowledges_it_and_the_log_remembers(
        self,
        client: FlaskClient,
        session: Session,
        log_in: LogIn,
        errands: Errands,
        head: User,
        seller: User,
        centre: Centre,
    ) -> None:
        skip(errands, errands.open(seller, centre=centre), seller)
        log_in(user=head)
        (deviation,) = session.scalars(select(LoggedDeviation)).all()

        client.post(f"/control/deviations/seen?deviation={deviation.seq}")

        session.rollback()
        page = client.get("/control/?show=deviations").text
        assert rows(page) == []
        assert "No deviations" in page
        assert session.scalar(select(HistoryEvent.actor_id).where(HistoryEvent.kind == "deviation_seen")) == head.id

    def test_an_answer_acknowledges_it_too(
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
        skip(errands, task, seller)
        log_in(user=head)
        (deviation,) = session.scalars(select(LoggedDeviation)).all()
        page = client.get(f"/control/comment?instance={task.instance_id}&deviation={deviation.seq}").text

        client.post(
            "/control/comment",
            data={"instance": task.instance_id, "deviation": deviation.seq, "text": "Offer it all the same"},
        )

        assert f'name="deviation" value="{deviation.seq}"' in page
        session.rollback()
        assert session.get_one(LoggedDeviation, deviation.seq).seen_by == head.id

    def test_another_centres_is_neither_seen_nor_acknowledged(
        self, client: FlaskClient, session: Session, log_in: LogIn, errands: Errands, head: User
    ) -> None:
        south = make_centre(session, name="South")
        stranger = make_user(session, "sales_manager", centre=south)
        session.commit()
        skip(errands, errands.open(stranger, centre=south), stranger)
        log_in(user=head)
        (deviation,) = session.scalars(select(LoggedDeviation)).all()

        client.post("/control/deviations/seen", data={"deviation": deviation.seq})

        assert rows(client.get("/control/?show=deviations").text) == []
        session.rollback()
        assert session.get_one(LoggedDeviation, deviation.seq).seen_at is None


class TestEscalations:
    def test_the_head_answers_on_the_board_and_the_salesperson_reads_it(
        self, client: FlaskClient, log_in: LogIn, errands: Errands, head: User, seller: User, centre: Centre
    ) -> None:
        task = escalated(errands, seller, centre)
        log_in(user=head)
        page = client.get("/control/").text
        address = re.search(r'action="(/control/escalations/\d+/answer)"', page)
        assert address
        assert "Escalated to Sergei Mironov on" in causes(page)[0]

        client.post(address.group(1), data={"text": "Call her at five, I join"})

        assert 'data-test="escalation"' not in client.get("/control/").text
        log_in(user=seller)
        case = client.get(f"/cases/{task.instance_id}").text
        assert re.search(r'data-test="instruction".*?Call her at five, I join', case, re.DOTALL)
        assert 'data-test="instruction"' in client.get("/diary/").text

    def test_only_who_was_told_may_answer_and_only_once(
        self,
        client: FlaskClient,
        session: Session,
        log_in: LogIn,
        errands: Errands,
        head: User,
        seller: User,
        centre: Centre,
    ) -> None:
        escalated(errands, seller, centre)
        other = make_user(session, "sales_head", centre=centre)
        session.commit()
        (seq,) = session.scalars(select(LoggedEscalation.seq)).all()
        address = f"/control/escalations/{seq}/answer"

        log_in(user=other)
        strangers = client.post(address, data={"text": "Mine"}).status_code
        log_in(user=head)
        empty = client.post(address, data={"text": " "}).status_code
        first = client.post(address, data={"text": "Call"}).status_code
        second = client.post(address, data={"text": "Call"}).status_code

        assert (strangers, empty, first, second) == (404, 422, 302, 404)

    def test_one_whose_step_is_done_is_gone(
        self, client: FlaskClient, log_in: LogIn, errands: Errands, head: User, seller: User, centre: Centre
    ) -> None:
        errands.complete(escalated(errands, seller, centre), seller, now=NOW)
        log_in(user=head)

        assert 'data-test="escalation"' not in client.get("/control/").text


class TestOneClick:
    def test_a_reminder_reaches_the_person_at_once(
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
        other = errands.open_late(seller, centre=centre)
        log_in(user=head)

        client.post(f"/control/remind?task={task.id}", data={"task": other.id})

        reminded = session.scalars(select(HistoryEvent).where(HistoryEvent.kind == "reminded")).all()
        assert [(each.instance_id, each.actor_id) for each in reminded] == [(task.instance_id, head.id)]
        told = session.execute(
            select(Notification.user_id, Notification.task_id).where(Notification.kind == "reminder")
        )
        assert [tuple(each) for each in told] == [(seller.id, task.id)]

    def test_a_free_step_is_given_to_somebody_of_its_role(
        self,
        client: FlaskClient,
        session: Session,
        log_in: LogIn,
        errands: Errands,
        head: User,
        seller: User,
        centre: Centre,
    ) -> None:
        operator = make_user(session, "call_operator", name="Inna Zueva")
        session.commit()
        task = errands.open(None, key="lead", centre=centre, now=NOW - HOUR)
        log_in(user=head)

        assert "Inna Zueva" in client.get("/control/?person=0").text
        refused = client.post(f"/control/give?task={task.id}&to={seller.id}")
        client.post(f"/control/give?task={task.id}&to={operator.id}")

        assert refused.status_code == 422
        assert errands.task(task.id).assignee_id == operator.id


@pytest.mark.parametrize("seed", range(3))
def test_the_tables_are_the_fold_of_the_log(
    client: FlaskClient,
    session: Session,
    log_in: LogIn,
    errands: Errands,
    head: User,
    seller: User,
    centre: Centre,
    seed: int,
) -> None:
    skip(errands, errands.open(seller, centre=centre), seller)
    errands.complete(errands.open(seller, centre=centre), head, now=NOW)
    often = errands.open(seller, centre=centre)
    for days in range(1, 4 + seed):
        postpone(errands, often, seller, days)
    if seed:
        errands.act(lambda session, engine: engine.recall(session, often.id, actor=Actor(seller.id), now=NOW))
    escalated(errands, seller, centre)
    escalated(errands, seller, centre)
    log_in(user=head)
    first = session.scalars(select(LoggedDeviation.seq).order_by(LoggedDeviation.seq)).first()
    client.post("/control/deviations/seen", data={"deviation": first})
    answered = session.scalars(select(LoggedEscalation.seq).order_by(LoggedEscalation.seq)).first()
    client.post(f"/control/escalations/{answered}/answer", data={"text": "Call"})
    database: Database = errands.database

    with database.read() as reading:
        before = stored(reading)
    with database.write() as writing:
        counted = rebuild(writing)
    with database.read() as reading:
        after = stored(reading)

    assert before == after
    assert counted == (len(before[0]), 2)
    assert len(before[0]) == 2 + (1 if seed == 0 else seed)
