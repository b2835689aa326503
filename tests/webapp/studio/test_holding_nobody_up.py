"""What takes long is computed while others may write: on SQLite there is one writer at a time."""

import io
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Session

from engine.definitions.models import ProcessDefinition
from tests.webapp.conftest import LogIn
from tests.webapp.errands import Errands
from tests.webapp.staff.factories import NOW
from tests.webapp.studio.test_forms import VISIT
from tests.webapp.studio.test_moving import next_version
from tests.webapp.studio.test_publishing import RIGHTS, draw, looked_at
from tests.webapp.studio.test_races import FILE, sent
from webapp.staff.models import User
from webapp.studio.models import Draft, DraftKind, RecordedCase, RunningScript

CHECKED = "FROM form_definition"  # the publishing checks read every form
REPLAYED = "FROM studio_test_case"
RULES = "FROM studio_department"


@pytest.fixture
def draft(errands: Errands, client: FlaskClient, session: Session, log_in: LogIn) -> Draft:
    log_in(*RIGHTS)
    client.post("/studio/drafts", data={"kind": "process", "key": "errand"})
    return session.scalars(select(Draft)).one()


class Watched:
    """Statements, of sandboxes too: those during which nobody else could write, and those during which he could."""

    def __init__(self) -> None:
        self.held: list[str] = []
        self.free: list[str] = []

    def where(self, words: str) -> tuple[bool, bool]:
        """Was this asked while others had to wait, and was it asked while they need not?"""
        return any(words in each for each in self.held), any(words in each for each in self.free)


@contextmanager
def watched(errands: Errands) -> Iterator[Watched]:
    found, main = Watched(), errands.database.engine.url.database

    def look(_c: Any, _k: Any, statement: str, *_: Any) -> None:
        with closing(sqlite3.connect(str(main), timeout=0)) as other:
            try:
                other.execute("BEGIN IMMEDIATE")
                found.free.append(statement)
            except sqlite3.OperationalError:
                found.held.append(statement)

    event.listen(Engine, "before_cursor_execute", look)
    try:
        yield found
    finally:
        event.remove(Engine, "before_cursor_execute", look)


def test_a_saved_draft_is_checked_after_it_was_kept(draft: Draft, client: FlaskClient, errands: Errands) -> None:
    with watched(errands) as found:
        answer = client.post(f"/studio/drafts/{draft.id}/save", json=sent(draft.body.replace("test/name", "test/none")))
    assert [each["code"] for each in (answer.json or {})["problems"] if not each["warning"]] == ["unknown_form"]
    assert found.where(CHECKED) == (False, True)
    assert found.where("UPDATE studio_draft") == (True, False)


def test_a_text_that_was_refused_is_told_of_without_the_lock(
    draft: Draft, client: FlaskClient, errands: Errands
) -> None:
    with watched(errands) as found:
        answer = client.post(f"/studio/drafts/{draft.id}/save", json=sent(draft.body, rev=7))
    assert answer.status_code == 409
    assert found.free


def keep_a_run(client: FlaskClient) -> None:
    client.post("/studio/processes/errand/test/act?do=start", data={"at": "2026-11-02T10:00"})
    client.post("/studio/processes/errand/test/cases", data={"name": "A run"})


def test_runs_are_replayed_after_a_refusal(
    draft: Draft, client: FlaskClient, session: Session, errands: Errands
) -> None:
    keep_a_run(client)
    session.rollback()
    assert len(session.scalars(select(RecordedCase)).all()) == 1
    with watched(errands) as found:
        answer = client.post(f"/studio/drafts/{draft.id}/publish", data={"digest": "another"})
    assert answer.status_code == 409
    assert found.where(CHECKED) == (False, True)
    assert found.where(REPLAYED) == (False, True)


def test_a_run_is_played_before_it_is_kept(draft: Draft, client: FlaskClient, errands: Errands) -> None:
    with watched(errands) as found:
        keep_a_run(client)
    assert found.where("INSERT INTO studio_test_case") == (True, False)
    assert found.where("INSERT INTO studio_test_run") == (True, False)
    assert found.where("INSERT INTO process_instance") == (False, True)  # in the sandbox
    assert found.where(CHECKED) == (False, True)


