"""Due rows in the caller's own transaction: for whoever plays a case through simulated time."""

import pytest

from engine.database import Database
from engine.timers.due_rows import PlannedRow, add_rows, drain_after, newest_id, next_after
from engine.timers.models import DueKind
from tests.engine.timers.drainers import effects, leave_effect
from tests.engine.timers.test_due_rows import MINUTE, NOW, fired, plan, waiting


@pytest.fixture
def database(database: Database) -> Database:
    with database.engine.begin() as connection:
        effects.metadata.create_all(connection)
    return database


def test_younger_rows_fire_at_their_moment_and_older_ones_stay(database: Database) -> None:
    plan(database, "older")
    with database.write() as session:
        oldest = newest_id(session)
        add_rows(session, [PlannedRow(DueKind.REMINDER, 2, NOW + n * MINUTE, "", f"young{n}") for n in range(3)])
        assert next_after(session, oldest) == NOW

        report = drain_after(
            session,
            oldest,
            NOW + MINUTE,
            effects={DueKind.REMINDER: leave_effect},
            on_failed=lambda *_: None,
        )

        assert (report.fired, next_after(session, oldest)) == (2, NOW + 2 * MINUTE)
    assert fired(database) == ["young0", "young1"]
    assert [row.dedupe for row in waiting(database)] == ["older", "young2"]


def test_nothing_is_left_of_what_the_caller_takes_back(database: Database) -> None:
    with database.write() as session:
        oldest = newest_id(session)
        add_rows(session, [PlannedRow(DueKind.REMINDER, 2, NOW, "", "young")])
        drain_after(session, oldest, NOW, effects={DueKind.REMINDER: leave_effect}, on_failed=lambda *_: None)
        session.rollback()
    assert (fired(database), waiting(database)) == ([], [])


def test_without_younger_rows_nothing_is_next(database: Database) -> None:
    plan(database, "older")
    with database.read() as session:
        assert next_after(session, newest_id(session)) is None
