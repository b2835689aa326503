"""Messages that come before anybody waits: kept for a time, given to exactly one, dropped when they expire."""

from collections.abc import Callable
from concurrent.futures import Future
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from engine import case_data
from engine.database import Database
from engine.human_tasks.form_values import Reading
from engine.human_tasks.models import HumanTask
from engine.incidents import Incident
from engine.instances import messaging
from engine.instances.commands import StepResult
from engine.instances.models import CaseData, InstanceStatus, ProcessInstance
from engine.instances.statements import PULL_KEPT_MESSAGES
from engine.messages import KeptMessage
from engine.timers.models import DueRow
from tests.engine.world import BROKEN, CENTRE, SELLER, World, flows, form, process, seller, user_task

DAY = timedelta(days=1)
PREPARED_THEN_PAID = process(
    '<bpmn:startEvent id="begin"/>',
    user_task("prepare"),
    '<bpmn:intermediateCatchEvent id="paid"><bpmn:messageEventDefinition messageRef="message_paid"/>'
    "</bpmn:intermediateCatchEvent>",
    '<bpmn:serviceTask id="booked"><bpmn:extensionElements><zeebe:taskDefinition type="test.count"/>'
    "</bpmn:extensionElements></bpmn:serviceTask>",
    '<bpmn:endEvent id="end"/>',
    flows("begin > prepare", "prepare > paid", "paid > booked", "booked > end"),
    messages=("paid",),
)


@pytest.fixture
def world(database: Database) -> World:
    world = World(database)
    world.deploy(PREPARED_THEN_PAID, form("test/name", "name"))
    world.start()
    return world


def send(world: World, *, keep_for: timedelta = DAY, amount: str = "100.50", key: str = "deal:1") -> StepResult | None:
    with world.database.write() as session:
        return world.engine.correlate_message(
            session,
            "paid",
            key,
            {"amount": Decimal(amount)},
            actor_id=SELLER,
            scope_id=CENTRE,
            now=world.now,
            keep_for=keep_for,
        )


def stored(world: World, column: Any) -> list[Any]:
    with world.database.read() as session:
        return list(session.scalars(select(column)))


def prepare_all(world: World) -> None:
    """Every case goes on to where it waits for its payment."""
    for task_id in stored(world, HumanTask.id):
        with world.database.write() as session:
            world.engine.complete(
                session,
                task_id,
                {"name": "anna"},
                actor=seller,
                reading=Reading(now=world.now),
                command_key=world.command_key(),
            )


def ended(world: World) -> list[bool]:
    with world.database.read() as session:
        statuses = session.scalars(select(ProcessInstance.status).order_by(ProcessInstance.id))
        return [status is InstanceStatus.COMPLETED for status in statuses]


