"""Four eyes: what asks for a second look, who gives it, and that it holds for what was looked at alone."""

import json
import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.definitions.models import ProcessDefinition
from tests.engine.world import end, flows, process, user_task
from tests.statements import counted_statements
from tests.webapp.conftest import LogIn, on_both_databases
from tests.webapp.errands import Errands
from tests.webapp.staff.factories import make_user
from tests.webapp.studio.test_publishing import looked_at
from webapp.core.models import AuditEntry
from webapp.diary.models import Notification
from webapp.staff.models import User
from webapp.studio.approval.models import Approval
from webapp.studio.departments.models import ApprovalPolicy
from webapp.studio.departments.rules import set_rules
from webapp.studio.models import Draft

SENDS = (
    '<bpmn:serviceTask id="thank" name="Thank"><bpmn:extensionElements>'
    '<zeebe:taskDefinition type="sales.send_thanks"/></bpmn:extensionElements></bpmn:serviceTask>'
)


def errand(*parts: str, ways: tuple[str, ...]) -> str:
    step = user_task("call_back", "test/name", assignee="=begun.to", role="sales_manager", due="=begun.due")
    return process(
        '<bpmn:startEvent id="begun"/>', step, *parts, end("done", outcome="won"), flows(*ways), key="errand"
    )


WITH_THANKS = errand(SENDS, ways=("begun > call_back", "call_back > thank", "thank > done"))


@pytest.fixture
def owner(session: Session) -> User:
    return make_user(session, "crm_manager", name="Vera Orlova")


@pytest.fixture
def second(session: Session) -> User:
    return make_user(session, "group_director", name="Boris Volkov")


@pytest.fixture
def draft(errands: Errands, owner: User, second: User, client: FlaskClient, session: Session, log_in: LogIn) -> Draft:
    """The errand, to which its owner has added a letter to the customer."""
    log_in(user=owner)
    client.post("/studio/drafts", data={"kind": "process", "key": "errand"})
    return draw(session, session.scalars(select(Draft)).one(), WITH_THANKS)


def draw(session: Session, draft: Draft, text: str) -> Draft:
    session.rollback()
    draft.body, draft.rev = text, draft.rev + 1
    session.commit()
    return draft


def page(client: FlaskClient, draft: Draft) -> str:
    return client.get(f"/studio/drafts/{draft.id}/publish").text


def publish(client: FlaskClient, draft: Draft) -> int:
    return client.post(f"/studio/drafts/{draft.id}/publish", data={"digest": looked_at(client, draft)}).status_code


def ask(client: FlaskClient, draft: Draft) -> int:
    data = {"digest": looked_at(client, draft), "note": "a letter of thanks"}
    return client.post(f"/studio/drafts/{draft.id}/approval", data=data).status_code


def checked(page: str) -> list[str]:
    """Which of the two ways for running cases stands chosen."""
    return re.findall(r'name="running" value="(\w+)" checked', page)


def decide(client: FlaskClient, session: Session, draft: Draft, answer: str, comment: str = "") -> int:
    session.rollback()
    digest = session.scalars(select(Approval.digest).order_by(Approval.id.desc())).first() or ""
    data = {"answer": answer, "digest": digest, "comment": comment}
    return client.post(f"/studio/drafts/{draft.id}/approval/decision", data=data).status_code


def live_version(session: Session) -> int:
    session.rollback()
    return session.scalar(select(func.max(ProcessDefinition.version)).where(ProcessDefinition.key == "errand")) or 0


@on_both_databases
def test_what_sends_goes_live_when_a_second_person_has_looked(
    draft: Draft, owner: User, second: User, client: FlaskClient, session: Session, log_in: LogIn
) -> None:
    shown = page(client, draft)
    assert "writes to customers" in shown
    assert 'data-test="ask-approval"' in shown
    assert 'data-test="publish"' not in shown
    assert publish(client, draft) == 409
    assert live_version(session) == 1

    ask(client, draft)
    assert "Boris Volkov" in page(client, draft)
    assert decide(client, session, draft, "approve") == 403  # her own

    log_in(user=second)
    assert 'data-test="waiting-errand"' in client.get("/processes").text
    shown = page(client, draft)
    assert "a letter of thanks" in shown
    assert 'data-test="approve"' in shown
    decide(client, session, draft, "approve")

    log_in(user=owner)
    assert 'data-test="publish"' in page(client, draft)
    assert publish(client, draft) == 302
    assert live_version(session) == 2
    assert "approved by Boris Volkov" in client.get("/processes/errand/versions").text
    acts = session.scalars(select(AuditEntry.action).where(AuditEntry.action.startswith("studio.approval"))).all()
    assert acts == ["studio.approval.asked", "studio.approval.given"]


def test_an_approval_is_of_the_text_that_was_looked_at(
    draft: Draft, owner: User, second: User, client: FlaskClient, session: Session, log_in: LogIn
) -> None:
    ask(client, draft)
    log_in(user=second)
    decide(client, session, draft, "approve")
    draw(session, draft, draft.body.replace('name="Thank"', 'name="Thank him"'))
    log_in(user=owner)
    assert 'data-test="stale"' in page(client, draft)
    assert publish(client, draft) == 409
    assert live_version(session) == 1


