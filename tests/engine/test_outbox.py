"""The outbox: at least once, in order of patience, and nobody waits behind a poisoned message."""

import random
import socketserver
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from engine import outbox
from engine.clock import SettableClock
from engine.database import Database
from engine.errors import DeliveryFailed, DeliveryRefused, ReceiverDown
from engine.incidents import Incident
from engine.outbox import DeliveryReport, OutboxHealth, OutboxMessage, OutboxState, Outgoing, deliver_due, enqueue
from tests.databases import url_of
from tests.engine.deliverers import start_deliverer

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


class Recorder:
    """Takes messages over; those with a scripted error are not."""

    def __init__(self, **errors: Exception) -> None:
        self.errors = errors
        self.taken: list[str] = []
        self.tried: list[str] = []

    def send(self, message: Outgoing) -> None:
        self.tried.append(message.dedupe)
        if error := self.errors.get(message.dedupe):
            raise error
        self.taken.append(message.dedupe)


def put(database: Database, *keys: str, channel: str = "mail", now: datetime = NOW) -> None:
    with database.write() as session:
        for key in keys:
            enqueue(session, channel=channel, recipient="ada@example.com", body={"n": 1}, dedupe=key, now=now)


def deliver(database: Database, sender: outbox.Sender, at: datetime = NOW, batch: int = 50) -> DeliveryReport:
    return deliver_due(database.write, {"mail": sender}, now=lambda: at, batch=batch)


def stored(database: Database, key: str) -> OutboxMessage:
    with database.read() as session:
        return session.scalars(select(OutboxMessage).where(OutboxMessage.dedupe == key)).one()


def incidents(database: Database) -> list[str]:
    with database.read() as session:
        return list(session.scalars(select(Incident.cause).where(Incident.kind == "send")))


@contextmanager
def dying() -> Iterator[outbox.Sender]:
    """A sender under whose hands the process dies."""

    class Sender:
        def send(self, message: Outgoing) -> None:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        yield Sender()


class TestEnqueueing:
    def test_the_same_key_twice_is_one_message(self, database: Database) -> None:
        put(database, "a", "a")
        put(database, "a", now=NOW + MINUTE)

        with database.read() as session:
            assert session.scalar(select(func.count()).select_from(OutboxMessage)) == 1

    def test_is_undone_with_its_step(self, database: Database) -> None:
        def fail_after_enqueueing() -> None:
            with database.write() as session:
                enqueue(session, channel="mail", recipient="ada@example.com", body={}, dedupe="a", now=NOW)
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            fail_after_enqueueing()

        assert deliver(database, Recorder()) == DeliveryReport()


class TestDelivery:
    def test_hands_over_what_was_written_and_marks_it(self, database: Database) -> None:
        seen: list[Outgoing] = []

        class Sender:
            def send(self, message: Outgoing) -> None:
                seen.append(message)

        with database.write() as session:
            enqueue(session, channel="mail", recipient="ada@example.com", body={"a": "Ёж"}, dedupe="k", now=NOW)
        report = deliver(database, Sender(), NOW + MINUTE)

        assert seen == [Outgoing("mail", "ada@example.com", {"a": "Ёж"}, "k", NOW)]
        assert report == DeliveryReport(sent=1)
        assert (stored(database, "k").state, stored(database, "k").sent_at) == (OutboxState.SENT, NOW + MINUTE)

    def test_sends_nothing_a_second_time(self, database: Database) -> None:
        sender = Recorder()
        put(database, "a", "b")

        deliver(database, sender)
        deliver(database, sender, NOW + timedelta(days=1))

        assert sender.taken == ["a", "b"]

    def test_takes_no_more_than_a_batch_of_each_channel(self, sqlite_database: Database) -> None:
        mail, sms = Recorder(), Recorder()
        put(sqlite_database, "a", "b", "c")
        put(sqlite_database, "d", channel="sms")

        deliver_due(sqlite_database.write, {"mail": mail, "sms": sms}, now=lambda: NOW, batch=2)

        assert (mail.taken, sms.taken) == (["a", "b"], ["d"])

    def test_leaves_channels_without_a_sender(self, sqlite_database: Database) -> None:
        put(sqlite_database, "d", channel="sms")

        assert deliver(sqlite_database, Recorder()) == DeliveryReport()
        assert stored(sqlite_database, "d").state is OutboxState.WAITING

    def test_holds_no_lock_while_it_sends(self, database: Database) -> None:
        class Sender:
            def send(self, message: Outgoing) -> None:
                put(database, "written meanwhile")

        put(database, "a")

        assert deliver(database, Sender(), batch=1) == DeliveryReport(sent=1)
        assert stored(database, "written meanwhile").state is OutboxState.WAITING

    def test_only_what_is_younger_than_a_message_can_be_sent(self, database: Database) -> None:
        put(database, "old")
        with database.read() as session:
            youngest = outbox.newest_id(session)
        put(database, "new")
        recorder = Recorder()
        outbox.deliver_due(database.write, {"mail": recorder}, now=lambda: NOW, after=youngest)

        assert stored(database, "old").state is OutboxState.WAITING
        assert stored(database, "new").state is OutboxState.SENT


