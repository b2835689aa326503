"""R5: clocks jump by an hour or a day, to and fro; no row is lost, none is early, none comes twice."""

from collections import Counter
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from engine.clock import SettableClock
from engine.database import Database
from engine.outbox import OutboxMessage, OutboxState, Outgoing, deliver_due, enqueue
from engine.timers.due_rows import PlannedRow, add_rows, drain
from engine.timers.models import DueKind, DueRow
from tests.engine.elements.dying import Death
from tests.engine.timers.drainers import effects
from tests.reliability.installation import PREPARED

pytestmark = pytest.mark.reliability
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
jumps = st.sampled_from([HOUR, -HOUR, DAY, -DAY, timedelta(minutes=1), timedelta(minutes=20)])
moments = st.integers(-60, 3 * 24 * 60).map(lambda minutes: PREPARED + timedelta(minutes=minutes))
quickly = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def database(database: Database) -> Database:
    with database.engine.begin() as connection:
        effects.metadata.create_all(connection)
    return database


@quickly
@given(st.lists(moments, min_size=1, max_size=12), st.lists(jumps, max_size=20))
def test_due_rows_come_once_and_never_early(database: Database, due: list[datetime], walk: list[timedelta]) -> None:
    clock, early = SettableClock(PREPARED), []

    def carry_out(session: Session, row: DueRow, now: datetime) -> None:
        session.connection().execute(insert(effects), {"dedupe": row.dedupe})
        if clock.now() < row.due_at:
            early.append(row.dedupe)

    def beat() -> None:
        drain(database.write, now=clock.now, effects={DueKind.REMINDER: carry_out}, on_failed=lambda *_: None)

    with database.write() as session:
        session.connection().execute(delete(effects))
        add_rows(session, [PlannedRow(DueKind.REMINDER, 1, at, "", f"row {n}") for n, at in enumerate(due)])
    for jump in walk:
        clock.advance(jump)
        beat()
    clock.set(max(due) + HOUR)
    beat()

    with database.read() as session:
        fired = Counter(session.scalars(select(effects.c.dedupe)))
    assert fired == {f"row {n}": 1 for n in range(len(due))}
    assert early == []


class Hand:
    """Takes letters; now and then the process dies at it."""

    def __init__(self) -> None:
        self.taken: Counter[str] = Counter()
        self.dies = False

    def send(self, message: Outgoing) -> None:
        self.taken[message.dedupe] += 1
        if self.dies:
            raise Death


@quickly
@given(st.lists(st.tuples(jumps, st.booleans()), max_size=12))
def test_letters_leave_whatever_the_clock_says_of_their_leases(
    database: Database, walk: list[tuple[timedelta, bool]]
) -> None:
    clock, hand = SettableClock(PREPARED), Hand()
    with database.write() as session:
        session.execute(delete(OutboxMessage))
        for number in range(3):
            enqueue(session, channel="mail", recipient="a", body={}, dedupe=f"letter {number}", now=clock.now())
    deaths = 0
    for jump, dies in walk:
        clock.advance(jump)
        hand.dies = dies
        try:
            deliver_due(database.write, {"mail": hand}, now=clock.now)
        except Death:
            deaths += 1
    clock.set(PREPARED + 20 * DAY)
    hand.dies = False
    deliver_due(database.write, {"mail": hand}, now=clock.now)

    with database.read() as session:
        states = set(session.scalars(select(OutboxMessage.state)))
    assert states == {OutboxState.SENT}
    assert set(hand.taken) == {"letter 0", "letter 1", "letter 2"}
    assert hand.taken.total() <= 3 + deaths
