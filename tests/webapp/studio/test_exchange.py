"""Files in and out of the studio."""

import io
import json
import zipfile
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.definitions.models import ProcessDefinition
from engine.definitions.parsing import read_processes
from engine.definitions.xml import read_xml
from tests.dealer import ROOT
from tests.webapp.conftest import LogIn, on_both_databases
from tests.webapp.errands import Errands
from tests.webapp.staff.factories import NOW
from webapp.core.working_calendars import save_initial_calendars
from webapp.studio.models import Draft, DraftKind

MODELER = (ROOT / "processes/common/errand.bpmn").read_text()


@pytest.fixture(autouse=True)
def signed_in(errands: Errands, log_in: LogIn) -> None:
    log_in("studio.see", "studio.edit", "studio.publish")


def bring(client: FlaskClient, **files: bytes) -> tuple[int, str]:
    sent = [(io.BytesIO(body), name.replace("__", ".")) for name, body in files.items()]
    answer = client.post("/studio/import", data={"files": sent}, content_type="multipart/form-data")
    return answer.status_code, answer.text


def drafts(session: Session) -> list[Draft]:
    session.rollback()
    return list(session.scalars(select(Draft).order_by(Draft.kind, Draft.key)))


def test_a_blank_process_is_named_by_its_owner(client: FlaskClient, session: Session) -> None:
    answer = client.post("/studio/new", data={"name": "Выезд к клиенту"})
    assert answer.status_code == 302
    (draft,) = drafts(session)
    assert (draft.key, draft.path) == ("vyezd_k_klientu", "processes/vyezd_k_klientu.bpmn")
    (model,) = read_processes(read_xml(draft.body.encode()))
    assert (model.key, model.name.base, model.drawn) == ("vyezd_k_klientu", "Выезд к клиенту", {"begun", "done"})
    again = client.post("/studio/new", data={"name": "Выезд к клиенту"})
    assert again.status_code == 422
    assert 'data-test="error-key"' in again.text


def test_a_copy_of_what_ships_is_a_process_of_its_own(client: FlaskClient, session: Session) -> None:
    client.post("/studio/new", data={"name": "Our task", "key": "our_task", "origin": "processes/common/errand.bpmn"})
    (draft,) = drafts(session)
    (model,) = read_processes(read_xml(draft.body.encode()))
    (shipped,) = read_processes(read_xml(MODELER.encode()))
    assert (model.key, model.name.base, model.name.others["ru"]) == ("our_task", "Our task", "Our task")
    assert model.elements.keys() == shipped.elements.keys()
    assert model.drawn == shipped.drawn


@pytest.mark.parametrize(
    ("origin", "path"),
    [("processes/common/errand.bpmn", "processes/common/ours.bpmn"), ("", "processes/sales/ours.bpmn")],
)
def test_without_a_choice_the_department_is_that_of_the_copy(
    client: FlaskClient, session: Session, origin: str, path: str
) -> None:
    client.post("/studio/new", data={"name": "Our task", "key": "ours", "origin": origin, "department": ""})
    (draft,) = drafts(session)
    (model,) = read_processes(read_xml(draft.body.encode()))
    assert (draft.path, model.name.others["ru"]) == (path, "Our task")


@pytest.mark.parametrize("form", [{"name": ""}, {"name": "x", "key": "Not An Id"}, {"name": "…"}])
def test_what_cannot_be_a_process_is_told_at_its_field(client: FlaskClient, form: dict[str, str]) -> None:
    answer = client.post("/studio/new", data=form)
    assert answer.status_code == 422
    assert 'data-test="error-' in answer.text


@on_both_databases
def test_a_bundle_comes_back_as_it_was_taken(client: FlaskClient, session: Session, errands: Errands) -> None:
    paths = [*(ROOT / "processes/common").glob("*"), *(ROOT / "forms/common").glob("*")]
    with errands.app.app_context(), errands.database.write() as writing:
        save_initial_calendars(writing, years=[2026])
        files = {str(path.relative_to(ROOT)): path.read_bytes() for path in paths}
        errands.engine.deploy(writing, files, actor_id=None, now=NOW)
    taken = client.get("/processes/errand/bundle")
    names = zipfile.ZipFile(io.BytesIO(taken.data)).namelist()
    live = session.scalars(select(ProcessDefinition).where(ProcessDefinition.version == 2)).one()
    assert live.source in names
    assert "forms/common/do_task.form" in names
    status, page = bring(client, mine__zip=taken.data)
    assert (status, page.count("live already, just as it is")) == (200, len(names))
    assert not drafts(session)

    session.rollback()
    with errands.app.app_context(), errands.database.write() as writing:
        changed = live.xml.replace(
            "</bpmn:process>", "<bpmn:documentation>Changed.</bpmn:documentation></bpmn:process>"
        )
        errands.engine.deploy(writing, {live.source: changed.encode()}, actor_id=None, now=NOW)
    status, page = bring(client, mine__zip=taken.data)
    assert (status, page.count("opened as a draft"), page.count("live already")) == (200, 1, len(names) - 1)
    assert {draft.kind: draft.body for draft in drafts(session)}[DraftKind.PROCESS] == live.xml


