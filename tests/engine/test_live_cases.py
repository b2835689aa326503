"""The engine objects that a process keeps between steps: only those that the database has too."""

import pytest

from engine.database import Database
from engine.human_tasks.form_values import Reading
from tests.engine.world import World, choice, flows, form, process, seller, user_task

FORK = process(
    '<bpmn:startEvent id="begun"/>',
    user_task("ask", "test/way"),
    '<bpmn:exclusiveGateway id="which" default="f5"/>',
    user_task("left"),
    user_task("right"),
    '<bpmn:endEvent id="done"/>',
    flows(
        *("begun > ask", "ask > which", 'which > left : ask.way = "left"', "left > done"),
        *("which > right", "right > done"),
    ),
)


class Undone(Exception):
    """The transaction ends so after its step went well."""


@pytest.fixture
def world(database: Database) -> World:
    made = World(database)
    made.deploy(FORK, form("test/way", choice("way", "left", "right")), form("test/name", "name"))
    made.start()
    return made


def complete_in_vain(world: World) -> None:
    task, reading = world.task("ask").id, Reading(now=world.now)
    with world.database.write() as session:
        world.engine.complete(session, task, {"way": "left"}, actor=seller, reading=reading, command_key="undone")
        raise Undone


def test_a_step_whose_transaction_is_undone_leaves_nothing_behind(world: World) -> None:
    """Another process then takes the case to the same revision by another way: this one must go on from there."""
    with pytest.raises(Undone):
        complete_in_vain(world)
    another = World(world.database)
    another.complete("ask", way="right", key="kept")
    assert world.open_elements() == ["right"]

    world.complete("right", key="next", name="x")

    assert world.open_elements() == []
    assert world.events("incident_opened") == []
