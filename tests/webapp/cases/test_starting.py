"""Starting a process by hand: what is offered, to whom, and the case that comes of it."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.instances.models import ProcessInstance
from engine.runtime import Engine
from tests.engine.world import end, flows, form, process, user_task
from tests.webapp.conftest import LogIn
from tests.webapp.staff.factories import NOW, make_centre
from webapp.staff.models import Centre

STEP = user_task("do_it", "test/name", role="sales_manager", **{"name.ru": "Сделать"})
END = end("done", outcome="won")
ERRAND = process(
    '<bpmn:startEvent id="begun"/>', STEP, END, flows("begun > do_it", "do_it > done"), key="errand",
    **{"name.ru": "Поручение"},
)  # fmt: skip
CALLED = process(
    '<bpmn:startEvent id="rung"><bpmn:messageEventDefinition id="m1" messageRef="message_rung"/></bpmn:startEvent>',
    STEP, END, flows("rung > do_it", "do_it > done"), key="answer", messages=("rung",),
)  # fmt: skip
PART = ERRAND.replace('"errand"', '"part"')
WHOLE = process(
    '<bpmn:startEvent id="begun"/>',
    '<bpmn:callActivity id="inner"><bpmn:extensionElements><zeebe:calledElement processId="part"/>'
    "</bpmn:extensionElements></bpmn:callActivity>",
    END, flows("begun > inner", "inner > done"), key="whole",
)  # fmt: skip


@pytest.fixture
def publish(app: Flask, session: Session) -> None:
    engine: Engine = app.extensions["workflow"]
    texts = {"e.bpmn": ERRAND, "c.bpmn": CALLED, "p.bpmn": PART, "w.bpmn": WHOLE, "n.form": form("test/name", "name")}
    with app.app_context():
        engine.deploy(session, {name: text.encode() for name, text in texts.items()}, actor_id=None, now=NOW)
        session.commit()


@pytest.fixture
def north(session: Session) -> Centre:
    return make_centre(session, name="North")


RIGHTS = ("cases.see", "cases.add", "cases.change")


def cases(session: Session) -> list[ProcessInstance]:
    session.rollback()
    return list(session.scalars(select(ProcessInstance).order_by(ProcessInstance.id)))


def test_nothing_is_linked_while_nothing_starts_by_hand(client: FlaskClient, log_in: LogIn) -> None:
    log_in(*RIGHTS)
    page = client.get("/cases").text
    assert 'data-test="start"' not in page
    assert "/cases/start" not in page  # nor in the menu under New


@pytest.mark.usefixtures("publish")
class TestTheList:
    def test_offers_what_begins_by_hand_and_is_no_part_of_another(self, client: FlaskClient, log_in: LogIn) -> None:
        log_in(*RIGHTS)

        page = client.get("/cases/start").text

        assert [key for key in ("errand", "whole", "part", "answer") if f'value="{key}"' in page] == ["errand", "whole"]

    def test_is_linked_from_the_cases_for_those_who_may(self, client: FlaskClient, log_in: LogIn) -> None:
        log_in(*RIGHTS)
        page = client.get("/cases").text
        assert 'data-test="start"' in page
        assert page.count("/cases/start") >= 2  # and in the menu under New

    def test_is_not_linked_for_others(self, client: FlaskClient, log_in: LogIn) -> None:
        log_in("cases.see")
        assert 'data-test="start"' not in client.get("/cases").text

    def test_calls_a_process_in_the_readers_language(self, client: FlaskClient, log_in: LogIn) -> None:
        log_in(*RIGHTS)
        client.post("/preferences", data={"language": "ru"})

        assert "Поручение" in client.get("/cases/start").text

    def test_is_reached_from_the_list_of_cases_by_who_may_start(self, client: FlaskClient, log_in: LogIn) -> None:
        log_in(*RIGHTS)
        allowed = client.get("/cases").text
        log_in("cases.see")

        assert 'href="/cases/start"' in allowed
        assert 'href="/cases/start"' not in client.get("/cases").text


def test_without_such_a_process_the_page_says_what_is_missing(client: FlaskClient, log_in: LogIn) -> None:
    log_in(*RIGHTS)

    assert "Nothing begins by hand" in client.get("/cases/start").text


@pytest.mark.usefixtures("publish")
class TestStarting:
    def test_opens_a_case_of_ones_own_centre_and_its_first_step(
        self, client: FlaskClient, session: Session, log_in: LogIn, north: Centre
    ) -> None:
        person = log_in(*RIGHTS, scope="centre", centre=north)

        page = client.post("/cases/start", data={"process": "errand", "subject": "The keys"}, follow_redirects=True)

        (case,) = cases(session)
        assert (case.process_key, case.owner_id, case.scope_id) == ("errand", person.id, north.id)
        assert page.request.path == f"/cases/{case.id}"
        assert "The keys" in page.text
        assert 'id="step-form"' in page.text

    def test_twice_with_one_key_opens_one_case(self, client: FlaskClient, session: Session, log_in: LogIn) -> None:
        log_in(*RIGHTS)
        typed = {"process": "errand", "subject": "The keys", "command_key": "once"}

        answers = [client.post("/cases/start", data=typed) for _ in range(2)]

        assert len(cases(session)) == 1
        assert answers[0].location == answers[1].location

    def test_the_key_of_another_person_opens_his_own_case(
        self, client: FlaskClient, session: Session, log_in: LogIn
    ) -> None:
        typed = {"process": "errand", "subject": "The keys", "command_key": "once"}
        for _ in range(2):
            log_in(*RIGHTS)
            client.post("/cases/start", data=typed)

        assert len({case.owner_id for case in cases(session)}) == 2

    @pytest.mark.parametrize("process", ["answer", "part", "nothing"])
    def test_what_does_not_begin_by_hand_is_refused(
        self, client: FlaskClient, session: Session, log_in: LogIn, process: str
    ) -> None:
        log_in(*RIGHTS)

        answer = client.post("/cases/start", data={"process": process, "subject": "The keys"})

        assert answer.status_code == 404
        assert cases(session) == []

    def test_a_centre_out_of_reach_is_refused(
        self, client: FlaskClient, session: Session, log_in: LogIn, north: Centre
    ) -> None:
        south = make_centre(session, name="South")
        log_in(*RIGHTS, scope="centre", centre=north)

        answer = client.post("/cases/start", data={"process": "errand", "subject": "x", "centre_id": south.id})

        assert (answer.status_code, "error-centre_id" in answer.text or cases(session)) == (422, [])

    @pytest.mark.usefixtures("north")
    def test_whoever_works_in_several_centres_is_asked_for_one(
        self, client: FlaskClient, session: Session, log_in: LogIn
    ) -> None:
        make_centre(session, name="South")
        log_in(*RIGHTS)

        answer = client.post("/cases/start", data={"process": "errand", "subject": "x"})

        assert answer.status_code == 422
        assert "Choose the centre to which the case belongs." in answer.text

    def test_an_empty_subject_comes_back_to_its_field(
        self, client: FlaskClient, session: Session, log_in: LogIn
    ) -> None:
        log_in(*RIGHTS)

        answer = client.post("/cases/start", data={"process": "errand", "subject": " "})

        assert (answer.status_code, "error-subject" in answer.text) == (422, True)
        assert cases(session) == []
