"""The rows kept by the steps: equal to the fold however the log was cut, and cheap."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.database import Database
from engine.history.recording import EventKind
from engine.milestones.episodes import apply
from engine.milestones.fold import LoggedEvent
from engine.milestones.models import Episode, EpisodeDimension, EpisodeMilestone
from engine.milestones.rebuilding import verify
from tests.engine.milestones.logs import StoredLog, logs, make_event, store_log
from tests.statements import counted_statements

OPENING = make_event(1, 1, EventKind.CASE_OPENED, owner=7, scope=1, dimensions={"source": "web", "brand": "N"})


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(logs(), st.lists(st.integers(0, 40), min_size=2, max_size=8))
def test_rows_kept_in_any_number_of_parts_are_those_of_a_single_fold(
    database: Database, log: list[LoggedEvent], cuts: list[int]
) -> None:
    with database.write() as session:
        stored = store_log(session, log)
        stored.apply(session, cuts=[cut for cut in cuts if cut <= len(log)])

        assert verify(session, {stored.plan.process_key: stored.plan}, stored.plan.process_key) == []


class TestStatements:
    def test_none_when_nothing_concerns_the_funnel(self, database: Database) -> None:
        stored = opened(database)

        assert statements_of(database, stored, make_event(9, 1, EventKind.TASK_COMPLETED)) == []

    def test_one_read_and_two_writes_enter_any_number_of_milestones(self, database: Database) -> None:
        stored = opened(database)

        statements = statements_of(
            database,
            stored,
            make_event(8, 1, EventKind.MILESTONE_ENTERED, "contact"),
            make_event(9, 1, EventKind.MILESTONE_ENTERED, "visit"),
            make_event(10, 1, EventKind.TASK_CREATED),
        )

        assert [statement.split()[0] for statement in statements] == ["SELECT", "UPDATE", "INSERT"]

    def test_entering_the_same_again_does_not_touch_the_episode(self, database: Database) -> None:
        stored = opened(database)
        statements_of(database, stored, make_event(8, 1, EventKind.MILESTONE_ENTERED, "contact"))

        again = statements_of(database, stored, make_event(9, 1, EventKind.MILESTONE_ENTERED, "contact"))

        assert [statement.split()[0] for statement in again] == ["SELECT", "INSERT"]

    def test_opening_with_dimensions_and_the_first_milestone(self, database: Database) -> None:
        with database.write() as session:
            stored = store_log(session, [OPENING])

        statements = statements_of(database, stored, OPENING, make_event(2, 1, EventKind.MILESTONE_ENTERED, "contact"))

        assert [statement.split()[0] for statement in statements] == ["SELECT", "INSERT", "INSERT", "INSERT"]

    def test_an_ignored_event_writes_nothing(self, database: Database) -> None:
        stored = opened(database)
        statements_of(database, stored, make_event(8, 1, EventKind.CASE_CLOSED, outcome="lost"))

        late = statements_of(database, stored, make_event(9, 1, EventKind.MILESTONE_ENTERED, "offer"))

        assert [statement.split()[0] for statement in late] == ["SELECT"]


class TestRows:
    def test_moves_change_the_episode_and_leave_who_entered_what(self, database: Database) -> None:
        stored = opened(database)
        statements_of(
            database,
            stored,
            make_event(8, 1, EventKind.MILESTONE_ENTERED, "contact"),
            make_event(9, 1, EventKind.CASE_MOVED, owner=8, dimensions={"source": "walk-in", "brand": None}),
            make_event(10, 1, EventKind.MILESTONE_ENTERED, "worksheet"),
        )

        with database.read() as session:
            episode = session.scalars(select(Episode)).one()
            entered = session.execute(select(EpisodeMilestone.milestone, EpisodeMilestone.owner_id)).all()
            dimensions = session.execute(select(EpisodeDimension.name, EpisodeDimension.value)).all()

        assert (episode.owner_id, episode.scope_id) == (8, 1)
        assert {(name, owner) for name, owner in entered} == {("contact", 7), ("worksheet", 8)}
        assert [tuple(row) for row in dimensions] == [("source", "walk-in")]

    def test_reopening_in_the_step_that_closed_makes_a_second_episode(self, database: Database) -> None:
        stored = opened(database)
        statements_of(
            database,
            stored,
            make_event(8, 1, EventKind.CASE_CLOSED, outcome="refused", reason="price"),
            make_event(9, 1, EventKind.CASE_REOPENED),
            make_event(10, 1, EventKind.MILESTONE_ENTERED, "delivered"),
            make_event(11, 1, EventKind.CASE_CLOSED, outcome="won"),
        )

        with database.read() as session:
            episodes = session.scalars(select(Episode).order_by(Episode.number)).all()
            reasons = session.scalars(
                select(EpisodeDimension.episode_id).where(EpisodeDimension.name == "outcome_reason")
            ).all()

        assert [(episode.number, episode.outcome, episode.highest_rank) for episode in episodes] == [
            (1, "refused", 0),
            (2, "won", 4),
        ]
        assert reasons == [episodes[0].id]

    @pytest.mark.parametrize("value", ["x" * 500, "ж" * 500])
    def test_a_long_value_of_a_dimension_is_cut_to_what_the_column_holds(self, database: Database, value: str) -> None:
        stored = opened(database)
        statements_of(database, stored, make_event(8, 1, EventKind.CASE_MOVED, dimensions={"source": value}))

        with database.read() as session:
            kept = session.scalars(select(EpisodeDimension.value).where(EpisodeDimension.name == "source")).one()

        assert kept == value[:120]


def opened(database: Database) -> StoredLog:
    """One case that has been opened."""
    with database.write() as session:
        stored = store_log(session, [OPENING])
        stored.apply(session)
    return stored


def statements_of(database: Database, stored: StoredLog, *events: LoggedEvent) -> list[str]:
    """Apply the events to the one case of the log in a unit of its own."""
    instance = stored.instances[1]
    with database.write() as session, counted_statements(database.engine) as statements:
        apply(session, instance, [at_instance(session, instance.id, event) for event in events], stored.plan)
        session.flush()
    return statements


def at_instance(_: Session, instance_id: int, event: LoggedEvent) -> LoggedEvent:
    return LoggedEvent(event.seq, instance_id, event.kind, event.at, event.milestone, event.payload)
