"""Moving running cases in the browser's words: plan, check, move, undo."""

import re
from itertools import pairwise

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.definitions.models import ProcessDefinition
from engine.human_tasks.models import HumanTask, TaskState
from engine.migration.models import Migration
from tests.engine.world import end, flows, process, user_task
from tests.statements import counted_statements
from tests.webapp.conftest import LogIn, on_both_databases
from tests.webapp.errands import Errands
from tests.webapp.staff.factories import NOW
from webapp.staff.models import Centre, User

STUDIO = ("studio.see", "studio.publish", "cases.see")


def next_version(*steps: str) -> str:
    """The errand with these steps instead of the one call."""
    line = ["begun", *steps, "done"]
    return process(
        '<bpmn:startEvent id="begun"/>',
        *(user_task(step, "test/name", assignee="=begun.to", role="sales_manager", due="=begun.due") for step in steps),
        end("done", outcome="won"),
        flows(*(f"{a} > {b}" for a, b in pairwise(line))),
        key="errand",
    )


def publish(errands: Errands, text: str) -> None:
    with errands.app.app_context(), errands.database.write() as session:
        errands.engine.deploy(session, {"errand.bpmn": text.encode()}, actor_id=None, now=NOW)


@pytest.fixture
def address(errands: Errands, seller: User, session: Session, log_in: LogIn) -> str:
    """Of the plan for three open errands whose only step is renamed and followed by another."""
    for _ in range(3):
        errands.open(seller)
    publish(errands, next_version("ring", "thank"))
    log_in(*STUDIO)
    old, new = session.scalars(
        select(ProcessDefinition.id).where(ProcessDefinition.key == "errand").order_by(ProcessDefinition.version)
    ).all()
    return f"/processes/errand/move?from={old}&to={new}"


def open_steps(session: Session) -> list[str]:
    session.rollback()
    return list(session.scalars(select(HumanTask.element).where(HumanTask.state == TaskState.OPEN)))


def move_of(page: str) -> int:
    found = re.search(r"/migrations/(\d+)/", page)
    assert found is not None
    return int(found[1])


