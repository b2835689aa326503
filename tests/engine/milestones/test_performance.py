"""Ratios measured in one run: the funnel against a bare GROUP BY, and the speed of a rebuild."""

import random
from collections.abc import Callable
from datetime import timedelta
from statistics import median
from time import perf_counter

import pytest
from sqlalchemy import func, insert, select, text
from sqlalchemy.orm import Session

from engine.database import Database
from engine.history.recording import EventKind
from engine.instances.models import InstanceStatus
from engine.milestones.filters import FunnelFilter
from engine.milestones.funnel import count_cohort
from engine.milestones.models import Episode, EpisodeMilestone
from engine.milestones.rebuilding import EVENT, INSTANCE, rebuild, verify
from tests.engine.milestones.logs import START, StoredLog, store_log

pytestmark = pytest.mark.performance

CASES = 20_000
MILESTONES = ("contact", "visit", "worksheet", "offer", "delivered")


@pytest.fixture
def many_cases(database: Database) -> StoredLog:
    """The log of 20,000 cases over a year, most of which stop early; no episodes yet."""
    chance = random.Random(1)
    with database.write() as session:
        stored = store_log(session, [])
        definition_id = session.scalar(text("SELECT max(id) FROM process_definition"))
        for start in range(1, CASES + 1, 10_000):
            cases = range(start, start + 10_000)
            session.execute(insert(INSTANCE), [instance(stored, definition_id, case) for case in cases])
            session.execute(
                insert(EVENT),
                [row for case in cases for row in events_of(case, chance, definition_id)],
            )
    return stored


def test_the_bars_take_at_most_twice_a_bare_group_by(database: Database, many_cases: StoredLog) -> None:
    plan, period = many_cases.plan, (START, START + timedelta(days=365))
    with database.write() as session:
        started = perf_counter()
        done = rebuild(session, {plan.process_key: plan})
        speed = done.events / (perf_counter() - started)
    with database.write() as session:
        session.execute(text("ANALYZE"))
    with database.read() as session:
        whole = FunnelFilter(*period)
        bare = timed(lambda: bare_group_by(session, plan.process_key, whole))
        page = timed(lambda: count_cohort(session, plan, whole))
        assert count_cohort(session, plan, whole).opened == CASES
        check_index_use(database, session, many_cases)
        started = perf_counter()
        assert verify(session, {plan.process_key: plan}) == []
        checked = done.events / (perf_counter() - started)
    name = database.engine.dialect.name
    print(f"{name}: bars {page * 1000:.0f} ms, bare GROUP BY {bare * 1000:.0f} ms, ratio {page / bare:.2f}; "  # noqa: T201
          f"rebuild {speed:,.0f} events/s, verification {checked:,.0f} events/s")  # fmt: skip

    assert page <= 2 * bare


def bare_group_by(session: Session, process_key: str, filters: FunnelFilter) -> None:
    """The two counts without which there is no funnel: how far the episodes came, and what they touched."""
    chosen = (Episode.process_key == process_key, Episode.opened_at >= filters.since, Episode.opened_at < filters.until)
    session.execute(select(Episode.highest_rank, func.count()).where(*chosen).group_by(Episode.highest_rank)).all()
    session.execute(
        select(EpisodeMilestone.milestone, func.count())
        .join(Episode, Episode.id == EpisodeMilestone.episode_id)
        .where(*chosen)
        .group_by(EpisodeMilestone.milestone)
    ).all()


def check_index_use(database: Database, session: Session, stored: StoredLog) -> None:
    """A month of the year is found by the cohort's index, not by reading the table."""
    month = FunnelFilter(START, START + timedelta(days=10))
    statement = select(func.count()).select_from(Episode)
    compiled = month.limit(statement, stored.plan.process_key).compile(
        database.engine, compile_kwargs={"literal_binds": True}
    )
    explain = "EXPLAIN QUERY PLAN" if database.engine.dialect.name == "sqlite" else "EXPLAIN"
    plan = "\n".join(str(row) for row in session.execute(text(f"{explain} {compiled}".replace(":", r"\:"))))

    assert "ix_episode_cohort" in plan


def timed(call: Callable[[], object]) -> float:
    """The median of five runs, in seconds."""
    seconds = []
    for _ in range(5):
        started = perf_counter()
        call()
        seconds.append(perf_counter() - started)
    return median(seconds)


def instance(stored: StoredLog, definition_id: int | None, case: int) -> dict[str, object]:
    return {
        "id": case,
        "definition_id": definition_id,
        "process_key": stored.plan.process_key,
        "business_key": f"case:{case}",
        "status": InstanceStatus.ACTIVE,
        "rev": 0,
        "state": b"",
        "started_at": START,
    }


def events_of(case: int, chance: random.Random, definition_id: int | None) -> list[dict[str, object]]:
    """Opening, the milestones as far as the case came, and for most an end."""
    moment = START + timedelta(minutes=chance.randrange(364 * 24 * 60))
    place = f'{{"owner": {case % 50}, "scope": {case % 4}, "dimensions": {{"source": "s{case % 12}"}}}}'
    rows: list[tuple[str, str | None, str]] = [(EventKind.CASE_OPENED, None, place)]
    for milestone in MILESTONES:
        rows.append((EventKind.MILESTONE_ENTERED, milestone, ""))
        if chance.random() < 0.4:
            break
    if chance.random() < 0.8:
        rows.append((EventKind.CASE_CLOSED, None, '{"outcome": "won"}' if case % 3 else '{"outcome": "refused"}'))
    return [
        {
            "instance_id": case,
            "definition_id": definition_id,
            "kind": kind,
            "at": moment + timedelta(hours=ordinal),
            "milestone": milestone,
            "payload": payload,
            "command_key": f"case-{case}",
            "ordinal": ordinal,
        }
        for ordinal, (kind, milestone, payload) in enumerate(rows)
    ]
