"""What one process publishes, another one shows with its next answer: two applications over one database."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from engine.database import Database
from engine.runtime import Engine
from tests.engine.world import end, flows, form, process, user_task
from tests.webapp.api.bearers import Program, make_token
from tests.webapp.conftest import LogIn, MakeApp, on_both_databases
from tests.webapp.errands import Errands
from tests.webapp.staff.factories import NOW

Publish = Callable[[dict[str, str]], None]
WISH = process(
    '<bpmn:startEvent id="begun"/>',
    user_task("listen", "test/name", assignee="=null", role="call_operator"),
    end("done", outcome="won"),
    flows("begun > listen", "listen > done"),
    key="wish",
)
FORM_WITH_MORE = form("test/name", "name", {"type": "textfield", "key": "shade", "label": "Shade of the car"})


@pytest.fixture
def errands(app: Flask) -> Errands:
    return Errands(app)


@pytest.fixture
def publish_elsewhere(errands: Errands, make_app: MakeApp) -> Publish:
    other = make_app()

    def publish(files: dict[str, str]) -> None:
        engine: Engine = other.extensions["workflow"]
        database: Database = other.extensions["database"]
        with other.app_context(), database.write() as session:
            engine.deploy(session, {name: text.encode() for name, text in files.items()}, actor_id=None, now=NOW)

    return publish


@on_both_databases
def test_a_page_knows_the_process_that_another_has_published(
    app: Flask, client: FlaskClient, log_in: LogIn, publish_elsewhere: Publish
) -> None:
    log_in("director")
    engine: Engine = app.extensions["workflow"]
    assert client.get("/cases").status_code == 200
    publish_elsewhere({"wish.bpmn": WISH})

    assert client.get("/").status_code in (200, 302)

    with app.app_context(), app.extensions["database"].read() as session:
        assert "wish" in [each.key for each in engine.store.last_seen(session)]


@on_both_databases
def test_an_open_step_asks_what_another_has_published(
    client: FlaskClient, log_in: LogIn, errands: Errands, publish_elsewhere: Publish
) -> None:
    task = errands.open(log_in("director"))
    page = f"/cases/{task.instance_id}"
    assert "Shade of the car" not in client.get(page).text
    publish_elsewhere({"name.form": FORM_WITH_MORE})

    assert "Shade of the car" in client.get(page).text


def test_a_program_is_asked_what_another_has_published(
    client: FlaskClient, session: Session, log_in: LogIn, errands: Errands, publish_elsewhere: Publish
) -> None:
    owner = log_in("director")
    task = errands.open(owner)
    program = Program(client, make_token(session, owner))
    session.commit()
    before = program.get(f"/tasks/{task.id}").json
    publish_elsewhere({"name.form": FORM_WITH_MORE})

    after = program.get(f"/tasks/{task.id}").json

    assert after["form"]["version"] == before["form"]["version"] + 1
