"""Expressions know which day it is where the case lives, not at Greenwich."""

from datetime import UTC, datetime

from engine.database import Database
from tests.engine.world import World, flows, form, process, user_task

LATE_MONDAY = datetime(2026, 3, 2, 22, 30, tzinfo=UTC)  # half past one on Tuesday in Moscow


def test_today_is_the_day_of_the_centre(sqlite_database: Database) -> None:
    world = World(sqlite_database)
    world.now = LATE_MONDAY
    drawing = process(
        '<bpmn:startEvent id="begin"/>',
        user_task("ask", due="=today()"),
        '<bpmn:endEvent id="end"/>',
        flows("begin > ask", "ask > end"),
    )
    world.deploy(drawing, form("test/name", "name"))
    world.start()
    assert world.task("ask").due_at == datetime(2026, 3, 3, 18, 0, tzinfo=UTC)  # Tuesday's closing, nine in Moscow
