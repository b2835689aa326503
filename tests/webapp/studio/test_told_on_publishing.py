"""The page before a publication names what it finds by the titles on screen: never by ids, keys or paths."""

import re
from html import unescape

import orjson
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.dealer import ROOT
from tests.engine.world import form
from tests.webapp.conftest import LogIn
from tests.webapp.errands import Errands
from tests.webapp.staff.factories import NOW
from tests.webapp.studio.drawings import branching, drawing, element, step, ways
from tests.webapp.studio.refused import NAME, PASSPORT, through, with_step
from webapp.studio.drafts import models_of_text
from webapp.studio.publishing.conditions import Conditions

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


def test_a_finding_leads_to_its_place_in_the_draft_that_holds_it(client: FlaskClient, session: Session) -> None:
    broken = orjson.loads(PASSPORT)
    broken["components"].append({**broken["components"][0], "id": "again"})
    of_form = save(client, "form", "test/passport", orjson.dumps(broken).decode())
    text = with_step(form="test/passport", due="PT1H").replace('"sales_manager"', '"nobody"')
    page = client.get(f"{save(client, 'process', 'errand', text)}/publish").text
    link = re.search(r'<li><a class="m" href="([^"]+)">Papers, Passport number</a> – ', page)
    assert link is not None
    assert unescape(link[1]) == f"{of_form}?at=passport_no"


BUDGET = form(
    "test/name",
    {"type": "number", "key": "budget", "label": "Budget up to", "properties": {"label.ru": "Бюджет до"}},
    {"type": "checkbox", "key": "hot", "label": "In a hurry", "properties": {"label.ru": "Торопится"}},
)
CHOICE = drawing(
    step(),
    branching(otherwise="way_4"),
    step("head_calls", "Let the head call", "Звонит руководитель"),
    ways(
        "begun_here > call_back",
        "call_back > which_way",
        "which_way > head_calls : call_back.budget > 2000000 and call_back.hot",
        "which_way > all_done",
        "head_calls > all_done",
    ),
)


def changes(client: FlaskClient, address: str, language: str) -> dict[str, str]:
    """The lines of the list of changes, by element, without their marks."""
    page = client.get(f"{address}/publish", headers={"Accept-Language": language}).text
    rows = re.findall(r'<tr data-test="change-(\w+)">(.*?)</tr>', page, re.DOTALL)
    return {name: " ".join(unescape(re.sub(r"<[^>]+>", " ", row)).split()) for name, row in rows}


@pytest.mark.parametrize("language", LANGUAGES)
def test_new_and_removed_ways_are_told_with_what_they_are_taken_on(
    errands: Errands, client: FlaskClient, language: str
) -> None:
    def publish(**files: str) -> None:
        with errands.app.app_context(), errands.database.write() as writing:
            named = {name.replace("_", "."): text.encode() for name, text in files.items()}
            errands.engine.deploy(writing, named, actor_id=None, now=NOW)

    publish(name_form=BUDGET, errand_bpmn=with_step())
    address = save(client, "process", "errand", CHOICE)
    told = changes(client, address, language)
    assert (
        told
        == {
            "en": {
                "head_calls": "new: Let the head call step new",
                "which_way": "new: Does he come? choice new",
                "way_2": "changed: Call the customer → Does he come? way Leads to Agreed Does he come?",
                "way_3": "new: Does he come? → Let the head call way This way is taken if "
                "Budget up to is more than 2,000,000 and In a hurry: yes",
                "way_4": "new: Does he come? → Agreed way This way is taken if no other condition holds",
                "way_5": "new: Let the head call → Agreed way new",
            },
            "ru": {
                "head_calls": "новое: Звонит руководитель шаг новое",
                "which_way": "новое: Приедет? развилка новое",
                "way_2": "изменено: Позвонить клиенту → Приедет? путь Куда Договорились Приедет?",
                "way_3": "новое: Приедет? → Звонит руководитель путь Идти сюда, если "
                "Бюджет до больше 2 000 000 и Торопится: да",
                "way_4": "новое: Приедет? → Договорились путь Идти сюда, если не выполнено ни одно другое условие",
                "way_5": "новое: Звонит руководитель → Договорились путь новое",
            },
        }[language]
    )
    publish(errand_bpmn=CHOICE)
    client.post(f"{address}/save", json={"token": "a-page-of-mine", "rev": 2, "body": with_step()})
    told = changes(client, address, language)
    assert (
        told["way_3"]
        == {
            "en": "removed: Does he come? → Let the head call way. This way is taken if "
            "Budget up to is more than 2,000,000 and In a hurry: yes removed",
            "ru": "удалено: Приедет? → Звонит руководитель путь. Идти сюда, если "
            "Бюджет до больше 2 000 000 и Торопится: да удалено",
        }[language]
    )
    assert told["way_2"].startswith({"en": "changed:", "ru": "изменено:"}[language])


@pytest.mark.parametrize(
    ("condition", "told"),
    [
        (
            "call_back.budget <= 5 or call_back.budget = null",
            "Budget up to is at most 5 or Budget up to is not answered",
        ),
        ("not(call_back.hot)", "In a hurry: no"),
        ('call_back.budget != "a or b"', "Budget up to is not “a or b”"),
        ("call_back.budget = 1 and call_back.hot or call_back.hot", ""),  # not rows: as it was written
        ("call_back.budget + 1 > 2", ""),
        ("case.owner = 3", ""),
    ],
)
def test_a_condition_is_told_as_the_builder_shows_it(
    errands: Errands, app: Flask, session: Session, condition: str, told: str
) -> None:
    with errands.app.app_context(), errands.database.write() as writing:
        errands.engine.deploy(writing, {"name.form": BUDGET.encode()}, actor_id=None, now=NOW)
    (model,) = models_of_text(CHOICE)
    with app.test_request_context():
        assert Conditions(session, {}).told(model, condition) == (told or condition)
