"""Retention: details of old cases give way to a digest, and nothing that is counted from the log changes."""

from datetime import timedelta
from threading import Thread

import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import delete, func, select, update

from engine import case_data
from engine.checking import check_cases
from engine.database import Database
from engine.history import sealing, verifying
from engine.history.digest import CaseDigest, Digested, count_digestible, digest_closed
from engine.history.models import HistoryEvent, LogSeal
from engine.history.recording import EventKind
from engine.history.sealed_rows import SealKey
from engine.history.sealing import HISTORY
from engine.history.verifying import Verified
from engine.instances.models import InstanceStatus, ProcessInstance
from engine.milestones.filters import FunnelFilter
from engine.milestones.fold import LoggedEvent
from engine.milestones.funnel import count_cohort
from engine.milestones.models import Episode
from engine.milestones.rebuilding import verify as verify_funnel
from tests.engine.history.logs import NOW
from tests.engine.milestones.logs import START, logs, store_log
from tests.engine.milestones.test_rebuilding import plans_of, snapshot
from tests.engine.test_runtime import NAME_FORM, SIMPLE
from tests.engine.world import World, choice, form, seller

KEY = SealKey.derived("the secret of this installation")
LATER = START + timedelta(days=400)
DETAILS = select(func.count()).where(
    HistoryEvent.kind == EventKind.TASK_COMPLETED.value,
    HistoryEvent.instance_id.in_(select(Episode.instance_id).where(Episode.closed_at.is_not(None))),
)


def seal(database: Database) -> None:
    sealing.seal(database, [HISTORY], KEY, now=NOW)


def digest(database: Database, told: list[CaseDigest] | None = None) -> Digested:
    def note(_: object, digests: object) -> None:
        if told is not None:
            told.extend(digests)  # type: ignore[arg-type]  # a list of digests

    return digest_closed(database, KEY, before=LATER, now=lambda: LATER, on_digested=note)


def disagreements(database: Database) -> tuple[list[verifying.Finding], Verified]:
    verified = Verified()
    with database.read() as session:
        return list(verifying.verify(session, [HISTORY], {KEY.name: KEY}, verified)), verified


def kinds(database: Database) -> list[str]:
    with database.read() as session:
        return list(session.scalars(select(HistoryEvent.kind).order_by(HistoryEvent.seq)))


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(logs())
def test_the_funnel_is_the_same_before_and_after(sqlite_database: Database, log: list[LoggedEvent]) -> None:
    database = sqlite_database
    with database.write() as session:
        stored = store_log(session, log)
        stored.apply(session)
        session.execute(update(ProcessInstance).values(status=InstanceStatus.COMPLETED, ended_at=START))
        before = snapshot(session, stored)
        details = session.scalar(DETAILS)
    seal(database)

    digest(database)

    with database.write() as session:
        assert verify_funnel(session, plans_of(stored), stored.plan.process_key) == []
        assert snapshot(session, stored) == before
        assert session.scalar(DETAILS) == 0
        digests = select(func.count()).where(HistoryEvent.kind == EventKind.CASE_DIGESTED.value)
        assert (session.scalar(digests) or 0) > 0 or details == 0
    assert disagreements(database)[0] == []


@pytest.fixture
def world(database: Database) -> World:
    """One case that has ended and left its path on the way, one that goes on; both are sealed."""
    world = World(database)
    world.deploy(SIMPLE, NAME_FORM, form("test/needs", choice("outcome", "next", "again")))
    world.start()
    with database.write() as session:
        task, until = world.task("needs").id, world.now + timedelta(days=3)
        world.engine.postpone(session, task, until=until, reason="other", actor=seller, now=world.now)
        world.engine.recall(session, task, actor=seller, now=world.now)
    world.complete("needs", outcome="next")
    with database.write() as session:
        world.engine.skip(
            session, world.task("offer").id, reason="sold already", actor=seller, now=world.now, command_key="skip"
        )
    world.start()
    seal(database)
    return world


def test_details_of_the_ended_case_give_way_to_one_event(world: World) -> None:
    database, told = world.database, list[CaseDigest]()
    open_before = [event.kind for event in world.events() if event.instance_id == 2]
    funnel_before = _funnel(world)
    with database.read() as session:
        would = count_digestible(session, before=LATER)

    done = digest(database, told)

    of_ended = [event for event in world.events() if event.instance_id == 1]
    assert [event.kind for event in of_ended] == [
        "case_opened",
        "milestone_entered",
        "task_skipped",  # a deviation: the board of the heads is folded from it
        "milestone_entered",
        "case_closed",
        "case_digested",
    ]
    summed = case_data.load(of_ended[-1].payload)
    assert summed["kinds"]["task_created"] == 2
    assert summed["kinds"]["task_completed"] == 1
    assert (summed["events"], summed["first"]) == (sum(summed["kinds"].values()), world.now)
    assert (done.cases, done.events) == (would.cases, would.events) == (1, summed["events"])
    assert [each.instance_id for each in told] == [1]
    assert [event.kind for event in world.events() if event.instance_id == 2] == open_before
    assert _funnel(world) == funnel_before


def test_cases_their_rows_and_the_seals_still_agree(world: World) -> None:
    database = world.database
    done = digest(database)
    seal(database)

    findings, verified = disagreements(database)
    with database.read() as session:
        assert list(check_cases(session, world.kernel.store, now=LATER)) == []
        assert verify_funnel(session, world.kernel.store.plans(session)) == []
    assert (findings, verified.digested, verified.unsealed) == ([], done.events, {"history": 0})


def test_a_second_run_finds_nothing(world: World) -> None:
    digest(world.database)
    before = kinds(world.database)

    assert digest(world.database) == Digested()
    assert kinds(world.database) == before


def test_what_ended_later_or_is_not_sealed_stays(world: World) -> None:
    before = kinds(world.database)
    early = digest_closed(
        world.database, KEY, before=world.now, now=lambda: LATER, on_digested=lambda session, digests: None
    )
    with world.database.write() as session:
        session.execute(delete(LogSeal))

    assert (early, digest(world.database), kinds(world.database)) == (Digested(), Digested(), before)


def test_a_digested_row_cannot_be_changed_into_another(world: World) -> None:
    """What was removed stays removed: a row in its place is found, and so is a deletion that no digest explains."""
    database = world.database
    removed = next(event for event in world.events("task_created") if event.instance_id == 1)
    digest(database)
    kept = next(event for event in world.events("task_skipped"))
    with database.write() as session:
        values = {column.key: getattr(removed, column.key) for column in HistoryEvent.__table__.columns}
        session.add(HistoryEvent(**values | {"payload": "{}"}))
        session.execute(delete(HistoryEvent).where(HistoryEvent.seq == kept.seq))

    findings, _ = disagreements(database)
    assert [(each.kind.value, each.row) for each in findings] == [("inserted", removed.seq), ("removed", kept.seq)]


def test_two_runs_at_once_make_one_digest(world: World) -> None:
    runs = [Thread(target=digest, args=(world.database,)) for _ in range(3)]
    for run in runs:
        run.start()
    for run in runs:
        run.join()

    assert kinds(world.database).count("case_digested") == 1
    assert disagreements(world.database)[0] == []


def _funnel(world: World) -> object:
    with world.database.read() as session:
        plan = world.kernel.store.plans(session)["sale"]
        return count_cohort(session, plan, FunnelFilter())