class TestFailure:
    def test_puts_one_message_off_and_goes_on(self, database: Database) -> None:
        sender = Recorder(b=DeliveryFailed("451 greylisted"), c=ZeroDivisionError("our own"))
        put(database, "a", "b", "c", "d")

        report = deliver(database, sender)

        assert sender.taken == ["a", "d"]
        assert report == DeliveryReport(sent=2, put_off=2)
        assert stored(database, "b").last_error == "DeliveryFailed: 451 greylisted"
        assert stored(database, "c").last_error == "ZeroDivisionError: our own"

    def test_is_tried_again_after_growing_pauses_and_ends_in_an_incident(self, database: Database) -> None:
        sender = Recorder(a=DeliveryFailed("451"))
        put(database, "a")
        tried = []
        while stored(database, "a").state is OutboxState.WAITING:
            next_at = stored(database, "a").next_at
            assert deliver(database, sender, next_at - timedelta(seconds=1)) == DeliveryReport()
            deliver(database, sender, next_at)
            tried.append(int((next_at - NOW) / MINUTE))

        assert tried == [0, 1, 3, 7, 15, 31, 63, 123, 183, 243, 303, 363]
        assert stored(database, "a").state is OutboxState.FAILED
        assert incidents(database) == ["DeliveryFailed: 451"]

    def test_for_good_is_an_incident_at_once(self, database: Database) -> None:
        put(database, "a", "b")

        report = deliver(database, Recorder(a=DeliveryRefused("550 no such user")))

        assert report == DeliveryReport(sent=1, failed=1)
        assert stored(database, "a").state is OutboxState.FAILED
        assert incidents(database) == ["DeliveryRefused: 550 no such user"]

    def test_of_the_receiver_leaves_the_backlog_its_attempts(self, database: Database) -> None:
        sender = Recorder(a=ReceiverDown("connection refused"))
        put(database, "a", "b", "c")

        assert deliver(database, sender) == DeliveryReport(put_off=1)
        assert sender.tried == ["a"]
        assert deliver(database, sender) == DeliveryReport(sent=2)

    def test_is_forgotten_when_a_person_sends_it_again(self, database: Database) -> None:
        put(database, "a")
        deliver(database, Recorder(a=DeliveryRefused("550")))

        with database.write() as session:
            outbox.resend(session, message_id=stored(database, "a").id, now=NOW)

        assert deliver(database, Recorder()) == DeliveryReport(sent=1)

    def test_to_send_again_touches_only_what_has_failed(self, sqlite_database: Database) -> None:
        put(sqlite_database, "a")
        deliver(sqlite_database, Recorder())

        with sqlite_database.write() as session:
            outbox.resend(session, message_id=stored(sqlite_database, "a").id, now=NOW)

        assert stored(sqlite_database, "a").state is OutboxState.SENT


