"""Ratios against the literal definition, in both countings and with every kind of filter."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.database import Database
from engine.milestones.comparison import Share
from engine.milestones.drilldown import Figure, UnknownFigure, cases_behind
from engine.milestones.filters import Counting, FunnelFilter
from engine.milestones.fold import LoggedEvent
from engine.milestones.plan import MilestonePlan
from engine.milestones.ratios import count_ratios, group_ratios, previous_ratios, ratios_by_value, total_ratios
from tests.engine.milestones import definition
from tests.engine.milestones.definition import Run
from tests.engine.milestones.logs import RATIOS, RULES, START, logs, store_log
from tests.engine.milestones.test_funnel import FILTERS, MIDDLE, ON_BOTH, UNTIL, Chosen, at, ids, keep, placed_then
from tests.statements import counted_statements

FOUR_EACH = settings(ON_BOTH, max_examples=25)


def shares_of(runs: list[Run]) -> dict[str, Share]:
    return {name: Share(*definition.ratio(runs, part, base)) for name, (part, base) in RATIOS.items()}


@ON_BOTH
@given(logs(), st.sampled_from(FILTERS))
def test_a_cohort_counts_its_own_episodes(database: Database, log: list[LoggedEvent], chosen: Chosen) -> None:
    with database.write() as session:
        stored, runs = keep(session, log, chosen)
        tallies = count_ratios(session, stored.plan, chosen.filters)
        by_source = ratios_by_value(session, stored.plan, chosen.filters, "source")

    assert total_ratios(stored.plan, tallies) == shares_of(runs)
    for key, groups in [
        ("owner", group_ratios(stored.plan, tallies, lambda tally: tally.owner_id)),
        ("scope", group_ratios(stored.plan, tallies, lambda tally: tally.scope_id)),
    ]:
        for value in (None, 1, 2, 7, 8):
            expected = shares_of([run for run in runs if run.placed(key) == value])
            assert groups.get(value, {name: Share(0, 0) for name in RATIOS}) == expected
    for value in ("web", "walk-in"):
        expected = shares_of([run for run in runs if run.dimensions.get("source") == value])
        assert by_source.get(value, {name: Share(0, 0) for name in RATIOS}) == expected


@ON_BOTH
@given(logs(), st.sampled_from(FILTERS))
def test_by_event_date_the_entry_into_the_base_decides(
    database: Database, log: list[LoggedEvent], chosen: Chosen
) -> None:
    by_date = replace(chosen.filters, since=MIDDLE, until=UNTIL, counting=Counting.EVENT_DATE)
    with database.write() as session:
        stored = store_log(session, log)
        stored.apply(session)
        tallies = count_ratios(session, stored.plan, by_date)
        groups = group_ratios(stored.plan, tallies, lambda tally: tally.owner_id)

    runs = definition.runs_of(stored.log, RULES)
    for name, (part, base) in RATIOS.items():
        entered = definition.entered_between(runs, base, MIDDLE, UNTIL)
        expected = [run for run in entered if placed_then(run, base, chosen)]
        assert total_ratios(stored.plan, tallies)[name] == Share(*definition.ratio(expected, part, base))
        for owner in (None, 7, 8):
            then = [run for run in expected if run.placed("owner", before=run.entries(base)[0].seq) == owner]
            share = groups.get(owner, {}).get(name, Share(0, 0))
            assert share == Share(*definition.ratio(then, part, base))


@FOUR_EACH
@given(logs(), st.sampled_from(FILTERS), st.sampled_from(Counting))
def test_every_ratio_opens_the_cases_it_counts(
    database: Database, log: list[LoggedEvent], chosen: Chosen, counting: Counting
) -> None:
    filters = replace(chosen.filters, counting=counting)
    with database.write() as session:
        stored, runs = keep(session, log, chosen)
        counted = total_ratios(stored.plan, count_ratios(session, stored.plan, filters))
        for name, (part, base) in RATIOS.items():
            bases = cases_behind(session, stored.plan, filters, Figure.RATIO_BASE, name)
            parts = cases_behind(session, stored.plan, filters, Figure.RATIO_PART, name)
            assert counted[name] == Share(parts.total, bases.total)
            if counting is Counting.COHORT:
                with_base = definition.touched(runs, base)
                assert ids(bases) == sorted((run.case, run.number) for run in with_base)
                assert ids(parts) == sorted((run.case, run.number) for run in with_base if part in run.touched)


@pytest.mark.parametrize("counting", Counting)
def test_the_period_before_is_followed_for_as_long(database: Database, counting: Counting) -> None:
    """Ten days into its period, ten days of the one before count: the visit of its twentieth day does not."""
    period = timedelta(days=30)
    log = [
        event
        for number, visited in enumerate((5, 8, 20, None))
        for event in (
            at(number, "case_opened", START),
            at(number, "milestone_entered", START + timedelta(days=1), "contact"),
            *([at(number, "milestone_entered", START + timedelta(days=visited), "visit")] if visited else []),
        )
    ]
    filters = FunnelFilter(since=START + period, until=START + 2 * period, counting=counting)
    with database.write() as session:
        stored, _ = keep(session, [replace(event, seq=seq) for seq, event in enumerate(log)], FILTERS[0])
        early = previous_ratios(session, stored.plan, filters, now=START + period + timedelta(days=10))
        late = previous_ratios(session, stored.plan, filters, now=START + period + timedelta(days=25))
        unbounded = previous_ratios(session, stored.plan, FunnelFilter(), now=START)

    assert (early["visit_rate"], late["visit_rate"]) == (Share(2, 4), Share(3, 4))
    assert early["trial_rate"].value == 0.0
    assert early["backwards"].value is None
    assert unbounded == {}


def test_each_question_is_one_statement_and_none_without_ratios(sqlite_database: Database) -> None:
    filters = FunnelFilter(since=START, until=UNTIL)
    with sqlite_database.write() as session:
        plan = store_log(session, []).plan
        bare = MilestonePlan.parse("bare", "contact, visit?")
        with counted_statements(sqlite_database.engine) as statements:
            for each in (plan, bare):
                count_ratios(session, each, filters)
                previous_ratios(session, each, filters, now=UNTIL)
                ratios_by_value(session, each, filters, "source")

        assert len(statements) == 3
        with pytest.raises(UnknownFigure):
            cases_behind(session, bare, filters, Figure.RATIO_BASE, "visit")
