"""What the rows beside a case say is what its state says; each kind of disagreement is found and named."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from engine.checking import Finding, FindingKind, check_cases
from engine.database import Database
from engine.human_tasks.models import HumanTask, TaskState
from engine.instances.models import NOT_DUE, InstanceStatus, ProcessInstance
from engine.messages import MessageSubscription
from engine.timers.models import DueRow
from tests.engine.world import OTHER_SELLER, World, flows, form, other_seller, process, seller, user_task

EVERYTHING = process(
    '<bpmn:startEvent id="begin"/><bpmn:parallelGateway id="split"/><bpmn:parallelGateway id="join"/>',
    user_task("call", due="PT1H", reminders="PT0S"),
    '<bpmn:intermediateCatchEvent id="day"><bpmn:timerEventDefinition><bpmn:timeDuration>P1D</bpmn:timeDuration>'
    "</bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>",
    '<bpmn:intermediateCatchEvent id="paid"><bpmn:messageEventDefinition messageRef="message_payment"/>'
    "</bpmn:intermediateCatchEvent>",
    '<bpmn:endEvent id="end"/>',
    flows(
        *("begin > split", "split > call", "split > day", "split > paid"),
        *("call > join", "day > join", "paid > join", "join > end"),
    ),
    messages=("payment",),
)
Harm = Callable[[Session], object]


@pytest.fixture
def world(database: Database) -> World:
    made = World(database)
    made.deploy(EVERYTHING, form("test/name", "name"))
    made.start()
    return made


def findings(world: World) -> list[Finding]:
    with world.database.read() as session:
        return list(check_cases(session, world.engine.store, now=world.now))


def test_whatever_a_step_wrote_agrees(world: World) -> None:
    assert findings(world) == []

    world.complete("call", name="Ada")
    world.advance(timedelta(days=2))
    assert findings(world) == []

    with world.database.write() as session:
        world.engine.correlate_message(session, "payment", "deal:1", {}, actor_id=None, now=world.now)
    assert findings(world) == []
    with world.database.read() as session:
        assert session.get_one(ProcessInstance, 1).status is InstanceStatus.COMPLETED


def test_a_case_is_due_when_its_most_pressing_step_is(world: World) -> None:
    """Whoever moves the due time of a step moves that of its case."""
    engine, task = world.engine, world.task("call").id
    shown = [_due(world)]
    until = world.now + timedelta(days=1)
    for act in (
        lambda session: engine.postpone(session, task, until=until, reason="other", actor=seller, now=world.now),
        lambda session: engine.recall(session, task, actor=seller, now=world.now),
        lambda session: engine.delegate(session, task, to=OTHER_SELLER, comment="", actor=seller, now=world.now),
    ):
        with world.database.write() as session:
            act(session)
        shown.append(_due(world))
        assert findings(world) == []
        world.now += timedelta(minutes=10)

    begun = shown[0] - timedelta(hours=1)
    assert shown[1:] == [until, shown[0], begun + timedelta(minutes=20, hours=1)]
    world.complete("call", actor=other_seller, name="anna")
    assert _due(world) == NOT_DUE


def _due(world: World) -> datetime:
    with world.database.read() as session:
        return session.scalars(select(ProcessInstance.due_at)).one()


@pytest.mark.parametrize(
    ("harm", "kind", "is_missing"),
    [
        (lambda session: session.execute(update(HumanTask).values(state=TaskState.CANCELLED)), FindingKind.TASK, True),
        (lambda session: session.execute(delete(DueRow).where(DueRow.kind == "bpmn_timer")), FindingKind.TIMER, True),
        (lambda session: session.execute(delete(MessageSubscription)), FindingKind.MESSAGE, True),
        (
            lambda session: session.execute(update(MessageSubscription).values(task_guid="another")),
            FindingKind.MESSAGE,
            True,
        ),
        (
            lambda session: session.execute(update(ProcessInstance).values(state=b"\x00rubbish")),
            FindingKind.STATE,
            False,
        ),
        (lambda session: session.execute(update(ProcessInstance).values(due_at=NOT_DUE)), FindingKind.DUE, True),
    ],
    ids=["task", "timer", "message", "other message", "state", "due"],
)
def test_what_was_lost_is_found(world: World, harm: Harm, kind: FindingKind, is_missing: bool) -> None:
    with world.database.write() as session:
        harm(session)

    (found,) = findings(world)

    assert (found.instance_id, found.kind) == (1, kind)
    assert bool(found.missing) == is_missing
    assert bool(found.detail) == (kind is FindingKind.STATE)


def test_what_an_ended_case_left_behind_is_found(world: World) -> None:
    with world.database.write() as session:
        session.execute(update(ProcessInstance).values(status=InstanceStatus.COMPLETED))

    assert {found.kind for found in findings(world)} == {FindingKind.TASK, FindingKind.TIMER, FindingKind.MESSAGE}
    assert all(found.surplus and not found.missing for found in findings(world))


def test_many_cases_are_read_in_portions(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(4):
        world.start()
    with world.database.write() as session:
        session.execute(delete(MessageSubscription).where(MessageSubscription.instance_id == 5))
    monkeypatch.setattr("engine.checking.AT_A_TIME", 2)

    assert [found.instance_id for found in findings(world)] == [5]
