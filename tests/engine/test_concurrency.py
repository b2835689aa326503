"""Two at once on one case: the second waits, then sees all that the first has written."""

from collections.abc import Callable
from concurrent.futures import Future
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import case_data
from engine.database import Database
from engine.errors import TaskClosed
from engine.human_tasks.form_values import Reading
from engine.instances.commands import StepResult
from engine.instances.models import CaseData, ProcessInstance
from engine.timers.models import DueRow
from tests.engine.world import CENTRE, SELLER, World, flows, form, process, seller, user_task

BOTH = process(
    '<bpmn:startEvent id="begin"/><bpmn:parallelGateway id="split"/><bpmn:parallelGateway id="join"/>',
    user_task("left", due="PT1H", reminders="PT0S"),
    user_task("right"),
    '<bpmn:endEvent id="end"/>',
    flows("begin > split", "split > left", "split > right", "left > join", "right > join", "join > end"),
)


def message_process(key: str, start: str, wait: str) -> str:
    begin = f'<bpmn:startEvent id="begin"><bpmn:messageEventDefinition messageRef="message_{start}"/></bpmn:startEvent>'
    catch = (
        '<bpmn:intermediateCatchEvent id="wait">'
        f'<bpmn:messageEventDefinition messageRef="message_{wait}"/></bpmn:intermediateCatchEvent>'
    )
    ends = '<bpmn:endEvent id="end"/>'
    return process(begin, catch, ends, flows("begin > wait", "wait > end"), key=key, messages=(start, wait))


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


def complete(world: World, session: Session, task_id: int, name: str, key: str) -> StepResult:
    return world.engine.complete(
        session, task_id, {"name": name}, actor=seller, reading=Reading(now=world.now), command_key=key
    )


def complete_alone(world: World, task_id: int, name: str, key: str) -> StepResult:
    with world.database.write() as session:
        return complete(world, session, task_id, name, key)


def cases(world: World) -> int:
    with world.database.read() as session:
        return len(session.scalars(select(ProcessInstance.id)).all())


def send(world: World, session: Session, name: str) -> StepResult | None:
    return world.engine.correlate_message(
        session, name, "deal:1", {}, actor_id=SELLER, scope_id=CENTRE, owner_id=SELLER, now=world.now
    )


def send_alone(world: World, name: str) -> StepResult | None:
    with world.database.write() as session:
        return send(world, session, name)


class TestTwoSteps:
    @pytest.fixture(autouse=True)
    def running(self, world: World) -> None:
        world.deploy(BOTH, form("test/name", "name"))
        world.start()

    def test_of_two_branches_keep_both_answers(self, world: World, beside: Callable[..., Future[Any]]) -> None:
        left, right = world.task("left").id, world.task("right").id
        with world.database.write() as session:
            complete(world, session, left, "anna", "1")
            second = beside(complete_alone, world, right, "boris", "2")
        second.result()

        with world.database.read() as session:
            document = case_data.load(session.scalars(select(CaseData.document)).one())
        assert (document["left"]["name"], document["right"]["name"]) == ("anna", "boris")
        assert world.open_elements() == []

    def test_with_the_same_command_get_the_same_answer(self, world: World, beside: Callable[..., Future[Any]]) -> None:
        left = world.task("left").id
        with world.database.write() as session:
            first = complete(world, session, left, "anna", "1")
            second = beside(complete_alone, world, left, "anna", "1")
        assert second.result().repeated
        assert second.result().next_tasks == first.next_tasks

    def test_of_one_task_are_not_both_accepted(self, world: World, beside: Callable[..., Future[Any]]) -> None:
        left = world.task("left").id
        with world.database.write() as session:
            complete(world, session, left, "anna", "1")
            second = beside(complete_alone, world, left, "boris", "2")
        with pytest.raises(TaskClosed):
            second.result()

    def test_a_reminder_that_is_just_firing_does_not_stop_the_answer(
        self, world: World, beside: Callable[..., Future[Any]]
    ) -> None:
        left = world.task("left").id
        world.now += timedelta(hours=2)
        with world.database.write() as session:
            world.engine.claim(session, left, actor=seller, now=world.now)
            firing = beside(world.engine.tick, world.database, lambda: world.now)
            complete(world, session, left, "anna", "1")
        firing.result()

        assert world.events("task_completed")
        with world.database.read() as session:
            assert session.scalars(select(DueRow.id)).all() == []


class TestTwoMessages:
    @pytest.fixture(autouse=True)
    def waiting(self, world: World) -> None:
        world.deploy(message_process("sale", "called", "paid"), message_process("refund", "paid", "called_back"))
        send_alone(world, "called")

    def test_the_second_finds_the_first_consumed(self, world: World, beside: Callable[..., Future[Any]]) -> None:
        with world.database.write() as session:
            first = send(world, session, "paid")
            second = beside(send_alone, world, "paid")
        assert first is not None
        assert second.result().instance_id != first.instance_id
        assert cases(world) == 2

    def test_the_second_is_consumed_when_the_first_is_undone(
        self, world: World, beside: Callable[..., Future[Any]]
    ) -> None:
        with world.database.session(write=True) as session:
            first = send(world, session, "paid")
            second = beside(send_alone, world, "paid")
            session.rollback()
        assert first is not None
        assert second.result().instance_id == first.instance_id
        assert cases(world) == 1
