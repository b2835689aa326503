"""Curves against the literal definition: every stretch counts its own episodes, and all of them the whole period."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.database import Database
from engine.milestones.comparison import Share
from engine.milestones.drilldown import UnknownFigure
from engine.milestones.filters import Counting, FunnelFilter
from engine.milestones.fold import LoggedEvent
from engine.milestones.trend import Curve, Measure, count_trend, curves_of
from tests.engine.milestones import definition
from tests.engine.milestones.definition import Run
from tests.engine.milestones.logs import RATIOS, RULES, START, logs, make_plan, store_log
from tests.engine.milestones.test_funnel import FILTERS, ON_BOTH, Chosen, keep, placed_then
from tests.statements import counted_statements

BORDERS = [START + timedelta(days=day) for day in (-1, 2, 5, 6, 30)]
UNBOUNDED = [each for each in FILTERS if each.filters.since is None]


def expected_share(runs: list[Run], curve: Curve) -> Share:
    if curve.measure is Measure.RATIO:
        return Share(*definition.ratio(runs, *RATIOS[curve.name]))
    rank = (*RULES.mandatory,).index(curve.name) + 1 if curve.name in RULES.mandatory else 0
    if curve.measure is Measure.CONVERSION:
        return Share(len(definition.reached(runs, rank + 1)), len(definition.reached(runs, rank)))
    counted = definition.reached(runs, rank) if rank else definition.touched(runs, curve.name)
    return Share(len(counted), len(runs))


@ON_BOTH
@given(logs(), st.sampled_from(UNBOUNDED), st.sampled_from(curves_of(make_plan(), Counting.COHORT)))
def test_a_cohort_is_cut_by_its_openings(
    database: Database, log: list[LoggedEvent], chosen: Chosen, curve: Curve
) -> None:
    with database.write() as session:
        stored, runs = keep(session, log, chosen)
        found = count_trend(session, stored.plan, chosen.filters, curve, BORDERS)

    for share, (since, until) in zip(found, pairwise(BORDERS), strict=True):
        assert share == expected_share([run for run in runs if since <= run.opened.at < until], curve)


@ON_BOTH
@given(logs(), st.sampled_from(UNBOUNDED), st.sampled_from(curves_of(make_plan(), Counting.EVENT_DATE)))
def test_by_event_date_the_entry_decides(
    database: Database, log: list[LoggedEvent], chosen: Chosen, curve: Curve
) -> None:
    filters = replace(chosen.filters, counting=Counting.EVENT_DATE)
    with database.write() as session:
        stored = store_log(session, log)
        stored.apply(session)
        found = count_trend(session, stored.plan, filters, curve, BORDERS)

    runs = definition.runs_of(stored.log, RULES)
    part, milestone = RATIOS[curve.name] if curve.measure is Measure.RATIO else ("", curve.name)
    for share, (since, until) in zip(found, pairwise(BORDERS), strict=True):
        entered = definition.entered_between(runs, milestone, since, until)
        counted = [run for run in entered if placed_then(run, milestone, chosen)]
        parts = [run for run in counted if part in run.touched] if part else counted
        assert share == Share(len(parts), len(counted))


def test_one_statement_and_one_stretch(sqlite_database: Database) -> None:
    with sqlite_database.write() as session:
        plan = store_log(session, []).plan
        with counted_statements(sqlite_database.engine) as statements:
            found = count_trend(session, plan, FunnelFilter(), Curve(Measure.COUNT, "contact"), BORDERS[:2])

    assert (found, len(statements)) == ((Share(0, 0),), 1)


@pytest.mark.parametrize(
    ("curve", "counting"),
    [
        (Curve(Measure.COUNT, "unheard_of"), Counting.COHORT),
        (Curve(Measure.CONVERSION, "visit"), Counting.COHORT),
        (Curve(Measure.CONVERSION, "delivered"), Counting.COHORT),
        (Curve(Measure.CONVERSION, "contact"), Counting.EVENT_DATE),
        (Curve(Measure.RATIO, "contact"), Counting.COHORT),
    ],
)
def test_a_curve_that_does_not_exist_is_refused(sqlite_database: Database, curve: Curve, counting: Counting) -> None:
    moments: list[datetime] = BORDERS
    with sqlite_database.write() as session, pytest.raises(UnknownFigure):
        count_trend(session, make_plan(), FunnelFilter(counting=counting), curve, moments)
