"""The funnel of many worksheets beside a bare GROUP BY for each of its two questions, and building it anew."""

import os
import time

import pytest
from sqlalchemy import text

from engine.milestones.filters import FunnelFilter
from engine.milestones.funnel import count_cohort, count_dimensions
from engine.milestones.rebuilding import rebuild
from tests.dealer import Dealer
from tests.performance.crowd import multiply
from tests.performance.measuring import Measurement, Report, race
from tests.performance.worksheets import walk_some

pytestmark = pytest.mark.performance

WALKED = 24
KEY = "sales_worksheet"
STANDING = text(
    "SELECT scope_id, owner_id, highest_rank, last_milestone, outcome, count(*) FROM episode"
    " WHERE process_key = :key GROUP BY scope_id, owner_id, highest_rank, last_milestone, outcome"
)
ENTERED = text(
    "SELECT milestone, count(*), sum(episode_milestone.count) FROM episode_milestone JOIN episode"
    " ON episode.id = episode_milestone.episode_id WHERE process_key = :key GROUP BY milestone"
)


@pytest.mark.parametrize(
    ("where", "worksheets"),
    [
        ("SQLite", 20_000),
        pytest.param("SQLite", 1_000_000, marks=pytest.mark.long),
        pytest.param("PostgreSQL", 1_000_000, marks=[pytest.mark.postgresql, pytest.mark.long]),
    ],
)
def test_the_funnel_beside_a_bare_group_by(
    request: pytest.FixtureRequest, report: Report, where: str, worksheets: int
) -> None:
    dealer: Dealer = request.getfixturevalue("dealer" if where == "SQLite" else "postgresql_dealer")
    walk_some(dealer, WALKED)
    with dealer.write() as session:
        number = multiply(session, int(os.environ.get("MEASURED_CROWD", worksheets)) // WALKED - 1)
        plan = dealer.engine.store.plans(session)[KEY]
    with dealer.read() as session:
        funnel = count_cohort(session, plan, FunnelFilter())
        results = race(
            {
                "bare GROUP BY": lambda: [session.execute(each, {"key": KEY}).all() for each in (STANDING, ENTERED)],
                "of them how cases stand": lambda: session.execute(STANDING, {"key": KEY}).all(),
                "bars": lambda: count_cohort(session, plan, FunnelFilter()),
                "values of dimensions": lambda: count_dimensions(session, plan, FunnelFilter()),
            },
            rounds=5,
            per_round=1,
        )
    assert funnel.opened == number
    what = f"funnel, {where}, {number:,} worksheets"
    report.add(what, results, against="bare GROUP BY", goals={"bars": 2})

    begun = time.perf_counter()
    with dealer.write() as session:
        done = rebuild(session, dealer.engine.store.plans(session))
    seconds = time.perf_counter() - begun
    told = {"built anew": {"events/s": round(done.events / seconds), "events/s wanted": 50_000}}
    report.add(what, {"built anew": Measurement("", ((seconds,),))}, against="built anew", facts=told)
    with dealer.read() as session:
        assert count_cohort(session, plan, FunnelFilter()).rows == funnel.rows
