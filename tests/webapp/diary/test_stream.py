"""The stream of server-sent events: what it says, when it is silent, how many a person may have, what it holds."""

import json
from collections.abc import Iterator
from datetime import timedelta
from itertools import count

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from engine.database import Database
from tests.webapp.conftest import LogIn
from tests.webapp.errands import Errands
from tests.webapp.staff.factories import NOW
from webapp.diary.models import Notification
from webapp.diary.notification_views import STREAMS
from webapp.diary.stream import STREAMS_PER_PERSON, EventStream, Streams
from webapp.staff.models import User


class Time:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def database(app: Flask) -> Database:
    found: Database = app.extensions["database"]
    return found


def read(stream: Iterator[str]) -> dict[str, object]:
    """The next event, heartbeats passed over."""
    for line in stream:
        if line.startswith("data: "):
            event: dict[str, object] = json.loads(line.removeprefix("data: "))
            return event
    raise AssertionError("the stream has ended")


def opened(database: Database, user: User) -> EventStream:
    time, streams = Time(), Streams()
    assert streams.enter(user.id)
    return EventStream(database, streams, user.id, sleep=time.sleep, clock=time.clock)


def test_a_page_hears_at_once_how_it_stands_and_then_what_is_new(
    database: Database, errands: Errands, seller: User
) -> None:
    errands.open(seller)
    stream = opened(database, seller)

    first = read(stream)
    errands.open(seller)
    second = read(stream)

    assert (first["type"], first["unread"], second["unread"]) == ("notifications", 1, 2)


def test_reading_elsewhere_is_heard_too(database: Database, errands: Errands, seller: User, session: Session) -> None:
    errands.open(seller)
    stream = opened(database, seller)
    read(stream)

    session.execute(update(Notification).values(read_at=NOW))
    session.commit()

    assert read(stream)["unread"] == 0


def test_a_colleagues_news_is_not_heard(database: Database, errands: Errands, seller: User, colleague: User) -> None:
    stream = opened(database, seller)
    next(stream)

    errands.open(colleague)

    assert next(stream) == ": still here\n\n"


def test_silence_is_kept_alive_until_the_stream_ends_after_an_hour(database: Database, seller: User) -> None:
    stream = opened(database, seller)
    next(stream)

    beats = list(stream)

    assert set(beats) == {": still here\n\n"}
    assert len(beats) == 3600 // 15


def test_a_closed_database_ends_the_stream(database: Database, seller: User) -> None:
    stream = opened(database, seller)
    read(stream)
    database.close()

    assert list(stream) == []


def test_between_two_looks_no_connection_is_held(database: Database, seller: User) -> None:
    stream = opened(database, seller)
    next(stream)
    next(stream)

    assert database.bind(write=False).pool.checkedout() == 0  # type: ignore[attr-defined]  # a QueuePool


def test_a_topic_is_told_when_its_state_changes_and_only_then(database: Database, seller: User) -> None:
    time, streams = Time(), Streams()
    assert streams.enter(seller.id)
    states = iter([1, 1, 2, *[2] * 9])
    topics = {"board": lambda session: next(states)}
    stream = EventStream(database, streams, seller.id, topics=topics, sleep=time.sleep, clock=time.clock)

    told = [next(stream) for _ in range(3)]

    assert "notifications" in told[0]
    assert told[1:] == ['data: {"type": "board"}\n\n', ": still here\n\n"]


class TestPlaces:
    def test_a_fourth_tab_waits_until_another_is_closed(
        self, app: Flask, client: FlaskClient, log_in: LogIn, seller: User
    ) -> None:
        log_in(user=seller)
        streams: Streams = app.extensions[STREAMS]

        tabs = [client.get("/diary/stream", buffered=False) for _ in range(STREAMS_PER_PERSON)]
        fourth = client.get("/diary/stream")
        for tab in tabs:
            tab.close()
        after = client.get("/diary/stream", buffered=False)

        assert [tab.status_code for tab in tabs] == [200] * STREAMS_PER_PERSON
        assert fourth.status_code == 204
        assert after.status_code == 200
        assert after.mimetype == "text/event-stream"
        after.close()
        assert streams.count(seller.id) == 0

    def test_a_place_is_given_back_also_before_the_first_event(self, database: Database, seller: User) -> None:
        streams = Streams()
        for _ in count():
            if not streams.enter(seller.id):
                break

        EventStream(database, streams, seller.id).close()

        assert streams.enter(seller.id)

    def test_it_is_for_people_who_are_signed_in(self, client: FlaskClient) -> None:
        assert client.get("/diary/stream", headers={"Accept": "text/event-stream"}).status_code in {302, 401}


def test_the_first_event_of_a_real_request_counts_what_is_unread(
    client: FlaskClient, log_in: LogIn, errands: Errands, seller: User
) -> None:
    errands.open(seller, due=NOW + timedelta(hours=3))
    log_in(user=seller)

    with client.get("/diary/stream", buffered=False) as answer:
        line = next(iter(answer.response))

    text = line.decode() if isinstance(line, bytes) else line
    assert json.loads(text.removeprefix("data: "))["unread"] == 1
