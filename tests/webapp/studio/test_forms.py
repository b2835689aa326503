"""A form as it will look, where it is used, and new ones."""

import orjson
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.human_tasks.forms import read_form
from tests.dealer import ROOT
from tests.engine.world import choice, form
from tests.statements import counted_statements
from tests.webapp.conftest import LogIn
from tests.webapp.errands import Errands
from webapp.core.choices import choice_sources
from webapp.studio.forms.sources import TITLES
from webapp.studio.models import Draft

VISIT = form("test/visit", choice("outcome", "came", "called off"), "why")


@pytest.fixture
def draft(errands: Errands, client: FlaskClient, session: Session, log_in: LogIn) -> Draft:
    """Of the form of the errand, opened by somebody who may draw."""
    log_in("studio.see", "studio.edit")
    client.post("/studio/drafts", data={"kind": "form", "key": "test/name"})
    return session.scalars(select(Draft)).one()


def preview(client: FlaskClient, draft: Draft, body: str, language: str = "en") -> str:
    answer = client.post(f"/studio/drafts/{draft.id}/preview", json={"body": body, "language": language})
    assert answer.status_code == 200
    return answer.text


def begin(client: FlaskClient, **sent: str) -> tuple[int, dict[str, str]]:
    answer = client.post("/studio/forms", json=sent, headers={"Accept": "application/json"})
    return answer.status_code, dict(answer.json or {})


class TestPreview:
    def test_it_is_drawn_by_the_templates_of_the_case_page(self, client: FlaskClient, draft: Draft) -> None:
        page = preview(client, draft, VISIT)
        assert 'data-field="outcome"' in page
        assert '<input type="radio" name="outcome" value="called off"' in page
        assert 'class="form-grid"' in page

    def test_it_speaks_the_language_that_is_asked_for(self, client: FlaskClient, draft: Draft) -> None:
        text = orjson.loads(form("test/visit", "why"))
        text["components"][0] |= {"label": "Why?", "properties": {"label.ru": "Почему?"}, "validate": {}}
        body = orjson.dumps(text).decode()
        assert ("Why?" in (page := preview(client, draft, body)), "optional" in page) == (True, True)
        assert ("Почему?" in (page := preview(client, draft, body, "ru")), "необязательно" in page) == (True, True)

    def test_what_cannot_be_read_is_told_in_sentences(self, client: FlaskClient, draft: Draft) -> None:
        page = preview(client, draft, form("test/visit", "why", "why"))
        assert "The field “why” stands twice in the form." in page

    def test_every_shipped_form_can_be_seen(self, client: FlaskClient, draft: Draft) -> None:
        for path in sorted((ROOT / "forms").glob("*/*.form")):
            assert "preview-refused" not in preview(client, draft, path.read_text(), "ru"), path

    def test_nothing_is_saved(self, client: FlaskClient, draft: Draft, session: Session) -> None:
        before = draft.body
        preview(client, draft, VISIT)
        session.rollback()
        assert session.get_one(Draft, draft.id).body == before


class TestUses:
    def test_live_steps_and_those_of_drafts_are_named(self, client: FlaskClient, draft: Draft) -> None:
        page = client.get(f"/studio/drafts/{draft.id}/uses").text
        assert 'data-test="use-errand"' in page
        assert 'data-test="use-lead"' in page
        assert "Draft" not in page

        client.post("/studio/drafts", data={"kind": "process", "key": "errand"})
        assert page.count("use-errand") == 1
        assert client.get(f"/studio/drafts/{draft.id}/uses").text.count("use-errand") == 2

    def test_a_form_that_nobody_asks_says_so(self, client: FlaskClient, draft: Draft) -> None:
        _, told = begin(client, name="Check the papers", folder="sales")
        assert 'data-test="unused"' in client.get(f"{told['url']}/uses").text

    def test_more_drawings_take_no_more_statements(self, client: FlaskClient, draft: Draft, errands: Errands) -> None:
        def taken() -> int:
            with counted_statements(errands.database.engine) as statements:
                client.get(f"/studio/drafts/{draft.id}/uses")
            return len(statements)

        client.post("/studio/drafts", data={"kind": "process", "key": "errand"})
        few = taken()
        client.post("/studio/drafts", data={"kind": "process", "key": "lead"})
        assert taken() == few


