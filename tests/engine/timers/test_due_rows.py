"""Due rows: fired once, in one transaction with their effect, whoever drains and whoever dies."""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from sqlalchemy import event, func, select, text
from sqlalchemy.orm import Session

from engine.clock import SettableClock
from engine.database import Database
from engine.errors import DatabaseBusy, StaleState
from engine.incidents import Incident
from engine.timers import due_rows
from engine.timers.due_rows import DrainReport, PlannedRow, add_rows, cancel_rows, drain, health
from engine.timers.models import DueKind, DueRow, DueState
from tests.databases import url_of
from tests.engine.timers.drainers import count_left, effects, leave_effect, start_drainer

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)

Effect = Callable[[Session, DueRow, datetime], None]


@pytest.fixture
def database(database: Database) -> Database:
    with database.engine.begin() as connection:
        effects.metadata.create_all(connection)
    return database


def plan(
    database: Database, *keys: str, due_at: datetime = NOW, kind: DueKind = DueKind.REMINDER, ref: int = 1
) -> None:
    with database.write() as session:
        add_rows(session, [PlannedRow(kind, ref, due_at + n * MINUTE, "", key) for n, key in enumerate(keys)])


def drain_at(database: Database, moment: datetime, effect: Effect = leave_effect, **options: object) -> DrainReport:
    return drain(
        database.write,
        now=SettableClock(moment).now,
        effects={DueKind.REMINDER: effect},
        on_failed=lambda *_: None,
        **options,  # type: ignore[arg-type]
    )


def fired(database: Database) -> list[str]:
    with database.read() as session:
        return list(session.scalars(select(effects.c.dedupe).order_by(effects.c.id)))


def waiting(database: Database) -> list[DueRow]:
    with database.read() as session:
        return list(session.scalars(select(DueRow).order_by(DueRow.id)))


def fail_on(*keys: str) -> Effect:
    def effect(session: Session, row: DueRow, now: datetime) -> None:
        leave_effect(session, row, now)
        if row.dedupe in keys:
            raise ZeroDivisionError(row.dedupe)

    return effect


class TestPlanning:
    def test_keeps_the_first_row_of_a_key(self, database: Database) -> None:
        plan(database, "a")
        plan(database, "a", "b", due_at=NOW + 5 * MINUTE)

        assert [(row.dedupe, row.due_at) for row in waiting(database)] == [("a", NOW), ("b", NOW + 6 * MINUTE)]

    def test_withdraws_by_ref_and_kind(self, database: Database) -> None:
        plan(database, "reminder of 1")
        plan(database, "escalation of 1", kind=DueKind.ESCALATION)
        plan(database, "reminder of 2", ref=2)

        with database.write() as session:
            cancel_rows(session, [1, 3], [DueKind.REMINDER])

        assert [row.dedupe for row in waiting(database)] == ["escalation of 1", "reminder of 2"]

    def test_of_nothing_does_nothing(self, sqlite_database: Database) -> None:
        with sqlite_database.write() as session:
            add_rows(session, [])
            cancel_rows(session, [], [DueKind.REMINDER])


