"""Stored = rebuilt = counted the slow way, whatever the log and in however many parts it is read."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, timedelta
from random import Random
from time import sleep
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from engine.analytics import following
from engine.analytics.digests import DIGEST
from engine.analytics.fold import StepEvent
from engine.analytics.following import advance, begin_anew, differences, is_behind, standing
from engine.analytics.rows import EVENT, PATH, VISIT
from engine.database import Database
from engine.timers.calendars import DEFAULT_CALENDAR
from tests.engine.analytics import definition
from tests.engine.analytics.logs import (
    START,
    clear,
    events_of,
    publish,
    random_log,
    store_cases,
    store_events,
)
from tests.engine.world import World

Log = list[tuple[int, StepEvent]]


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


def catch_up(world: World) -> None:
    """Twice: on PostgreSQL what was read becomes final with the next beat."""
    for _beat in range(2):
        goes_on = True
        while goes_on:
            with world.database.write() as session:
                goes_on = advance(session, world.kernel.store)


def figures(session: Session) -> tuple[list[Any], ...]:
    return tuple(
        [dict(row) for row in session.connection().execute(select(table).order_by(*table.primary_key)).mappings()]
        for table in (VISIT, PATH, DIGEST)
    )


def check(world: World) -> None:
    with world.database.read() as session:
        assert list(differences(session, world.kernel.store)) == []


def test_stored_is_rebuilt_is_defined(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "EVENTS_AT_A_TIME", 3)
    monkeypatch.setattr(following, "CASES_AT_A_TIME", 2)
    versions = publish(world)
    catch_up(world)

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
    @given(st.integers(0, 10**9), st.integers(0, 45))
    def run(seed: int, commands: int) -> None:
        chance = Random(seed)
        log = random_log(chance, versions, commands=commands, first_task=0)
        with world.database.write() as session:
            clear(session)
            cases = store_cases(session, versions, 3)
        catch_up(world)
        rest: Log = list(log)
        while rest:
            size = chance.randint(1, 12)
            with world.database.write() as session:
                store_events(session, cases, rest[:size])
            rest = rest[size:]
            catch_up(world)
        with world.database.read() as session:
            stored = figures(session)
        check(world)
        assert_defined(stored, log, cases)
        with world.database.write() as session:
            begin_anew(session)
        catch_up(world)
        with world.database.read() as session:
            assert figures(session) == stored

    run()


def assert_defined(stored: tuple[list[Any], ...], log: Log, cases: list[int]) -> None:
    expected: dict[int, dict[str, Any]] = {}
    for place, case in enumerate(cases):
        told = events_of(log, place)
        found = definition.visits(told)
        expected |= {task: {"instance_id": case, **values} for task, values in found.items()}
        closed = next((path for path in stored[1] if path["instance_id"] == case and path["closed_at"]), None)
        if closed:
            assert closed["steps"] == "\n".join(definition.way(told))
    by_task = {row["task_id"]: row for row in stored[0]}
    assert by_task.keys() == expected.keys()
    for task, values in expected.items():
        row = by_task[task]
        assert {name: row[name] for name in values} == values, (task, [e for _, e in log])
        if row["waiting"] is not None and row["working"] is None and not row["asleep"]:
            open_time = DEFAULT_CALENDAR.working_time(row["entered_at"], row["ended_at"])
            assert row["waiting_open"] == int(open_time.total_seconds())


def test_a_smaller_number_that_is_committed_later_is_not_missed(postgresql_database: Database) -> None:
    world = World(postgresql_database)
    versions = publish(world)
    with world.database.write() as session:
        cases = store_cases(session, versions, 2)
    catch_up(world)
    opened = [created(1, "a"), created(2, "b")]

    with world.database.write() as late:
        store_events(late, cases, [(0, opened[0])])
        with world.database.write() as session:
            store_events(session, cases, [(1, opened[1])])
        catch_up(world)
        assert seen(world) == [2]
        with world.database.read() as session:
            assert is_behind(session)
    catch_up(world)

    assert seen(world) == [1, 2]
    check(world)
    with world.database.read() as session:
        assert not is_behind(session)


def created(seq: int, command: str) -> StepEvent:
    payload = {"task": seq, "assignee": None, "due": None}
    return StepEvent(seq, 1, "task_created", "call", None, START, command, payload)


def seen(world: World) -> list[int]:
    with world.database.read() as session:
        return list(session.scalars(select(VISIT.c.task_id).order_by(VISIT.c.task_id)))


def test_what_is_wrong_is_found_and_mended(world: World) -> None:
    versions = publish(world)
    log = random_log(Random(4), versions, commands=40, first_task=0)
    with world.database.write() as session:
        store_events(session, store_cases(session, versions, 3), log)
    catch_up(world)
    check(world)
    with world.database.write() as session:
        session.execute(update(VISIT).where(VISIT.c.task_id == 1).values(round=9))
        session.execute(update(DIGEST).values(done=DIGEST.c.done + 1))

    with world.database.read() as session:
        found = {(each.part.split()[0], each.column) for each in differences(session, world.kernel.store)}
    assert {("visit", "round"), ("digest", "done")} <= found

    with world.database.write() as session:
        begin_anew(session)
    with world.database.read() as session:
        assert standing(session).left == 3
    catch_up(world)
    check(world)


def test_a_case_whose_details_were_summed_up_keeps_its_figures(world: World) -> None:
    versions = publish(world)
    log = random_log(Random(4), versions, commands=40, first_task=0)
    with world.database.write() as session:
        cases = store_cases(session, versions, 3)
        store_events(session, cases, log)
    catch_up(world)
    with world.database.read() as session:
        before = figures(session)
    with world.database.write() as session:
        summed = StepEvent(len(log) + 1, versions[0], "case_digested", None, None, START, "digest", {})
        store_events(session, cases, [(0, summed)])
        session.execute(EVENT.delete().where(EVENT.c.kind == "task_created", _of(cases[0])))
    catch_up(world)
    with world.database.write() as session:
        begin_anew(session)
    catch_up(world)

    with world.database.read() as session:
        assert figures(session) == before
    check(world)


def _of(case: int) -> Any:
    return EVENT.c.instance_id == case


def test_a_real_case_is_counted_and_costs_its_steps_nothing(world: World) -> None:
    publish(world)
    started = world.start()
    catch_up(world)
    world.advance(timedelta(hours=20))
    world.complete("phone", name="Ann")
    catch_up(world)
    with world.database.read() as session:
        rows = [dict(row) for row in session.connection().execute(select(VISIT).order_by(VISIT.c.task_id)).mappings()]
    assert [(row["element"], row["ended"], row["working"]) for row in rows] == [
        ("phone", "completed", 20 * 3600),
        ("visit", None, None),
    ]
    # 9:00 UTC is noon in Moscow, where people work from nine to nine: nine hours today, none after eight tomorrow
    assert rows[0]["working_open"] == 9 * 3600
    assert rows[0]["instance_id"] == started.instance_id
    assert rows[0]["entered_at"].tzinfo is UTC or rows[0]["entered_at"].utcoffset() == timedelta()
    check(world)


def test_two_schedulers_begin_at_the_same_moment(postgresql_database: Database) -> None:
    """The one that comes second finds that the other has begun, and goes on with that."""
    world = World(postgresql_database)
    with world.database.write() as first, ThreadPoolExecutor() as pool:
        begin_anew(first)
        second = pool.submit(_begin, world)
        sleep(0.3)
        assert not second.done()  # it waits for the row
        first.commit()
        second.result(timeout=20)

    catch_up(world)
    check(world)


def _begin(world: World) -> None:
    with world.database.write() as session:
        begin_anew(session)
