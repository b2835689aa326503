"""The figures of a period against the visits counted one by one; histograms and the curve against their definitions."""

from collections.abc import Sequence
from datetime import timedelta
from math import ceil
from random import Random
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy import select

from engine.analytics import histogram
from engine.analytics.drilldown import Figure, visits_behind
from engine.analytics.figures import Clock, Reach, StepFigures, StepFilter, count_steps
from engine.analytics.order import steps_in_order
from engine.analytics.rows import PATH, VISIT
from engine.analytics.survival import estimate, median_days, share_at
from engine.analytics.ways import find_variants, time_to_close
from engine.database import Database
from tests.engine.analytics.logs import START, publish, random_log, store_cases, store_events
from tests.engine.analytics.test_following import catch_up
from tests.engine.world import World, end, flows, form, process, user_task

NOW = START + timedelta(days=300)
DAY = 86400


@pytest.fixture
def counted(database: Database) -> World:
    """Three cases with some 400 commands over many months."""
    world = World(database)
    versions = publish(world)
    log = random_log(Random(7), versions, commands=400, first_task=0)
    with world.database.write() as session:
        store_events(session, store_cases(session, versions, 3), log)
    catch_up(world)
    return world


def all_rows(world: World, table: Any) -> list[dict[str, Any]]:
    with world.database.read() as session:
        return [dict(row) for row in session.connection().execute(select(table)).mappings()]


def within(filters: StepFilter, row: dict[str, Any], moment: str) -> bool:
    at = row[moment]
    if at is None or (filters.since and at < filters.since) or (filters.until and at >= filters.until):
        return False
    return chosen(filters, row)


def chosen(filters: StepFilter, row: dict[str, Any]) -> bool:
    if filters.scopes is not None and row["scope_id"] not in filters.scopes:
        return False
    if filters.people is not None and row["person_id"] not in filters.people:
        return False
    if filters.definitions is not None and row["definition_id"] not in filters.definitions:
        return False
    reach = filters.reach
    return reach is None or row["owner_id"] in reach.owners or row["scope_id"] in reach.scopes


PERIODS: list[tuple[int | None, int | None]] = [(None, None), (3, 180), (40, None), (None, 100), (35, 45)]
OTHERS: list[dict[str, Any]] = [
    {},
    {"scopes": frozenset({7})},
    {"scopes": frozenset({8, None})},
    {"people": frozenset({1, None})},
    {"reach": Reach(frozenset({1}), frozenset())},
    {"reach": Reach(frozenset({2}), frozenset({7}))},
    {"reach": Reach(frozenset({2}), frozenset({7})), "scopes": frozenset({8})},
]


def test_every_figure_is_what_the_visits_add_up_to(counted: World) -> None:
    rows = all_rows(counted, VISIT)
    definitions = sorted({row["definition_id"] for row in rows})
    for first, last in PERIODS:
        for other in [*OTHERS, {"definitions": frozenset(definitions[:1])}]:
            since = None if first is None else START + timedelta(days=first)
            until = None if last is None else START + timedelta(days=last)
            filters = StepFilter("sale", since, until, **other)
            with counted.database.read() as session:
                found = count_steps(session, filters, now=NOW, clock=Clock.OPEN)
            for element in {row["element"] for row in rows}:
                here = [row for row in rows if row["element"] == element]
                check(filters, here, found.get(element, StepFigures(element)), (first, last, other, element))


def check(filters: StepFilter, rows: Sequence[dict[str, Any]], found: StepFigures, about: object) -> None:
    began = [row for row in rows if within(filters, row, "entered_at")]
    ended = [row for row in rows if within(filters, row, "ended_at")]
    now = [row for row in rows if row["ended_at"] is None and chosen(filters, row)]
    late = [row for row in now if row["due_at"] and row["due_at"] < NOW]
    due = [row for row in ended if row["due_at"]]
    expected = {
        "entered": len(began),
        "again": sum(row["round"] > 1 for row in began),
        "ended": len(ended),
        "now": (len(now), len(late), sum(found.now.ages)),
        "overdue": (sum(row["overdue"] for row in ended) / len(due)) if due else None,
        "dropped": sum(row["dropped"] for row in ended),
        "skipped": sum(row["ended"] == "skipped" for row in ended),
        "by_hand": sum(row["ended"] in ("moved", "migrated") for row in ended),
        "deviations": sum(row["deviations"] for row in ended),
    }
    told = {
        "entered": found.entered,
        "again": found.again,
        "ended": found.ended,
        "now": (found.now.open, found.now.overdue, len(now)),
        "overdue": found.overdue,
        "dropped": found.tally["dropped"],
        "skipped": found.tally["skipped"],
        "by_hand": found.by_hand,
        "deviations": found.tally["deviations"],
    }
    assert told == expected, about
    times = sorted(row["working_open"] for row in ended if row["working_open"] is not None)
    for share in (0.5, 0.9):
        quantile = found.working(share)
        if not times:
            assert quantile is None, about
        else:
            exact = times[ceil(share * len(times)) - 1]
            assert quantile == pytest.approx(exact, rel=0.0251, abs=30), about


