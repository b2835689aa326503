"""Two people at one draft at the same moment: nothing is lost, and whoever is too late is told so."""

import io
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, select, text
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from engine.database import Database
from engine.definitions.models import ProcessDefinition
from tests.dealer import ROOT
from tests.webapp.conftest import LogIn, on_both_databases
from tests.webapp.errands import Errands
from tests.webapp.studio.test_publishing import RIGHTS, draw, live_version, looked_at
from webapp.studio.departments.models import ApprovalPolicy, DepartmentRules
from webapp.studio.models import Draft, DraftAuthor, RecordedCase, RunningScript

MINE, HIS = "a-page-of-mine", "a-page-of-his"
FILE = (ROOT / "processes/common/errand.bpmn").read_bytes()
NEVER = 20  # seconds: something waits for good

# on SQLite whoever writes holds the database: nothing comes between two of his statements
between_statements = pytest.mark.parametrize(
    "stored_in", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True
)


class Somebody:
    """Another browser of the same person, in a thread of its own."""

    def __init__(self, app: Flask, database: Database) -> None:
        self.client = app.test_client()
        self._database = database
        self._thread: Thread | None = None
        self._answers: list[TestResponse] = []

    def post(self, address: str, **sent: Any) -> None:
        """Begin to ask, and come back when the answer is there, or waits for somebody else."""
        self._thread = Thread(target=lambda: self._answers.append(self.client.post(address, **sent)))
        self._thread.start()
        until = time.monotonic() + NEVER
        while self._thread.is_alive() and not self._waits():
            assert time.monotonic() < until
            time.sleep(0.02)

    def answer(self) -> TestResponse:
        assert self._thread is not None
        self._thread.join(NEVER)
        return self._answers[-1]

    def _waits(self) -> bool:
        if self._database.engine.dialect.name == "sqlite":
            time.sleep(0.3)  # it can do nothing but wait
            return True
        with self._database.engine.connect() as connection:
            return bool(connection.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")))


@pytest.fixture
def draft(errands: Errands, client: FlaskClient, session: Session, log_in: LogIn) -> Draft:
    log_in(*RIGHTS)
    client.post("/studio/drafts", data={"kind": "process", "key": "errand"})
    return session.scalars(select(Draft)).one()


@pytest.fixture
def other(app: Flask, errands: Errands, client: FlaskClient, draft: Draft) -> Somebody:
    found = Somebody(app, errands.database)
    with client.session_transaction() as mine, found.client.session_transaction() as his:
        his.update(mine)
    return found


@contextmanager
def once_before(database: Database, words: str, deed: Callable[[], None]) -> Iterator[None]:
    """Somebody else does this before the first statement that begins with these words, or ends so."""
    done: list[bool] = []

    def look(_c: Any, _k: Any, statement: str, *_: Any) -> None:
        if not done and (statement.startswith(words) or statement.endswith(words)):
            done.append(True)
            deed()

    event.listen(database.engine, "before_cursor_execute", look)
    try:
        yield
    finally:
        event.remove(database.engine, "before_cursor_execute", look)
    assert done


def sent(body: str, rev: int = 1, token: str = HIS) -> dict[str, object]:
    return {"token": token, "rev": rev, "body": body}


def asked(act: str, body: str, token: str) -> dict[str, object]:
    return sent(body, token=token) if act == "save" else {"token": token}


@on_both_databases
def test_who_saves_while_it_is_published_is_told_that_it_is_live(
    draft: Draft, client: FlaskClient, session: Session, errands: Errands, other: Somebody
) -> None:
    looked = draw(session, draft, draft.body.replace('name="prompt" value="', 'name="prompt" value="Please: ')).body
    form = {"digest": looked_at(client, draft)}
    address = f"/studio/drafts/{draft.id}"
    save = sent(looked.replace("Please", "Kindly"), rev=2)
    with once_before(errands.database, "INSERT INTO deployment", lambda: other.post(f"{address}/save", json=save)):
        published = client.post(f"{address}/publish", data=form)
    assert published.status_code == 302
    late = other.answer()
    assert (late.status_code, "This draft does not exist any more" in late.text) == (404, True)
    assert live_version(session) == 2
    newest = session.scalars(select(ProcessDefinition).order_by(ProcessDefinition.id.desc()).limit(1)).one()
    assert newest.xml == looked
    assert session.scalars(select(Draft)).all() == []


@between_statements
def test_what_was_saved_just_before_is_not_published_unseen(
    draft: Draft, client: FlaskClient, session: Session, errands: Errands, other: Somebody
) -> None:
    form = {"digest": looked_at(client, draft), "note": "my words"}
    drawn = draft.body.replace('name="prompt" value="', 'name="prompt" value="Please: ')
    address = f"/studio/drafts/{draft.id}"
    with once_before(errands.database, "FOR UPDATE", lambda: other.post(f"{address}/save", json=sent(drawn))):
        answer = client.post(f"{address}/publish", data=form)
    assert other.answer().status_code == 200
    assert (answer.status_code, "my words" in answer.text) == (409, True)
    assert live_version(session) == 1
    assert session.scalars(select(Draft.body)).one() == drawn


@between_statements
@pytest.mark.parametrize(
    ("act", "status"),
    [("save", 404), ("turn", 404), (f"release?token={MINE}", 204), ("discard", 404)],
)
def test_a_draft_that_somebody_has_thrown_away_is_gone(
    draft: Draft, client: FlaskClient, errands: Errands, other: Somebody, act: str, status: int
) -> None:
    address = f"/studio/drafts/{draft.id}"
    words = "DELETE FROM studio_test_run" if act == "discard" else "UPDATE studio_draft "
    with once_before(errands.database, words, lambda: other.post(f"{address}/discard")):
        answer = client.post(f"{address}/{act}", json=asked(act, "<mine/>", MINE))
    assert other.answer().status_code == 302
    assert answer.status_code == status


@on_both_databases
def test_two_people_begin_one_draft(
    draft: Draft, client: FlaskClient, session: Session, errands: Errands, other: Somebody
) -> None:
    client.post(f"/studio/drafts/{draft.id}/discard")
    form = {"kind": "process", "key": "errand"}
    with once_before(
        errands.database, "INSERT INTO studio_draft_author", lambda: other.post("/studio/drafts", data=form)
    ):
        first = client.post("/studio/drafts", data=form)
    second = other.answer()
    assert (first.status_code, second.status_code) == (302, 302)
    assert first.headers["Location"] == second.headers["Location"]
    session.rollback()
    assert (
        session.scalar(select(func.count(Draft.id))) == session.scalar(select(func.count(DraftAuthor.person_id))) == 1
    )


@between_statements
@pytest.mark.parametrize(
    ("address", "status"), [("/studio/drafts", 302), ("/studio/import", 422)], ids=["opened", "brought"]
)
def test_a_draft_that_was_begun_a_moment_before(
    draft: Draft, client: FlaskClient, session: Session, errands: Errands, other: Somebody, address: str, status: int
) -> None:
    client.post(f"/studio/drafts/{draft.id}/discard")
    his = {"kind": "process", "key": "errand"}
    mine = his if address == "/studio/drafts" else {"files": [(io.BytesIO(FILE), "errand.bpmn")]}
    with once_before(errands.database, "INSERT INTO studio_draft ", lambda: other.post("/studio/drafts", data=his)):
        answer = client.post(address, data=mine)
    assert (other.answer().status_code, answer.status_code) == (302, status)
    session.rollback()
    assert session.scalar(select(func.count(Draft.id))) == 1


@between_statements
@pytest.mark.parametrize(
    ("act", "told"),
    [
        ("save", "Somebody else has saved another text meanwhile."),
        ("turn", "Somebody else is drawing here at the moment."),
        ("discard", "This draft does not exist any more"),
    ],
)
def test_a_file_does_not_write_over_what_is_done_meanwhile(
    draft: Draft, client: FlaskClient, session: Session, errands: Errands, other: Somebody, act: str, told: str
) -> None:
    begun, drawn = draft.body, draft.body.replace("call_back", "ring_back")
    file = {"files": [(io.BytesIO(FILE), "errand.bpmn")], "replace": "yes"}

    def meanwhile() -> None:
        other.post(f"/studio/drafts/{draft.id}/{act}", json=asked(act, drawn, HIS))
        if act == "save":
            other.answer()
            other.post(f"/studio/drafts/{draft.id}/release?token={HIS}")

    with once_before(errands.database, "UPDATE studio_draft ", meanwhile):
        answer = client.post("/studio/import", data=file, content_type="multipart/form-data")
    assert (answer.status_code, told in answer.text) == (422, True)
    session.rollback()
    bodies = list(session.scalars(select(Draft.body)))
    assert bodies == {"save": [drawn], "turn": [begun], "discard": []}[act]


@between_statements
def test_one_person_plays_in_two_windows(
    draft: Draft, client: FlaskClient, session: Session, errands: Errands, other: Somebody
) -> None:
    act, begins = f"/studio/processes/errand/test/act?do=start&draft={draft.id}", {"at": "2026-11-02T10:00"}
    with once_before(errands.database, "INSERT INTO studio_test_run", lambda: other.post(act, data=begins)):
        assert client.post(act, data=begins).status_code == other.answer().status_code == 302
    keep, name = f"/studio/processes/errand/test/cases?draft={draft.id}", {"name": "A run"}
    with once_before(errands.database, "INSERT INTO studio_test_case", lambda: other.post(keep, data=name)):
        assert client.post(keep, data=name).status_code == other.answer().status_code == 302
    session.rollback()
    assert [session.scalar(select(func.count(each.id))) for each in (RunningScript, RecordedCase)] == [1, 1]


def test_a_text_whose_answer_was_lost_may_come_again(draft: Draft, client: FlaskClient) -> None:
    address, drawn = f"/studio/drafts/{draft.id}/save", draft.body.replace("call_back", "ring_back")
    answers = [client.post(address, json=sent(drawn)) for _ in range(2)]
    assert [(each.status_code, (each.json or {})["rev"]) for each in answers] == [(200, 2), (200, 2)]
    assert client.post(address, json=sent(draft.body)).status_code == 409


@on_both_databases
def test_two_people_decide_about_a_department_for_the_first_time(
    draft: Draft, client: FlaskClient, session: Session, errands: Errands, log_in: LogIn, other: Somebody
) -> None:
    log_in("studio.set_up", "studio.see")
    with client.session_transaction() as mine, other.client.session_transaction() as his:
        his.update(mine)
    address, rules = "/studio/departments/sales", {"scope-sales": "all"}
    with once_before(
        errands.database,
        "DELETE FROM studio_department_person",
        lambda: other.post(address, data={**rules, "policy": "never"}),
    ):
        first = client.post(address, data={**rules, "policy": "always"})
    assert (first.status_code, other.answer().status_code) == (302, 302)
    session.rollback()
    assert session.scalars(select(DepartmentRules.policy)).all() == [ApprovalPolicy.NEVER]  # whoever came last