class TestNewForm:
    @pytest.mark.parametrize(
        ("name", "key"),
        [("Check the papers", "sales/check_papers"), ("Проверка документов", "sales/proverka_dokumentov")],
    )
    def test_its_key_is_made_of_its_name(self, client: FlaskClient, draft: Draft, name: str, key: str) -> None:
        status, told = begin(client, name=name, folder="sales")
        assert (status, told["key"]) == (200, key)
        body = client.get(f"{told['url']}/body").text
        assert (read_form(body).key, list(read_form(body).fields)) == (key, ["answer"])
        assert orjson.loads(body)["name"] == name

    def test_it_is_called_as_its_step_in_both_languages(self, client: FlaskClient, draft: Draft) -> None:
        names = {"en": "Check the papers", "ru": "Проверка документов"}
        _status, told = begin(client, name="Check the papers", names=names, folder="sales")
        body = orjson.loads(client.get(f"{told['url']}/body").text)
        assert (body["name"], body["properties"]) == ("Check the papers", {"name.ru": "Проверка документов"})
        assert begin(client, name="Check", names={"xx": "Check"}, folder="sales")[0] == 422

    def test_a_second_one_of_the_name_gets_another_key(self, client: FlaskClient, draft: Draft) -> None:
        assert [begin(client, name="Check", folder="sales")[1]["key"] for _ in range(3)] == [
            "sales/check",
            "sales/check_2",
            "sales/check_3",
        ]
        assert begin(client, name="name", folder="test")[1]["key"] == "test/name_2"  # test/name is live

    def test_the_department_is_that_of_the_process(self, client: FlaskClient, draft: Draft, session: Session) -> None:
        client.post("/studio/drafts", data={"kind": "process", "key": "errand"})
        assert begin(client, name="Somewhere", process="errand")[1]["key"] == "own/somewhere"
        session.rollback()
        session.scalars(select(Draft).where(Draft.key == "errand")).one().path = "processes/aftersales/errand.bpmn"
        session.commit()
        assert begin(client, name="Check", process="errand")[1]["key"] == "aftersales/check"

    def test_a_name_without_letters_is_refused(self, client: FlaskClient, draft: Draft) -> None:
        status, told = begin(client, name="???", folder="sales")
        assert (status, told["message"]) == (422, "Write a name that has letters: the form is called so.")

    def test_a_browser_is_led_to_the_new_form(self, client: FlaskClient, draft: Draft) -> None:
        answer = client.post("/studio/forms", data={"name": "Check", "folder": "sales"})
        assert (answer.status_code, client.get(answer.headers["Location"]).status_code) == (302, 200)

    @pytest.mark.parametrize("folder", ["../etc", "Sales", "a/b"])
    def test_a_folder_is_a_plain_word(self, client: FlaskClient, draft: Draft, folder: str) -> None:
        assert begin(client, name="Check", folder=folder)[0] == 422


def test_every_list_of_records_has_a_title(errands: Errands) -> None:
    assert set(choice_sources(errands.app)) - {"test.colours"} <= TITLES.keys()


def test_only_whoever_draws_for_all_centres_begins_forms(client: FlaskClient, draft: Draft, log_in: LogIn) -> None:
    log_in("studio.see", "studio.edit", scope="team")
    assert begin(client, name="Check", folder="sales")[0] == 403
    assert client.post(f"/studio/drafts/{draft.id}/preview", json={"body": "{}", "language": "en"}).status_code == 403


def test_a_page_belongs_to_its_kind(client: FlaskClient, draft: Draft) -> None:
    assert client.post(f"/studio/drafts/{draft.id}/evaluate", json={"body": "x"}).status_code == 404
    client.post("/studio/drafts", data={"kind": "process", "key": "errand"})
    assert client.get(f"/studio/drafts/{draft.id + 1}/uses").status_code == 404