class TestKept:
    def test_one_that_came_early_is_there_when_the_case_begins_to_wait(self, world: World) -> None:
        assert send(world) is None

        world.complete("prepare", name="anna")
        world.advance(timedelta())

        assert ended(world) == [True]
        document = case_data.load(stored(world, CaseData.document)[0])
        assert document["paid"] == {"amount": Decimal("100.50")}
        assert (stored(world, KeptMessage.id), stored(world, DueRow.id)) == ([], [])

    def test_without_a_time_to_keep_it_is_nobodys(self, world: World) -> None:
        assert send(world, keep_for=timedelta()) is None

        world.complete("prepare", name="anna")
        world.advance(DAY)

        assert ended(world) == [False]
        assert stored(world, KeptMessage.id) == []

    def test_one_for_another_key_waits_on(self, world: World) -> None:
        send(world, key="deal:2")

        world.complete("prepare", name="anna")
        world.advance(timedelta(hours=1))

        assert ended(world) == [False]
        assert len(stored(world, KeptMessage.id)) == 1

    def test_it_expires(self, world: World, caplog: pytest.LogCaptureFixture) -> None:
        send(world)
        world.advance(DAY)

        world.complete("prepare", name="anna")
        world.advance(DAY)

        assert ended(world) == [False]
        assert (stored(world, KeptMessage.id), stored(world, DueRow.id)) == ([], [])
        assert "expired" in caplog.text

    def test_two_that_came_early_serve_two_cases(self, world: World) -> None:
        world.start()
        send(world, amount="1")
        send(world, amount="2")

        prepare_all(world)
        world.advance(timedelta())

        documents = [case_data.load(text)["paid"]["amount"] for text in stored(world, CaseData.document)]
        assert sorted(documents) == [Decimal(1), Decimal(2)]

    def test_a_delivery_that_fails_is_tried_again(self, world: World) -> None:
        send(world)
        world.complete("prepare", name="anna")
        BROKEN.add("count")
        world.advance(timedelta())
        assert (ended(world), len(stored(world, KeptMessage.id))) == ([False], 1)

        BROKEN.clear()
        world.advance(timedelta(seconds=11))

        assert ended(world) == [True]

    def test_a_delivery_that_is_given_up_is_an_incident_of_its_own(self, world: World) -> None:
        send(world, keep_for=timedelta(days=30))
        world.complete("prepare", name="anna")
        BROKEN.add("count")
        for _ in range(10):
            world.advance(DAY)

        incident = stored(world, Incident)[0]
        assert (incident.kind, incident.instance_id, incident.element) == ("timer", None, None)
        assert len(stored(world, KeptMessage.id)) == 1

    def test_a_case_that_began_to_wait_in_the_same_moment_gets_it_by_the_second_look(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        send(world)
        nothing = PULL_KEPT_MESSAGES.where(DueRow.id < 0)  # as a transaction that could not see the message yet
        monkeypatch.setattr("engine.instances.saving.PULL_KEPT_MESSAGES", nothing)
        world.complete("prepare", name="anna")
        world.advance(timedelta(seconds=1))
        assert ended(world) == [False]

        world.advance(timedelta(seconds=15))

        assert ended(world) == [True]


def test_a_kept_message_has_one_consumer_when_two_ticks_deliver_it(
    world: World, beside: Callable[..., Future[Any]]
) -> None:
    world.start()
    send(world)
    prepare_all(world)

    with world.database.write() as session:
        kept = session.scalars(select(KeptMessage.id)).one()
        due = [row for row in session.scalars(select(DueRow)) if row.ref == kept]
        assert {row.next_at for row in due} == {world.now}
        second = beside(world.engine.tick, world.database, lambda: world.now)
        messaging.deliver_kept(session, world.kernel, kept, world.now)
    second.result()

    assert sorted(ended(world)) == [False, True]
    assert stored(world, KeptMessage.id) == []


def test_one_case_writes_to_another_and_what_it_takes_along_stands_there(world: World) -> None:
    """The sender's step commits first; the message arrives with the next tick, for whose case it is."""
    teller = process(
        '<bpmn:startEvent id="opened"/>',
        '<bpmn:endEvent id="told"><bpmn:extensionElements><zeebe:ioMapping>'
        '<zeebe:input source="=opened.sum" target="amount"/></zeebe:ioMapping></bpmn:extensionElements>'
        '<bpmn:messageEventDefinition messageRef="message_paid"/></bpmn:endEvent>',
        flows("opened > told"),
        key="teller",
        messages=("paid",),
    )
    world.deploy(teller)
    prepare_all(world)
    world.start("teller", {"sum": Decimal("5.50")})
    assert ended(world) == [False, True]

    world.advance(timedelta(seconds=1))

    assert ended(world) == [True, True]
    documents = [case_data.load(each) for each in stored(world, CaseData.document)]
    assert {"amount": Decimal("5.50")} in [each.get("paid") for each in documents], documents
    assert (stored(world, KeptMessage.id), stored(world, DueRow.id)) == ([], [])