class TestDraining:
    def test_fires_what_is_due_in_order_and_leaves_the_rest(self, database: Database) -> None:
        plan(database, "second", due_at=NOW - MINUTE)
        plan(database, "first", due_at=NOW - 2 * MINUTE)
        plan(database, "later", due_at=NOW + timedelta(microseconds=1))

        report = drain_at(database, NOW)

        assert fired(database) == ["first", "second"]
        assert [row.dedupe for row in waiting(database)] == ["later"]
        assert report == DrainReport(fired=2, claimed=2)

    def test_goes_on_batch_by_batch(self, database: Database) -> None:
        plan(database, *(f"row {n}" for n in range(25)))

        assert drain_at(database, NOW + 60 * MINUTE, batch=10).fired == 25

    def test_tells_the_effect_its_row_and_the_time(self, sqlite_database: Database) -> None:
        seen = []
        with sqlite_database.write() as session:
            add_rows(session, [PlannedRow(DueKind.REMINDER, 7, NOW - MINUTE, "head", "k")])

        drain_at(
            sqlite_database,
            NOW,
            lambda _, row, now: seen.append((row.kind, row.ref, row.due_at, row.detail, row.dedupe, row.attempts, now)),
        )

        assert seen == [(DueKind.REMINDER, 7, NOW - MINUTE, "head", "k", 0, NOW)]

    def test_lets_an_effect_plan_its_own_key_anew(self, database: Database) -> None:
        def repeat(session: Session, row: DueRow, now: datetime) -> None:
            add_rows(session, [PlannedRow(row.kind, row.ref, row.due_at + 60 * MINUTE, "", row.dedupe)])

        plan(database, "hourly")
        drain_at(database, NOW, repeat)

        assert [(row.dedupe, row.due_at) for row in waiting(database)] == [("hourly", NOW + 60 * MINUTE)]

    def test_does_not_fire_what_an_earlier_effect_of_the_batch_has_cancelled(self, database: Database) -> None:
        def complete_task(session: Session, row: DueRow, now: datetime) -> None:
            leave_effect(session, row, now)
            cancel_rows(session, [row.ref], [DueKind.REMINDER])

        plan(database, "first", "second")

        assert drain_at(database, NOW + 5 * MINUTE, complete_task) == DrainReport(fired=1, claimed=2)
        assert fired(database) == ["first"]

    def test_ends_though_an_effect_plans_itself_anew_without_end(
        self, sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def repeat(session: Session, row: DueRow, now: datetime) -> None:
            add_rows(session, [PlannedRow(row.kind, row.ref, row.due_at, "", row.dedupe)])

        monkeypatch.setattr(due_rows, "MOST_ROWS", 5)
        plan(sqlite_database, "for ever")

        assert drain_at(sqlite_database, NOW, repeat, batch=1).fired == 5

    def test_lets_others_write_between_short_batches(self, sqlite_database: Database) -> None:
        ticks = count()
        begun = []

        @contextmanager
        def counted() -> Iterator[Session]:
            begun.append(1)
            with sqlite_database.write() as session:
                yield session

        plan(sqlite_database, *(f"row {n}" for n in range(10)))
        drain(
            counted,
            now=lambda: NOW + 60 * MINUTE + next(ticks) * timedelta(milliseconds=20),
            effects={DueKind.REMINDER: lambda *_: None},
            on_failed=lambda *_: None,
        )

        assert len(begun) >= 5
        assert waiting(sqlite_database) == []

    @pytest.mark.postgresql
    def test_passes_over_rows_that_somebody_else_is_busy_with(self, postgresql_database: Database) -> None:
        @contextmanager
        def impatient() -> Iterator[Session]:
            with postgresql_database.write() as session:
                session.execute(text("SET LOCAL lock_timeout = '1s'"))
                yield session

        plan(postgresql_database, "theirs", "ours")
        with postgresql_database.write() as somebody:
            somebody.scalars(select(DueRow).where(DueRow.dedupe == "theirs").with_for_update()).one()
            report = drain(
                impatient,
                now=lambda: NOW + 5 * MINUTE,
                effects={DueKind.REMINDER: lambda *_: None},
                on_failed=lambda *_: None,
            )

        assert report == DrainReport(fired=1, claimed=1)

    def test_finds_its_rows_by_the_index_of_those_that_wait(self, sqlite_database: Database) -> None:
        sent: list[tuple[str, tuple[object, ...]]] = []

        @event.listens_for(sqlite_database.engine, "before_cursor_execute")
        def remember(_: object, __: object, statement: str, parameters: tuple[object, ...], *___: object) -> None:
            sent.append((statement, parameters))

        with sqlite_database.write() as session:
            due_rows._claim(session, NOW, 10)
            query, parameters = sent[-1]
            steps = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {query}", parameters).all()

        assert [step.detail for step in steps] == ["SEARCH due_row USING INDEX ix_due_row_waiting (next_at<?)"]


class TestFailure:
    def test_undoes_one_row_alone(self, database: Database) -> None:
        plan(database, "good", "bad", "better")

        report = drain_at(database, NOW + 5 * MINUTE, fail_on("bad"))

        assert fired(database) == ["good", "better"]
        assert report == DrainReport(fired=2, put_off=1, claimed=3)
        (left,) = waiting(database)
        assert (left.dedupe, left.attempts, left.last_error) == ("bad", 1, "ZeroDivisionError: bad")

    def test_inside_the_database_does_not_spoil_the_batch(self, database: Database) -> None:
        def effect(session: Session, row: DueRow, now: datetime) -> None:
            leave_effect(session, row, now)
            session.add(Incident(kind="x", error="y", opened_at=now, instance_id=404 if row.dedupe == "bad" else None))
            session.flush()

        plan(database, "good", "bad", "better")
        drain_at(database, NOW + 5 * MINUTE, effect)

        assert fired(database) == ["good", "better"]
        with database.read() as session:
            assert session.scalar(select(func.count()).select_from(Incident)) == 2

    def test_is_tried_again_after_growing_pauses(self, database: Database) -> None:
        plan(database, "bad")
        clock, tried = SettableClock(NOW), []
        for _ in range(60):
            if drain_at(database, clock.now(), fail_on("bad")).claimed:
                tried.append((clock.now() - NOW).total_seconds())
            clock.advance(timedelta(seconds=10))

        assert tried == [0, 10, 30, 70, 150, 310]

    def test_keeps_the_moment_it_was_due(self, database: Database) -> None:
        plan(database, "bad")

        drain_at(database, NOW, fail_on("bad"))

        assert waiting(database)[0].due_at == NOW

    def test_ends_after_eight_attempts_and_is_told_in_the_same_transaction(self, database: Database) -> None:
        def open_incident(session: Session, row: DueRow, error: Exception) -> None:
            session.add(Incident(kind=row.kind, error=f"{row.attempts} {error}", opened_at=NOW))

        plan(database, "bad")
        clock = SettableClock(NOW)
        for _ in range(10):
            drain(database.write, now=clock.now, effects={DueKind.REMINDER: fail_on("bad")}, on_failed=open_incident)
            clock.advance(timedelta(hours=1))

        (left,) = waiting(database)
        assert (left.state, left.attempts, left.last_error) == (DueState.FAILED, 8, "ZeroDivisionError: bad")
        with database.read() as session:
            assert list(session.scalars(select(Incident.error))) == ["8 bad"]

    def test_to_tell_of_the_end_does_not_stop_the_others(
        self, database: Database, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail_too(session: Session, row: DueRow, error: Exception) -> None:
            raise ZeroDivisionError

        monkeypatch.setattr(due_rows, "MOST_ATTEMPTS", 1)
        plan(database, "bad", "good")
        report = drain(
            database.write,
            now=lambda: NOW + 5 * MINUTE,
            effects={DueKind.REMINDER: fail_on("bad")},
            on_failed=fail_too,
        )

        assert report == DrainReport(fired=1, gave_up=1, claimed=2)
        assert waiting(database)[0].state is DueState.FAILED

    def test_of_a_kind_that_nobody_serves_is_not_silent(self, sqlite_database: Database) -> None:
        plan(sqlite_database, "timer", kind=DueKind.BPMN_TIMER)

        assert drain_at(sqlite_database, NOW).put_off == 1

    @pytest.mark.parametrize("conflict", [StaleState("stale"), DatabaseBusy("deadlock")])
    def test_by_conflict_with_somebody_else_is_no_attempt(self, database: Database, conflict: Exception) -> None:
        def meet(session: Session, row: DueRow, now: datetime) -> None:
            leave_effect(session, row, now)
            raise conflict

        plan(database, "unlucky")
        drain_at(database, NOW, meet)

        assert (fired(database), waiting(database)[0].attempts) == ([], 0)
        assert drain_at(database, NOW).claimed == 0
        assert drain_at(database, NOW + timedelta(seconds=2)).fired == 1

    def test_to_commit_leaves_everything_as_it_was(self, database: Database) -> None:
        @contextmanager
        def never_commits() -> Iterator[Session]:
            with database.session(write=True) as session:
                yield session
                raise DatabaseBusy("disk")

        plan(database, "a", "b")
        with pytest.raises(DatabaseBusy):
            drain(
                never_commits,
                now=lambda: NOW + 5 * MINUTE,
                effects={DueKind.REMINDER: leave_effect},
                on_failed=lambda *_: None,
            )

        assert (fired(database), len(waiting(database))) == ([], 2)


class TestHealth:
    def test_tells_how_far_behind_the_rows_are(self, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
        plan(database, "retrying", "overdue", due_at=NOW - 20 * MINUTE)
        plan(database, "future", due_at=NOW + 20 * MINUTE)
        drain_at(database, NOW - 20 * MINUTE, fail_on("retrying"))
        monkeypatch.setattr(due_rows, "MOST_ATTEMPTS", 1)
        plan(database, "failed", due_at=NOW - 30 * MINUTE)
        drain_at(database, NOW - 20 * MINUTE, fail_on("failed"))

        with database.read() as session:
            found = health(session, NOW)

        assert found == due_rows.DueHealth(oldest_overdue=20 * MINUTE, overdue=2, retrying=1, failed=1)

    def test_of_nothing_is_calm(self, sqlite_database: Database) -> None:
        with sqlite_database.read() as session:
            assert health(session, NOW) == due_rows.DueHealth(None, 0, 0, 0)


@pytest.mark.slow
class TestSeveralProcesses:
    def test_fire_nothing_twice(self, database: Database) -> None:
        plan(database, *(f"row {n}" for n in range(600)))

        drainers = [start_drainer(url_of(database)) for _ in range(2)]
        for drainer in drainers:
            drainer.join(60)

        assert [drainer.exitcode for drainer in drainers] == [0, 0]
        assert sorted(fired(database)) == sorted(f"row {n}" for n in range(600))

    @pytest.mark.parametrize("kills", [8, pytest.param(150, marks=pytest.mark.reliability)])
    def test_killed_at_any_moment_lose_nothing_and_fire_nothing_twice(self, database: Database, kills: int) -> None:
        rows = kills * (150 if database.engine.dialect.name == "sqlite" else 400)  # enough to be killed at work
        dice = random.Random(kills)
        plan(database, *(f"row {n}" for n in range(rows)))
        drainers = [start_drainer(url_of(database)) for _ in range(2)]
        died_at_work = 0

        while died_at_work < kills and count_left(database):
            time.sleep(dice.uniform(0.03, 0.2))
            victim = dice.randrange(2)
            drainers[victim].kill()
            drainers[victim].join()
            died_at_work += drainers[victim].exitcode == -9
            drainers[victim] = start_drainer(url_of(database))
        for drainer in drainers:
            drainer.join(120)

        assert died_at_work >= kills // 2
        assert sorted(fired(database)) == sorted(f"row {n}" for n in range(rows))
