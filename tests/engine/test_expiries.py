"""What runs out in a case follows its answers, in the transaction of the step."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event

from engine.database import Database
from engine.definitions.problems import DefinitionRejected
from engine.expiries import CaseExpiry, moment_of
from tests.engine.world import World, end, flows, form, process, rows, user_task

UNTIL = {"type": "datetime", "subtype": "date", "key": "until", "dateLabel": "Until"}
KEPT = {"type": "datetime", "subtype": "datetime", "key": "kept", "dateLabel": "Kept"}


def drawing(expires: str = "offer: =if done.name = null then make.until else null; booking: =make.kept") -> str:
    return process(
        '<bpmn:startEvent id="begun"/>',
        user_task("make", "test/until"),
        user_task("done", "test/name"),
        user_task("paid", "test/name"),
        end("won", outcome="won"),
        flows("begun > make", "make > done", "done > paid", "paid > won"),
        expires=expires,
    )


FORMS = (form("test/until", UNTIL, KEPT), form("test/name", "name"))


@pytest.fixture
def world(database: Database) -> World:
    world = World(database)
    world.deploy(drawing(), *FORMS)
    world.start()
    return world


def expiries(world: World) -> dict[str, datetime]:
    with world.database.read() as session:
        return {row.name: row.at for row in rows(session, CaseExpiry)}


def test_rows_follow_the_answers_until_the_case_ends(world: World) -> None:
    assert expiries(world) == {}

    world.complete("make", until="2026-03-10", kept="2026-03-05T12:00")
    booking = datetime(2026, 3, 5, 12, tzinfo=UTC)
    assert expiries(world) == {"offer": datetime(2026, 3, 10, 21, tzinfo=UTC), "booking": booking}  # midnight in Moscow

    world.complete("done", name="Anna")
    assert expiries(world) == {"booking": booking}

    world.complete("paid", name="Anna")
    assert expiries(world) == {}


def test_a_process_that_declares_nothing_pays_nothing(sqlite_database: Database) -> None:
    world = World(sqlite_database)
    world.deploy(drawing(expires=""), *FORMS)
    world.start()
    statements: list[str] = []
    event.listen(sqlite_database.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))

    world.complete("make", until="2026-03-10", kept="")

    assert [text for text in statements if "case_expiry" in text] == []


def test_an_expression_that_cannot_be_read_is_refused_with_its_name(sqlite_database: Database) -> None:
    with pytest.raises(DefinitionRejected) as refusal:
        World(sqlite_database).deploy(drawing(expires="offer: =make.until +"), *FORMS)

    (problem,) = [each for each in refusal.value.problems if each.code == "bad_feel"]
    assert problem.details["property"] == "expires.offer"


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_a_day_is_good_until_its_own_end(day: date) -> None:
    zone = ZoneInfo("Europe/Moscow")
    runs_out = moment_of(day, zone)

    assert runs_out is not None
    assert (runs_out - timedelta(seconds=1)).astimezone(zone).date() == day
    assert runs_out.astimezone(zone).date() == day + timedelta(days=1)


@pytest.mark.parametrize("value", [None, "soon", 5, timedelta(days=1), ["2026-03-10"]])
def test_what_is_no_time_runs_out_never(value: object) -> None:
    assert moment_of(value, UTC) is None
