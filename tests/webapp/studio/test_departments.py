"""What departments decide about their drawings, and that it holds."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.definitions.models import ProcessDefinition
from tests.engine.world import form
from tests.webapp.conftest import LogIn, on_both_databases
from tests.webapp.errands import ERRAND, Errands
from tests.webapp.staff.factories import NOW, make_user
from tests.webapp.studio.test_approval import WITH_THANKS, draw, page, publish
from webapp.staff.models import User
from webapp.studio.departments.models import ApprovalPolicy
from webapp.studio.departments.rules import Rules, department_of, rules_of
from webapp.studio.models import Draft

SERVICE_ONLY = {"whole": ["aftersales"], "policy": "never"}


@pytest.fixture
def owner(errands: Errands, session: Session) -> User:
    found = make_user(session, "crm_manager", name="Vera Orlova")
    session.commit()
    return found


def change(client: FlaskClient, name: str, **data: object) -> int:
    """`whole`: parts of the product of which everything is allowed."""
    scopes = {f"scope-{part}": "all" for part in data.pop("whole", ())}  # type: ignore[attr-defined]
    return client.post(f"/studio/departments/{name}", data={**scopes, **data}).status_code


def draft_of_errand(client: FlaskClient, session: Session) -> Draft:
    client.post("/studio/drafts", data={"kind": "process", "key": "errand"})
    session.rollback()
    return draw(session, session.scalars(select(Draft).where(Draft.key == "errand")).one(), WITH_THANKS)


def refusals(client: FlaskClient, draft: Draft) -> list[str]:
    found = client.get(f"/studio/drafts/{draft.id}/problems").json["problems"]
    return [each["code"] for each in found if not each["warning"]]


@on_both_databases
def test_what_is_decided_is_kept_and_shown(owner: User, client: FlaskClient, session: Session, log_in: LogIn) -> None:
    log_in("admin")
    assert change(client, "sales", owner=owner.id, draws=[owner.id], whole=["sales"], policy="always") == 302
    rules = rules_of(session)["sales"]
    assert (rules.owner_id, rules.drawers, rules.policy) == (owner.id, {owner.id}, ApprovalPolicy.ALWAYS)
    shown = client.get("/studio/departments").text
    assert "Vera Orlova" in shown
    assert "always" in shown
    assert change(client, "sales", **{"scope-sales": "some"}, operation=["sales.record_needs"], policy="never") == 302
    session.rollback()
    assert rules_of(session)["sales"].allowed == {"sales.record_needs"}
    assert "of 71" in client.get("/studio/departments").text
    page = client.get("/studio/departments/sales").text
    assert 'value="sales.record_needs" checked' in page


def test_unfit_decisions_are_refused(owner: User, client: FlaskClient, session: Session, log_in: LogIn) -> None:
    stranger = make_user(session, "sales_manager")
    log_in("admin")
    told = client.post("/studio/departments/sales", data={"policy": "never", "draws": [stranger.id]})  # no operation
    assert (told.status_code, 'value="never" checked' in told.text) == (422, True)
    assert change(client, "sales", whole=["sales"], policy="perhaps") == 422
    assert change(client, "sales", whole=["sales"], policy="never", owner=stranger.id) == 422
    assert change(client, "moon", whole=["sales"], policy="never") == 404
    assert rules_of(session)["sales"].policy is ApprovalPolicy.TOUCHED


def test_process_owners_see_the_rules_and_do_not_make_them(owner: User, client: FlaskClient, log_in: LogIn) -> None:
    log_in(user=owner)
    assert 'data-test="change-sales"' not in client.get("/studio/departments").text
    assert client.get("/studio/departments/sales").status_code == 403
    assert change(client, "sales", whole=["sales"], policy="never") == 403


def test_an_operation_that_the_department_may_not_use_is_not_published(
    owner: User, client: FlaskClient, session: Session, log_in: LogIn
) -> None:
    log_in("admin")
    change(client, "own", **SERVICE_ONLY)
    log_in(user=owner)
    draft = draft_of_errand(client, session)
    (found,) = [
        each
        for each in client.get(f"/studio/drafts/{draft.id}/problems").json["problems"]
        if each["code"] == "operation_not_allowed"
    ]
    assert found["element"] == "thank"
    assert found["text"].startswith("The department “Own” may not use “Thank the customer by mail”.")
    assert publish(client, draft) == 422
    offered = client.get(f"/studio/drafts/{draft.id}/book").json["catalogue"]["operations"]
    assert not offered["sales.send_thanks"]["allowed"]
    assert offered["aftersales.record_work"]["allowed"]


def test_only_who_is_named_draws(owner: User, client: FlaskClient, session: Session, log_in: LogIn) -> None:
    other = make_user(session, "crm_manager")
    log_in("admin")
    change(client, "own", draws=[other.id], whole=["sales"], policy="never")
    log_in(user=owner)
    assert client.post("/studio/drafts", data={"kind": "process", "key": "errand"}).status_code == 403
    assert session.scalars(select(Draft)).all() == []
    assert client.post("/studio/new", data={"name": "Visit", "department": "own"}).status_code == 403
    assert client.post("/studio/new", data={"name": "Visit", "department": "sales"}).status_code == 302
    log_in(user=other)
    draft = draft_of_errand(client, session)
    log_in(user=owner)
    for address in ("", "/body", "/book", "/problems"):
        assert client.get(f"/studio/drafts/{draft.id}{address}").status_code == 403
    assert client.get(f"/studio/drafts/{draft.id}/file").status_code == 403
    assert publish(client, draft) == 403
    assert client.post(f"/studio/drafts/{draft.id}/discard").status_code == 403
    assert 'data-test="publish"' not in page(client, draft)  # he may look
    log_in(user=other)
    assert publish(client, draft) == 302


class TestWhatIsOfOthers:
    """A draft puts live what it is the draft of, whatever its text says."""

    @pytest.fixture(autouse=True)
    def errand_is_of_sales(
        self, errands: Errands, owner: User, client: FlaskClient, session: Session, log_in: LogIn
    ) -> None:
        """Live in the folder of sales, where somebody else draws."""
        with errands.app.app_context(), errands.database.write() as written:
            files = {"processes/sales/errand.bpmn": ERRAND.replace("Ask first", "First ask").encode()}
            files["forms/sales/test.form"] = form("sales/test", "name").encode()
            errands.engine.deploy(written, files, actor_id=None, now=NOW)
        other = make_user(session, "crm_manager", name="Somebody else")
        log_in("admin")
        assert change(client, "sales", draws=[other.id], whole=["sales"], policy="never") == 302

    def test_a_process(self, owner: User, client: FlaskClient, session: Session, log_in: LogIn) -> None:
        log_in(user=owner)
        client.post("/studio/new", data={"name": "Mine", "key": "mine", "department": "own"})
        draft = draw(session, session.scalars(select(Draft)).one(), ERRAND)
        assert refusals(client, draft) == ["draft_key_changed"]
        assert publish(client, draft) == 422

    def test_a_second_process_in_the_file(
        self, owner: User, client: FlaskClient, session: Session, log_in: LogIn
    ) -> None:
        log_in(user=owner)
        client.post("/studio/new", data={"name": "Mine", "key": "mine", "department": "own"})
        draft = session.scalars(select(Draft)).one()
        start = ERRAND.index("<bpmn:process ")
        second = ERRAND[start : ERRAND.index("</bpmn:process>") + len("</bpmn:process>")]
        draft = draw(session, draft, draft.body.replace("<bpmndi:BPMNDiagram", second + "<bpmndi:BPMNDiagram", 1))
        codes = [each["code"] for each in client.get(f"/studio/drafts/{draft.id}/problems").json["problems"]]
        assert "process_of_another_file" in codes
        assert publish(client, draft) == 422

    def test_a_form(self, owner: User, client: FlaskClient, session: Session, log_in: LogIn) -> None:
        log_in(user=owner)
        client.post("/studio/forms", data={"name": "Mine", "folder": "own"})
        draft = draw(session, session.scalars(select(Draft)).one(), form("sales/test", "name", "more"))
        assert refusals(client, draft) == ["draft_key_changed"]
        assert publish(client, draft) == 422

    def test_a_table(self, owner: User, client: FlaskClient, session: Session, log_in: LogIn) -> None:
        log_in(user=owner)
        client.post("/studio/decisions", data={"name": "Mine", "department": "own"})
        draft = session.scalars(select(Draft)).one()
        draft = draw(session, draft, draft.body.replace('id="mine"', 'id="yours"'))
        assert refusals(client, draft) == ["draft_key_changed"]
        assert publish(client, draft) == 422


def test_an_older_version_obeys_the_rules_of_its_department(
    owner: User, errands: Errands, client: FlaskClient, session: Session, log_in: LogIn
) -> None:
    with errands.app.app_context(), errands.database.write() as written:
        for text in (WITH_THANKS, ERRAND):
            errands.engine.deploy(written, {"errand.bpmn": text.encode()}, actor_id=None, now=NOW)
    versions = {
        each.version: each.id
        for each in session.scalars(select(ProcessDefinition).where(ProcessDefinition.key == "errand"))
    }
    log_in("admin")
    change(client, "own", **SERVICE_ONLY)
    log_in(user=owner)
    told = client.post(f"/processes/errand/versions/{versions[2]}/again", follow_redirects=True).text
    assert "may not use “Thank the customer by mail”" in told
    session.rollback()
    assert session.scalar(select(func.max(ProcessDefinition.version)).where(ProcessDefinition.key == "errand")) == 3


def test_whoever_answers_for_a_department_draws_there_as_well() -> None:
    rules = Rules("sales", owner_id=1, drawers=frozenset({2}))
    assert [rules.may_draw(person) for person in (1, 2, 3)] == [True, True, False]


@pytest.mark.parametrize(
    ("path", "department"),
    [
        ("processes/sales/pdi.bpmn", "sales"),
        ("forms/aftersales/work.form", "aftersales"),
        ("processes/own_thing.bpmn", "own"),
        ("errand.bpmn", "own"),
        ("processes/moon/base.bpmn", "own"),
    ],
)
def test_the_folder_says_whose_a_file_is(path: str, department: str) -> None:
    assert department_of(path) == department
