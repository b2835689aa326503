"""The heartbeat: beats at once and again, survives what a poll throws and clocks that are set back."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from apscheduler.schedulers.base import BaseScheduler

from engine.clock import SettableClock, SystemClock
from engine.database import Database
from engine.errors import DatabaseBusy
from engine.heartbeat import Poll, add_heartbeat, ages, beat, make_scheduler, record_beat

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SECONDS = 20.0  # patience with a busy machine


@pytest.fixture
def scheduler() -> Iterator[BaseScheduler]:
    scheduler = make_scheduler(embedded=True)
    yield scheduler
    scheduler.shutdown()


def add(scheduler: BaseScheduler, database: Database, poll: Poll, every: float = 0.02) -> None:
    add_heartbeat(
        scheduler,
        name="due rows",
        poll=poll,
        every=timedelta(seconds=every),
        session_factory=database.write,
        clock=SettableClock(NOW),
    )


def recorded(database: Database, now: datetime = NOW) -> dict[str, timedelta]:
    with database.read() as session:
        return ages(session, now)


class TestBeat:
    def test_records_when_a_poll_came_to_a_good_end(self, database: Database) -> None:
        clock = SettableClock(NOW)
        for _ in range(2):
            beat(
                name="due rows",
                poll=lambda _: clock.advance(timedelta(seconds=5)),
                session_factory=database.write,
                clock=clock,
            )

        assert recorded(database, NOW + timedelta(minutes=1)) == {"due rows": timedelta(seconds=50)}

    @pytest.mark.parametrize("error", [ZeroDivisionError("broken"), DatabaseBusy("locked")])
    def test_records_nothing_when_the_poll_fails(self, sqlite_database: Database, error: Exception) -> None:
        def poll(_: datetime) -> None:
            raise error

        with sqlite_database.write() as session:
            record_beat(session, name="due rows", now=NOW - timedelta(hours=1))
        beat(name="due rows", poll=poll, session_factory=sqlite_database.write, clock=SettableClock(NOW))

        assert recorded(sqlite_database) == {"due rows": timedelta(hours=1)}


class TestScheduler:
    def test_polls_at_once_with_the_time_of_the_clock(
        self, scheduler: BaseScheduler, sqlite_database: Database
    ) -> None:
        polled = threading.Event()
        moments = []

        def poll(now: datetime) -> None:
            moments.append(now)
            polled.set()

        add(scheduler, sqlite_database, poll, every=3600)
        scheduler.start()

        assert polled.wait(SECONDS)
        assert moments == [NOW]

    def test_goes_on_after_a_poll_that_fails(self, scheduler: BaseScheduler, sqlite_database: Database) -> None:
        polls = threading.Semaphore(0)

        def poll(_: datetime) -> None:
            polls.release()
            raise ZeroDivisionError

        add(scheduler, sqlite_database, poll)
        scheduler.start()

        assert all(polls.acquire(timeout=SECONDS) for _ in range(3))

    def test_never_polls_twice_at_a_time(self, scheduler: BaseScheduler, sqlite_database: Database) -> None:
        inside, met, done = threading.Lock(), threading.Event(), threading.Semaphore(0)

        def poll(_: datetime) -> None:
            if not inside.acquire(blocking=False):
                met.set()
            threading.Event().wait(0.05)
            inside.release()
            done.release()

        add(scheduler, sqlite_database, poll)
        scheduler.start()

        assert all(done.acquire(timeout=SECONDS) for _ in range(3))
        assert not met.is_set()

    def test_beats_on_when_the_clock_of_the_machine_is_set_back(
        self, scheduler: BaseScheduler, sqlite_database: Database
    ) -> None:
        polls = threading.Semaphore(0)
        add(scheduler, sqlite_database, lambda _: polls.release())
        scheduler.start()
        assert polls.acquire(timeout=SECONDS)

        # What a clock set back by a day leaves behind: the next time lies a day ahead.
        scheduler.modify_job("due rows", next_run_time=SystemClock().now() + timedelta(days=1))
        while polls.acquire(blocking=False):
            pass

        assert polls.acquire(timeout=SECONDS)

    def test_in_the_foreground_ends_when_it_is_shut_down(self, sqlite_database: Database) -> None:
        scheduler = make_scheduler(embedded=False)
        add(scheduler, sqlite_database, lambda _: threading.Thread(target=scheduler.shutdown).start())

        scheduler.start()

        assert not scheduler.running
