"""What publishing refuses, in the editor of drawings: at the element, in a sentence that its owner understands."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.definitions.limits import MAX_BYTES
from tests.webapp.conftest import LogIn
from tests.webapp.errands import Errands
from tests.webapp.staff.factories import NOW
from tests.webapp.studio.drawings import drawing
from tests.webapp.studio.plain_words import objections
from tests.webapp.studio.refused import NAME, PASSPORT, REFUSED, TITLES, with_step
from tests.webapp.studio.test_publishing import looked_at
from webapp.studio.models import Draft


@pytest.fixture
def draft(errands: Errands, client: FlaskClient, session: Session, log_in: LogIn) -> Draft:
    """Of the errand, opened by the owner of processes."""
    with errands.app.app_context(), errands.database.write() as writing:
        forms = {"passport.form": PASSPORT.encode(), "name.form": NAME.encode()}
        errands.engine.deploy(writing, forms, actor_id=None, now=NOW)
    log_in("crm_manager")
    client.post("/studio/drafts", data={"kind": "process", "key": "errand"})
    return session.scalars(select(Draft)).one()


def test_each_is_told_at_its_element_in_plain_words(draft: Draft, client: FlaskClient) -> None:
    address = f"/studio/drafts/{draft.id}"
    wrong: list[str] = []
    for rev, (name, refused) in enumerate(REFUSED.items(), 1):
        body = {"token": "a-page-of-mine", "rev": rev, "body": refused.text}
        answers = {
            "en": client.post(f"{address}/save", json=body, headers={"Accept-Language": "en"}),
            "ru": client.get(f"{address}/problems", headers={"Accept-Language": "ru"}),
        }
        for at, (language, answer) in enumerate(answers.items()):
            assert answer.status_code == 200, name
            found = [each for each in answer.json["problems"] if not each["warning"]]  # type: ignore[index]
            told = [each for each in found if (each["code"], each["element"] or "") == (refused.code, refused.at)]
            title = TITLES[refused.title or refused.at][at]
            complaints = [*(["is not told"] if not told else objections(told[0]["text"], language, refused.own))]
            if told and told[0]["where"] != title:
                complaints.append(f"stands at “{told[0]['where']}”")
            if complaints:
                wrong.append(f"{name} ({language}): {complaints} – {found}")
    assert not wrong, "\n".join(wrong)


def test_publishing_refuses_with_the_same_sentences(draft: Draft, client: FlaskClient) -> None:
    refused = REFUSED["a personal field that nothing takes"]
    body = {"token": "a-page-of-mine", "rev": 1, "body": refused.text}
    found = client.post(f"/studio/drafts/{draft.id}/save", json=body).json["problems"]  # type: ignore[index]
    (told,) = [each for each in found if not each["warning"]]
    page = client.post(
        f"/studio/drafts/{draft.id}/publish", data={"digest": looked_at(client, draft), "running": "keep"}
    )
    assert page.status_code == 422
    assert "Call the customer</a> – The form “Papers” asks for “Passport number”" in page.text
    assert told["text"] in page.text


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (with_step().encode("utf-16"), "The file is not in UTF-8. Save it in UTF-8."),
        (REFUSED["an entity"].text.encode(), "Save the drawing anew in the editor or in the Modeler"),
        (b" " * (MAX_BYTES + 1), "The file is too large. Split it into called processes."),
        (with_step()[:-40].encode(), "The file is damaged and cannot be read as a drawing."),
        (drawing().replace("bpmn:process", "bpmn:category").encode(), "The file does not say what it is called"),
    ],
)
def test_a_file_that_is_no_drawing_is_refused_when_it_is_brought(
    draft: Draft, client: FlaskClient, session: Session, body: bytes, sentence: str
) -> None:
    head = b'--cut\r\nContent-Disposition: form-data; name="files"; filename="brought.bpmn"\r\n\r\n'
    sent = head + body + b"\r\n--cut--\r\n"
    answer = client.post("/studio/import", data=sent, content_type="multipart/form-data; boundary=cut")
    assert (answer.status_code, sentence in answer.text) == (422, True)
    session.rollback()
    assert session.scalars(select(Draft)).all() == [draft]


def test_a_text_that_is_too_large_is_not_saved(draft: Draft, client: FlaskClient, session: Session) -> None:
    body = {"token": "a-page-of-mine", "rev": 1, "body": "я" * (MAX_BYTES // 2 + 1)}
    answer = client.post(f"/studio/drafts/{draft.id}/save", json=body)
    assert (answer.status_code, "The file is too large." in answer.text) == (422, True)
    session.rollback()
    assert session.get_one(Draft, draft.id).rev == 1
