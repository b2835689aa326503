"""Folders in a bundle: a file comes to the department of its folder, or the page says why it is not opened."""

import io
import zipfile

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.errors import BusinessError
from tests.dealer import ROOT
from tests.engine.world import form
from tests.webapp.conftest import LogIn
from tests.webapp.errands import Errands
from webapp.studio.departments.rules import DEPARTMENTS, department_of
from webapp.studio.exchange.bundles import folders_of, path_in
from webapp.studio.models import Draft, DraftKind

SHIPPED = (ROOT / "processes/common/errand.bpmn").read_text()
DRAWING = SHIPPED.replace('id="errand"', 'id="brought"').replace('bpmnElement="errand"', 'bpmnElement="brought"')
TABLE = (ROOT / "processes/sales/silence.dmn").read_text()
FORM = form("sales/visit", "why")


@pytest.fixture(autouse=True)
def signed_in(errands: Errands, log_in: LogIn) -> None:
    log_in("studio.see", "studio.edit")


def bring(client: FlaskClient, files: dict[str, str], language: str = "en") -> str:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    sent = {"files": [(io.BytesIO(packed.getvalue()), "bundle.zip")]}
    headers = {"Accept-Language": language}
    answer = client.post("/studio/import", data=sent, content_type="multipart/form-data", headers=headers)
    return answer.text


def paths(session: Session) -> list[str]:
    session.rollback()
    return sorted(session.scalars(select(Draft.path)))


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("brought.bpmn", "processes/brought.bpmn"),
        ("processes/any name.bpmn", "processes/brought.bpmn"),
        ("processes/sales/any name.bpmn", "processes/sales/brought.bpmn"),
        ("sales/brought.bpmn", "processes/sales/brought.bpmn"),
        ("my files/brought.bpmn", "processes/brought.bpmn"),
        ("my files/of today/processes/aftersales/brought.bpmn", "processes/aftersales/brought.bpmn"),
        ("processes\\sales\\brought.bpmn", "processes/sales/brought.bpmn"),
        ("processes/own/brought.bpmn", "processes/brought.bpmn"),
    ],
)
def test_a_drawing_comes_to_the_department_of_its_folder(
    client: FlaskClient, session: Session, name: str, path: str
) -> None:
    bring(client, {name: DRAWING})
    assert paths(session) == [path]


def test_all_files_of_a_bundle_keep_their_places_and_the_page_names_them(client: FlaskClient, session: Session) -> None:
    files = {
        "b/processes/aftersales/a.bpmn": DRAWING,
        "b/processes/sales/t.dmn": TABLE,
        "b/forms/sales/f.form": FORM,
        "__MACOSX/b/processes/sales/._t.dmn": "junk of a desktop",
    }
    page = bring(client, files)
    assert paths(session) == [
        "forms/sales/visit.form",
        "processes/aftersales/brought.bpmn",
        "processes/sales/silence.dmn",
    ]
    assert (page.count("opened as a draft"), page.count("not opened")) == (3, 0)
    assert ('brought</a> <span class="t3 sm nw">Service</span>' in page, ">Sales</span>" in page) == (True, True)


@pytest.mark.parametrize(
    "name", ["processes/purchase/a.bpmn", "processes/sales/old/a.bpmn", "purchase/a.bpmn", "sales/../a.bpmn"]
)
def test_a_folder_of_no_department_is_refused_and_the_rest_is_opened(
    client: FlaskClient, session: Session, name: str
) -> None:
    page = bring(client, {name: DRAWING, "processes/sales/t.dmn": TABLE})
    assert paths(session) == ["processes/sales/silence.dmn"]
    folder = name.rpartition("/")[0]
    assert f"“{folder}” is the folder of no department. Put the file into one of these: processes/sales, " in page
    assert "не папка отдела" in bring(client, {name: DRAWING, "processes/sales/t.dmn": TABLE}, "ru")


def test_a_form_in_the_folder_of_another_is_refused(client: FlaskClient, session: Session) -> None:
    page = bring(client, {"forms/aftersales/visit.form": FORM, "visits/a.bpmn": DRAWING, "forms/sales/t.form": FORM})
    assert "The form calls itself “sales/visit”, but lies in the folder “forms/aftersales”." in page
    assert paths(session) == ["forms/sales/visit.form"]


FOLDER = st.sampled_from([*DEPARTMENTS, "processes", "forms", "old", "..", "x y"])


@given(st.sampled_from([DraftKind.PROCESS, DraftKind.DECISION]), st.lists(FOLDER, max_size=4), st.booleans())
def test_no_department_in_the_name_is_lost(kind: DraftKind, folders: list[str], beside: bool) -> None:
    """Either the draft stands in the last folder that is one of a department, or the file is refused."""
    name = "/".join([*folders, f"a{kind.suffix}"])
    bundle = [name, f"z{kind.suffix}"] if beside else [name]
    try:
        path = path_in(kind, "a", folders_of(bundle)[name])
    except BusinessError:
        return
    named = [each for each in folders if each in DEPARTMENTS]
    assert len(named) <= 1
    assert department_of(path) == (named or ["own"])[0]
