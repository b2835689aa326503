"""What the diary and the control board ask, asked on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import select

from engine.clock import SettableClock
from engine.database import Database
from engine.human_tasks.assignment import Actor
from engine.outbox import OutboxMessage
from tests.webapp.control.deeds import postpone, skip
from tests.webapp.errands import Errands
from tests.webapp.sales.factories import make_worksheet
from tests.webapp.staff.factories import NOW, make_absence, make_centre, make_user
from webapp.app import create_app
from webapp.control import figures, queries, services
from webapp.control.columns import STUCK, Columns
from webapp.control.figures import Reach
from webapp.control.findings import find_deviations
from webapp.control.queries import Filter
from webapp.core import workflow
from webapp.core.permissions import RowScope, ScopeKind
from webapp.core.publishing import ROOT
from webapp.core.reference import ship_all
from webapp.diary import mails
from webapp.diary import queries as diary
from webapp.diary.models import Notification
from webapp.diary.stream import read_state
from webapp.repair import incidents
from webapp.repair.incidents import Asked, Show
from webapp.sales.feature import SALES
from webapp.sales.silence import silent_cases
from webapp.sales.temperature import Temperature
from webapp.staff.models import Centre, User

SILENCE = ROOT / "processes/sales/silence.dmn"

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MOSCOW = ZoneInfo("Europe/Moscow")
COLUMNS = Columns(SALES.problems, SALES.expiring)


@pytest.fixture
def app(database: Database, tmp_path: Path) -> Iterator[Flask]:
    """The application on the database of the test."""
    url = database.engine.url.render_as_string(hide_password=False)
    settings = {"database_url": url, "data_dir": str(tmp_path), "secret_key": "for tests only", "TESTING": True}
    created = create_app(settings, application_clock=SettableClock(NOW))
    with created.app_context():
        yield created
    created.extensions["database"].close()


@pytest.fixture
def errands(app: Flask) -> Errands:
    return Errands(app)


@pytest.fixture
def people(database: Database) -> tuple[Centre, User, User]:
    """A centre, a salesperson and his head."""
    with database.write() as session:
        centre = make_centre(session, name="North")
        head = make_user(session, "sales_head", centre=centre)
        seller = make_user(session, "sales_manager", centre=centre, head_id=head.id)
        return centre, seller, head


def reach_of(user: User, centre: Centre) -> Reach:
    scope = RowScope(ScopeKind.CENTRE, user.id, centre_ids=frozenset({centre.id}))
    return Reach(scope, NOW, NOW.astimezone(MOSCOW).replace(hour=0, minute=0))


def test_figures_and_lists_agree_for_every_problem(
    app: Flask, database: Database, errands: Errands, people: tuple[Centre, User, User]
) -> None:
    centre, seller, head = people
    errands.open_late(seller, centre=centre)
    asleep, skipped, done = (errands.open(seller, centre=centre, now=NOW - DAY) for _ in range(3))
    errands.open(None, key="lead", centre=centre, now=NOW - HOUR)
    postpone(errands, asleep, seller)
    skip(errands, skipped, seller)
    errands.complete(done, seller, now=NOW)
    reach = reach_of(head, centre)

    with app.test_request_context(), database.read() as session:
        lines = figures.count_by_person(session, reach, COLUMNS)
        for line in lines:
            for problem in set(COLUMNS.names()) - {"deviations"}:
                wanted = Filter(show=problem, person=line.user_id or figures.NOBODY)
                assert len(queries.find_rows(session, reach, wanted, COLUMNS)) == line.counts[problem], (problem, line)
            person = line.user_id or figures.NOBODY
            assert len(find_deviations(session, reach, person)) == line.counts["deviations"]
        mine = next(line for line in lines if line.user_id == seller.id)
        assert {name: number for name, number in mine.counts.items() if number} == {
            "open": 2, "today": 1, "overdue": 1, "postponed": 1, "deviations": 1,
        }  # fmt: skip
        assert (mine.done, mine.done_in_time, mine.looks) == (1, 1, 1)
        assert sum(step.waiting for step in figures.count_by_step(session, reach)) == 3
        assert figures.count_by_age(session, reach)["day"] == 1
        assert figures.count_without_next_step(session, reach) == 0
        assert queries.find_rows(session, reach, Filter(show=STUCK), COLUMNS) == []
        assert incidents.find_incidents(session, reach.scope, Asked()) == []
        assert incidents.find_causes(session, reach.scope, Asked()) == []
        assert incidents.find_choices(session, reach.scope, show=Show.OPEN) == []


def test_a_hot_customer_is_silent_after_three_days_and_a_warm_one_after_ten(
    app: Flask, database: Database, errands: Errands, people: tuple[Centre, User, User]
) -> None:
    centre, seller, head = people
    cases = {
        "hot, silent": (Temperature.HOT, 4, None),
        "hot, spoken to": (Temperature.HOT, 4, 2),
        "hot, new": (Temperature.HOT, 1, None),
        "warm, four days": (Temperature.WARM, 4, None),
        "warm, silent": (Temperature.WARM, 11, None),
        "cool": (Temperature.COOL, 40, None),
    }
    expected = set()
    with database.write() as session:
        ship_all(session)
        contents = {str(SILENCE.relative_to(ROOT)): SILENCE.read_bytes()}
        app.extensions[workflow.ENGINE].deploy(session, contents, actor_id=None, now=NOW)
        numbers = {
            name: make_worksheet(
                session,
                seller,
                centre,
                temperature_by_horizon=temperature,
                opened_at=NOW - opened * DAY,
                spoken_at=None if spoken is None else NOW - spoken * DAY,
                noted_at=NOW - DAY if name == "hot, silent" else None,  # the workshop wrote, nobody spoke with him
            ).id
            for name, (temperature, opened, spoken) in cases.items()
        }
    for name, number in numbers.items():
        task = errands.open(seller, centre=centre, business_key=f"sales.worksheet:{number}")
        if name in {"hot, silent", "warm, silent"}:
            expected.add(task.instance_id)

    with app.test_request_context(), database.read() as session:
        reach = reach_of(head, centre)
        found = {row.id for row in session.execute(silent_cases(NOW))}
        listed = {row.instance_id for row in queries.find_rows(session, reach, Filter(show="silent"), COLUMNS)}

    assert found == listed == expected


def test_a_check_counts_for_its_day(
    app: Flask, database: Database, errands: Errands, people: tuple[Centre, User, User]
) -> None:
    centre, seller, head = people
    task = errands.open_late(seller, centre=centre)
    errands.act(
        lambda session, engine: services.check_cases(
            session, engine, [task.instance_id], instruction="Call", actor_id=head.id, now=NOW
        )
    )
    today = reach_of(head, centre)
    tomorrow = Reach(today.scope, NOW + DAY, today.midnight + DAY)

    with app.test_request_context(), database.read() as session:
        for reach, checked in ((today, 1), (tomorrow, 0)):
            (line,) = figures.count_by_person(session, reach, Columns())
            (row,) = queries.find_rows(session, reach, Filter(), Columns())
            assert (line.looks, line.checked, bool(row.checked_at)) == (1, checked, bool(checked))


def test_a_persons_day_and_its_counts(
    app: Flask, database: Database, errands: Errands, people: tuple[Centre, User, User]
) -> None:
    centre, seller, _ = people
    with database.write() as session:
        away = make_user(session, "sales_manager", centre=centre)
        make_absence(session, away, deputy=seller)
    mine = errands.open(seller, due=NOW + HOUR, centre=centre)
    theirs = errands.open_late(away, centre=centre)
    done = errands.open(seller, centre=centre)
    errands.complete(done, seller, now=NOW)
    actor = Actor(seller.id, frozenset({("sales_manager", centre.id)}), represents=frozenset({away.id}))

    with app.test_request_context(), database.read() as session:
        tasks = diary.find_tasks(session, actor, now=NOW)
        assert [(task.id, task.instead_of) for task in tasks] == [(theirs.id, away.name), (mine.id, "")]
        assert diary.find_overdue_ids(session, actor, now=NOW) == [theirs.id]
        assert diary.count_pressing(session, actor, now=NOW, zone=MOSCOW) == 2
        assert diary.count_done(session, seller.id, now=NOW, zone=MOSCOW) == 1
        assert read_state(session, seller.id)[0] == 3  # two of his own, and the absent colleague's


def test_reminders_become_mails_once(
    app: Flask, database: Database, errands: Errands, people: tuple[Centre, User, User]
) -> None:
    _, seller, _ = people
    errands.open(seller, due=NOW + HOUR)
    for minutes in (30, 60, 61):
        errands.tick(NOW + timedelta(minutes=minutes))

    written = []
    for _ in range(3):
        with database.write() as session:
            written.append(mails.write_mails(session, now=NOW + 62 * timedelta(minutes=1)))

    with database.read() as session:
        (message,) = session.scalars(select(OutboxMessage)).all()
        kinds = session.scalars(select(Notification.kind).order_by(Notification.id)).all()
    assert written == [1, 0, 0]
    assert message.recipient == seller.email
    assert [kind.value for kind in kinds] == ["assigned", "reminder", "reminder"]
