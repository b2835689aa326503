"""Before a draft goes live, its publication, running cases, and the way back."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.definitions.models import ProcessDefinition
from engine.human_tasks.models import HumanTask
from engine.instances.models import ProcessInstance
from engine.timers.models import DueRow
from tests.engine.world import end, flows, process
from tests.statements import counted_statements
from tests.webapp.conftest import LogIn, on_both_databases
from tests.webapp.errands import Errands
from tests.webapp.staff.factories import NOW
from tests.webapp.studio.test_moving import next_version, open_steps
from webapp.staff.models import User
from webapp.studio.models import Draft

ON_IT = ProcessInstance.definition_id == ProcessDefinition.id
RIGHTS = ("studio.see", "studio.edit", "studio.publish", "cases.see")


@pytest.fixture
def draft(errands: Errands, seller: User, client: FlaskClient, session: Session, log_in: LogIn) -> Draft:
    """Of the errand, on which three cases run."""
    for _ in range(3):
        errands.open(seller)
    log_in(*RIGHTS)
    client.post("/studio/drafts", data={"kind": "process", "key": "errand"})
    return session.scalars(select(Draft)).one()


def draw(session: Session, draft: Draft, text: str) -> Draft:
    draft.body, draft.rev = text, draft.rev + 1
    session.commit()
    return draft


def looked_at(client: FlaskClient, draft: Draft) -> str:
    """The digest that the page sends along."""
    found = re.search(r'name="digest" value="(\w+)"', client.get(f"/studio/drafts/{draft.id}/publish").text)
    return found[1] if found is not None else ""


def publish(client: FlaskClient, draft: Draft, **form: str) -> tuple[int, str]:
    digest = looked_at(client, draft)
    answer = client.post(f"/studio/drafts/{draft.id}/publish", data={"digest": digest, "note": "why", **form})
    return answer.status_code, answer.headers.get("Location", "")


def live_version(session: Session) -> int:
    session.rollback()
    return session.scalar(select(func.max(ProcessDefinition.version)).where(ProcessDefinition.key == "errand")) or 0


@on_both_databases
def test_running_cases_are_moved_by_the_publication_and_put_back(
    draft: Draft, client: FlaskClient, session: Session
) -> None:
    draw(session, draft, next_version("call_back", "thank"))
    page = client.get(f"/studio/drafts/{draft.id}/publish").text
    assert 'data-test="change-thank"' in page
    assert 'data-test="safe">3<' in page
    status, place = publish(client, draft, running="move")
    assert (status, place.startswith("/migrations/")) == (302, True)
    assert live_version(session) == 2
    assert session.scalars(select(Draft)).all() == []
    assert open_steps(session) == ["call_back"] * 3
    client.post(f"{place}/undo")
    assert 'data-test="stage-undone"' in client.get(place).text


def test_a_step_that_is_gone_needs_a_place_to_go_on(draft: Draft, client: FlaskClient, session: Session) -> None:
    draw(session, draft, next_version("thank", "report"))
    address = f"/studio/drafts/{draft.id}/publish"
    page = client.get(f"{address}?map:errand:call_back=").text
    assert 'data-test="map-call_back"' in page
    page = client.get(f"{address}?map:errand:call_back=report").text
    assert 'data-test="safe">3<' in page
    publish(client, draft, **{"running": "move", "map:errand:call_back": "report"})
    assert open_steps(session) == ["report"] * 3


def test_new_cases_only(draft: Draft, client: FlaskClient, session: Session) -> None:
    draw(session, draft, next_version("call_back", "thank"))
    _, place = publish(client, draft, running="stay")
    assert place == "/processes/errand/versions"
    page = client.get(place).text
    assert page.count('data-test="version-') == 2
    assert "why" in page


def test_words_alone_are_followed_at_once(draft: Draft, client: FlaskClient, session: Session) -> None:
    draw(session, draft, draft.body.replace('name="prompt" value="', 'name="prompt" value="Please: '))
    page = client.get(f"/studio/drafts/{draft.id}/publish").text
    assert 'name="running"' not in page
    assert "Please: " in page
    publish(client, draft)
    assert live_version(session) == 2


def test_what_was_changed_since_it_was_looked_at_is_not_published(
    draft: Draft, client: FlaskClient, session: Session
) -> None:
    digest = looked_at(client, draft)
    draw(session, draft, next_version("call_back", "thank"))
    answer = client.post(f"/studio/drafts/{draft.id}/publish", data={"digest": digest, "note": "my words"})
    assert answer.status_code == 409
    assert "Look at it again, then publish." in answer.text
    assert "my words" in answer.text
    assert live_version(session) == 1


def test_what_may_not_be_published_is_told_and_nothing_is_lost(
    draft: Draft, client: FlaskClient, session: Session
) -> None:
    draw(session, draft, draft.body.replace('formId="test/name"', 'formId="test/none"'))
    sent = {"digest": looked_at(client, draft), "note": "my words"}
    answer = client.post(f"/studio/drafts/{draft.id}/publish", data=sent)
    assert answer.status_code == 422
    assert "The form chosen here does not exist." in answer.text
    assert "my words" in answer.text
    assert live_version(session) == 1


def test_an_older_version_is_live_again(draft: Draft, client: FlaskClient, session: Session) -> None:
    first = draft.body
    draw(session, draft, next_version("call_back", "thank"))
    publish(client, draft, running="stay")
    (old,) = session.scalars(
        select(ProcessDefinition.id).where(ProcessDefinition.version == 1, ProcessDefinition.key == "errand")
    )
    client.post(f"/processes/errand/versions/{old}/again")
    assert live_version(session) == 3
    newest = session.scalars(select(ProcessDefinition).order_by(ProcessDefinition.id.desc()).limit(1)).one()
    assert newest.xml == first


def number_of(session: Session, version: int) -> int:
    session.rollback()
    here = ProcessDefinition.version == version, ProcessDefinition.key == "errand"
    return session.scalars(select(ProcessDefinition.id).where(*here)).one()


def test_before_other_steps_are_live_again_it_is_said_that_cases_stay(
    draft: Draft, client: FlaskClient, session: Session
) -> None:
    draw(session, draft, next_version("call_back", "thank"))
    publish(client, draft, running="move")
    address = f"/processes/errand/versions/{number_of(session, 1)}/again"
    asked = client.get(address).text
    assert "3 cases run on version 2" in asked
    assert 'data-test="they-stay"' in asked
    assert 'data-test="at-once"' not in asked
    assert 'data-test="change-thank"' in asked
    page = client.post(address, data={"note": "too many steps"}, follow_redirects=True).text
    assert "3 cases stay on version 2. They can be moved from here." in page
    assert "Back to version 1. too many steps" in page
    assert open_steps(session) == ["call_back"] * 3


def test_before_other_words_are_live_again_it_is_said_that_cases_follow(
    draft: Draft, client: FlaskClient, session: Session
) -> None:
    draw(session, draft, draft.body.replace('name="prompt" value="', 'name="prompt" value="Please: '))
    publish(client, draft)
    address = f"/processes/errand/versions/{number_of(session, 1)}/again"
    asked = client.get(address).text
    assert 'data-test="at-once"' in asked
    assert 'data-test="they-stay"' not in asked
    page = client.post(address, follow_redirects=True).text
    assert "live again, as the newest version. 3 running cases follow at once." in page
    session.rollback()
    assert set(session.scalars(select(ProcessDefinition.version).join(ProcessInstance, ON_IT))) == {3}


def test_open_steps_keep_what_they_were_given_and_get_the_new_words(
    draft: Draft, client: FlaskClient, session: Session
) -> None:
    kept = select(HumanTask.due_at, HumanTask.assignee_id, HumanTask.candidate_role)
    clocks = select(DueRow.kind, DueRow.next_at).order_by(DueRow.id)
    before, ringing = session.execute(kept).all(), session.execute(clocks).all()
    text = draft.body.replace('"=begun.due"', '"P9D"').replace('"sales_manager"', '"call_operator"')
    text = text.replace('"=begun.to"', '"=null"').replace("-PT30M, PT0S", "-PT5M")
    draw(session, draft, text.replace("Ask first.", "Ask twice."))
    page = client.get(f"/studio/drafts/{draft.id}/publish").text
    assert "due time, reminders and people stay as they were given" in page
    publish(client, draft)
    session.rollback()
    assert session.execute(kept).all() == before
    assert session.execute(clocks).all() == ringing
    assert live_version(session) == 2
    case = session.scalars(select(HumanTask.instance_id)).first()
    assert "Ask twice." in client.get(f"/cases/{case}").text


def test_a_called_process_tells_of_the_cases_it_runs_in_which_keep_its_version(
    draft: Draft, client: FlaskClient, session: Session, errands: Errands, seller: User
) -> None:
    call = (
        '<bpmn:callActivity id="errand_call"><bpmn:extensionElements><zeebe:calledElement processId="errand"/>'
        "</bpmn:extensionElements></bpmn:callActivity>"
    )
    ways = flows("begun > errand_call", "errand_call > won")
    caller = process('<bpmn:startEvent id="begun"/>', call, end("won", outcome="won"), ways, key="deal")
    called = draft.body.replace("=begun.to", "=null").replace("=begun.due", "PT1H")  # the caller gives it nothing
    with errands.app.app_context(), errands.database.write() as written:
        files = {"errand.bpmn": called.encode(), "deal.bpmn": caller.encode()}
        errands.engine.deploy(written, files, actor_id=None, now=NOW)
    standing = select(HumanTask.element).join(ProcessInstance).where(ProcessInstance.process_key == "deal")
    errands.open(seller, key="deal")
    session.rollback()
    draw(session, draft, next_version("ring").replace("=begun.to", "=null").replace("=begun.due", "PT1H"))
    page = client.get(f"/studio/drafts/{draft.id}/publish").text
    assert "1 case of another process stands in it" in page
    assert "It is called by: deal." in page
    publish(client, draft, running="move")
    errands.open(seller, key="deal")
    session.rollback()
    assert session.scalars(standing).all() == ["call_back"] * 2
    session.rollback()
    with errands.app.app_context(), errands.database.write() as written:
        errands.engine.deploy(written, {"deal.bpmn": caller.encode()}, actor_id=None, now=NOW)
    errands.open(seller, key="deal")
    session.rollback()
    assert session.scalars(standing.order_by(HumanTask.id)).all() == ["call_back"] * 2 + ["ring"]


def test_the_number_of_statements_does_not_grow_with_the_cases(
    draft: Draft, client: FlaskClient, session: Session, errands: Errands, seller: User
) -> None:
    draw(session, draft, next_version("call_back", "thank"))
    address = f"/studio/drafts/{draft.id}/publish"
    client.get(address)
    with counted_statements(errands.database.engine) as few:
        client.get(address)
    for _ in range(5):
        errands.open(seller)
    with counted_statements(errands.database.engine) as many:
        client.get(address)
    assert len(many) == len(few)


def test_cases_of_an_earlier_version_are_moved_when_none_run_on_the_live_one(
    draft: Draft, client: FlaskClient, session: Session
) -> None:
    draw(session, draft, next_version("call_back", "thank"))
    publish(client, draft, running="stay")
    client.post("/studio/drafts", data={"kind": "process", "key": "errand"})
    session.rollback()
    again = draw(session, session.scalars(select(Draft)).one(), next_version("report", "call_back"))
    page = client.get(f"/studio/drafts/{again.id}/publish").text
    assert "3 cases run on version 1" in page
    assert 'data-test="safe">3<' in page
    publish(client, again, running="move")
    session.rollback()
    assert set(session.scalars(select(ProcessDefinition.version).join(ProcessInstance, ON_IT))) == {3}