class TestLease:
    def test_keeps_others_away_until_it_runs_out(self, database: Database) -> None:
        put(database, "a")
        with dying() as sender:
            deliver(database, sender)

        assert deliver(database, Recorder(), NOW + outbox.LEASE - timedelta(seconds=1)) == DeliveryReport()
        assert deliver(database, Recorder(), NOW + outbox.LEASE) == DeliveryReport(sent=1)

    def test_lost_by_a_sleeper_is_not_marked_by_it(self, database: Database) -> None:
        clock = SettableClock(NOW)
        quick = Recorder(a=DeliveryFailed("451"))

        class Sleeper:
            def send(self, message: Outgoing) -> None:
                clock.advance(outbox.LEASE)
                deliver_due(database.write, {"mail": quick}, now=clock.now)

        put(database, "a")
        report = deliver_due(database.write, {"mail": Sleeper()}, now=clock.now, batch=1)

        assert report == DeliveryReport(overtaken=1)
        assert (stored(database, "a").state, stored(database, "a").attempts) == (OutboxState.WAITING, 2)

    def test_lost_before_a_person_sent_it_again_is_not_marked_either(self, database: Database) -> None:
        clock = SettableClock(NOW)

        class Sleeper:
            def send(self, message: Outgoing) -> None:
                clock.advance(outbox.LEASE)
                deliver(database, Recorder(a=DeliveryRefused("550")), clock.now())
                with database.write() as session:
                    outbox.resend(session, message_id=stored(database, "a").id, now=clock.now())
                with dying() as sender:
                    deliver(database, sender, clock.now())

        put(database, "a")

        assert deliver_due(database.write, {"mail": Sleeper()}, now=clock.now, batch=1) == DeliveryReport(overtaken=1)
        assert stored(database, "a").attempts == 1

    def test_that_always_ends_in_death_ends_in_an_incident(self, database: Database) -> None:
        put(database, "deadly", "harmless")
        clock = SettableClock(NOW)
        for _ in range(outbox.MOST_ATTEMPTS):
            with dying() as sender:
                deliver(database, sender, clock.now(), batch=1)
            clock.advance(outbox.LEASE)

        sender = Recorder()
        deliver(database, sender, clock.now())

        assert sender.taken == ["harmless"]
        assert stored(database, "deadly").state is OutboxState.FAILED
        assert len(incidents(database)) == 1


class TestHealth:
    def test_tells_how_long_the_oldest_has_waited(self, database: Database) -> None:
        put(database, "a", now=NOW - 9 * MINUTE)
        put(database, "b")
        put(database, "later", now=NOW + MINUTE)

        with database.read() as session:
            assert outbox.health(session, NOW) == OutboxHealth(9 * MINUTE, 2)


@pytest.mark.slow
def test_killed_at_any_moment_it_sends_everything_and_repeats_only_what_was_under_way(database: Database) -> None:
    dice = random.Random(5)
    keys = [f"message {n}" for n in range(120)]
    received: Counter[str] = Counter()

    class Receive(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            if key := self.rfile.readline().decode().strip():  # else it was killed before it could speak
                received[key] += 1
                self.wfile.write(b"ok\n")

    put(database, *keys)
    kills = 0
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Receive) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        port = server.server_address[1]
        deliverers = [start_deliverer(url_of(database), port) for _ in range(2)]
        while kills < 4 and len(received) < len(keys):
            time.sleep(dice.uniform(0.05, 0.2))
            victim = dice.randrange(2)
            deliverers[victim].kill()
            deliverers[victim].join()
            kills += deliverers[victim].exitcode == -9
            deliverers[victim] = start_deliverer(url_of(database), port)
        for deliverer in deliverers:
            deliverer.join(60)
        server.shutdown()

    assert kills >= 2
    assert sorted(received) == sorted(keys)
    assert received.total() - len(keys) <= kills
    assert all(stored(database, key).state is OutboxState.SENT for key in keys)
