"""The heartbeat: APScheduler calls a poll again and again, and everything that waits stands in the database.

Several schedulers may beat beside each other; what they poll keeps them apart.
"""

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.schedulers.base import BaseScheduler
from apscheduler.schedulers.blocking import BlockingScheduler
from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from engine.clock import Clock, SystemClock
from engine.database import SessionFactory
from engine.errors import DatabaseBusy
from engine.persistence import Base, insert_for, table_of

logger = logging.getLogger(__name__)

Poll = Callable[[datetime], object]


class Heartbeat(Base):
    """When a poll last came to a good end. Its age is the first thing a monitor should look at."""

    __tablename__ = "heartbeat"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    at: Mapped[datetime]


class _SurvivesClockJumps:
    """APScheduler would sleep until a set-back clock has caught up; this one beats on."""

    def _process_jobs(self) -> float:
        wait_seconds: float = super()._process_jobs()  # type: ignore[misc]
        now = SystemClock().now()
        for job in self.get_jobs():  # type: ignore[attr-defined]
            if job.next_run_time and job.next_run_time - now > 2 * job.trigger.interval:
                job.modify(next_run_time=now)  # wakes the scheduler at once
        return wait_seconds


class EmbeddedScheduler(_SurvivesClockJumps, BackgroundScheduler):  # type: ignore[misc]  # APScheduler is untyped
    """Beats in a thread of its own, beside an application."""


class ScheduleProcess(_SurvivesClockJumps, BlockingScheduler):  # type: ignore[misc]
    """Beats in the foreground; `start` returns after `shutdown`."""


def make_scheduler(*, embedded: bool) -> BaseScheduler:
    """A scheduler without jobs; add heartbeats, then `start()`."""
    kind = EmbeddedScheduler if embedded else ScheduleProcess
    return kind(timezone=UTC, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None})


def add_heartbeat(
    scheduler: BaseScheduler,
    *,
    name: str,
    poll: Poll,
    every: timedelta,
    session_factory: SessionFactory,
    clock: Clock,
) -> None:
    """Call `poll(now)` at the start and then at every interval, one call at a time, and record each good end."""
    scheduler.add_job(
        beat,
        "interval",
        seconds=every.total_seconds(),
        id=name,
        next_run_time=SystemClock().now(),
        kwargs={"name": name, "poll": poll, "session_factory": session_factory, "clock": clock},
    )


def beat(*, name: str, poll: Poll, session_factory: SessionFactory, clock: Clock) -> None:
    """One poll. Whatever goes wrong is logged and shows as age: the next beat comes."""
    try:
        poll(clock.now())
        with session_factory() as session:
            record_beat(session, name=name, now=clock.now())
    except DatabaseBusy as error:
        logger.warning("heartbeat %s gave way: %s", name, error)
    except Exception:
        logger.exception("heartbeat %s failed", name)


def record_beat(session: Session, *, name: str, now: datetime) -> None:
    """Write down that a poll has come to a good end."""
    connection = session.connection()
    statement = insert_for(connection.dialect.name, table_of(Heartbeat)).values(name=name, at=now)
    connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_={"at": statement.excluded.at}))


def ages(session: Session, now: datetime) -> dict[str, timedelta]:
    """How long ago each poll last came to a good end."""
    return {name: now - at for name, at in session.execute(select(Heartbeat.name, Heartbeat.at))}
