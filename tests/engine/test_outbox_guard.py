"""The guard of the outbox: asked in the transaction that takes a message, with the last word about it."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.database import Database
from engine.errors import DeliveryFailed
from engine.heartbeat import Heartbeat, record_beat
from engine.incidents import Incident
from engine.outbox import DeliveryReport, Guard, Held, OnSent, OutboxMessage, OutboxState, Sender, deliver_due
from tests.engine.test_outbox import NOW, Recorder, put, stored

HOUR = timedelta(hours=1)


def deliver(
    database: Database, sender: Sender, guard: Guard, at: datetime = NOW, on_sent: OnSent | None = None
) -> DeliveryReport:
    return deliver_due(database.write, {"mail": sender}, now=lambda: at, guard=guard, on_sent=on_sent)


def test_what_it_forbids_is_refused_for_good_and_no_incident(database: Database) -> None:
    put(database, "forbidden", "allowed")
    sender = Recorder()

    report = deliver(database, sender, lambda _s, message, _n: Held("no") if message.dedupe == "forbidden" else None)

    assert (report, sender.tried) == (DeliveryReport(sent=1, refused=1), ["allowed"])
    refused = stored(database, "forbidden")
    assert (refused.state, refused.last_error, refused.leased_until) == (OutboxState.REFUSED, "no", None)
    with database.read() as session:
        assert session.scalars(select(Incident)).all() == []
    assert deliver(database, sender, lambda *_: None, at=NOW + 9 * HOUR) == DeliveryReport()


def test_what_must_wait_keeps_its_attempts(database: Database) -> None:
    put(database, "early")
    sender = Recorder()

    assert deliver(database, sender, lambda *_: Held("night", until=NOW + HOUR)) == DeliveryReport(put_off=1)
    assert deliver(database, sender, lambda *_: None, at=NOW + HOUR / 2) == DeliveryReport()

    assert deliver(database, sender, lambda *_: None, at=NOW + HOUR) == DeliveryReport(sent=1)
    assert stored(database, "early").attempts == 1


def test_it_is_asked_again_at_every_attempt(database: Database) -> None:
    put(database, "m")
    sender = Recorder(m=DeliveryFailed("later"))
    deliver(database, sender, lambda *_: None)

    deliver(database, sender, lambda *_: Held("withdrawn meanwhile"), at=NOW + HOUR)

    assert (sender.tried, stored(database, "m").state) == (["m"], OutboxState.REFUSED)


def test_one_that_breaks_holds_up_its_own_message_alone(database: Database, caplog: pytest.LogCaptureFixture) -> None:
    put(database, "poison", "good")
    sender = Recorder()

    def guard(session: Session, message: OutboxMessage, now: datetime) -> Held | None:
        record_beat(session, name=message.dedupe, now=now)
        if message.dedupe == "poison":
            raise RuntimeError("broken")
        return None

    report = deliver(database, sender, guard)

    assert (report, sender.taken) == (DeliveryReport(sent=1, put_off=1), ["good"])
    assert "the guard broke" in caplog.text
    with database.read() as session:
        assert session.scalars(select(Heartbeat.name)).all() == ["good"]  # what it wrote before is gone


def test_who_hears_of_the_sending_cannot_undo_it(database: Database, caplog: pytest.LogCaptureFixture) -> None:
    put(database, "m")
    told: list[str] = []

    def on_sent(_session: Session, message: OutboxMessage, _now: datetime) -> None:
        told.append(message.dedupe)
        raise RuntimeError("deaf")

    deliver(database, Recorder(), lambda *_: None, on_sent=on_sent)

    assert (told, stored(database, "m").state) == (["m"], OutboxState.SENT)
    assert "nobody could be told" in caplog.text