def test_what_was_changed_while_he_looked_is_not_approved(
    draft: Draft, second: User, client: FlaskClient, session: Session, log_in: LogIn
) -> None:
    ask(client, draft)
    draw(session, draft, draft.body.replace('name="Thank"', 'name="Thank him"'))
    log_in(user=second)
    decide(client, session, draft, "approve")
    assert "The draft was changed since you looked at it." in page(client, draft)
    session.rollback()
    assert session.scalars(select(Approval.approved)).all() == [None]


def test_a_draft_is_sent_back_with_a_word(
    draft: Draft, owner: User, second: User, client: FlaskClient, session: Session, log_in: LogIn
) -> None:
    ask(client, draft)
    log_in(user=second)
    decide(client, session, draft, "return")
    assert "Say in a word or two what is to be changed." in page(client, draft)
    decide(client, session, draft, "return", "Write to whom?")
    log_in(user=owner)
    assert "Boris Volkov sends it back: Write to whom?" in client.get("/diary/notifications").text
    assert "Write to whom?" in page(client, draft)
    assert publish(client, draft) == 409
    ask(client, draft)
    assert 'data-test="pending"' in page(client, draft)


def test_who_is_asked_and_who_asked_hear_of_it(
    draft: Draft, owner: User, second: User, client: FlaskClient, session: Session, log_in: LogIn
) -> None:
    ask(client, draft)
    log_in(user=second)
    assert "Vera Orlova asks you to look at it before it goes live." in client.get("/diary/notifications").text
    decide(client, session, draft, "approve")
    session.rollback()
    told = session.execute(select(Notification.user_id, Notification.code, Notification.params)).all()
    assert [(who, code) for who, code, _ in told] == [(second.id, "approval_asked"), (owner.id, "approval_given")]
    assert json.loads(told[0].params)["draft"] == draft.id
    number = session.scalar(select(Notification.id).where(Notification.user_id == second.id))
    opened = client.get(f"/diary/notifications/{number}")
    assert opened.location == f"/studio/drafts/{draft.id}/publish"


@on_both_databases
def test_note_and_choice_stay_with_the_request(
    draft: Draft,
    owner: User,
    second: User,
    client: FlaskClient,
    session: Session,
    log_in: LogIn,
    errands: Errands,
) -> None:
    errands.open(second)
    draw(session, draft, WITH_THANKS.replace('"call_back"', '"ring"').replace("> call_back", "> ring"))
    assert checked(page(client, draft)) == ["move"]
    field = "map:errand:call_back"
    data = {"digest": looked_at(client, draft), "note": "a letter of thanks", "running": "stay", field: "thank"}
    client.post(f"/studio/drafts/{draft.id}/approval", data=data)
    log_in(user=second)
    shown = page(client, draft)
    assert "a letter of thanks" in shown
    assert "only new cases run on the new version" in shown
    decide(client, session, draft, "approve")
    log_in(user=owner)
    shown = page(client, draft)
    assert checked(shown) == ["stay"]
    assert re.search(r'<textarea[^>]*name="note"[^>]*>a letter of thanks<', shown)
    assert '<option value="thank" selected>' in shown
    assert checked(client.get(f"/studio/drafts/{draft.id}/publish?running=move").text) == ["move"]


def test_a_request_that_is_refused_loses_nothing_typed(draft: Draft, client: FlaskClient, session: Session) -> None:
    data = {"digest": "another", "note": "my words", "running": "stay", "map:errand:call_back": "thank"}
    answer = client.post(f"/studio/drafts/{draft.id}/approval", data=data)
    assert answer.location.endswith("?note=my+words&running=stay&map:errand:call_back=thank")


@on_both_databases
def test_whoever_asked_can_take_it_back(
    draft: Draft, owner: User, second: User, client: FlaskClient, session: Session, log_in: LogIn
) -> None:
    assert "It can be given by: Boris Volkov" in page(client, draft)  # before anybody is asked
    ask(client, draft)
    address = f"/studio/drafts/{draft.id}/approval/withdrawal"
    stranger = log_in(user=make_user(session, "crm_manager"))
    assert 'data-test="withdraw"' not in page(client, draft)
    assert client.post(address).status_code == 403
    log_in(user=owner)
    assert 'data-test="withdraw"' in page(client, draft)
    shown = client.post(address, follow_redirects=True).text
    assert "The request is withdrawn." in shown
    assert 'data-test="ask-approval"' in shown
    assert re.search(r'<textarea[^>]*name="note"[^>]*>a letter of thanks<', shown)
    session.rollback()
    assert session.scalars(select(Approval)).all() == []
    told = session.execute(select(Notification.user_id, Notification.code)).all()
    assert sorted(told) == [
        (second.id, "approval_asked"),
        (second.id, "approval_withdrawn"),
        (stranger.id, "approval_withdrawn"),  # who came meanwhile could have given it too
    ]
    assert "The draft was changed" in client.post(address, follow_redirects=True).text
    ask(client, draft)
    log_in(user=second)
    assert "takes the request back: there is nothing to look at." in client.get("/diary/notifications").text
    decide(client, session, draft, "approve")
    log_in(user=owner)
    client.post(address)
    assert 'data-test="publish"' in page(client, draft)  # what is decided stays


