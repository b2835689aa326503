"""The figures of the funnel against the literal definition, with every kind of filter."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from engine.database import Database
from engine.history.recording import EventKind
from engine.milestones.comparison import ENOUGH_CASES, previous_shares
from engine.milestones.drilldown import CasesBehind, Figure, UnknownFigure, cases_behind
from engine.milestones.filters import AnySelect, Counting, FunnelFilter, State
from engine.milestones.fold import LoggedEvent
from engine.milestones.funnel import (
    Funnel,
    count_by_event_date,
    count_cohort,
    count_dimensions,
    dimension_values,
    group_by_value,
    lost_reasons,
)
from engine.milestones.models import Episode
from engine.milestones.times import measure_times, steps_of
from tests.engine.milestones import definition
from tests.engine.milestones.definition import Run
from tests.engine.milestones.logs import RULES, START, StoredLog, logs, make_event, store_log
from tests.statements import counted_statements

ON_BOTH = settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
UNTIL = START + timedelta(days=12)
MIDDLE = START + timedelta(days=4)


@dataclass(frozen=True)
class Chosen:
    """A filter, and the same as a plain condition on the runs of the definition."""

    filters: FunnelFilter
    holds: Callable[[Run], bool]


def only_owner_seven(statement: AnySelect) -> AnySelect:
    return statement.where(Episode.owner_id == 7)


FILTERS = [
    Chosen(FunnelFilter(), lambda run: True),
    Chosen(FunnelFilter(since=MIDDLE, until=UNTIL), lambda run: MIDDLE <= run.opened.at < UNTIL),
    Chosen(FunnelFilter(owners=frozenset({7, None})), lambda run: run.placed("owner") in (7, None)),
    Chosen(FunnelFilter(scopes=frozenset({2})), lambda run: run.placed("scope") == 2),
    Chosen(FunnelFilter(visible=only_owner_seven), lambda run: run.placed("owner") == 7),
    Chosen(FunnelFilter(state=State.LOST), lambda run: run.state == "lost"),
    Chosen(FunnelFilter(state=State.OPEN), lambda run: run.state == "open"),
    Chosen(FunnelFilter(outcomes=frozenset({"refused"})), lambda run: run.outcome == "refused"),
    Chosen(
        FunnelFilter(dimensions={"source": frozenset({"web"}), "brand": frozenset({"web", None})}),
        lambda run: run.dimensions.get("source") == "web" and run.dimensions.get("brand") in ("web", None),
    ),
]


@ON_BOTH
@given(logs(), st.sampled_from(FILTERS))
def test_the_cohort_equals_the_definition(database: Database, log: list[LoggedEvent], chosen: Chosen) -> None:
    with database.write() as session:
        stored, runs = keep(session, log, chosen)
        funnel = count_cohort(session, stored.plan, chosen.filters)

    assert funnel.opened == len(runs)
    assert funnel.places.owners >= {run.placed("owner") for run in runs}
    for row in funnel.rows:
        assert row.touched == len(definition.touched(runs, row.milestone))
        assert row.current == len(definition.current(runs, row.milestone))
        assert row.rework == definition.rework(runs, row.milestone)
    for rank, milestone in enumerate(RULES.mandatory, 1):
        row = funnel.row(milestone)
        assert row.rank == rank
        assert row.reached == len(definition.reached(runs, rank))
        assert row.skipped == len(definition.skipped(runs, rank))
        assert row.open_here == len(definition.standing(runs, rank, "open"))
        assert row.lost_here == len(definition.standing(runs, rank, "lost"))
        assert row.won_here == len(definition.standing(runs, rank, "won"))
    check_identities(funnel)


def check_identities(funnel: Funnel) -> None:
    """T = P + K; T never grows; what leaves between two bars stands open, lost or won at the first."""
    bars = [funnel.row(milestone) for milestone in funnel.plan.mandatory]
    reached = [funnel.opened, *(bar.reached or 0 for bar in bars), 0]
    assert all(bar.reached == bar.touched + (bar.skipped or 0) for bar in bars)
    assert all(earlier >= later for earlier, later in pairwise(reached))
    for rank, bar in enumerate(bars, 1):
        assert bar.stopped == reached[rank] - reached[rank + 1]
        last = rank == len(bars)
        assert bar.conversion == (None if last or not reached[rank] else reached[rank + 1] / reached[rank])
    assert sum(funnel.by_state[0, state] for state in State) == reached[0] - reached[1]


@ON_BOTH
@given(logs(), st.sampled_from(FILTERS))
def test_by_event_date_each_milestone_counts_by_its_own_first_entry(
    database: Database, log: list[LoggedEvent], chosen: Chosen
) -> None:
    by_date = replace(chosen.filters, since=MIDDLE, until=UNTIL, counting=Counting.EVENT_DATE)
    with database.write() as session:
        stored = store_log(session, log)
        stored.apply(session)
        funnel = count_by_event_date(session, stored.plan, by_date)
        behind = {
            row.milestone: cases_behind(session, stored.plan, by_date, Figure.TOUCHED, row.milestone)
            for row in funnel.rows
        }

    runs = definition.runs_of(stored.log, RULES)
    for row in funnel.rows:
        entered = definition.entered_between(runs, row.milestone, MIDDLE, UNTIL)
        expected = [run for run in entered if placed_then(run, row.milestone, chosen)]
        assert (row.touched, row.reached, row.conversion) == (len(expected), None, None)
        assert ids(behind[row.milestone]) == sorted((run.case, run.number) for run in expected)


def placed_then(run: Run, milestone: str, chosen: Chosen) -> bool:
    """Owner and scope count as they were at the first entry, all else as it is now."""
    seq = run.entries(milestone)[0].seq
    filters = chosen.filters
    if filters.owners is not None:
        return run.placed("owner", before=seq) in filters.owners
    if filters.scopes is not None:
        return run.placed("scope", before=seq) in filters.scopes
    return filters.since is not None or chosen.holds(run)


@ON_BOTH
@given(logs(), st.sampled_from(FILTERS))
def test_times_equal_the_definition(database: Database, log: list[LoggedEvent], chosen: Chosen) -> None:
    with database.write() as session:
        stored, runs = keep(session, log, chosen)
        steps = [*steps_of(stored.plan), ("delivered", "contact")]
        measured = measure_times(session, stored.plan, chosen.filters, steps)

    assert steps[:2] == [("contact", "visit"), ("contact", "worksheet")]
    for source, target in steps:
        ascending = definition.times(runs, source, target)
        time = measured[source, target]
        assert time.cases == len(ascending)
        assert close(time.median, definition.median(ascending))
        assert close(time.p90, definition.ninetieth(ascending))
        assert time.censored == len(definition.censored(runs, source, target))


@settings(ON_BOTH, max_examples=15)  # some fifty statements each
@given(logs(), st.sampled_from(FILTERS))
def test_every_figure_opens_the_cases_it_counts(database: Database, log: list[LoggedEvent], chosen: Chosen) -> None:
    with database.write() as session:
        stored, runs = keep(session, log, chosen)

        def behind(figure: Figure, milestone: str | None = None) -> CasesBehind:
            return cases_behind(session, stored.plan, chosen.filters, figure, milestone)

        def are(found: CasesBehind, expected: Sequence[Run]) -> bool:
            numbers = (found.total, found.counted, len(found.cases))
            return ids(found) == sorted((run.case, run.number) for run in expected) and set(numbers) == {len(expected)}

        assert are(behind(Figure.OPENED), runs)
        assert are(behind(Figure.BEFORE), [run for run in runs if run.highest == 0])
        for milestone in stored.plan.milestones:
            assert are(behind(Figure.TOUCHED, milestone), definition.touched(runs, milestone))
            assert are(behind(Figure.CURRENT, milestone), definition.current(runs, milestone))
            assert behind(Figure.REWORK, milestone).counted == definition.rework(runs, milestone)
            if source := stored.plan.before(milestone):
                on_the_way = definition.censored(runs, source, milestone)
                assert behind(Figure.TIMED, milestone).total == len(definition.times(runs, source, milestone))
                assert are(behind(Figure.CENSORED, milestone), on_the_way)
        for rank, milestone in enumerate(RULES.mandatory, 1):
            assert are(behind(Figure.REACHED, milestone), definition.reached(runs, rank))
            assert are(behind(Figure.SKIPPED, milestone), definition.skipped(runs, rank))
            assert are(behind(Figure.CONVERTED, milestone), definition.reached(runs, rank + 1))
            assert are(behind(Figure.STOPPED, milestone), [run for run in runs if run.highest == rank])
            for figure, state in [("open_here", "open"), ("lost_here", "lost"), ("won_here", "won")]:
                assert are(behind(Figure(figure), milestone), definition.standing(runs, rank, state))


@ON_BOTH
@given(logs())
def test_groups_and_reasons_equal_the_definition(database: Database, log: list[LoggedEvent]) -> None:
    with database.write() as session:
        stored, runs = keep(session, log, FILTERS[0])
        funnel = count_cohort(session, stored.plan, FunnelFilter())
        dimensions = count_dimensions(session, stored.plan, FunnelFilter())

    def counted(group: list[Run]) -> tuple[int, ...]:
        return tuple(len(definition.reached(group, rank)) for rank in range(5))

    for key, groups in [
        ("owner", funnel.grouped(lambda tally: tally.owner_id)),
        ("scope", funnel.grouped(lambda tally: tally.scope_id)),
    ]:
        members = {value: [run for run in runs if run.placed(key) == value] for value in (None, 1, 2, 7, 8)}
        assert groups == {value: counted(group) for value, group in members.items() if group}
    by_source = group_by_value(dimensions, "source", stored.plan)
    sources = {value: [run for run in runs if run.dimensions.get("source") == value] for value in ("web", "walk-in")}
    assert by_source == {value: counted(group) for value, group in sources.items() if group}
    for rank, milestone in enumerate(RULES.mandatory, 1):
        lost = definition.standing(runs, rank, "lost")
        reasons = [run.dimensions["outcome_reason"] for run in lost if "outcome_reason" in run.dimensions]
        assert lost_reasons(dimensions, rank) == {reason: reasons.count(reason) for reason in reasons}
        outcomes = [run.outcome for run in lost]
        assert funnel.lost_outcomes(milestone) == {outcome: outcomes.count(outcome) for outcome in outcomes}


@ON_BOTH
@given(logs())
def test_values_that_are_not_chosen_are_known_but_not_counted(database: Database, log: list[LoggedEvent]) -> None:
    chosen = FILTERS[-1]
    with database.write() as session:
        stored, runs = keep(session, log, FILTERS[0])
        tallies = count_dimensions(session, stored.plan, chosen.filters)

    known = {(name, value) for run in runs for name, value in run.dimensions.items()}
    assert {(name, value) for name, values in dimension_values(tallies).items() for value in values} == known
    by_brand = group_by_value(tallies, "brand", stored.plan)
    chosen_runs = [run for run in runs if chosen.holds(run)]
    brands = [run.dimensions["brand"] for run in chosen_runs if "brand" in run.dimensions]
    assert {value: reached[0] for value, reached in by_brand.items()} == {
        value: brands.count(value) for value in brands
    }


def test_by_event_date_an_entry_counts_where_the_case_was_then(database: Database) -> None:
    log = [
        make_event(1, 1, EventKind.CASE_OPENED, owner=7, scope=1),
        make_event(2, 1, EventKind.MILESTONE_ENTERED, "contact"),
        make_event(3, 1, EventKind.CASE_MOVED, owner=8, scope=2),
        make_event(4, 1, EventKind.MILESTONE_ENTERED, "offer"),
    ]
    found = {}
    with database.write() as session:
        stored, _ = keep(session, log, FILTERS[0])
        for owner, scope in [(7, 1), (8, 2)]:
            for filters in (FunnelFilter(owners=frozenset({owner})), FunnelFilter(scopes=frozenset({scope}))):
                dated = replace(filters, counting=Counting.EVENT_DATE)
                rows = {row.milestone: row.touched for row in count_by_event_date(session, stored.plan, dated).rows}
                behind = {name: cases_behind(session, stored.plan, dated, Figure.TOUCHED, name).total for name in rows}
                cohort = cases_behind(session, stored.plan, filters, Figure.TOUCHED, "contact").total
                assert rows == behind
                found[owner, filters.owners is not None] = (rows["contact"], rows["offer"], cohort)

    assert found == {(7, True): (1, 0, 0), (7, False): (1, 0, 0), (8, True): (0, 1, 1), (8, False): (0, 1, 1)}


def test_milestones_entered_against_their_order_have_no_time_and_are_not_on_the_way(database: Database) -> None:
    log = [
        make_event(1, 1, EventKind.CASE_OPENED),
        make_event(2, 1, EventKind.MILESTONE_ENTERED, "worksheet"),
        make_event(3, 1, EventKind.MILESTONE_ENTERED, "contact"),
    ]
    with database.write() as session:
        stored, _ = keep(session, log, FILTERS[0])
        time = measure_times(session, stored.plan, FunnelFilter(), [("contact", "worksheet")])["contact", "worksheet"]
        behind = [
            cases_behind(session, stored.plan, FunnelFilter(), figure, "worksheet").total
            for figure in (Figure.TIMED, Figure.CENSORED)
        ]

    assert (time.cases, time.median, time.censored) == (0, None, 0)
    assert behind == [0, 0]


class TestPaging:
    def test_pages_follow_each_other_and_know_the_whole(self, database: Database) -> None:
        log = [
            LoggedEvent(seq, seq, kind, START + timedelta(hours=seq)) for seq, kind in enumerate(["case_opened"] * 7, 1)
        ]
        with database.write() as session:
            stored, _ = keep(session, log, FILTERS[0])
            pages = [
                cases_behind(session, stored.plan, FunnelFilter(), Figure.OPENED, offset=offset, limit=3)
                for offset in (0, 3, 6, 9)
            ]

        assert [(len(page.cases), page.total, page.counted) for page in pages] == [
            (3, 7, 7),
            (3, 7, 7),
            (1, 7, 7),
            (0, 7, 7),
        ]
        since = [case.since for page in pages for case in page.cases]
        assert since == sorted(since, reverse=True)

    def test_dimensions_that_are_asked_for_come_along(self, database: Database) -> None:
        log = [replace(at(1, "case_opened", START), payload={"dimensions": {"source": "web"}})]
        with database.write() as session:
            stored, _ = keep(session, [replace(event, seq=1) for event in log], FILTERS[0])
            found = cases_behind(session, stored.plan, FunnelFilter(), Figure.OPENED, dimensions=("brand", "source"))

        assert [case.dimensions for case in found.cases] == [{"brand": None, "source": "web"}]

    @pytest.mark.parametrize(
        ("figure", "milestone", "counting"),
        [
            (Figure.REACHED, "unheard_of", Counting.COHORT),
            (Figure.REACHED, "visit", Counting.COHORT),
            (Figure.REACHED, None, Counting.COHORT),
            (Figure.OPENED, "contact", Counting.COHORT),
            (Figure.TIMED, "contact", Counting.COHORT),
            (Figure.REACHED, "contact", Counting.EVENT_DATE),
        ],
    )
    def test_a_figure_that_does_not_exist_is_refused(
        self, sqlite_database: Database, figure: Figure, milestone: str | None, counting: Counting
    ) -> None:
        with sqlite_database.write() as session:
            stored = store_log(session, [])
            with pytest.raises(UnknownFigure):
                cases_behind(session, stored.plan, FunnelFilter(counting=counting), figure, milestone)


class TestPreviousPeriod:
    def test_it_is_followed_for_as_long_as_this_one(self, database: Database) -> None:
        """Ten days into its period a cohort is compared with the tenth day of the one before."""
        period = timedelta(days=30)
        log = [
            event
            for number in range(ENOUGH_CASES)
            for event in (
                at(number, "case_opened", START + timedelta(days=number % 15)),
                at(number, "milestone_entered", START + timedelta(days=number % 15), "contact"),
                at(number, "milestone_entered", START + timedelta(days=5 if number < 5 else 20), "worksheet"),
            )
        ]
        filters = FunnelFilter(since=START + period, until=START + 2 * period)
        with database.write() as session:
            stored, _ = keep(session, [replace(event, seq=seq) for seq, event in enumerate(log)], FILTERS[0])
            early = previous_shares(session, stored.plan, filters, now=START + period + timedelta(days=16))
            later = previous_shares(session, stored.plan, filters, now=START + period + timedelta(days=25))
            unbounded = previous_shares(session, stored.plan, FunnelFilter(), now=START)

        assert early == [1.0, 0.25, None, None, None]
        assert later == [1.0, 1.0, 0.0, None, None]
        assert unbounded is None


def test_all_figures_of_a_page_take_six_statements(database: Database) -> None:
    filters = FunnelFilter(since=START, until=UNTIL)
    with database.write() as session:
        stored = store_log(session, [])
        with counted_statements(database.engine) as statements:
            count_cohort(session, stored.plan, filters)
            count_dimensions(session, stored.plan, filters)
            measure_times(session, stored.plan, filters, steps_of(stored.plan))
            previous_shares(session, stored.plan, filters, now=UNTIL)
            cases_behind(session, stored.plan, filters, Figure.STOPPED, "contact")

    assert len(statements) == 6


def keep(session: Session, log: Sequence[LoggedEvent], chosen: Chosen) -> tuple[StoredLog, list[Run]]:
    """Store and apply the log; the runs of the definition that the filter lets through."""
    stored = store_log(session, log)
    stored.apply(session, cuts=range(0, len(log), 7))
    return stored, [run for run in definition.runs_of(stored.log, RULES) if chosen.holds(run)]


def ids(found: CasesBehind) -> list[tuple[int, int]]:
    return sorted((case.instance_id, case.number) for case in found.cases)


def at(case: int, kind: str, moment: datetime, milestone: str | None = None) -> LoggedEvent:
    return LoggedEvent(0, case, kind, moment, milestone)


def close(measured: timedelta | None, expected: timedelta | None) -> bool:
    """Equal to the hundredth of a second: SQLite counts in days."""
    if measured is None or expected is None:
        return measured is expected
    return abs(measured - expected) < timedelta(seconds=0.01)
