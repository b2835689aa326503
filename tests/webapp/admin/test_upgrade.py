"""An upgrade takes over what earlier versions have stored, leaves alone what is the dealer's own, and goes on."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
import pytest
from sqlalchemy import URL, Boolean, DateTime, Integer, MetaData, Table, func, insert, select, update

from engine.carrying_over import carry_over
from engine.clock import SettableClock
from engine.database import Database, make_database
from engine.heartbeat import record_beat
from engine.history.models import HistoryEvent
from engine.human_tasks.models import HumanTask, TaskState
from engine.instances.models import InstanceStatus, ProcessInstance
from engine.spiff.formats import FORMAT
from engine.timers.due_rows import PlannedRow, add_rows
from engine.timers.models import DueKind, DueRow
from tests.databases import new_postgresql_database, url_of
from tests.dealer import MOSCOW, Dealer
from tests.settings import FOR_TEST_CLIENTS
from tests.webapp.admin.conftest import Installation, note_shape
from tests.webapp.admin.test_backup import run
from webapp import cli as root
from webapp.admin import cli
from webapp.app import create_app
from webapp.core import migrations
from webapp.core.publishing import OWN, ROOT, own_versions, shipped_contents
from webapp.staff.models import Centre, User

FIRST_RELEASE = "e9684490ab8d"
FIRST_DUMP = Path(__file__).parent / "releases" / "first.sql"
NEXT_MORNING = datetime(2026, 11, 28, 9, 0, tzinfo=MOSCOW).astimezone(UTC)  # of what the dump has


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def first_release(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database of the first release of this repository, with running cases."""
    filled = make_database(f"sqlite:///{tmp_path}/marshrut.db")
    migrations.upgrade(filled, FIRST_RELEASE)
    url = url_of(filled)
    filled.close()
    rows = sqlite3.connect(tmp_path / "marshrut.db")
    rows.executescript(FIRST_DUMP.read_text())
    with ExitStack() as stack:
        if request.param == "postgresql":
            server: URL = request.getfixturevalue("postgresql_server")
            fresh = stack.enter_context(new_postgresql_database(server, "template0"))
            url = fresh.render_as_string(hide_password=False)
            copy_to_postgresql(rows, url)
        rows.close()
        yield url


def copy_to_postgresql(source: sqlite3.Connection, url: str) -> None:
    database = make_database(url)
    migrations.upgrade(database, FIRST_RELEASE)
    metadata = MetaData()
    with database.engine.begin() as connection:
        metadata.reflect(connection)
        for table in metadata.sorted_tables:
            columns = [column.name for column in table.columns]
            names = ", ".join(f'"{name}"' for name in columns)
            found = source.execute(f'SELECT {names} FROM "{table.name}"').fetchall()  # noqa: S608  # our own names
            if not found or table.name == "alembic_version":
                continue
            connection.execute(insert(table), [typed(table, dict(zip(columns, row, strict=True))) for row in found])
            for column in (each for each in table.primary_key.columns if isinstance(each.type, Integer)):
                counter = func.pg_get_serial_sequence(table.name, column.name)
                connection.execute(select(func.setval(counter, func.max(column))))
    database.close()


def typed(table: Table, row: dict[str, object]) -> dict[str, object]:
    """What SQLite keeps as numbers and texts, as PostgreSQL takes it."""
    for column in table.columns:
        value = row[column.name]
        if value is not None and isinstance(column.type, Boolean):
            row[column.name] = bool(value)
        if isinstance(value, str) and isinstance(column.type, DateTime):
            row[column.name] = datetime.fromisoformat(value).replace(tzinfo=UTC)
    return row


def upgraded(url: str, folder: Path, *options: object) -> str:
    result = run(cli.upgrade_command, url, folder, *options)
    assert result.exit_code == 0, result.output
    return re.sub(r"^published: .*\n", "", result.output, flags=re.MULTILINE)


def step(dealer: Dealer, element: str, case: int, **values: object) -> None:
    """Answer the open step of this case."""
    (task,) = [each for each in dealer.open_tasks() if (each.element, each.instance_id) == (element, case)]
    with dealer.write() as session:
        dealer.engine.complete(
            session,
            task.id,
            values,
            actor=dealer._actor(""),
            reading=dealer._reading(),
            command_key=f"upgraded-{task.id}",
        )


def test_the_first_release_is_carried_over_and_goes_on(first_release: str, tmp_path: Path) -> None:
    said = upgraded(first_release, tmp_path)

    assert re.search(r"before-upgrade-.*\.backup: 7 cases", said)
    assert "Carried over into the present form: 7 cases, 0 planned starts." in said
    assert "Everything agrees." in said
    dealer = dealer_of_the_demo(first_release, tmp_path)
    with dealer.read() as session:
        formats = [orjson.loads(state)[0] for state in session.scalars(select(ProcessInstance.state))]
    assert formats == [FORMAT] * 7
    goes_on(dealer)
    dealer.database.close()
    again = upgraded(first_release, tmp_path, "--no-backup")
    assert "Carried over into the present form: 0 cases" in again
    assert ".backup" not in again


def dealer_of_the_demo(url: str, folder: Path) -> Dealer:
    clock = SettableClock(NEXT_MORNING)
    app = create_app({**FOR_TEST_CLIENTS, "database_url": url, "data_dir": str(folder)}, application_clock=clock)
    dealer = Dealer(app, clock)
    with dealer.read() as session:
        people = {user.email: user.id for user in session.scalars(select(User))}
        dealer.people = {"operator": people["call1@example.com"], "seller": people["n1@example.com"]}
        dealer.centres = {"North": session.scalars(select(Centre.id).where(Centre.name == "Север")).one()}
    return dealer


