"""What fails for a technical reason is undone, noted, and can be tried again."""

from collections.abc import Callable
from concurrent.futures import Future
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from engine import outbox
from engine.database import Database
from engine.errors import DeliveryRefused, NotAllowed
from engine.incidents import Incident, Resolution
from engine.instances.models import CaseData
from engine.outbox import OutboxMessage, OutboxState, Outgoing
from engine.timers.due_rows import MOST_ATTEMPTS
from engine.timers.models import DueKind, DueRow
from tests.engine.world import BROKEN, SELLER, World, end, flows, form, process, user_task

NAME_FORM = form("test/name", "name")
AT = {"type": "datetime", "key": "at", "label": "At", "subtype": "datetime", "disallowPassedDates": True}
TIME_FORM = form("test/time", "name", AT)

OFFER = process(
    '<bpmn:startEvent id="begun"/>',
    user_task("offer", "test/time", due="P1D", onComplete="test.record", escalate="PT30M to head"),
    end("sold"),
    flows("begun > offer", "offer > sold"),
)


@pytest.fixture
def world(database: Database) -> World:
    world = World(database)
    world.deploy(OFFER, NAME_FORM, TIME_FORM)
    world.start()
    return world


def incident_of(world: World) -> Incident:
    with world.database.read() as session:
        found = session.scalars(select(Incident)).one()
        session.expunge_all()
        return found


def retry(world: World) -> bool:
    with world.database.write() as session:
        return world.engine.repair.retry(session, incident_of(world).id, now=world.now)


class TestAStepThatFails:
    def test_is_undone_keeps_what_was_typed_and_is_retried(self, world: World) -> None:
        BROKEN.add("record")

        failed = world.complete("offer", name="anna")
        still_open = world.open_elements()
        BROKEN.clear()
        world.advance(timedelta(minutes=1))

        incident = incident_of(world)
        assert (failed.incident_id, still_open, world.open_elements()) == (incident.id, ["offer"], [])
        assert incident.resolved_at == world.now

    def test_waits_longer_for_each_retry(self, world: World) -> None:
        BROKEN.add("record")
        world.complete("offer", name="anna")

        world.advance(timedelta(minutes=1))

        with world.database.read() as session:
            waiting = session.scalars(select(DueRow.due_at).where(DueRow.kind == DueKind.RETRY)).one()
        assert waiting == world.now + timedelta(minutes=2)

    def test_reads_at_the_retry_what_was_typed_in_the_zone_of_the_person(self, world: World) -> None:
        BROKEN.add("record")
        world.complete("offer", zone=ZoneInfo("Asia/Vladivostok"), name="anna", at="2026-03-05T10:00")

        BROKEN.clear()
        world.advance(timedelta(minutes=1))

        with world.database.read() as session:
            document = session.scalars(select(CaseData.document)).one()
        assert datetime(2026, 3, 5, 0, 0, tzinfo=UTC).isoformat() in document

    def test_takes_at_the_retry_a_day_that_had_not_passed_when_it_was_typed(self, world: World) -> None:
        BROKEN.add("record")
        world.complete("offer", name="anna", at=f"{world.now:%Y-%m-%d}T23:59")

        BROKEN.clear()
        world.advance(timedelta(days=1))

        assert world.open_elements() == []


class TestTwoAtOneIncident:
    @pytest.fixture(autouse=True)
    def failed(self, world: World) -> None:
        BROKEN.add("record")
        world.complete("offer", name="anna")
        BROKEN.clear()

    def test_what_has_just_gone_through_cannot_be_given_up(
        self, world: World, beside: Callable[..., Future[Any]]
    ) -> None:
        number = incident_of(world).id

        def give_up() -> None:
            with world.database.write() as session:
                world.engine.repair.give_up(session, number, reason="no use", now=world.now, actor_id=SELLER)

        with world.database.write() as session:
            assert world.engine.repair.retry(session, number, now=world.now)
            late = beside(give_up)
        with pytest.raises(NotAllowed) as refusal:
            late.result()

        assert refusal.value.code == "incident_closed"
        assert incident_of(world).resolution is Resolution.RETRIED
        assert len(world.events("incident_resolved")) == 1

    def test_a_retry_whose_time_has_come_gives_way_to_one_by_hand(
        self, world: World, beside: Callable[..., Future[Any]]
    ) -> None:
        world.now += timedelta(minutes=1)
        with world.database.write() as session:
            assert world.engine.repair.retry(session, incident_of(world).id, now=world.now)
            ticking = beside(world.engine.tick, world.database, lambda: world.now)
        ticking.result()

        assert (incident_of(world).attempts, len(world.events("incident_resolved"))) == (2, 1)
        with world.database.read() as session:
            assert session.scalars(select(DueRow.id)).all() == []


class TestADueRowThatIsGivenUp:
    @pytest.fixture
    def given_up(self, world: World) -> World:
        BROKEN.add("head_of")
        world.advance(timedelta(days=2))
        for _ in range(MOST_ATTEMPTS):
            world.advance(timedelta(hours=1))
        BROKEN.clear()
        return world

    def test_is_carried_out_when_somebody_tries_it_again(self, given_up: World) -> None:
        went_through = retry(given_up)

        with given_up.database.read() as session:
            left = session.scalars(select(DueRow)).all()
        assert (went_through, left) == (True, [])
        assert len(given_up.events("escalated")) == 1
        assert incident_of(given_up).resolved_at == given_up.now

    def test_stays_when_it_fails_again(self, given_up: World) -> None:
        BROKEN.add("head_of")

        went_through = retry(given_up)

        assert not went_through
        assert "nobody knows who leads whom" in incident_of(given_up).error
        assert given_up.events("escalated") == []

    def test_is_no_matter_any_more_once_the_task_is_done(self, given_up: World) -> None:
        given_up.complete("offer", name="anna")

        assert retry(given_up)
        assert given_up.events("escalated") == []


class TestAMessageThatIsRefused:
    def test_is_sent_again_when_somebody_tries_it_again(self, world: World) -> None:
        class ClosedDoor:
            def send(self, message: Outgoing) -> None:
                raise DeliveryRefused("550 no such user")

        with world.database.write() as session:
            outbox.enqueue(session, channel="mail", recipient="a@example.com", body={}, dedupe="one", now=world.now)
        outbox.deliver_due(world.database.write, {"mail": ClosedDoor()}, now=lambda: world.now)

        went_through = retry(world)

        with world.database.read() as session:
            message = session.scalars(select(OutboxMessage)).one()
        assert (went_through, message.state, message.attempts) == (True, OutboxState.WAITING, 0)
