"""The library: what is live, whose it is, how its cases stand."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.statements import counted_statements
from tests.webapp.conftest import LogIn, on_both_databases
from tests.webapp.errands import Errands
from webapp.staff.models import User


@pytest.fixture(autouse=True)
def signed_in(errands: Errands, seller: User, log_in: LogIn) -> None:
    for _ in range(3):
        errands.open(seller)
    log_in("studio.see", "studio.edit", "studio.publish")


@on_both_databases
def test_a_process_stands_with_its_cases_and_where_they_are(client: FlaskClient, session: Session) -> None:
    page = client.get("/processes").text
    assert 'data-test="process-errand"' in page
    assert 'data-test="standing"' in page
    tokens = client.get("/processes/errand/standing").json
    assert tokens == {"tokens": [{"element": "call_back", "text": "3", "tone": "idle"}]}


def test_a_draft_is_found_by_its_chip(client: FlaskClient) -> None:
    assert "only=drafts" not in client.get("/processes").text
    client.post("/studio/drafts", data={"kind": "process", "key": "errand"})
    assert "only=drafts" in client.get("/processes").text
    assert 'data-test="process-errand"' in client.get("/processes?only=drafts").text
    assert 'data-test="process-errand"' not in client.get("/processes?only=problems").text


def test_a_tapped_process_stands_above_the_list_and_drafts_are_begun_at_a_desk(client: FlaskClient) -> None:
    page = client.get("/processes").text
    assert 'href="/processes?show=errand#chosen"' in page
    assert "is-asked" not in page
    assert "is-asked" in client.get("/processes?show=errand").text
    begins = '<td class="nw no-phone" data-label="Draft">'
    before = page.count(begins)
    client.post("/studio/drafts", data={"kind": "process", "key": "errand"})
    assert client.get("/processes").text.count(begins) == before - 1  # a draft that is there may be looked at


def test_a_version_leads_to_its_drawing_and_its_cases(client: FlaskClient) -> None:
    page = client.get("/processes/errand/versions").text
    for name in ("look-1", "cases-1"):
        (link,) = re.findall(rf'<a [^>]*data-test="{name}"', page)
        assert 'href="/processes/errand/map?version=1"' in link
    assert client.get("/processes/errand/map?version=1").status_code == 200


def test_a_process_that_was_never_published_is_listed(client: FlaskClient) -> None:
    client.post("/studio/new", data={"name": "A new one"})
    assert "a_new_one" in client.get("/processes").text


def test_forms_say_where_they_are_used(client: FlaskClient) -> None:
    page = client.get("/studio/forms").text
    assert 'data-test="file-test/name"' in page
    client.post("/studio/drafts", data={"kind": "form", "key": "test/name"})
    assert "Open the draft" in client.get("/studio/forms").text


def test_without_decisions_the_page_says_so(client: FlaskClient) -> None:
    assert "Nothing here yet" in client.get("/studio/decisions").text


def test_the_number_of_statements_does_not_grow_with_the_cases(
    client: FlaskClient, errands: Errands, seller: User
) -> None:
    client.get("/processes")
    with counted_statements(errands.database.engine) as few:
        client.get("/processes")
    for _ in range(5):
        errands.open(seller)
    with counted_statements(errands.database.engine) as many:
        client.get("/processes")
    assert len(many) == len(few)
    assert len(few) <= 20
