"""A new table: made of the answers that it looks at, ready for its first rule."""

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.decisions.questions import questions
from engine.definitions.decision_files import read_model
from tests.webapp.conftest import LogIn
from tests.webapp.errands import Errands
from tests.webapp.studio.test_publishing import looked_at
from webapp.studio.decisions.beginning import Column, _file, _named
from webapp.studio.models import Draft, DraftKind

ANSWERS = [
    {"key": "needs.pay_method", "label": "How he pays", "type": "select", "values": ["cash", "credit"]},
    {"key": "needs.budget", "label": "Budget", "type": "number"},
    {"key": "welcome.budget", "label": "Budget at first", "type": "number"},
]


@pytest.fixture
def owner(errands: Errands, log_in: LogIn) -> None:
    log_in("studio.see", "studio.edit", "studio.publish")


def begin(client: FlaskClient, **sent: object) -> tuple[int, dict[str, object]]:
    answer = client.post("/studio/decisions", json=sent, headers={"Accept": "application/json"})
    return answer.status_code, dict(answer.json or {})


@pytest.mark.usefixtures("owner")
class TestBeginning:
    def test_it_asks_what_was_chosen_and_can_be_published(self, client: FlaskClient, session: Session) -> None:
        status, made = begin(client, name="Нужен ли директор?", process="errand", columns=ANSWERS)
        assert (status, made["asked"]) == (200, ["pay_method", "budget", "budget_2"])
        draft = session.scalars(select(Draft).where(Draft.kind == DraftKind.DECISION)).one()
        assert draft.path == "processes/nuzhen_li_direktor.dmn"
        (question,) = questions(draft.body)
        assert question.id == made["key"]
        assert [(each.label, each.type, each.values) for each in question.inputs] == [
            ("How he pays", "string", ("cash", "credit")),
            ("Budget", "number", ()),
            ("Budget at first", "number", ()),
        ]
        assert client.get(f"/studio/drafts/{draft.id}/problems").json == {"problems": []}
        assert (
            client.post(f"/studio/drafts/{draft.id}/publish", data={"digest": looked_at(client, draft)}).status_code
            == 302
        )

    def test_it_is_called_in_both_languages_as_the_step_that_asks_it(
        self, client: FlaskClient, session: Session
    ) -> None:
        begin(client, name="Есть ли риск", names={"en": "Is there a risk", "ru": "Есть ли риск"}, process="errand")
        draft = session.scalars(select(Draft).where(Draft.kind == DraftKind.DECISION)).one()
        titles = questions(draft.body)[0].titles
        assert (titles["en"], titles["ru"]) == ("Is there a risk", "Есть ли риск")
        assert begin(client, name="Risk", names={"xx": "Risk"}, process="errand")[0] == 422

    def test_names_do_not_meet(self, client: FlaskClient) -> None:
        keys = [begin(client, name="Who decides", department="sales")[1]["key"] for _ in range(3)]
        assert keys == ["who_decides_decision", "who_decides_2_decision", "who_decides_3_decision"]

    def test_it_is_opened_again_before_it_is_live_and_leads_back(self, client: FlaskClient, session: Session) -> None:
        begin(client, name="Who decides", department="sales")
        client.post("/studio/drafts", data={"kind": "process", "key": "errand"})
        drawing = session.scalars(select(Draft.id).where(Draft.kind == DraftKind.PROCESS)).one()
        sent = {"kind": "decision", "key": "who_decides", "back": drawing, "at": "call_back"}
        page = client.get(client.post("/studio/drafts", data=sent).location).text
        assert f'href="/studio/drafts/{drawing}?at=call_back" data-saved-first data-test="back-to-drawing"' in page
        assert 'data-test="to-publish"' not in page  # it goes live with the drawing

    def test_a_name_without_letters_is_refused(self, client: FlaskClient) -> None:
        status, told = begin(client, name="??", department="sales")
        assert (status, told["message"]) == (422, "Write a name that has letters: the table is called so.")

    def test_the_editor_of_drawings_offers_it_before_it_is_live(self, client: FlaskClient, session: Session) -> None:
        begin(client, name="Who decides", department="sales", columns=ANSWERS)
        client.post("/studio/drafts", data={"kind": "process", "key": "errand"})
        drawing = session.scalars(select(Draft).where(Draft.kind == DraftKind.PROCESS)).one()
        offered = client.get(f"/studio/drafts/{drawing.id}/book").json["catalogue"]["decisions"]["who_decides_decision"]
        assert offered["name"] == "Who decides"
        assert {each["name"]: each["label"] for each in offered["inputs"]}["pay_method"] == "How he pays"
        assert offered["outputs"] == [{"name": "", "label": "Who decides", "values": []}]


KEYS = st.lists(st.from_regex("([a-z]{1,3}[.])?(by_)?[a-z]{1,2}(_input|_1|_edge)?", fullmatch=True), max_size=6)


@given(KEYS, st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=12))
def test_whatever_the_answers_are_called_it_can_be_read(keys: list[str], value: str) -> None:
    columns = _named([Column(key, key, "select", (value,)) for key in keys], "table")
    text = etree.tostring(_file("table", "A table", columns, {"ru": "Таблица"}), encoding="unicode")
    asked = read_model(text).asked_by_id()["table_decision"]
    assert len(asked) == max(len(keys), 1)
    ids = etree.fromstring(text).xpath("//@id")
    assert len(ids) == len(set(ids))