def test_who_drew_is_no_second_person_though_a_colleague_saved_last(
    draft: Draft, owner: User, client: FlaskClient, session: Session, log_in: LogIn
) -> None:
    colleague = make_user(session, "crm_manager")
    log_in(user=colleague)
    token = {"token": "colleagues-page"}
    client.post(f"/studio/drafts/{draft.id}/turn", json={**token, "take": True})
    saved = {**token, "rev": draft.rev, "body": draft.body + "\n"}
    assert client.post(f"/studio/drafts/{draft.id}/save", json=saved).status_code == 200
    session.refresh(draft)
    ask(client, draft)
    log_in(user=owner)
    assert decide(client, session, draft, "approve") == 403


def test_another_time_before_what_sends_needs_a_second_look(
    draft: Draft, client: FlaskClient, session: Session, errands: Errands
) -> None:
    waits = (
        '<bpmn:intermediateCatchEvent id="pause"><bpmn:timerEventDefinition><bpmn:timeDuration>PT1H'
        "</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>"
    )
    ways = ("begun > call_back", "call_back > pause", "pause > thank", "thank > done")
    live = errand(SENDS, waits, ways=ways)
    with errands.app.app_context(), errands.database.write() as written:
        errands.engine.deploy(written, {"errand.bpmn": live.encode()}, actor_id=None, now=draft.created_at)
    draw(session, draft, live.replace("PT1H", "P9D"))
    assert (
        "Steps come in another order, under other conditions or at other times, and one writes to customers."
        in page(client, draft)
    )


def test_what_goes_along_obeys_the_rules_of_its_own_department(
    draft: Draft, client: FlaskClient, session: Session, log_in: LogIn, owner: User
) -> None:
    set_rules(
        session,
        "sales",
        owner_id=None,
        policy=ApprovalPolicy.ALWAYS,
        operations=["sales.*"],
        people={},
        actor_id=None,
        now=draft.created_at,
    )
    session.commit()
    client.post("/studio/forms", data={"name": "Call", "folder": "sales"})
    draw(session, draft, errand(ways=("begun > call_back", "call_back > done")).replace("test/name", "sales/call"))
    assert publish(client, draft) == 409
    assert 'data-test="ask-approval"' in page(client, draft)


def test_what_goes_along_is_published_as_it_was_looked_at(draft: Draft, client: FlaskClient, session: Session) -> None:
    client.post("/studio/forms", data={"name": "Call", "folder": "own"})
    draw(session, draft, errand(ways=("begun > call_back", "call_back > done")).replace("test/name", "own/call"))
    digest = looked_at(client, draft)
    form = session.scalars(select(Draft).where(Draft.key == "own/call")).one()
    draw(session, form, form.body.replace("Answer", "Answer him"))
    assert client.post(f"/studio/drafts/{draft.id}/publish", data={"digest": digest}).status_code == 409
    assert live_version(session) == 1


def test_where_nobody_else_may_approve_it_is_said(
    errands: Errands, owner: User, client: FlaskClient, session: Session, log_in: LogIn
) -> None:
    log_in(user=owner)
    client.post("/studio/drafts", data={"kind": "process", "key": "errand"})
    draft = draw(session, session.scalars(select(Draft)).one(), WITH_THANKS)
    assert 'data-test="nobody"' in page(client, draft)
    ask(client, draft)
    assert "There is nobody who may approve it" in page(client, draft)
    session.rollback()
    assert session.scalars(select(Approval)).all() == []


def test_a_step_between_or_other_words_need_no_second_look(
    draft: Draft, client: FlaskClient, session: Session, errands: Errands
) -> None:
    with errands.app.app_context(), errands.database.write() as written:
        errands.engine.deploy(written, {"errand.bpmn": WITH_THANKS.encode()}, actor_id=None, now=draft.created_at)
    extra = user_task("note", "test/name", assignee="=begun.to", role="sales_manager")
    between = errand(SENDS, extra, ways=("begun > call_back", "call_back > note", "note > thank", "thank > done"))
    draw(session, draft, between)
    assert 'data-test="second-look"' not in page(client, draft)
    draw(session, draft, WITH_THANKS.replace("Do call_back", "Call the customer back"))
    assert 'data-test="second-look"' not in page(client, draft)
    draw(session, draft, errand(SENDS, ways=("begun > thank", "thank > call_back", "call_back > done")))
    assert "Steps come in another order" in page(client, draft)


def test_the_page_of_a_draft_asks_as_often_for_many_people(
    draft: Draft, client: FlaskClient, session: Session, errands: Errands
) -> None:
    page(client, draft)
    with counted_statements(errands.database.engine) as few:
        page(client, draft)
    for _ in range(5):
        make_user(session, "crm_manager")
    session.commit()
    page(client, draft)
    with counted_statements(errands.database.engine) as many:
        page(client, draft)
    assert len(many) == len(few)