def test_a_figure_opens_as_many_visits_as_it_counts(counted: World) -> None:
    filters = StepFilter("sale", START + timedelta(days=3), START + timedelta(days=180))
    with counted.database.read() as session:
        found = count_steps(session, filters, now=NOW)["visit"]
        told = {figure: visits_behind(session, filters, figure, "visit", now=NOW, limit=1).total for figure in Figure}

    assert told[Figure.ENTERED] == found.entered
    assert told[Figure.AGAIN] == found.again
    assert told[Figure.ENDED] == found.ended
    assert told[Figure.NOW] == found.now.open
    assert told[Figure.LATE_NOW] == found.now.overdue
    assert told[Figure.OVERDUE] == found.tally["overdue"]
    assert told[Figure.DROPPED] == found.tally["dropped"]
    assert told[Figure.SKIPPED] == found.tally["skipped"]
    assert told[Figure.BY_HAND] == found.by_hand
    assert told[Figure.MIGRATED] == found.tally["migrated"]


def test_ways_and_the_curve_are_of_the_cases(counted: World) -> None:
    rows = all_rows(counted, PATH)
    filters = StepFilter("sale")
    with counted.database.read() as session:
        variants = find_variants(session, filters)
        curve = time_to_close(session, filters, now=NOW)

    closed = [row for row in rows if row["closed_at"]]
    assert variants.closed == len(closed)
    assert {each.steps for each in variants.first} == {tuple(row["steps"].split("\n")) for row in closed}
    assert curve[0].at_risk == len(rows)
    assert sum(point.ended for point in curve) == len(closed)


@given(st.lists(st.integers(0, 10**8), min_size=1), st.sampled_from([0.5, 0.9, 1.0]))
@example([59, 60, 61], 0.5)
def test_a_quantile_is_wrong_by_little(durations: list[int], share: float) -> None:
    merged = sum(histogram.one(histogram.bin_of(each)) for each in durations)
    exact = sorted(durations)[ceil(share * len(durations)) - 1]

    assert histogram.quantile(histogram.load(histogram.dump(merged)), share) == pytest.approx(exact, rel=0.0251, abs=30)
    assert histogram.total(merged) == len(durations)
    taken = merged - histogram.one(histogram.bin_of(durations[0]))
    assert histogram.total(taken) == len(durations) - 1


@given(st.lists(st.tuples(st.integers(0, 30), st.booleans()), min_size=1))
def test_the_curve_is_the_product_of_what_was_survived(cases: list[tuple[int, bool]]) -> None:
    days: dict[int, list[int]] = {}
    for day, ended in cases:
        days.setdefault(day, [0, 0])[0 if ended else 1] += 1
    curve = estimate((day, ended, censored) for day, (ended, censored) in days.items())

    for after in range(33):
        share = 1.0
        for day in range(after):
            at_risk = sum(age >= day for age, _ in cases)
            gone = sum(age == day and ended for age, ended in cases)
            share *= 1 - gone / at_risk if at_risk else 1
        assert share_at(curve, after) == pytest.approx(share)
    assert all(point.low <= point.share + 1e-9 and point.share <= point.high + 1e-9 for point in curve)


def test_open_cases_do_not_make_a_curve_quick() -> None:
    """Ten cases: five closed on the first day, the others are open for a week."""
    curve = estimate([(0, 5, 0), (7, 0, 5)])

    assert [(point.day, point.share) for point in curve] == [(0, 1.0), (1, 0.5), (7, 0.5)]
    assert median_days(curve) == 1
    assert (round(curve[1].low, 3), round(curve[1].high, 3)) == (0.184, 0.753)  # as R's survfit with log-log


def test_steps_come_in_the_order_of_the_flow(database: Database) -> None:
    """A short cut past a step does not bring what follows before it, and a way back does not bring it behind."""
    world = World(database)
    world.deploy(
        process(
            *(user_task(step) for step in ("last", "first", "middle")),
            '<bpmn:startEvent id="begun"/>',
            '<bpmn:exclusiveGateway id="short" default="f2"/>',
            '<bpmn:exclusiveGateway id="again" default="f5"/>',
            end("done", outcome="won"),
            flows(
                "begun > short",
                "short > first",
                "first > middle",
                "middle > again",
                "again > last",
                "last > done",
                "short > last : case.owner = 1",
                "again > first : case.owner = 2",
            ),
        ),
        form("test/name", "name"),
    )
    with world.database.read() as session:
        definition = world.kernel.store.latest(session, "sale")

    assert [step.id for step in steps_in_order(definition)] == ["first", "middle", "last"]