def goes_on(dealer: Dealer) -> None:
    """Its worksheets are worked on, new ones are opened, its cycle turns once a day until its task is done."""
    visits = [task for task in dealer.open_tasks() if task.element == "confirm_visit"]
    step(dealer, "confirm_visit", visits[0].instance_id, outcome="confirmed", prepare=["test_drive_car"])
    assert [each.element for each in dealer.open_tasks() if each.instance_id == visits[0].instance_id] == ["welcome"]
    dealer.register()
    watching = next(case for case in dealer.cases() if case.process_key == "watching")
    turns = count_of(dealer, watching.id, "every_day")
    for _ in range(2):
        dealer.pass_time(timedelta(days=1))
    assert count_of(dealer, watching.id, "every_day") == turns + 2
    step(dealer, "watch", watching.id, seen="yes")
    ended = next(case for case in dealer.cases() if case.id == watching.id)
    assert ended.status is InstanceStatus.COMPLETED
    dealer.pass_time(timedelta(days=2))
    assert count_of(dealer, watching.id, "every_day") == turns + 2


def count_of(dealer: Dealer, case: int, element: str) -> int:
    with dealer.read() as session:
        events = select(func.count()).select_from(HistoryEvent)
        return session.scalar(events.where(HistoryEvent.instance_id == case, HistoryEvent.element == element)) or 0


class TestRefusals:
    def test_a_database_of_a_newer_version(self, installation: Installation) -> None:
        note_shape(installation.dealer.database, "ffffffffffff")

        result = run(cli.upgrade_command, url_of(installation.dealer.database), installation.folder)

        assert (result.exit_code, "newer version" in result.output) == (1, True), result.output
        assert not list(installation.folder.glob("*.backup"))

    def test_a_database_that_is_worked_with(self, installation: Installation) -> None:
        dealer = installation.dealer
        with dealer.write() as session:
            record_beat(session, name="beat", now=dealer.clock.now())

        result = run(cli.upgrade_command, url_of(dealer.database), installation.folder, clock=dealer.clock)

        assert (result.exit_code, "Stop it first" in result.output) == (1, True), result.output


def test_a_state_that_nobody_can_read_is_named_and_left(installation: Installation) -> None:
    dealer = installation.dealer
    dealer.register()
    dealer.register(phone="8 900 000-77-77", name="Guest")
    with dealer.write() as session:
        session.execute(update(ProcessInstance).where(ProcessInstance.id == 1).values(state=b"[99,false,[]]"))

        carried = carry_over(session)

    assert (carried.cases, carried.unreadable) == (0, (1,))


def test_planned_starts_are_carried_over(database: Database) -> None:
    due = datetime(2026, 3, 5, 9, 0, tzinfo=UTC)
    old = f'["{due.isoformat()}",[0,86400.0],null]'
    with database.write() as session:
        add_rows(session, [PlannedRow(DueKind.START, 1, due, old, "start:x")])
        first, second = carry_over(session), carry_over(session)
        detail = session.scalars(select(DueRow.detail)).one()

    assert (first.starts, second.starts) == (1, 0)
    assert orjson.loads(detail) == [due.isoformat(), 0, 0, 86400.0, None, 0]


class TestOwnVersions:
    """What a dealer has published himself is not replaced by an upgrade."""

    FORM = "forms/sales/lost.form"
    PROCESS = "processes/common/errand.bpmn"

    def published(self, dealer: Dealer, path: str, body: bytes, **facts: object) -> None:
        with dealer.write() as session:
            given = {"actor_id": None, "note": ""} | facts
            dealer.engine.deploy(session, {path: body}, now=dealer.clock.now(), **given)

    def own(self, dealer: Dealer) -> list[str]:
        with dealer.read() as session:
            return own_versions(session, shipped_contents())

    def test_are_what_he_has_changed(self, dealer: Dealer) -> None:
        contents = shipped_contents()
        form = contents[self.FORM].replace(b"Customer lost", b"Customer is lost")
        assert self.own(dealer) == []

        self.published(dealer, self.FORM, form)  # an earlier version of the product
        assert self.own(dealer) == []
        self.published(dealer, self.FORM, form + b"\n", note=OWN)
        assert self.own(dealer) == [self.FORM]
        self.published(dealer, self.FORM, form, note=OWN)  # back to what was shipped once
        assert self.own(dealer) == []
        self.published(dealer, self.FORM, form + b"\n\n", actor_id=dealer.people["head"])
        assert self.own(dealer) == [self.FORM]
        self.published(dealer, self.FORM, contents[self.FORM], note=OWN)  # what is shipped now
        assert self.own(dealer) == []

    def test_are_told_by_their_place_where_nothing_was_noted(self, dealer: Dealer) -> None:
        drawing = shipped_contents()[self.PROCESS].replace(b'name="Errand"', b'name="Our errand"')
        self.published(dealer, "/srv/own/errand.bpmn", drawing + b"\n")

        assert self.own(dealer) == [self.PROCESS]

    def test_are_left_alone(self, installation: Installation, tmp_path: Path) -> None:
        dealer = installation.dealer
        note_shape(dealer.database)
        mine = tmp_path / "lost.form"
        mine.write_bytes((ROOT / self.FORM).read_bytes() + b"\n")
        where = url_of(dealer.database), installation.folder
        assert run(root.deploy, *where, mine).exit_code == 0

        said = upgraded(*where, "--no-backup")

        assert f"left alone: {self.FORM}" in said
        assert self.own(dealer) == [self.FORM]
        with dealer.read() as session:
            assert session.scalar(select(func.count()).where(HumanTask.state == TaskState.OPEN)) == 0
