"""How often the database is asked does not grow with what is published along, found, or moved."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.definitions.models import ProcessDefinition
from engine.migration.models import Migration, MigrationState
from tests.engine.world import end, flows, form, process, user_task
from tests.statements import counted_statements
from tests.webapp.conftest import LogIn, MakeApp
from tests.webapp.errands import Errands
from tests.webapp.staff.factories import NOW
from tests.webapp.studio.test_publishing import RIGHTS
from webapp.studio.models import Draft, DraftKind

MOST = 6


def drawing(*forms: str) -> str:
    steps = [f"step_{number}" for number in range(len(forms))]
    ways = [f"{before} > {after}" for before, after in zip(["begun", *steps], [*steps, "done"], strict=True)]
    return process(
        '<bpmn:startEvent id="begun"/>',
        *(
            user_task(step, name, assignee="=null", role="sales_manager")
            for step, name in zip(steps, forms, strict=True)
        ),
        end("done", outcome="won"),
        flows(*ways),
        key="visit",
    )


FORMS = [f"test/form_{number}" for number in range(MOST)]


@pytest.fixture
def draft(errands: Errands, client: FlaskClient, session: Session, log_in: LogIn) -> Draft:
    """Of a process with six forms, of which none is drawn."""
    files = {"processes/visit.bpmn": drawing(*FORMS), **{f"forms/{name}.form": form(name, "name") for name in FORMS}}
    errands.act(
        lambda unit, engine: engine.deploy(
            unit, {path: text.encode() for path, text in files.items()}, actor_id=None, now=NOW
        )
    )
    log_in(*RIGHTS)
    client.post("/studio/drafts", data={"kind": "process", "key": "visit"})
    return session.scalars(select(Draft)).one()


def draw_form(client: FlaskClient, session: Session, name: str) -> None:
    client.post("/studio/drafts", data={"kind": "form", "key": name})
    session.rollback()
    drawn = session.scalars(select(Draft).where(Draft.kind == DraftKind.FORM, Draft.key == name)).one()
    drawn.body = form(name, "name", {"type": "textfield", "key": "shade", "label": "Shade"})
    session.commit()


def counted(client: FlaskClient, errands: Errands, address: str) -> int:
    assert client.get(address).status_code == 200  # what is remembered in memory is remembered by now
    with counted_statements(errands.database.engine) as statements:
        client.get(address)
    return len(statements)


def test_a_publication_asks_as_often_for_six_forms_as_for_one(
    draft: Draft, client: FlaskClient, session: Session, errands: Errands
) -> None:
    address = f"/studio/drafts/{draft.id}/publish"
    draw_form(client, session, FORMS[0])
    few = counted(client, errands, address)
    for name in FORMS[1:]:
        draw_form(client, session, name)
    assert client.get(address).text.count('data-test="change-shade"') == MOST
    many = counted(client, errands, address)
    assert many == few


def test_the_marks_of_a_drawing_are_no_check(draft: Draft, client: FlaskClient, errands: Errands) -> None:
    found = counted(client, errands, f"/studio/drafts/{draft.id}/marks")
    assert found <= 8


def test_findings_are_told_in_as_many_statements_whatever_their_number(
    draft: Draft, client: FlaskClient, session: Session, errands: Errands
) -> None:
    def problems(*forms: str) -> tuple[int, int]:
        draft.body = drawing(*forms)
        session.commit()
        address = f"/studio/drafts/{draft.id}/problems"
        found = client.get(address).json or {}
        return len(found["problems"]), counted(client, errands, address)

    few = problems("test/none", *FORMS[1:])
    many = problems(*(f"test/none_{number}" for number in range(MOST)))
    assert (many[0] - few[0], many[1] - few[1]) == (MOST - 1, 0)


def test_the_library_compiles_no_version_that_a_move_names(
    draft: Draft, client: FlaskClient, session: Session, errands: Errands, make_app: MakeApp
) -> None:
    texts = [drawing(*FORMS[: number + 1]) for number in range(4)]
    for text in texts:
        files = {"processes/visit.bpmn": text.encode()}
        errands.act(lambda unit, engine, files=files: engine.deploy(unit, files, actor_id=None, now=NOW))  # type: ignore[misc]
    session.rollback()
    versions = select(ProcessDefinition.id).where(ProcessDefinition.key == "visit").order_by(ProcessDefinition.id)
    first, *others = session.scalars(versions).all()

    def counted_anew(moved: list[int]) -> int:
        """By an application that has compiled nothing yet."""
        for before in moved:
            done = {"state": MigrationState.APPLIED, "created_at": NOW}
            session.add(Migration(process_key="visit", from_id=before, to_id=others[-1], **done))
        session.commit()
        app = make_app()
        other = app.test_client()
        with client.session_transaction() as mine, other.session_transaction() as his:
            his.update(mine)
        with counted_statements(app.extensions["database"].engine) as statements:
            assert other.get("/processes").status_code == 200
        return len(statements)

    few = counted_anew([first])
    many = counted_anew(others[:-1])
    assert many == few
