"""The page of a test run: played in the browser's words, kept as a case, replayed, and nothing of it real."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.persistence import Base
from tests.dealer import ROOT
from tests.statements import counted_statements
from tests.webapp.conftest import LogIn, on_both_databases
from tests.webapp.errands import ERRAND, Errands
from tests.webapp.staff.factories import NOW
from webapp.core.i18n import say_in
from webapp.core.workflow import engine
from webapp.staff.models import User
from webapp.studio.drafts import models_of_text
from webapp.studio.models import Draft, DraftKind, RecordedCase, RunningScript
from webapp.studio.testing.cases import replay_cases
from webapp.studio.testing.words import value_title

RUN = "/studio/processes/errand/test"
START = {"at": "2026-03-09T10:00", "owned": "1", "value.to": "1", "value.due": "2026-03-09T18:00"}


@pytest.fixture(autouse=True)
def owner(errands: Errands, log_in: LogIn) -> User:
    return log_in("studio.see", "studio.edit")


def page(client: FlaskClient, address: str = RUN) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.text


def do(client: FlaskClient, act: str, at: int, data: dict[str, str] | None = None, **more: str) -> str:
    """Post an act as the page does, and read the page that follows."""
    answer = client.post(f"{RUN}/act", query_string={"do": act, "at": at, **more}, data=data or {})
    assert answer.status_code == 302, answer.text
    return page(client, answer.headers["Location"])


def begun(client: FlaskClient) -> str:
    return do(client, "start", 0, START)


def has(text: str, name: str) -> bool:
    return f'data-test="{name}"' in text


def script(session: Session) -> str:
    session.rollback()
    return session.scalars(select(RunningScript.script)).one()


def test_it_begins_with_what_the_drawing_reads_of_its_start(client: FlaskClient) -> None:
    text = page(client)

    assert has(text, "begin")
    assert {"value.due", "value.to"} <= set(re.findall(r'name="(value\.\w+)"', text))


@on_both_databases
def test_the_current_step_stands_there_with_its_form_and_what_is_planned(client: FlaskClient) -> None:
    text = begun(client)

    assert "call_back" in text
    assert "Mon 9 Mar, 10:00" in text
    assert 'name="name"' in text
    assert "Ask first." in text
    assert text.count("<li><span>Reminder</span>") == 2
    assert "Escalation to: the head" in text


def test_it_is_played_to_its_end(client: FlaskClient) -> None:
    begun(client)
    text = do(client, "complete", 1, {"name": "Ann"}, element="call_back")

    assert has(text, "ended")
    assert "Won" in text


def test_the_clock_moves_and_what_falls_due_is_told_and_not_sent(client: FlaskClient) -> None:
    begun(client)
    assert "Mon 9 Mar, 10:15" in do(client, "wait", 1, **{"for": "quarter"})
    assert "Mon 9 Mar, 11:15" in do(client, "wait", 2, **{"for": "hour"})
    assert "Would remind: call_back" in do(client, "wait", 3)


def test_what_does_not_fit_the_form_is_said_there_and_tried_again(client: FlaskClient, session: Session) -> None:
    begun(client)
    text = do(client, "complete", 1, {"name": ""}, element="call_back")

    assert has(text, "refusal")
    assert has(text, "error-name")
    assert has(do(client, "complete", 1, {"name": "Ann"}, element="call_back"), "ended")
    assert script(session).count('"do"') == 2  # the refused act is gone


def test_a_start_that_the_process_does_not_take_is_told_and_tried_again(client: FlaskClient) -> None:
    text = do(client, "start", 0, {**START, "value.to": "nobody"})

    assert has(text, "refusal")
    assert has(text, "begin")
    assert 'value="nobody"' in text  # what was typed stands there
    assert has(do(client, "start", 0, START), "step")


def test_one_act_is_taken_back_and_all_of_them(client: FlaskClient, session: Session) -> None:
    begun(client)
    do(client, "wait", 1, **{"for": "hour"})
    client.post(f"{RUN}/back")
    assert "Mon 9 Mar, 10:00" in page(client)
    client.post(f"{RUN}/anew")
    assert has(page(client), "begin")


def test_a_step_is_left_out_with_a_reason(client: FlaskClient) -> None:
    begun(client)
    assert "he came himself" in do(client, "skip", 1, {"reason": "he came himself"}, element="call_back")


def test_answers_are_made_up_on_demand(client: FlaskClient) -> None:
    begun(client)
    assert re.search(r'name="name"[^>]*value="Test"', page(client, f"{RUN}?step=call_back&fill=1"))


def test_a_run_is_kept_replayed_opened_and_deleted(client: FlaskClient, session: Session) -> None:
    begun(client)
    do(client, "complete", 1, {"name": "Ann"}, element="call_back")
    client.post(f"{RUN}/cases", data={"name": "Reached at once"})
    case = session.scalars(select(RecordedCase)).one()

    assert "as expected" in page(client, f"{RUN}?replay=1")
    client.post(f"{RUN}/anew")
    client.post(f"{RUN}/cases/{case.id}/open")
    assert has(page(client), "ended")
    client.post(f"{RUN}/cases/{case.id}/delete")
    session.rollback()
    assert session.scalars(select(RecordedCase)).all() == []


def test_a_draft_is_played_and_a_kept_case_tells_where_it_differs(
    client: FlaskClient, session: Session, owner: User
) -> None:
    begun(client)
    do(client, "complete", 1, {"name": "Ann"}, element="call_back")
    client.post(f"{RUN}/cases", data={"name": "Reached at once"})
    client.post("/studio/drafts", data={"kind": "process", "key": "errand"})
    draft = session.scalars(select(Draft).where(Draft.kind == DraftKind.PROCESS)).one()
    draft.body = draft.body.replace('value="won"', 'value="lost"')
    session.commit()

    address = client.get(f"/studio/drafts/{draft.id}/test").headers["Location"]
    assert address == f"{RUN}?draft={draft.id}"
    text = page(client, f"{address}&replay=1")
    assert "The outcome: expected Won, got Lost." in text
    assert "of the draft" in text
    assert has(text, "begin")  # the run of the live version is another one


def test_a_draft_that_publishing_would_refuse_says_why(client: FlaskClient, session: Session) -> None:
    client.post("/studio/drafts", data={"kind": "process", "key": "errand"})
    draft = session.scalars(select(Draft)).one()
    draft.body = draft.body.replace("sales_manager", "nobody_has_this")
    session.commit()

    answer = client.get(f"{RUN}?draft={draft.id}")
    assert answer.status_code == 422
    assert has(answer.text, "problems")


@on_both_databases
def test_publishing_hears_which_cases_differ(client: FlaskClient, session: Session, errands: Errands) -> None:
    begun(client)
    do(client, "complete", 1, {"name": "Ann"}, element="call_back")
    client.post(f"{RUN}/cases", data={"name": "Reached at once"})
    session.rollback()

    def report(text: str) -> tuple[int, int, int]:
        with errands.app.app_context():
            found = replay_cases(session, engine().kernel, "errand", {"errand.bpmn": text.encode()}, now=NOW)
        return len(found.cases), len(found.differing), len(found.problems)

    assert report(ERRAND) == (1, 0, 0)
    assert report(ERRAND.replace('value="won"', 'value="lost"')) == (1, 1, 0)
    assert report(ERRAND.replace("sales_manager", "nobody_has_this")) == (1, 1, 1)


def test_what_is_published_meanwhile_is_what_is_played(client: FlaskClient, errands: Errands) -> None:
    assert "of version 1" in page(client)
    with errands.app.app_context(), errands.database.write() as session:
        text = ERRAND.replace("Ask first.", "Listen first.").encode()
        errands.engine.deploy(session, {"errand.bpmn": text}, actor_id=None, now=NOW)

    assert "of version 2" in page(client)
    assert "Listen first." in begun(client)


def test_coverage_is_that_of_all_kept_cases(client: FlaskClient) -> None:
    assert "0 of 2 ways" in page(client, f"{RUN}?coverage=1")
    begun(client)
    client.post(f"{RUN}/cases", data={"name": "Waits"})
    assert "1 of 2 ways" in page(client, f"{RUN}?coverage=1")


def test_the_drawing_is_that_of_the_run(client: FlaskClient) -> None:
    assert client.get(f"{RUN}/drawing?drawing=errand").mimetype == "application/xml"
    assert client.get(f"{RUN}/drawing?drawing=elsewhere").status_code == 404


@pytest.mark.parametrize(
    "asked",
    [
        {"do": "publish"},
        {"do": "start", "at": 1},
        {"do": "wait", "at": 0},
        {"do": "complete", "at": 1, "element": "nothing"},
        {},
    ],
)
def test_acts_that_the_page_does_not_know_are_refused(client: FlaskClient, asked: dict[str, object]) -> None:
    begun(client)
    assert client.post(f"{RUN}/act", query_string=asked).status_code == 422


def test_hostile_values_are_refused_and_the_run_stays(client: FlaskClient, session: Session) -> None:
    begun(client)
    before = script(session)
    text = do(client, "complete", 1, {f"x{number}": "1" for number in range(500)}, element="call_back")

    assert "Act 2 of the test run cannot be read" in text
    assert script(session) == before


def test_a_run_is_nobody_elses(client: FlaskClient, log_in: LogIn, owner: User) -> None:
    begun(client)
    log_in("studio.see")
    text = page(client)

    assert has(text, "begin")
    assert not has(text, "keep")
    client.post(f"{RUN}/anew")
    log_in(user=owner)
    assert has(page(client), "clock")


def test_who_may_only_see_keeps_nothing(client: FlaskClient, log_in: LogIn, session: Session) -> None:
    log_in("studio.see")
    begun(client)

    assert client.post(f"{RUN}/cases", data={"name": "Mine"}).status_code == 403
    assert session.scalars(select(RecordedCase)).all() == []


def test_nothing_but_the_script_is_written(client: FlaskClient, session: Session) -> None:
    def rows() -> dict[str, int]:
        session.rollback()
        tables = Base.metadata.tables.items()
        return {name: session.scalar(select(func.count()).select_from(table)) or 0 for name, table in tables}

    before = rows()
    begun(client)
    do(client, "wait", 1, **{"for": "day"})
    do(client, "complete", 2, {"name": "Ann"}, element="call_back")
    after = rows()

    assert {name for name in after if after[name] != before[name]} == {"studio_test_run"}


def test_a_long_run_costs_no_more_statements_than_a_short_one(client: FlaskClient, errands: Errands) -> None:
    def statements() -> int:
        with counted_statements(errands.database.engine) as found:
            page(client)
        return len(found)

    begun(client)
    page(client)
    short = statements()
    for number in range(1, 8):
        do(client, "wait", number, **{"for": "quarter"})
    assert statements() == short
    assert short <= 12


def test_the_page_before_publishing_tells_which_cases_differ(
    client: FlaskClient, session: Session, log_in: LogIn
) -> None:
    begun(client)
    do(client, "complete", 1, {"name": "Ann"}, element="call_back")
    client.post(f"{RUN}/cases", data={"name": "Reached at once"})
    log_in("studio.see", "studio.edit", "studio.publish")
    client.post("/studio/drafts", data={"kind": "process", "key": "errand"})
    draft = session.scalars(select(Draft)).one()
    address = f"/studio/drafts/{draft.id}/publish"

    assert "All of them run as before." in page(client, address)
    draft.body = draft.body.replace('value="won"', 'value="lost"')
    session.commit()
    assert "The outcome: expected Won, got Lost." in page(client, address)


def test_a_new_draft_does_not_go_on_with_the_run_of_an_old_one(client: FlaskClient, session: Session) -> None:
    """Databases give the number of a draft that is gone to the next one."""
    client.post("/studio/drafts", data={"kind": "process", "key": "errand"})
    draft = session.scalars(select(Draft.id)).one()
    do(client, "start", 0, START, draft=str(draft))
    session.rollback()
    assert session.scalars(select(RunningScript.draft_id)).all() == [draft]
    client.post(f"/studio/drafts/{draft}/discard")
    session.rollback()
    assert session.scalars(select(RunningScript)).all() == []


def test_what_shipped_processes_begin_with_is_named_in_russian(app: Flask) -> None:
    texts = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "processes").rglob("*.bpmn"))]
    read = {
        name
        for text in texts
        for model in models_of_text(text)
        for start in model.starts()
        for name in re.findall(rf"\b{start.id}\.(\w+)", text)
    }
    with app.app_context(), say_in("ru"):
        assert len(read) > 10
        assert [name for name in sorted(read) if not re.search("[а-я]", value_title(name))] == []
