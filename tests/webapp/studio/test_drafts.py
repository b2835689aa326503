"""Drafts: opened from what is live, held by one page, never written over."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.definitions.models import ProcessDefinition
from tests.webapp.conftest import LogIn, on_both_databases
from tests.webapp.errands import Errands
from webapp.studio.models import Draft

MINE, HIS = "a-page-of-mine", "a-page-of-his"


@pytest.fixture
def draft(errands: Errands, client: FlaskClient, session: Session, log_in: LogIn) -> Draft:
    """Of the errand, opened by somebody who may draw."""
    log_in("studio.see", "studio.edit")
    client.post("/studio/drafts", data={"kind": "process", "key": "errand"})
    return session.scalars(select(Draft)).one()


def take_turn(client: FlaskClient, draft: Draft, token: str, *, take: bool = False) -> dict[str, object]:
    answer = client.post(f"/studio/drafts/{draft.id}/turn", json={"token": token, "take": take})
    assert answer.status_code == 200
    return dict(answer.json or {})


def save(
    client: FlaskClient, draft: Draft, body: str, token: str = MINE, rev: int = 1
) -> tuple[int, dict[str, object]]:
    answer = client.post(f"/studio/drafts/{draft.id}/save", json={"token": token, "rev": rev, "body": body})
    return answer.status_code, dict(answer.json or {})


@on_both_databases
def test_a_draft_is_begun_once_from_what_is_live(
    draft: Draft, client: FlaskClient, session: Session, errands: Errands
) -> None:
    live = session.scalars(select(ProcessDefinition).where(ProcessDefinition.key == "errand")).one()
    assert (draft.key, draft.path, draft.body, draft.base_version) == ("errand", live.source, live.xml, live.version)
    again = client.post("/studio/drafts", data={"kind": "process", "key": "errand"})
    assert again.headers["Location"].endswith(f"/studio/drafts/{draft.id}")
    assert session.scalar(select(func.count(Draft.id))) == 1
    assert client.get(f"/studio/drafts/{draft.id}/body").text == live.xml
    seen = client.get(f"/studio/drafts/{draft.id}/body?as=read", headers={"Accept-Language": "ru"}).text
    assert 'name="Перезвонить"' in seen
    assert 'name="Call back"' not in seen


@on_both_databases
def test_one_page_saves_and_the_other_is_told(draft: Draft, client: FlaskClient, session: Session) -> None:
    assert take_turn(client, draft, MINE)["mine"] is True
    told = take_turn(client, draft, HIS)
    assert (told["mine"], told["own"]) == (False, True)  # another window of the same person
    assert save(client, draft, "<his/>", HIS)[0] == 409
    status, told = save(client, draft, draft.body.replace("call_back", "ring_back"))
    assert (status, told["rev"]) == (200, 2)
    assert take_turn(client, draft, HIS, take=True)["mine"] is True
    status, told = save(client, draft, "<mine/>", MINE, 2)
    assert (status, told["code"]) == (409, "draft_held")
    session.rollback()
    assert "ring_back" in session.get_one(Draft, draft.id).body


def test_a_page_that_does_not_know_the_newest_text_cannot_save(draft: Draft, client: FlaskClient) -> None:
    assert save(client, draft, draft.body)[0] == 200
    status, told = save(client, draft, "<older/>")
    assert (status, told["code"]) == (409, "draft_changed")


def test_a_closed_page_frees_the_draft(draft: Draft, client: FlaskClient) -> None:
    take_turn(client, draft, MINE)
    assert client.post(f"/studio/drafts/{draft.id}/release?token={MINE}").status_code == 204
    assert take_turn(client, draft, HIS)["mine"] is True


def test_what_stands_in_the_way_is_told_in_sentences_at_the_element(draft: Draft, client: FlaskClient) -> None:
    _, told = save(client, draft, draft.body.replace('formId="test/name"', 'formId="test/none"'))
    problems = [each for each in told["problems"] if not each["warning"]]  # type: ignore[attr-defined]
    assert [(each["code"], each["element"], each["text"]) for each in problems] == [
        (
            "unknown_form",
            "call_back",
            "The form chosen here does not exist. Choose one from the list or make a new one.",
        )
    ]


def test_a_discarded_draft_is_gone_and_what_is_live_stays(draft: Draft, client: FlaskClient, session: Session) -> None:
    client.post(f"/studio/drafts/{draft.id}/discard")
    assert client.get(f"/studio/drafts/{draft.id}/body").status_code == 404
    assert session.scalar(select(func.count(ProcessDefinition.id)).where(ProcessDefinition.key == "errand")) == 1


def test_what_is_not_published_cannot_be_opened(draft: Draft, client: FlaskClient) -> None:
    assert client.post("/studio/drafts", data={"kind": "process", "key": "nowhere"}).status_code == 404
    assert client.post("/studio/drafts", data={"kind": "drawing", "key": "errand"}).status_code == 422


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"rev": 10**30, "body": "<x/>"}, 422),
        ({"rev": 1, "body": "\ud800"}, 400),  # half a character, as JSON can write it
        ({"rev": 1, "body": "a\0b"}, 400),
    ],
)
def test_what_no_page_sends_is_refused(client: FlaskClient, draft: Draft, sent: dict[str, object], status: int) -> None:
    take_turn(client, draft, MINE)
    answer = client.post(f"/studio/drafts/{draft.id}/save", json={"token": MINE, **sent})
    assert answer.status_code == status
