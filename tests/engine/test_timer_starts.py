"""Processes that begin by the clock."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from engine.database import Database
from engine.definitions.problems import DefinitionRejected
from engine.instances.models import ProcessInstance
from engine.timers.models import DueRow
from tests.engine.world import NOW, World, end, flows, form, process, rows, user_task

NAME_FORM = form("test/name", "name")
HOUR = timedelta(hours=1)


def begun_by(kind: str, text: str, **more: str) -> str:
    event = f"<bpmn:timerEventDefinition><bpmn:{kind}>{text}</bpmn:{kind}></bpmn:timerEventDefinition>"
    return process(
        f'<bpmn:startEvent id="begun">{event}</bpmn:startEvent>',
        user_task("look", assignee="=null", **more),
        end("over"),
        flows("begun > look", "look > over"),
    )


def plain() -> str:
    return process(
        '<bpmn:startEvent id="begun"/>', user_task("look"), end("over"), flows("begun > look", "look > over")
    )


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


def cases(world: World) -> list[str]:
    with world.database.read() as session:
        return list(session.scalars(select(ProcessInstance.business_key).order_by(ProcessInstance.id)))


def due(world: World) -> list[object]:
    with world.database.read() as session:
        return [row.due_at for row in rows(session, DueRow) if row.kind == "start"]


def test_a_cycle_opens_a_case_each_time_and_one_for_all_that_were_missed(world: World) -> None:
    world.deploy(begun_by("timeCycle", "R/PT1H"), NAME_FORM)
    assert (cases(world), due(world)) == ([], [NOW + HOUR])

    world.advance(HOUR)
    world.advance(HOUR)
    assert len(set(cases(world))) == 2
    world.advance(5 * HOUR)

    assert len(cases(world)) == 3
    assert due(world) == [NOW + 8 * HOUR]
    assert world.open_elements() == ["look", "look", "look"]


def test_a_cycle_ends_after_its_turns(world: World) -> None:
    world.deploy(begun_by("timeCycle", "R2/PT1H"), NAME_FORM)
    for _ in range(4):
        world.advance(HOUR)

    assert (len(cases(world)), due(world)) == (2, [])


@pytest.mark.parametrize(
    ("kind", "text"), [("timeDate", "2026-03-02T10:00:00Z"), ("timeDuration", '=duration("PT1H")')]
)
def test_a_single_moment_opens_one_case(world: World, kind: str, text: str) -> None:
    world.deploy(begun_by(kind, text), NAME_FORM)
    for _ in range(3):
        world.advance(HOUR)

    assert len(cases(world)) == 1


@pytest.mark.parametrize(("kind", "text"), [("timeDate", "2026-03-01T10:00:00Z"), ("timeCycle", "R0/PT1H")])
def test_what_is_past_opens_none(world: World, kind: str, text: str) -> None:
    world.deploy(begun_by(kind, text), NAME_FORM)
    world.advance(HOUR)

    assert (cases(world), due(world)) == ([], [])


def test_a_cycle_with_a_fixed_beginning_skips_what_is_past(world: World) -> None:
    world.deploy(begun_by("timeCycle", "R/2026-02-01T08:30:00Z/P1D"), NAME_FORM)

    assert due(world) == [NOW + timedelta(hours=23, minutes=30)]


def test_a_publication_that_leaves_the_timer_alone_does_not_move_it(world: World) -> None:
    world.deploy(begun_by("timeCycle", "R/PT1H"), NAME_FORM)
    world.advance(HOUR / 2)
    world.deploy(begun_by("timeCycle", "R/PT1H", due="P1D"), NAME_FORM)
    assert due(world) == [NOW + HOUR]

    world.advance(HOUR / 2)

    assert len(cases(world)) == 1
    assert world.task("look").due_at == world.now + timedelta(days=1)


def test_another_timer_takes_the_place_of_the_old_one_and_none_ends_it(world: World) -> None:
    world.deploy(begun_by("timeCycle", "R/PT1H"), NAME_FORM)
    world.deploy(begun_by("timeCycle", "R/PT3H"), NAME_FORM)
    assert due(world) == [NOW + 3 * HOUR]

    world.deploy(plain(), NAME_FORM)
    world.advance(5 * HOUR)

    assert (cases(world), due(world)) == ([], [])


@pytest.mark.parametrize("event", ["signal", "conditional"])
def test_a_start_for_which_nobody_listens_is_refused(world: World, event: str) -> None:
    drawing = plain().replace(
        '<bpmn:startEvent id="begun"/>',
        f'<bpmn:startEvent id="begun"><bpmn:{event}EventDefinition/></bpmn:startEvent>',
    )

    with pytest.raises(DefinitionRejected) as refusal:
        world.deploy(drawing, NAME_FORM)

    assert [problem.code for problem in refusal.value.problems] == ["unsupported_event"]