class TestPages:
    def test_older_versions_with_cases_lead_to_the_plan(self, client: FlaskClient, address: str) -> None:
        page = client.get("/processes").text

        assert address.replace("&", "&amp;") in page
        assert "3 cases on version 1" in page

    def test_the_plan_proposes_the_renamed_step(self, client: FlaskClient, address: str) -> None:
        page = client.get(address).text

        assert '<option value="ring" selected>' in page
        assert "it seems to be the same step" in page

    def test_a_renamed_step_is_not_called_added(self, client: FlaskClient, address: str) -> None:
        page = client.get(address).text
        told = dict(re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", page.partition('data-test="differences"')[2]))

        assert (told["The same under another name or id"], told["Added"]) == ("call_back → ring", "thank")

    @on_both_databases
    def test_a_plan_is_checked_moved_and_undone(self, client: FlaskClient, address: str, session: Session) -> None:
        checked = client.post(address, data={"map:errand:call_back": "ring"}, follow_redirects=True).text
        number = move_of(checked)
        assert "Move 3 cases" in checked
        assert open_steps(session) == ["call_back"] * 3

        moved = client.post(f"/migrations/{number}/apply", follow_redirects=True).text
        assert "Undo: put 3 cases back" in moved
        assert "3 cases go back to version 1." in moved
        assert 'data-opens="ask-undo"' in moved
        assert open_steps(session) == ["ring"] * 3

        undone = client.post(f"/migrations/{number}/undo", follow_redirects=True).text
        assert "put back" in undone
        assert "New cases still begin with version 2." in undone
        assert client.get(re.search(r'href="([^"]*/again)"', undone)[1]).status_code == 200
        assert open_steps(session) == ["call_back"] * 3

    def test_who_has_gone_on_stays_and_is_told_of(
        self, client: FlaskClient, address: str, session: Session, errands: Errands, seller: User
    ) -> None:
        number = move_of(client.post(address, data={"map:errand:call_back": "ring"}, follow_redirects=True).text)
        client.post(f"/migrations/{number}/apply")
        session.rollback()
        errands.complete(
            session.scalars(select(HumanTask).where(HumanTask.element == "ring")).all()[0], seller, now=NOW
        )
        undone = client.post(f"/migrations/{number}/undo", follow_redirects=True).text
        assert "which the earlier version does not have" in undone
        assert "which the new version does not have" not in undone

    def test_what_is_not_mapped_is_told_with_its_reason(self, client: FlaskClient, address: str) -> None:
        page = client.post(address, data={"map:errand:call_back": ""}, follow_redirects=True).text

        assert "which the new version does not have" in page
        assert 'data-test="apply"' not in page
        listed = client.get(f"/migrations/{move_of(page)}?stage=unmapped").text
        assert listed.count('href="/cases/') >= 3

    def test_a_changed_plan_replaces_the_one_before(self, client: FlaskClient, address: str, session: Session) -> None:
        first = move_of(client.post(address, data={}, follow_redirects=True).text)
        again = client.get(f"{address}&again={first}").text
        assert '<option value="" selected>' not in again

        client.post(address, data={"again": str(first), "map:errand:call_back": "ring"})

        session.rollback()
        assert session.scalars(select(Migration.mapping)).all() == ['{"errand":{"call_back":"ring"}}']

    def test_a_discarded_plan_leaves_nothing(self, client: FlaskClient, address: str, session: Session) -> None:
        number = move_of(client.post(address, data={"map:errand:call_back": "ring"}, follow_redirects=True).text)

        page = client.post(f"/migrations/{number}/discard", follow_redirects=True).text

        assert "No case was changed." in page
        assert open_steps(session) == ["call_back"] * 3

    def test_russian_pages_are_russian(self, client: FlaskClient, address: str) -> None:
        russian = {"Accept-Language": "ru"}

        pages = [
            client.get("/processes", headers=russian).text,
            client.get(address, headers=russian).text,
            client.post(address, data={}, headers=russian, follow_redirects=True).text,
        ]

        for page, words in zip(pages, ("Действует", "Исчезнувшие шаги", "Почему дела остаются"), strict=True):
            assert words in page


class TestRefusals:
    @pytest.mark.parametrize(
        ("data", "words"),
        [
            ({"map:errand:call_back": "nowhere"}, "does not have"),
            ({"map:errand:nothing": "ring"}, "does not have"),
            ({"map:other:call_back": "ring"}, "does not have"),
        ],
    )
    def test_a_mapping_that_fits_no_version(
        self, client: FlaskClient, address: str, data: dict[str, str], words: str
    ) -> None:
        answer = client.post(address, data=data, follow_redirects=True)

        assert answer.status_code < 500
        assert words in answer.text

    def test_moving_twice(self, client: FlaskClient, address: str, session: Session) -> None:
        number = move_of(client.post(address, data={"map:errand:call_back": "ring"}, follow_redirects=True).text)
        client.post(f"/migrations/{number}/apply")

        answer = client.post(f"/migrations/{number}/apply", follow_redirects=True)

        assert "somebody has gone on with this move meanwhile" in answer.text
        assert open_steps(session) == ["ring"] * 3

    @pytest.mark.parametrize("scope", ["own", "centre"])
    def test_whoever_may_in_one_centre_only(
        self, client: FlaskClient, address: str, log_in: LogIn, centre: Centre, scope: str
    ) -> None:
        log_in(*STUDIO, scope=scope, centre=centre)

        assert client.get("/processes").status_code == 403
        assert client.post(address, data={}).status_code == 403

    def test_versions_of_another_process(self, client: FlaskClient, address: str) -> None:
        assert client.get(address.replace("errand", "lead")).status_code == 404
        assert client.get("/processes/errand/move").status_code == 404


@on_both_databases
def test_the_number_of_statements_does_not_grow_with_the_cases(
    client: FlaskClient, address: str, errands: Errands, seller: User
) -> None:
    few = _asked(client, errands, address)
    for _ in range(6):
        errands.open(seller)

    assert _asked(client, errands, address) <= few


def _asked(client: FlaskClient, errands: Errands, address: str) -> int:
    page = client.post(address, data={}, follow_redirects=True).text
    number = move_of(page)
    with counted_statements(errands.database.engine) as counted:
        client.get("/processes")
        client.get(address)
        client.get(f"/migrations/{number}?stage=unmapped")
    return len(counted)


def test_a_step_that_was_done_is_called_by_its_name_when_it_is_gone(
    client: FlaskClient, errands: Errands, seller: User, session: Session, log_in: LogIn
) -> None:
    publish(errands, next_version("ring", "thank").replace('name="ring"', 'name="Ring him up"'))
    task = errands.open(seller)
    errands.complete(task, seller, now=NOW)
    publish(errands, next_version("thank"))
    log_in(*STUDIO)
    old, new = session.scalars(
        select(ProcessDefinition.id).where(ProcessDefinition.key == "errand").order_by(ProcessDefinition.version)
    ).all()[-2:]
    number = move_of(client.post(f"/processes/errand/move?from={old}&to={new}", follow_redirects=True).text)
    client.post(f"/migrations/{number}/apply")

    page = client.get(f"/cases/{task.instance_id}")

    assert page.status_code == 200
    assert "Ring him up" in page.text


def test_numbers_that_no_version_has_are_not_found(client: FlaskClient, address: str) -> None:
    assert client.get(f"/processes/errand/move?from={10**30}").status_code == 404
    assert client.get(address.replace("to=", f"to={10**30}")).status_code == 404
