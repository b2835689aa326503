"""Who asks a table: steps themselves, operations at steps, and pages; in the library and beside the table."""

import re
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.dealer import ROOT, START, Dealer, client_of, hire
from tests.engine.world import form
from tests.statements import counted_statements
from tests.webapp.conftest import LogIn
from tests.webapp.errands import Errands
from tests.webapp.staff.factories import NOW
from webapp.core.operation_names import operation_title
from webapp.staff.models import User
from webapp.studio.models import Draft

TEMPERATURE = "temperature"
PAGE = {"ru": "Доска контроля, «Горячие без контакта»", "en": "Control board, “Hot, no contact”"}


@pytest.fixture
def owner(dealer: Dealer) -> FlaskClient:
    with dealer.write() as session:
        hire(session, {"owner": ("Olga", "crm_manager", None)})
        dealer.people["owner"] = session.scalars(select(User.id).where(User.fs_uniquifier == "owner")).one()
    return client_of(dealer, "owner")


def told(text: str) -> str:
    return unescape(" ".join(re.sub(r"<[^>]+>", " ", text).split()))


def row(client: FlaskClient, key: str, language: str) -> str:
    page = client.get("/studio/decisions", headers={"Accept-Language": language}).text
    found = re.search(rf'<tr data-test="file-{key}">.*?</tr>', page, re.DOTALL)
    assert found is not None, key
    return told(" ".join(re.findall(r'<div data-test="used-in">.*?</div>', found[0], re.DOTALL)))


def beside(client: FlaskClient, key: str, language: str = "en") -> str:
    address = client.post("/studio/drafts", data={"kind": "decision", "key": key}).headers["Location"]
    return client.get(f"{address}/askers", headers={"Accept-Language": language}).text


def operations(dealer: Dealer, decision: str, language: str) -> list[str]:
    with dealer.app.test_request_context(headers={"Accept-Language": language}):
        known = dealer.engine.kernel.operations.values()
        return [operation_title(each) for each in known if decision in each.asks]


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize(("key", "decision"), [("discount", "discount_limits"), (TEMPERATURE, "lead_temperature")])
def test_a_table_that_operations_ask_names_the_process_the_steps_and_the_operations(
    dealer: Dealer, owner: FlaskClient, key: str, decision: str, language: str
) -> None:
    listed, page = row(owner, key, language), told(beside(owner, key, language))
    assert operations(dealer, decision, language)
    for name in [{"en": "Sales worksheet", "ru": "Рабочий лист"}[language], *operations(dealer, decision, language)]:
        assert name in listed
        assert name in page
    assert decision not in listed + page


@pytest.mark.parametrize("language", ["en", "ru"])
def test_a_table_that_a_page_asks_names_the_page(owner: FlaskClient, language: str) -> None:
    assert row(owner, "silence", language) == PAGE[language]
    assert PAGE[language] in told(beside(owner, "silence", language))


def test_a_table_that_a_step_asks_itself_names_the_step(owner: FlaskClient) -> None:
    assert row(owner, "complaint", "ru") == "Контрольный звонок Насколько серьёзно?"


def test_drawings_that_ask_are_named_too_and_lead_to_their_draft(dealer: Dealer, owner: FlaskClient) -> None:
    assert "use-sales_worksheet" in (page := beside(owner, "discount"))
    owner.post("/studio/drafts", data={"kind": "process", "key": "sales_worksheet"})
    with dealer.read() as session:
        drawn = session.scalars(select(Draft.id).where(Draft.key == "sales_worksheet")).one()
    assert f"/studio/drafts/{drawn}" not in page
    assert f"/studio/drafts/{drawn}" in beside(owner, "discount")


def test_one_that_is_renamed_in_the_draft_is_still_asked_under_its_live_name(
    dealer: Dealer, owner: FlaskClient
) -> None:
    beside(owner, "discount")
    with dealer.write() as session:
        draft = session.scalars(select(Draft)).one()
        draft.body = draft.body.replace('"discount_limits"', '"other_limits"').replace(
            "#discount_limits", "#other_limits"
        )
        draft.body = draft.body.replace('"discount_level"', '"other_level"')
    assert "use-sales_worksheet" in beside(owner, "discount")


def test_a_table_that_nobody_asks_says_so(dealer: Dealer, owner: FlaskClient) -> None:
    address = owner.post("/studio/decisions", data={"name": "Check", "department": "sales"}).headers["Location"]
    assert 'data-test="unused"' in owner.get(f"{address}/askers").text
    assert row(owner, "check", "en") == ""


def test_an_operation_that_stands_at_no_step_is_named_alone(
    errands: Errands, client: FlaskClient, log_in: LogIn
) -> None:
    """The table is live before a drawing has the operation."""
    text = (ROOT / "processes/sales/lead_temperature.dmn").read_text()
    with errands.app.app_context(), errands.database.write() as session:
        errands.engine.deploy(session, {"lead_temperature.dmn": text.encode()}, actor_id=None, now=NOW)
    log_in("studio.see", "studio.edit")
    assert row(client, TEMPERATURE, "ru").count("операция, которой пока нет ни у одного шага") == 2
    assert beside(client, TEMPERATURE).count("use-operation") == 2


def test_more_files_take_no_more_statements(dealer: Dealer, owner: FlaskClient) -> None:
    def taken() -> int:
        with counted_statements(dealer.database.engine) as statements:
            owner.get("/studio/forms")
        return len(statements)

    taken()
    few = taken()
    with dealer.write() as session:
        contents = {f"forms/test/more{n}.form": form(f"test/more{n}", "why").encode() for n in range(5)}
        dealer.engine.deploy(session, contents, actor_id=None, now=START)
    taken()
    assert taken() == few
