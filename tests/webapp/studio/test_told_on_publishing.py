"""The page before a publication names what it finds by the titles on screen: never by ids, keys or paths."""

import re
from html import unescape

import orjson
import pytest
from flask.testing import FlaskClient

from tests.dealer import ROOT
from tests.webapp.conftest import LogIn
from tests.webapp.errands import Errands
from tests.webapp.staff.factories import NOW
from tests.webapp.studio.drawings import element
from tests.webapp.studio.refused import NAME, PASSPORT, through, with_step

DISCOUNT = (ROOT / "processes/sales/discount.dmn").read_text()
LANGUAGES = ("en", "ru")
DECIDES = element(
    "businessRuleTask",
    "odd_one",
    "Who allows it?",
    "Кто разрешит?",
    extension='<zeebe:calledDecision decisionId="discount_level" resultVariable="level"/><zeebe:ioMapping>'
    '<zeebe:input source="=1000000" target="price"/><zeebe:input source="=3" target="percent"/></zeebe:ioMapping>',
)


@pytest.fixture(autouse=True)
def published(errands: Errands, log_in: LogIn) -> None:
    with errands.app.app_context(), errands.database.write() as writing:
        files = {"passport.form": PASSPORT, "name.form": NAME, "processes/sales/discount.dmn": DISCOUNT}
        errands.engine.deploy(writing, {name: text.encode() for name, text in files.items()}, actor_id=None, now=NOW)
    log_in("crm_manager")


def save(client: FlaskClient, kind: str, key: str, text: str) -> str:
    """The address of the draft with this text."""
    address = client.post("/studio/drafts", data={"kind": kind, "key": key}).headers["Location"]
    answer = client.post(f"{address}/save", json={"token": "a-page-of-mine", "rev": 1, "body": text})
    assert answer.status_code == 200, answer.text
    return address


def said(client: FlaskClient, address: str, language: str, part: str) -> list[str]:
    """The sentences in a part of the page: errors or warnings."""
    page = client.get(f"{address}/publish", headers={"Accept-Language": language}).text
    found = re.search(rf'data-test="{part}">(.*?)</ul>', page, re.DOTALL)
    lines = re.findall(r"<li>(.*?)</li>", found[1], re.DOTALL) if found is not None else []
    return [unescape(re.sub(r"<[^>]+>", "", line)) for line in lines]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_warning_stands_at_the_title_of_its_step(client: FlaskClient, language: str) -> None:
    address = save(client, "process", "errand", with_step(due=""))
    told = said(client, address, language, "warnings")
    step = {"en": "Call the customer – ", "ru": "Позвонить клиенту – "}[language]
    assert any(line.startswith(step) for line in told), told
    assert not [line for line in told if re.search(r"call_back|begun_here|errand|\.bpmn", line)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_wrong_with_a_form_that_goes_along_names_form_and_question(client: FlaskClient, language: str) -> None:
    broken = orjson.loads(PASSPORT)
    broken["components"].append({**broken["components"][0], "id": "again"})
    save(client, "form", "test/passport", orjson.dumps(broken).decode())
    told = said(client, save(client, "process", "errand", with_step(form="test/passport")), language, "errors")
    assert {
        "en": "Papers, Passport number – The field “Passport number” stands twice in the form.",
        "ru": "Документы, Номер паспорта – Поле «Номер паспорта» стоит в форме дважды.",
    }[language] in told
    assert not [line for line in told if "passport_no" in line or "test/" in line]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_wrong_with_a_table_that_goes_along_names_its_decision_rule_and_column(
    client: FlaskClient, language: str
) -> None:
    save(client, "decision", "discount", DISCOUNT.replace("<text>1</text>", "<text>(((</text>", 1))
    (told,) = said(client, save(client, "process", "errand", through(DECIDES, "odd_one")), language, "errors")
    assert told.startswith(
        {
            "en": "Who allows a discount, Discount limits, rule 1, “Salesperson, %” – ",
            "ru": "Кто согласует скидку, Пределы скидок, правило 1, «Salesperson, %» – ",
        }[language]
    ), told


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_table_that_a_live_process_needs_as_it_was_is_named_by_title(
    errands: Errands, client: FlaskClient, language: str
) -> None:
    with errands.app.app_context(), errands.database.write() as writing:
        text = through(DECIDES, "odd_one").encode()
        errands.engine.deploy(writing, {"errand.bpmn": text}, actor_id=None, now=NOW)
    address = save(client, "decision", "discount", DISCOUNT.replace('"discount_level"', '"other_level"'))
    told = said(client, address, language, "errors")
    process = {"en": "“Errand”", "ru": "«Поручение»"}[language]
    assert any(process in line for line in told), told
    assert not [line for line in told if "discount_" in line or "errand" in line], told
