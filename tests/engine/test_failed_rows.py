"""Incidents beside the completing of a task: passing over, due rows that are given up, messages that stay unsent."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine import case_data
from engine.database import Database
from engine.errors import DeliveryRefused
from engine.history.recording import EventKind
from engine.human_tasks.models import TaskDraft
from engine.incidents import Incident
from engine.instances.commands import StepResult
from engine.instances.report import StepReport
from engine.outbox import OutboxMessage, OutboxState, Outgoing, deliver_due, enqueue
from engine.timers.due_rows import MOST_ATTEMPTS
from engine.timers.models import DueRow, DueState
from tests.engine.world import BROKEN, NOW, World, end, flows, form, process, seller, user_task

CALL = process(
    '<bpmn:startEvent id="begun"/>',
    user_task("call", due="PT1H", reminders="PT0S", skip="allowed"),
    '<bpmn:serviceTask id="count"><bpmn:extensionElements><zeebe:taskDefinition type="test.count"/>'
    "</bpmn:extensionElements></bpmn:serviceTask>",
    end("done", outcome="won"),
    flows("begun > call", "call > count", "count > done"),
)


class Trouble:
    """A listener that breaks down at events of some kinds, as long as there are any."""

    def __init__(self, *kinds: EventKind) -> None:
        self.kinds = set(kinds)

    def __call__(self, session: Session, report: StepReport, now: datetime) -> None:
        if self.kinds & {event.kind for event in report.events}:
            raise RuntimeError("no paper")


@pytest.fixture
def world(database: Database) -> World:
    world = World(database)
    world.deploy(CALL, form("test/name", "name"))
    world.start()
    return world


def incidents(world: World) -> list[Incident]:
    with world.database.read() as session:
        found = list(session.scalars(select(Incident).order_by(Incident.id)))
        session.expunge_all()
        return found


def retry(world: World, number: int) -> bool:
    with world.database.write() as session:
        return world.engine.repair.retry(session, number, now=world.now)


class TestPassingOver:
    def test_that_breaks_down_is_undone_and_tried_again_with_its_reason(self, world: World) -> None:
        BROKEN.add("count")

        failed = skip(world)
        still_open = world.open_elements()
        BROKEN.clear()
        world.advance(timedelta(minutes=1))

        (incident,) = incidents(world)
        (skipped,) = world.events("task_skipped")
        assert (failed.incident_id, still_open, world.open_elements()) == (incident.id, ["call"], [])
        assert incident.resolved_at == world.now
        assert case_data.load(skipped.payload)["reason"] == "he called himself"

    def test_leaves_what_was_typed_on_the_step_alone(self, world: World) -> None:
        task = world.task("call")
        with world.database.write() as session:
            world.engine.save_draft(session, task.id, task.form, {"name": "an"}, actor_id=1, now=NOW)
        BROKEN.add("count")

        skip(world)

        with world.database.read() as session:
            drafts = session.scalars(select(TaskDraft)).all()
            assert [case_data.load(draft.values) for draft in drafts] == [{"name": "an"}]


def test_a_step_that_somebody_did_meanwhile_is_not_tried_again(world: World) -> None:
    BROKEN.add("count")
    world.complete("call", name="anna")
    BROKEN.clear()
    world.complete("call", name="anna")

    world.advance(timedelta(minutes=1))

    assert [incident.resolved_at for incident in incidents(world)] == [world.now]


class TestAReminderThatIsGivenUp:
    def test_is_told_in_its_case(self, world: World) -> None:
        heard: list[str] = []
        world.kernel.listeners = [Trouble(EventKind.REMINDED), hear(heard, EventKind.INCIDENT_OPENED)]

        give_up(world)

        (incident,) = incidents(world)
        (event,) = world.events("incident_opened")
        assert (incident.instance_id, incident.element) == (event.instance_id, "call")
        assert case_data.load(event.payload) == {"incident": incident.id}
        assert heard == ["incident_opened"]

    def test_stands_as_an_incident_even_when_nobody_can_be_told(self, world: World) -> None:
        world.kernel.listeners = [Trouble(EventKind.REMINDED, EventKind.INCIDENT_OPENED)]

        give_up(world)

        assert len(incidents(world)) == 1
        assert world.events("incident_opened") == []

    def test_is_carried_out_when_somebody_tries_again(self, world: World) -> None:
        trouble = Trouble(EventKind.REMINDED)
        world.kernel.listeners = [trouble]
        give_up(world)
        (incident,) = incidents(world)

        in_vain = retry(world, incident.id)
        trouble.kinds.clear()
        gone_through = retry(world, incident.id)

        assert (in_vain, gone_through) == (False, True)
        assert [event.element for event in world.events("reminded")] == ["call"]
        with world.database.read() as session:
            failed = select(func.count()).where(DueRow.state == DueState.FAILED)
            assert session.scalar(failed) == 0


class TestAMessageThatStaysUnsent:
    def test_is_heard_of_in_the_transaction_that_gives_it_up(self, database: Database) -> None:
        heard: list[int] = []

        refuse_one(database, lambda session, incident: heard.append(incident.id))

        with database.read() as session:
            assert heard == [session.scalars(select(Incident)).one().id]

    def test_stands_as_an_incident_even_when_nobody_can_be_told(self, database: Database) -> None:
        def break_down(session: Session, incident: Incident) -> None:
            raise RuntimeError("no paper")

        refuse_one(database, break_down)

        with database.read() as session:
            assert session.scalars(select(Incident.kind)).all() == ["send"]
            assert session.scalars(select(OutboxMessage.state)).all() == [OutboxState.FAILED]

    def test_waits_to_be_sent_again_when_somebody_tries_again(self, world: World) -> None:
        refuse_one(world.database, lambda session, incident: None)
        (incident,) = incidents(world)

        assert retry(world, incident.id)

        with world.database.read() as session:
            assert session.scalars(select(OutboxMessage.state)).all() == [OutboxState.WAITING]


class Refusing:
    """A receiver that takes nothing."""

    def send(self, message: Outgoing) -> None:
        raise DeliveryRefused("550 no such user")


def refuse_one(database: Database, on_failed: Callable[[Session, Incident], None]) -> None:
    with database.write() as session:
        enqueue(session, channel="mail", recipient="ada@example.com", body={}, dedupe="a", now=NOW)
    deliver_due(database.write, {"mail": Refusing()}, now=lambda: NOW, on_failed=on_failed)


def skip(world: World) -> StepResult:
    with world.database.write() as session:
        return world.engine.skip(
            session,
            world.task("call").id,
            reason="he called himself",
            actor=seller,
            now=world.now,
            command_key=world.command_key(),
        )


def give_up(world: World) -> None:
    """Let the reminder of the call fail as often as it may."""
    for _ in range(MOST_ATTEMPTS):
        world.advance(timedelta(hours=2))


def hear(heard: list[str], kind: EventKind) -> Callable[[Session, StepReport, datetime], None]:
    def listen(session: Session, report: StepReport, now: datetime) -> None:
        heard.extend(event.kind.value for event in report.events if event.kind is kind)

    return listen
