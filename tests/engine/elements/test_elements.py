"""Every kind of element in a small drawing of its own: walked, reloaded at every state, killed at every moment.

The walk that dies before each of its writing statements and commits, and is taken up by a fresh process, must end
with the same log, diary and due rows as the one that nothing happened to. On SQLite with every test; on PostgreSQL some
kinds run with `./test reliability`, the others with `-m long`.
"""

import shutil
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import URL, func, select

from engine.database import Database, make_database
from engine.history.models import HistoryEvent
from engine.human_tasks.models import HumanTask, TaskState
from engine.incidents import Incident
from engine.instances.models import InstanceStatus, ProcessInstance
from engine.messages import MessageSubscription
from engine.timers.models import DueRow
from tests.databases import new_postgresql_database
from tests.engine.elements.courses import COURSES, Act
from tests.engine.elements.dying import Death, dying_at
from tests.engine.world import World, form

HERE = Path(__file__).parent
FORM = form("test/name", "name")
MOST_MOMENTS = 60  # of one act
QUICK_ON_POSTGRESQL = frozenset(
    ["user_task", "timer", "message_throw", "call_activity", "business_rule_task", "event_gateway", "error_end"]
)
ENDS_OPEN = frozenset({"timer_start"})


def fresh(database: Database, kind: str) -> World:
    world = World(database)
    files = [HERE / f"{kind}.bpmn", *HERE.glob("*.dmn")]
    world.deploy(*(path.read_text(encoding="utf-8") for path in files), FORM)
    return world


def restarted(world: World) -> World:
    """Another process on the same database: nothing is known but what was committed."""
    world.database.dispose()
    again = World(world.database)
    again.now = world.now
    return again


def record(world: World) -> list[Any]:
    """Everything that was noted and everything that waits, without numbers that a rolled-back attempt uses up."""
    with world.database.read() as session:
        log = session.execute(
            select(HistoryEvent.kind, HistoryEvent.element, HistoryEvent.milestone, HistoryEvent.at).order_by(
                HistoryEvent.seq
            )
        ).all()
        tasks = session.execute(
            select(HumanTask.element, HumanTask.state, HumanTask.due_at).order_by(HumanTask.id)
        ).all()
        due = session.execute(select(DueRow.kind, DueRow.due_at, DueRow.attempts).order_by(DueRow.due_at)).all()
        waiting = session.execute(
            select(MessageSubscription.element, MessageSubscription.message).order_by(MessageSubscription.element)
        ).all()
        cases = session.execute(
            select(ProcessInstance.status, ProcessInstance.ended_at).order_by(ProcessInstance.id)
        ).all()
        broken = session.scalar(select(func.count()).select_from(Incident))
    return [*log, *tasks, *due, *waiting, *cases, broken]


def walk(world: World, kind: str, *, dies: bool) -> World:
    course = COURSES[kind]
    if course.begins:
        world = act_out(world, lambda each: each.start(), dies=dies)
    assert sorted(world.open_elements()) == course.opened.split()
    for act, opened in course.acts:
        world = act_out(world, act, dies=dies)
        assert sorted(world.open_elements()) == opened.split()
    return world


def act_out(world: World, act: Act, *, dies: bool) -> World:
    """One act by a process that knows nothing but the database; `dies`: it dies at each moment before it succeeds."""
    world = restarted(world)
    if not dies:
        act(world)
        return world
    before = world.now
    for moment in range(1, MOST_MOMENTS):
        stood = record(world)
        try:
            with dying_at(world.database, moment):
                act(world)
        except Death:
            world = restarted(world)
            assert record(world) == stood, f"half an act was kept at moment {moment}"
            world.now = before
        else:
            return world
    raise AssertionError("the act never ends")


def check_survives(kind: str, database: Database, other: Database) -> None:
    """Calm on one of the databases and killed at every moment on the other, it ends alike."""
    calm = walk(fresh(database, kind), kind, dies=False)
    with calm.database.read() as session:
        states = set(session.scalars(select(ProcessInstance.status)))
        left = session.scalar(select(func.count()).select_from(HumanTask).where(HumanTask.state == TaskState.OPEN))
    if kind not in ENDS_OPEN:
        assert (states, left) == ({InstanceStatus.COMPLETED}, 0)

    killed = walk(fresh(other, kind), kind, dies=True)

    assert record(killed) == record(calm)


@pytest.mark.parametrize("kind", COURSES)
def test_goes_its_way_and_survives_any_death(
    kind: str, sqlite_database: Database, sqlite_template: Path, tmp_path: Path
) -> None:
    other = make_database(f"sqlite:///{shutil.copyfile(sqlite_template, tmp_path / 'other.sqlite')}")
    check_survives(kind, sqlite_database, other)
    other.close()


@pytest.mark.reliability
@pytest.mark.postgresql
@pytest.mark.parametrize(
    "kind", [kind if kind in QUICK_ON_POSTGRESQL else pytest.param(kind, marks=pytest.mark.long) for kind in COURSES]
)
def test_survives_any_death_on_postgresql_too(
    kind: str, postgresql_database: Database, postgresql_server: URL, postgresql_template: str
) -> None:
    with new_postgresql_database(postgresql_server, postgresql_template) as url:
        other = make_database(url)
        check_survives(kind, postgresql_database, other)
        other.close()


def test_every_drawing_has_its_course() -> None:
    assert {path.stem for path in HERE.glob("*.bpmn")} == set(COURSES)