def test_an_act_in_a_draft_that_is_gone_is_not_written_down(
    draft: Draft, client: FlaskClient, session: Session
) -> None:
    address = f"/studio/processes/errand/test/act?do=start&draft={draft.id}"
    assert client.post(address, data={"at": "2026-11-02T10:00"}).status_code == 302
    client.post(f"/studio/drafts/{draft.id}/discard")
    assert client.post(address, data={"at": "2026-11-02T10:00"}).status_code == 404
    assert session.scalars(select(RunningScript)).all() == []


def test_files_are_read_before_they_are_kept_and_told_of_afterwards(
    draft: Draft, client: FlaskClient, errands: Errands
) -> None:
    files = [(io.BytesIO(FILE), "errand.bpmn"), (io.BytesIO(VISIT.encode()), "visit.form")]
    with watched(errands) as found:
        answer = client.post("/studio/import", data={"files": files}, content_type="multipart/form-data")
    assert answer.status_code == 200
    assert found.where(RULES) == (True, True)
    assert RULES in found.free[-1] or RULES in found.free[-2]


def test_each_batch_of_a_move_is_a_transaction_of_its_own(
    draft: Draft, client: FlaskClient, session: Session, errands: Errands, seller: User
) -> None:
    for _ in range(2):
        errands.open(seller)
    old = publish_next(session, errands)
    with committed() as plans:
        place = client.post(f"/processes/errand/move?from={old[0]}&to={old[1]}").headers["Location"]
    assert len(plans) == 4  # written down, read, looked at, found that nothing is left
    with committed() as moves:
        client.post(f"{place}/apply")
    assert len(moves) == 4
    assert 'data-test="stage-moved"' in client.get(place).text


def test_a_publication_is_live_before_cases_are_moved(
    draft: Draft, client: FlaskClient, session: Session, errands: Errands, seller: User
) -> None:
    errands.open(seller)
    draw(session, draft, next_version("call_back", "thank"))
    form = {"digest": looked_at(client, draft), "running": "move"}
    live: list[int] = []

    def note(_c: Any, _k: Any, statement: str, *_: Any) -> None:
        if statement.startswith("UPDATE process_instance"):
            with closing(sqlite3.connect(str(errands.database.engine.url.database))) as other:
                live.extend(
                    other.execute("SELECT max(version) FROM process_definition WHERE key = 'errand'").fetchone()
                )

    event.listen(Engine, "before_cursor_execute", note)
    try:
        client.post(f"/studio/drafts/{draft.id}/publish", data=form)
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert set(live) == {2}


@contextmanager
def committed() -> Iterator[list[bool]]:
    found: list[bool] = []

    def note(_: object) -> None:
        found.append(True)

    event.listen(Engine, "commit", note)
    try:
        yield found
    finally:
        event.remove(Engine, "commit", note)


def publish_next(session: Session, errands: Errands) -> list[int]:
    """The versions of the errand after another one was published."""
    files = {"errand.bpmn": next_version("call_back", "thank").encode()}
    errands.act(lambda unit, engine: engine.deploy(unit, files, actor_id=None, now=NOW))
    session.rollback()
    versions = select(ProcessDefinition.id).where(ProcessDefinition.key == "errand")
    return list(session.scalars(versions.order_by(ProcessDefinition.id)))


@pytest.mark.parametrize("act", ["evaluate", "tests/run", "preview"])
def test_what_only_looks_holds_nobody_up(
    draft: Draft, client: FlaskClient, session: Session, errands: Errands, act: str
) -> None:
    address, place = ("/studio/forms", "folder") if act == "preview" else ("/studio/decisions", "department")
    assert client.post(address, data={"name": "Something new", place: "own"}).status_code == 302
    session.rollback()
    drawn = session.scalars(select(Draft).where(Draft.kind != DraftKind.PROCESS)).one()
    asked = {"body": drawn.body, **({"language": "en"} if act == "preview" else {})}
    with watched(errands) as found:
        assert client.post(f"/studio/drafts/{drawn.id}/{act}", json=asked).status_code == 200
    assert (found.held, bool(found.free)) == ([], True)