def test_each_file_that_cannot_be_opened_says_why(client: FlaskClient, session: Session) -> None:
    deep = io.BytesIO()
    with zipfile.ZipFile(deep, "w") as archive:
        archive.writestr("readme.txt", "nothing")
    status, page = bring(
        client,
        empty__bpmn=b"",
        entity__bpmn=b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>',
        latin__bpmn="é".encode("latin-1"),
        table__dmn=b"<definitions/>",
        other__exe=b"MZ",
        broken__zip=b"PK",
        without__zip=deep.getvalue(),
        form__form=b"[]",
    )
    assert status == 422
    assert page.count("not opened") == 8
    assert drafts(session) == []


@pytest.mark.parametrize("packing", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_damaged_bundle_says_so(client: FlaskClient, packing: int) -> None:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", packing) as archive:
        archive.writestr("a.bpmn", MODELER)
    damaged = bytearray(whole.getvalue())
    damaged[60:90] = bytes(30)
    status, page = bring(client, broken__zip=bytes(damaged))
    assert (status, page.count("not opened")) == (422, 1)


def test_a_draft_that_is_there_is_replaced_only_when_asked(client: FlaskClient, session: Session) -> None:
    own = MODELER.replace('id="errand"', 'id="brought"').replace('bpmnElement="errand"', 'bpmnElement="brought"')
    bring(client, one__bpmn=own.encode())
    status, page = bring(client, one__bpmn=own.replace("Do the task", "Do it").encode())
    assert (status, "is being drawn already" in page) == (422, True)
    sent = {
        "files": [(io.BytesIO(own.replace("<bpmn:process", "<!-- new --><bpmn:process").encode()), "a.bpmn")],
        "replace": "yes",
    }
    client.post("/studio/import", data=sent, content_type="multipart/form-data")
    (draft,) = drafts(session)
    assert ("<!-- new -->" in draft.body, draft.rev) == (True, 2)


def test_the_draft_is_taken_out_as_it_was_saved(client: FlaskClient, session: Session) -> None:
    client.post("/studio/drafts", data={"kind": "process", "key": "errand"})
    (draft,) = drafts(session)
    answer = client.get(f"/studio/drafts/{draft.id}/file")
    assert (answer.text, answer.headers["Content-Disposition"]) == (draft.body, "attachment; filename=errand.bpmn")


@pytest.mark.parametrize("said", ["ISO-8859-1", "windows-1251", "UTF-16"])
def test_a_file_in_utf_8_is_read_as_such_whatever_it_says_of_itself(
    client: FlaskClient, session: Session, said: str
) -> None:
    bring(client, one__bpmn=MODELER.replace('encoding="UTF-8"', f'encoding="{said}"').encode())
    (draft,) = drafts(session)
    (model,) = read_processes(read_xml(draft.body.encode()))
    assert model.name.others["ru"] == "Поручение"
    assert "Поручение" in client.get(f"/studio/drafts/{draft.id}", headers={"Accept-Language": "ru"}).text


@pytest.mark.parametrize("name", ["one.bpmn20.xml", "one.bpmn2", "one.BPMN", "one.bpmn.xml"])
def test_files_may_be_named_as_other_programs_do(client: FlaskClient, session: Session, name: str) -> None:
    bring(client, **{name: MODELER.encode()})
    (draft,) = drafts(session)
    assert draft.path.endswith(".bpmn")


def test_element_templates_follow_their_published_rules(client: FlaskClient) -> None:
    """Those that a Modeler drops silently: https://github.com/camunda/element-templates-json-schema."""
    templates = json.loads(client.get("/studio/element-templates.json").data)
    assert len({each["id"] for each in templates}) == len(templates) > 50
    for template in templates:
        groups = {group["id"] for group in template.get("groups", ())}
        assert template["appliesTo"]
        for each in template["properties"]:
            assert each["binding"]["type"]
            assert each.get("group") is None or each["group"] in groups
            if each["type"] == "Dropdown":
                assert each["choices"]
                assert all(choice["name"] and choice["value"] for choice in each["choices"])
            if each.get("optional") and each["binding"]["type"] == "zeebe:property":
                assert each["constraints"]["notEmpty"]


def test_no_file_leaves_the_folder_of_its_kind(client: FlaskClient, session: Session) -> None:
    form = {
        "id": "../../etc/passwd",
        "type": "default",
        "components": [{"type": "textfield", "key": "a", "label": "A"}],
    }
    bring(client, evil__form=json.dumps(form).encode())
    for draft in drafts(session):
        assert ".." not in Path(draft.path).parts
